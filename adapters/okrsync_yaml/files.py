"""The files below a folder, read whole: never half of one edit and half of the next."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from okrsync.core.place import Place, Problem
from okrsync.documents.read import MAX_BYTES
from okrsync.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    for file in _listed(path, folder):
        name = _shown(file, folder)
        try:
            text = _content(file)
        except FileNotFoundError as error:
            if file.is_symlink():
                raise _unreadable(file, folder, error) from None
            return None
        except OSError as error:
            raise _unreadable(file, folder, error) from None
        if text is None:
            raise _unusable(name, "cannot be read: it is no ordinary file")
        files[name] = text
        digest.update(f"{name}\0{len(text)}\0".encode())
        digest.update(text)
    return Texts(files, digest.hexdigest())


def _content(file: Path) -> bytes | None:
    """Return the bytes of a file; nothing of what would make us wait, such as a pipe."""
    mode = file.stat().st_mode
    if not S_ISREG(mode) and not S_ISDIR(mode):
        return None
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _listed(path: Path, folder: Path) -> list[Path]:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        if path.is_symlink():
            raise _unreadable(path, folder, error) from None
        raise _missing(_shown(path, folder)) from None
    except OSError as error:
        raise _unreadable(path, folder, error) from None
    except ValueError:  # a name that no file can have
        raise _missing(_shown(path, folder)) from None
    if not S_ISDIR(mode):
        return [path]
    found = sorted(_visible(path, folder), key=lambda file: file.relative_to(path).parts)
    if not found:
        raise _unusable(_shown(path, folder), "holds no *.yaml or *.yml file")
    return found


def _visible(path: Path, folder: Path) -> Iterator[Path]:
    """Yield everything that is called like a YAML file, readable or not."""

    def refuse(error: OSError) -> None:
        # A folder that went away in between is no mistake: the next reading tells.
        if not isinstance(error, FileNotFoundError):
            raise _unreadable(Path(error.filename), folder, error)

    for inside, folders, files in os.walk(path, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *files):
            file = Path(inside, name)
            if file.suffix in _SUFFIXES and not name.startswith("."):
                yield file


def _unreadable(path: Path, folder: Path, error: OSError) -> ConfigError:
    lost = isinstance(error, FileNotFoundError) and path.is_symlink()
    why = f"cannot be read: {error.strerror}"
    return _unusable(_shown(path, folder), f"{why} (a link that leads nowhere?)" if lost else why)


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _missing(name: str) -> ConfigError:
    hint = "okrsync.yaml says where it is looked for; `okrsync init` writes one to start from"
    return _unusable(name, "does not exist", hint=hint)


def _unusable(name: str, why: str, *, hint: str | None = None) -> ConfigError:
    return ConfigError(f"{name} {why}", problems=[Problem(Place(name), why)], hint=hint)
