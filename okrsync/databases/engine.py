"""Engines: how a database is opened.

SQLite is set up so that what was committed survives a power cut (WAL, synchronous=FULL), and so
that every transaction that may write does so from its first statement: two processes then wait for
each other in turn and can never both hold half of what the other needs.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool, StaticPool

from okrsync.databases.failures import Place
from okrsync.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

ONLY_READS = "okrsync_only_reads"
"""Execution option of a connection that will not write: it sees one moment and waits for nobody."""

_LONGEST_BUSY_STEP = 0.05


def read_url(url: str, busy_seconds: float, what: str = "the store") -> tuple[URL, Place]:
    """Understand the address of *what* okrsync keeps there, without opening anything.

    Raises:
        ConfigError: it is no address of a database that okrsync can use.

    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(
            f"{url!r} is not the address of a database",
            hint="write something like sqlite:///okrsync.db",
        ) from error
    match parsed.get_backend_name():
        case "sqlite":
            path = None if in_memory(parsed) else Path(parsed.database or "")
            return parsed, Place(str(path or "in memory"), path, busy_seconds, what)
        case "postgresql":
            shown = parsed.set(drivername="postgresql").render_as_string()
            place = Place(shown, None, busy_seconds, what)
            return parsed.set(drivername="postgresql+psycopg"), place
        case other:
            raise ConfigError(
                f"okrsync cannot keep {what} in {other}", hint="use sqlite or postgresql"
            )


def in_memory(url: URL) -> bool:
    """Tell whether this SQLite database lives in this process only."""
    return not url.database or url.database == ":memory:"


def make_engine(url: URL, place: Place) -> Engine:
    """Build the engine; nothing is opened yet.

    Raises:
        StoreError: the directory cannot be made, or the database's driver is not installed.

    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, place)
    try:
        engine = create_engine(url, pool_pre_ping=True, max_overflow=-1)
        dumper = _nul_free_dumper()
    except ModuleNotFoundError as error:
        raise StoreError(
            f"{place.what} {place.name} needs the package {error.name}",
            hint="install it beside okrsync: pip install 'okrsync[postgresql]'",
        ) from error
    event.listen(engine, "connect", lambda made, _: made.adapters.register_dumper(str, dumper))
    return engine


def _nul_free_dumper() -> type[Any]:
    """Make what sends texts to PostgreSQL, which knows no NUL: a stand-in stops no pull."""
    from psycopg.types.string import StrDumper  # noqa: PLC0415 - installed only where it is used

    class NulFree(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))

    return NulFree


def _sqlite_engine(url: URL, place: Place) -> Engine:
    options: dict[str, Any] = {"connect_args": {"timeout": place.busy_seconds}}
    if place.path is None:
        options |= {"poolclass": StaticPool}
        options["connect_args"]["check_same_thread"] = False
    else:
        with place.explained():
            place.path.parent.mkdir(parents=True, exist_ok=True)
        options |= {"poolclass": QueuePool, "max_overflow": -1}
    engine = create_engine(url, **options)

    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        _set_up(connection, place.busy_seconds)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, busy_seconds: float) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and is not ours
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    _turn_on_wal(connection, busy_seconds)


def _turn_on_wal(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Switch to WAL; two processes that meet here are refused at once, so try for a while."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            locked = error.sqlite_errorname.startswith("SQLITE_BUSY")
            if not locked or time.monotonic() > deadline:
                raise
            time.sleep(_LONGEST_BUSY_STEP)
        else:
            return


def _begin(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get(ONLY_READS)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
