"""Says what went wrong with a database in words people understand.

Every exception of SQLAlchemy, the database driver or the operating system that is met while
talking to a database becomes a `StoreError` here; an exception of the caller never does.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from okrsync.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIBRARY_ERRORS = (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError, OverflowError)

_ACCESS = "give the account that runs okrsync write access to the file and its directory"
_SPACE = "free some space and repeat the command; everything saved before is intact"
_READ_ONLY = ("is read-only", _ACCESS)
_DENIED = ("cannot be opened: permission denied", _ACCESS)
_FULL = ("cannot be written: the disk is full", _SPACE)

_BY_CODE: dict[str, tuple[str, str | None]] = {
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": ("cannot be read or written: the disk is full or failing", _SPACE),
    "SQLITE_NOTADB": ("is not a database", "check its address in okrsync.yaml"),
    "SQLITE_CORRUPT": ("is damaged", "put back the newest copy of the file that is whole"),
    "SQLITE_PERM": _DENIED,
    "SQLITE_AUTH": _DENIED,
    "25006": _READ_ONLY,  # PostgreSQL: read_only_sql_transaction
    "28": ("refused our login", "check the user and password in its address"),
    "42501": ("does not allow this", "give its user rights to its schema"),
    "53100": _FULL,  # PostgreSQL: disk_full
}
"""Beginnings of SQLite's error names and PostgreSQL's SQLSTATEs: what it means, what to do."""

_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED", "40001", "40P01", "55P03")

_BY_ERRNO = {
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is, as people know it, and how long we wait for it."""

    name: str
    """The path, or the address without its password."""
    path: Path | None
    """The file, if it is one."""
    busy_seconds: float
    what: str = "the store"
    """What okrsync keeps there."""

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the errors of libraries inside the block into ours."""
        try:
            yield
        except LIBRARY_ERRORS as error:
            raise self.explain(error) from error

    def explain(self, error: Exception) -> StoreError:
        """Say what *error* means for this database."""
        what, hint = self._meaning(error)
        return StoreError(f"{self.what} {self.name} {what}", hint=hint)

    def _meaning(self, error: Exception) -> tuple[str, str | None]:
        cause = getattr(error, "orig", None) or error
        if isinstance(cause, OSError) and cause.errno in _BY_ERRNO:
            return _BY_ERRNO[cause.errno]
        code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
        if code.startswith(_LOCKED):
            waited = f"has been locked by another process for {self.busy_seconds:g} s"
            return waited, "repeat the command when the other okrsync is done"
        if code.startswith("SQLITE_CANTOPEN"):
            return self._cannot_open()
        for beginning, meaning in _BY_CODE.items():
            if code.startswith(beginning):
                return meaning
        return f"failed: {_first_line(cause)}", None

    def _cannot_open(self) -> tuple[str, str | None]:
        path = self.path
        if path is None or not os.access(path.parent, os.F_OK):
            return "cannot be opened: its directory cannot be reached", None
        if not os.access(path.parent, os.W_OK | os.X_OK):
            return _DENIED
        if path.is_dir():
            return "cannot be opened: it is a directory", None
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            return _DENIED
        return "cannot be opened", None


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
