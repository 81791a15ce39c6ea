"""The store: what okrsync remembers, in SQLite or PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.databases.engine import make_engine, read_url
from okrsync.storage.locks import AdvisoryLocks, FileLocks, ThreadLocks
from okrsync.storage.sql_store import SqlStore

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from okrsync.databases.failures import Place
    from okrsync.ports.store import Store
    from okrsync.storage.locks import ScopeLocks

__all__ = ["open_store"]


def open_store(url: str, *, busy_seconds: float = 30.0) -> Store:
    """Open the store at *url*, waiting up to *busy_seconds* whenever another process writes.

    The directory of an SQLite file is made; the file itself appears with the first transaction,
    which also sets up a store that is new. A store of an older okrsync is left alone until
    `Store.upgrade`.

    Raises:
        ConfigError: *url* is no address that okrsync can use.
        StoreError: the directory cannot be made.

    """
    parsed, place = read_url(url, busy_seconds)
    engine = make_engine(parsed, place)
    return SqlStore(engine, place, _locks(engine, place))


def _locks(engine: Engine, place: Place) -> ScopeLocks:
    if engine.dialect.name == "postgresql":
        return AdvisoryLocks(place, engine)
    if place.path is None:
        return ThreadLocks()
    return FileLocks(place, place.path.with_name(f"{place.path.name}.locks"))
