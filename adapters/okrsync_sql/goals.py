"""Goals in a database: read as one moment, written as one step.

A reader never sees half of what another writes, and waits for nobody: it reads a snapshot. Writers
take turns. Reading makes no table and no file.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from okrsync.core.goaledits import same, target, with_entry
from okrsync.databases.engine import ONLY_READS, make_engine, read_url
from okrsync.databases.revisions import migrate, refuse_other, revision_of
from okrsync.databases.turns import wait_for_turn
from okrsync.errors import ConfigError, RefusedError
from okrsync.ports.goals import GoalsRead
from okrsync_sql.reading import all_rows, digest_of, goals_of, place_of
from okrsync_sql.tables import SCHEMA, metadata
from okrsync_sql.writing import entry_row, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import URL, Connection

    from okrsync.core.goaledits import Entry
    from okrsync.core.goals import Goals
    from okrsync.core.place import Place as Spot
    from okrsync.databases.failures import Place

BUSY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class SqlGoals:
    """Goals in the tables of one database."""

    url: URL
    where: Place

    def read(self) -> GoalsRead:
        """Read all goals as they are at one moment.

        Raises:
            ConfigError: there are none yet, or they cannot be used; all mistakes at once.
            StoreError: the database failed, or is of another okrsync.

        """
        if self.where.path is not None and not self.where.path.exists():
            raise self._nothing_yet()
        with self._transaction(only_reads=True) as connection:
            with self.where.explained():
                revision = revision_of(connection, SCHEMA)
            if revision is None:
                raise self._nothing_yet()
            return self._read(connection)

    def append(self, goal_id: str, entry: Entry) -> Spot:
        """Add a check-in, a piece of evidence or a decision to a goal.

        Raises:
            UsageError: there is no such goal, or it takes no such entry.
            ConfigError: the goals cannot be used as they are, or the entry cannot be kept.
            StoreError: the database failed.

        """
        before = self.read().goals  # says what is wrong before anybody has to wait
        target(before, goal_id, entry)
        with self._transaction() as connection:
            before = self._read(connection).goals
            goal = target(before, goal_id, entry)
            table, row = entry_row(goal.id, entry, 0)
            owner = next(column for column in table.primary_key if column.name != "position")
            last = select(func.max(table.c.position)).where(owner == goal.id)
            with self.where.explained():
                row["position"] = (connection.scalar(last) or 0) + 1
                connection.execute(insert(table), row)
            self._must_be(connection, with_entry(before, goal, entry))
        return place_of(goal.id)

    def replace(self, goals: Goals, *, instead_of: str | None = None) -> None:
        """Put *goals* in the place of all that is there, at once or not at all.

        Raises:
            RefusedError: what is there is no longer what *instead_of* digests.
            ConfigError: the goals hold what no database can, or nothing at all.
            StoreError: the database failed.

        """
        rows = rows_of(goals)
        if not rows:
            raise ConfigError("there is nothing to put into the database")
        with self._transaction() as connection:
            with self.where.explained():
                migrate(connection, SCHEMA, self.where.name)
                now = digest_of(all_rows(connection))
            if instead_of not in {None, now}:
                raise RefusedError(
                    "the goals in the database have changed meanwhile; nothing was written",
                    hint="repeat the command to see what would change now",
                )
            with self.where.explained():
                for table in reversed(metadata.sorted_tables):
                    connection.execute(delete(table))
                order = metadata.sorted_tables.index
                in_order = sorted(rows, key=lambda row: order(row[0]))
                for table, group in groupby(in_order, key=lambda row: row[0]):
                    connection.execute(insert(table), [row for _, row in group])
            self._must_be(connection, goals)

    def upgrade(self) -> tuple[str | None, str]:
        """Make the tables, or bring them to this version.

        Raises:
            StoreError: they are of a newer okrsync, or the database failed.

        """
        with self._transaction() as connection, self.where.explained():
            return migrate(connection, SCHEMA, self.where.name)

    def _read(self, connection: Connection) -> GoalsRead:
        with self.where.explained():
            refuse_other(connection, SCHEMA, self.where.name)
            rows = all_rows(connection)
        return GoalsRead(goals_of(rows), digest_of(rows))

    def _must_be(self, connection: Connection, wanted: Goals) -> None:
        """Read back what was written before it takes effect."""
        if not same(self._read(connection).goals, wanted):
            raise ConfigError(f"{self.where.what} {self.where.name} does not keep this as it is")

    def _nothing_yet(self) -> ConfigError:
        return ConfigError(
            f"there are no goals in {self.where.name} yet",
            hint="`okrsync okrs import DIR` puts those of OKR files there",
        )

    @contextmanager
    def _transaction(self, *, only_reads: bool = False) -> Iterator[Connection]:
        """Open a connection in a transaction that ends with the block."""
        engine = make_engine(self.url, self.where)
        try:
            with self.where.explained():
                connection = engine.connect().execution_options(**_options(engine.name, only_reads))
            with connection:
                with self.where.explained():
                    connection.begin()
                    if not only_reads:
                        wait_for_turn(connection, SCHEMA.what, self.where.busy_seconds)
                yield connection
                with self.where.explained():
                    connection.commit()
        finally:
            engine.dispose()


def open_goals(options: Mapping[str, Any], _folder: Path) -> SqlGoals:
    """Make the source that the ``okrs:`` section asks for; the settings fill in the store's URL.

    Raises:
        ConfigError: there is no address, or none that okrsync can use.

    """
    if "url" not in options:
        raise ConfigError("okrs: the source 'database' needs a url")
    return SqlGoals(*read_url(options["url"], BUSY_SECONDS, SCHEMA.what))


def _options(dialect: str, only_reads: bool) -> dict[str, Any]:
    if dialect == "sqlite":
        return {ONLY_READS: only_reads}
    if only_reads:
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {"isolation_level": "READ COMMITTED"}
