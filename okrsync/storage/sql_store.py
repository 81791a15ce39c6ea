"""The store over SQLAlchemy: transactions, locks and upgrades of one database.

A transaction is committed when its block ends and rolled back whole when anything raises in it.
Transactions do not nest: a second one in the same thread would wait for the first for ever.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from threading import Lock, local
from typing import TYPE_CHECKING

from okrsync.databases.failures import LIBRARY_ERRORS
from okrsync.databases.revisions import holds_others, migrate, refuse_other, revision_of
from okrsync.databases.turns import wait_for_turn
from okrsync.errors import StoreError
from okrsync.storage.dead_letters import DeadLetters
from okrsync.storage.findings import Findings
from okrsync.storage.intents import Intents
from okrsync.storage.journal import Journal
from okrsync.storage.ledger import Ledger
from okrsync.storage.marks import Marks
from okrsync.storage.mirror import Mirror
from okrsync.storage.notes import Notes
from okrsync.storage.plans import Plans
from okrsync.storage.post import Post
from okrsync.storage.runs import Runs
from okrsync.storage.snapshots import Snapshots
from okrsync.storage.statements import Statements
from okrsync.storage.unsettled import Unsettled
from okrsync.storage.vanished import Vanished
from okrsync.storage.verdicts import Verdicts
from okrsync.storage.versions import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    from okrsync.databases.failures import Place
    from okrsync.ports.store import Transaction
    from okrsync.storage.locks import ScopeLocks


class SqlTransaction(
    Mirror,
    Ledger,
    Intents,
    Journal,
    Runs,
    Plans,
    Vanished,
    Notes,
    Findings,
    Snapshots,
    DeadLetters,
    Marks,
    Unsettled,
    Verdicts,
    Post,
):
    """All reads and writes of one unit of work; each base looks after some tables."""


class SqlStore:
    """A place that remembers, in an SQL database."""

    def __init__(self, engine: Engine, place: Place, locks: ScopeLocks) -> None:
        self._engine = engine
        self._place = place
        self._locks = locks
        self._open = local()
        self._known_good = False
        # a database in memory has one connection, which threads must use in turn
        self._turn = Lock() if engine.dialect.name == "sqlite" and place.path is None else None

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Raises:
            StoreError: the store cannot be read or written, or is not of this version.

        """
        if not self._known_good:
            self._set_up_if_new()
        with self._connected() as connection:
            with self._place.explained():
                refuse_other(connection, SCHEMA, self._place.name)
            self._known_good = True
            statements = Statements(connection, self._place)
            yield SqlTransaction(statements)
            statements.assert_whole()

    def lock(self, tracker: str, scope: str, *, wait: float = 0.0) -> AbstractContextManager[None]:
        """Hold a scope for writing, over all processes; freed even if the process is killed.

        Raises:
            RefusedError: another process holds it and did not let go within *wait* seconds.

        """
        return self._locks.hold(tracker, scope, wait=wait)

    def upgrade(self) -> tuple[str | None, str]:
        """Bring the schema to this version's; safe to repeat, and beside other processes.

        Returns the schema before (None: there was no store yet) and after.

        Raises:
            StoreError: the store is of a newer okrsync, or cannot be written.

        """
        with self._connected() as connection, self._place.explained():
            return migrate(connection, SCHEMA, self._place.name)

    def close(self) -> None:
        """Give back connections. May be called more than once."""
        self._engine.dispose()

    def _set_up_if_new(self) -> None:
        with self._connected() as connection, self._place.explained():
            if revision_of(connection, SCHEMA) is None and not holds_others(connection):
                migrate(connection, SCHEMA, self._place.name)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Give a connection inside a transaction, and end both whatever happens."""
        with self._alone_in_thread(), self._turn or nullcontext():
            with self._place.explained():
                connection = self._engine.connect()
            try:
                with self._place.explained():
                    connection.begin()
                    wait_for_turn(connection, SCHEMA.what, self._place.busy_seconds)
                yield connection
                with self._place.explained():
                    connection.commit()
            except BaseException:
                _roll_back(connection)
                raise
            finally:
                with self._place.explained():
                    connection.close()

    @contextmanager
    def _alone_in_thread(self) -> Iterator[None]:
        if getattr(self._open, "now", False):
            raise StoreError("a transaction of this store is already open in this thread")
        self._open.now = True
        try:
            yield
        finally:
            self._open.now = False


def _roll_back(connection: Connection) -> None:
    """Undo, or where even that fails give the connection up: closing it undoes as well."""
    try:
        connection.rollback()
    except LIBRARY_ERRORS:
        connection.invalidate()
