"""One connection inside one transaction: runs statements and explains what goes wrong.

Once a statement has failed nothing more is run and nothing is committed, even if the caller
swallows the error: the database may already have undone half of the transaction.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ARRAY, Table, Text, any_, bindparam, func, insert, select, tuple_
from sqlalchemy.dialects import sqlite

from okrsync.databases.failures import LIBRARY_ERRORS
from okrsync.storage.codec import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Delete, Executable, Row, Select, Update

    from okrsync.core.work import ItemRef
    from okrsync.databases.failures import Place
    from okrsync.errors import StoreError

    Items = Sequence[tuple[str, list[str]]]
    Values = Mapping[str, Any]
    AnyRow = Row[*tuple[Any, ...]]

T = TypeVar("T")

AT_ONCE = 500
"""How many items one statement is about at most."""


class Statements:
    """Runs statements on one connection."""

    def __init__(self, connection: Connection, place: Place) -> None:
        self._connection = connection
        self._place = place
        self._postgresql = connection.dialect.name == "postgresql"
        self._failure: StoreError | None = None

    def rows(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> Sequence[AnyRow]:
        """Run a statement that returns rows."""
        self.assert_whole()
        try:
            return self._connection.execute(statement, values).all()
        except LIBRARY_ERRORS as error:
            self._failure = self._place.explain(error)
            raise self._failure from error

    def run(self, statement: Executable, values: Values | Sequence[Values] | None = None) -> None:
        """Run a statement that returns nothing, once for each of several *values*."""
        self.assert_whole()
        try:
            self._connection.execute(statement, values)
        except LIBRARY_ERRORS as error:
            self._failure = self._place.explain(error)
            raise self._failure from error

    def insert(self, table: Table, values: Sequence[Values]) -> None:
        """Insert rows, if there are any."""
        if values:
            self.run(insert(table), values)

    def upsert(self, table: Table, values: Sequence[Values]) -> None:
        """Insert rows, or replace those of the same primary key."""
        if not values:
            return
        statement: Any = (_on_postgresql if self._postgresql else sqlite.insert)(table)
        keys = [column.name for column in table.primary_key]
        rest = {c.name: statement.excluded[c.name] for c in table.c if c.name not in keys}
        if rest:
            self.run(statement.on_conflict_do_update(index_elements=keys, set_=rest), values)
        else:
            self.run(statement.on_conflict_do_nothing(index_elements=keys), values)

    def about(self, table: Table, items: Items, *columns: ColumnElement[Any]) -> Iterator[AnyRow]:
        """Yield the rows of these items, in no particular order."""
        wanted = _of_items(table, columns, postgresql=self._postgresql)
        for tracker, ids in items:
            yield from self.rows(wanted, self._sent(tracker, ids))

    def change(self, statement: Update | Delete, table: Table, items: Items, **given: Any) -> None:
        """Update or delete the rows of these items alike; *given* are the statement's values."""
        narrowed = _to_items(statement, table, postgresql=self._postgresql)
        for tracker, ids in items:
            self.run(narrowed, self._sent(tracker, ids) | given)

    def assert_whole(self) -> None:
        """Raise the first failure again, if there was one."""
        if self._failure is not None:
            raise self._failure

    def _sent(self, tracker: str, ids: list[str]) -> dict[str, Any]:
        sent = ids if self._postgresql else json_text(ids)
        return {"b_tracker": tracker, "b_items": sent}


def _on_postgresql(table: Table) -> Any:
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - takes a while; SQLite needs none

    return postgresql.insert(table)


@cache
def _of_items(
    table: Table, columns: tuple[ColumnElement[Any], ...], *, postgresql: bool
) -> Select[Any]:
    """Select rows of some items; their ids are sent as one value, quicker than one for each."""
    wanted = select(*columns) if columns else select(table)
    return wanted.where(_among(table, postgresql=postgresql))


@cache
def _to_items(statement: Update | Delete, table: Table, *, postgresql: bool) -> Update | Delete:
    return statement.where(_among(table, postgresql=postgresql))


def _among(table: Table, *, postgresql: bool) -> ColumnElement[bool]:
    of_tracker = table.c.tracker == bindparam("b_tracker")
    if postgresql:
        return of_tracker & (table.c.item == any_(bindparam("b_items", type_=ARRAY(Text))))
    sent = func.json_each(bindparam("b_items", type_=Text)).table_valued("value")
    return of_tracker & table.c.item.in_(select(sent.c.value))


class Concern:
    """A part of a transaction that looks after some of the tables."""

    def __init__(self, statements: Statements) -> None:
        self._db = statements


def behind(table: Table, after: ItemRef) -> ColumnElement[bool]:
    """Select what comes after this ref in the order of refs."""
    return tuple_(table.c.tracker, table.c.item) > tuple_(after.tracker, after.id)


def pages(things: Iterable[T]) -> Iterator[list[T]]:
    """Cut a stream into lists of at most `AT_ONCE`."""
    stream = iter(things)
    while page := list(islice(stream, AT_ONCE)):
        yield page


def by_tracker(refs: Iterable[ItemRef]) -> Items:
    """Group refs into lists of ids that one statement can be about."""
    ids: dict[str, list[str]] = {}
    for ref in dict.fromkeys(refs):
        ids.setdefault(ref.tracker, []).append(ref.id)
    return [(tracker, page) for tracker, all_ids in ids.items() for page in pages(all_ids)]
