"""What `okrsync doctor` is told of its machine and of the store, as they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class StoreState(StrEnum):
    """How a store's schema compares with this version's."""

    NEW = "new"
    """There is none yet; the first command that needs one makes it."""
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class StoreLook:
    """What a store is, as far as looking tells."""

    name: str
    """Its path, or its address without the password."""
    state: StoreState
    schema: str | None = None
    path: Path | None = None
    """The file, if it is one."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that a store's file is on, or will be."""

    folder: Path
    """The nearest folder to it that is there."""
    free: int
    """Bytes."""
    writable: bool
