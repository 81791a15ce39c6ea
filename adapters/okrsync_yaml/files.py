"""The files below a folder, read whole: never half of one edit and half of the next."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.place import Place, Problem
from okrsync.documents.read import MAX_BYTES
from okrsync.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_ATTEMPTS = 10
_SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Texts:
    """The content of files by the names that messages call them, and the digest of it all."""

    files: dict[str, bytes]
    digest: str


def read_texts(path: Path, *, folder: Path) -> Texts:
    """Read the YAML files below *path*, or the one file it is, until two readings agree.

    Hidden files and folders are left out. Names are relative to *folder* where they can be.

    Raises:
        ConfigError: there is nothing to read, or it cannot be read.

    """
    before = _once(path, folder)
    for _ in range(_ATTEMPTS):
        now = _once(path, folder)
        if now == before and now is not None:
            return now
        before = now
    raise _unusable(_shown(path, folder), "changes all the time while it is being read")


def _once(path: Path, folder: Path) -> Texts | None:
    """Read once; nothing if a file went away in between."""
    files = {}
    digest = hashlib.sha256()
    for file in _listed(path, _shown(path, folder)):
        name = _shown(file, folder)
        try:
            with file.open("rb") as opened:
                text = opened.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable(name, f"cannot be read: {error.strerror}") from None
        files[name] = text
        digest.update(f"{name}\0{len(text)}\0".encode())
        digest.update(text)
    return Texts(files, digest.hexdigest())


def _listed(path: Path, name: str) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise _unusable(name, "does not exist")
    found = sorted(_visible(path), key=lambda file: file.relative_to(path).parts)
    if not found:
        raise _unusable(name, "holds no *.yaml or *.yml file")
    return found


def _visible(path: Path) -> Iterable[Path]:
    for file in path.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.suffix in _SUFFIXES and not hidden and file.is_file():
            yield file


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _unusable(name: str, why: str) -> ConfigError:
    return ConfigError(f"{name} {why}", problems=[Problem(Place(name), why)])
