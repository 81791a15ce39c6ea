"""Several conversations with one Jira at a time, for what it takes only one by one.

Each lane has a session of its own, and all share the pace. Nothing is under way while nobody waits
for it: a wave of requests is sent, and its answers are all there before the next one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from okrsync_jira.session import JiraSession

T = TypeVar("T")
R = TypeVar("R")
WAVE = 4
"""Requests for each lane in a wave, so that a slow answer delays few."""


class Lanes:
    """As many sessions as may talk at once; with one, everything is done in the caller's thread."""

    def __init__(self, session: JiraSession, width: int) -> None:
        self._session = session
        self._width = width
        self._free: SimpleQueue[JiraSession] = SimpleQueue()
        self._opened: list[JiraSession] = []
        self._pool: ThreadPoolExecutor | None = None

    def each(self, work: Callable[[JiraSession, T], R], things: Iterable[T]) -> Iterator[R]:
        """Yield what *work* makes of each thing, in their order."""
        for wave in batches(things, self._width * WAVE if self._width > 1 else 1):
            yield from self._together(work, wave)

    def close(self) -> None:
        """Give back threads and sockets."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        for session in self._opened:
            session.close()
        self._opened.clear()
        self._free = SimpleQueue()

    def _together(self, work: Callable[[JiraSession, T], R], things: list[T]) -> list[R]:
        if self._width == 1 or len(things) == 1:
            return [work(self._session, each) for each in things]
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._width, thread_name_prefix=self._session.tracker)
        futures = [self._pool.submit(self._in_a_lane, work, each) for each in things]
        wait(futures)
        return [future.result() for future in futures]

    def _in_a_lane(self, work: Callable[[JiraSession, T], R], thing: T) -> R:
        with self._lane() as session:
            return work(session, thing)

    @contextmanager
    def _lane(self) -> Iterator[JiraSession]:
        try:
            session = self._free.get_nowait()
        except Empty:
            session = self._session.twin()
            self._opened.append(session)
        try:
            yield session
        finally:
            self._free.put(session)


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut *things* into lists of that size."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
