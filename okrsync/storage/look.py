"""Look at a store without making, upgrading or locking anything."""

from __future__ import annotations

import os
import shutil
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from okrsync.databases.engine import make_engine, read_url
from okrsync.databases.revisions import holds_others, revision_of
from okrsync.errors import StoreError
from okrsync.ports.health import Disk, StoreLook, StoreState
from okrsync.storage.versions import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Engine

    from okrsync.databases.failures import Place

BUSY_SECONDS = 5.0


def look(url: str) -> StoreLook:
    """Return what the store at *url* is.

    Raises:
        ConfigError: *url* is no address that okrsync can use.
        StoreError: it cannot be read, or what is there is not a store.

    """
    parsed, place = read_url(url, BUSY_SECONDS)
    if place.path is not None and not place.path.exists():
        return StoreLook(place.name, StoreState.NEW, path=place.path)
    engine = _reading_engine(parsed, place)
    try:
        with place.explained(), engine.connect() as connection:
            revision = revision_of(connection, SCHEMA)
            strangers = revision is None and holds_others(connection)
    finally:
        engine.dispose()
    if strangers:
        raise StoreError(
            f"{place.what} {place.name} is the database of another program",
            hint="give okrsync a database of its own in `store`",
        )
    return StoreLook(place.name, _state(revision), revision, place.path)


def disk_of(path: Path) -> Disk:
    """Return the disk that the file at *path* is on, or would be made on.

    Raises:
        OSError: it cannot be asked.

    """
    there = next(folder for folder in path.absolute().parents if folder.is_dir())
    needed = [each for each in (there, path) if each.exists()]
    writable = all(os.access(each, os.W_OK) for each in needed)
    return Disk(there, shutil.disk_usage(there).free, writable)


def _state(revision: str | None) -> StoreState:
    if revision is None:
        return StoreState.NEW
    if revision == SCHEMA.newest:
        return StoreState.CURRENT
    return StoreState.OLDER if revision in SCHEMA.revisions else StoreState.NEWER


def _reading_engine(url: URL, place: Place) -> Engine:
    """Open what is there; SQLite's own `mode=ro` makes and changes no file."""
    if place.path is None:
        return make_engine(url, place)
    address = f"file:{quote(str(place.path))}?mode=ro"
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(address, uri=True, timeout=place.busy_seconds),
        poolclass=NullPool,
    )
