"""Scope locks: one writer for each scope, over threads, processes and, on PostgreSQL, machines.

A lock is freed by the operating system or the database when its holder dies, however it dies.
Locks are not re-entrant: who holds a scope and asks again is refused like anybody else.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from sqlalchemy import func, select

from okrsync.databases.turns import key_of
from okrsync.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from okrsync.databases.failures import Place

_POLL_SECONDS = 0.05


class ScopeLocks(Protocol):
    """Hands out the locks of one store."""

    def hold(self, tracker: str, scope: str, *, wait: float) -> AbstractContextManager[None]:
        """Hold a scope while the block runs, or refuse after *wait* seconds."""


@dataclass(frozen=True, slots=True)
class FileLocks:
    """Locks beside an SQLite file: one small file a scope, which holds the holder's process id."""

    place: Place
    directory: Path

    @contextmanager
    def hold(self, tracker: str, scope: str, *, wait: float) -> Iterator[None]:
        """Hold a scope while the block runs, or refuse after *wait* seconds."""
        path = self.directory / quote(f"{tracker}.{scope}", safe="")
        with self.place.explained():
            self.directory.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            with self.place.explained():
                held = _poll(lambda: _try_flock(handle), wait)
            if not held:
                raise _refusal(tracker, scope, _read_pid(path))
            with self.place.explained():
                _write_pid(handle, str(os.getpid()))
            yield
            # the file stays: deleting it would let two processes lock two files of one name
        finally:
            os.close(handle)


@dataclass(frozen=True, slots=True)
class ThreadLocks:
    """Locks of a store in memory, which no other process can see."""

    _taken: dict[tuple[str, str], Lock] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)

    @contextmanager
    def hold(self, tracker: str, scope: str, *, wait: float) -> Iterator[None]:
        """Hold a scope while the block runs, or refuse after *wait* seconds."""
        with self._guard:
            lock = self._taken.setdefault((tracker, scope), Lock())
        if not lock.acquire(timeout=max(wait, 0)):
            raise _refusal(tracker, scope, str(os.getpid()))
        try:
            yield
        finally:
            lock.release()


@dataclass(frozen=True, slots=True)
class AdvisoryLocks:
    """Locks in PostgreSQL: each lives as long as the session that took it."""

    place: Place
    engine: Engine

    @contextmanager
    def hold(self, tracker: str, scope: str, *, wait: float) -> Iterator[None]:
        """Hold a scope while the block runs, or refuse after *wait* seconds."""
        key = key_of(f"okrsync {tracker} {scope}")
        with self.place.explained():
            session = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            with self.place.explained():
                held = _poll(lambda: _try_advisory(session, key), wait)
            if not held:
                raise _refusal(tracker, scope, "")
            yield
        finally:
            with self.place.explained():
                session.invalidate()  # ends the session, and the lock with it
                session.close()


def _poll(attempt: Callable[[], bool], wait: float) -> bool:
    deadline = time.monotonic() + wait
    while not attempt():
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(_POLL_SECONDS, left))
    return True


def _try_flock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _try_advisory(session: Connection, key: int) -> bool:
    return bool(session.scalar(select(func.pg_try_advisory_lock(key))))


def _write_pid(handle: int, pid: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, pid.encode(), 0)


def _read_pid(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _refusal(tracker: str, scope: str, pid: str) -> RefusedError:
    who = f" (process {pid})" if pid else ""
    return RefusedError(
        f"{scope} in {tracker} is being written by another okrsync{who}",
        hint="wait until it has ended and repeat the command",
    )
