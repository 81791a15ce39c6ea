"""Put a new text in the place of a file's, in one step that survives a power cut.

A file that somebody else is changing meanwhile is left to them.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from okrsync.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one okrsync at a time change a file, or the files of a folder."""
    handle = os.open(path if path.is_dir() else path.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def swap(path: Path, old: bytes, new: bytes, name: str) -> None:
    """Put *new* in the place of *old*, whole or not at all.

    Raises:
        RefusedError: the file holds something else by now.
        UnavailableError: it cannot be written.

    """
    path = path.resolve()  # a link stays one
    try:
        _write(path, old, new, name)
    except OSError as error:
        raise UnavailableError(f"{name} cannot be written: {error.strerror}") from error


def _write(path: Path, old: bytes, new: bytes, name: str) -> None:
    status = path.stat()
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            os.fchmod(file.fileno(), status.st_mode & 0o7777)
            with suppress(PermissionError):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            file.flush()
            os.fsync(file.fileno())
        _refuse_if_changed(path, old, name)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _refuse_if_changed(path: Path, old: bytes, name: str) -> None:
    if path.read_bytes() != old:
        raise RefusedError(
            f"{name} was changed at this moment; nothing was written", hint="repeat the command"
        )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
