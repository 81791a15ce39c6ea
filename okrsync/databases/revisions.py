"""Which schema a set of tables has, and bringing it to ours.

Alembic is imported only when there is something to migrate. Tables that a newer okrsync has
written are never touched. Several sets may live in one database, each with a version of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

from okrsync.databases.turns import key_of
from okrsync.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

OURS = ("okr_", "okrsync_")
"""How the names of tables begin that are okrsync's, whatever else lives in the database."""


@dataclass(frozen=True, slots=True)
class Schema:
    """One set of tables that is migrated together."""

    what: str
    """What people call it, such as ``the store``."""
    version_table: str
    revisions: tuple[str, ...]
    """Every revision this version can start from, oldest first; the last is its own."""
    migrations: Path

    @property
    def newest(self) -> str:
        """The revision of this version."""
        return self.revisions[-1]


def revision_of(connection: Connection, schema: Schema) -> str | None:
    """Return the revision of the tables, or None where there are none yet."""
    if not inspect(connection).has_table(schema.version_table):
        return None
    read = text(f"SELECT version_num FROM {schema.version_table}")  # noqa: S608 - our own constant
    revision: str | None = connection.scalar(read)
    return revision


def holds_others(connection: Connection) -> bool:
    """Tell whether the database holds a table that is not okrsync's."""
    return not all(name.startswith(OURS) for name in inspect(connection).get_table_names())


def refuse_other(connection: Connection, schema: Schema, where: str) -> None:
    """Raise unless the tables are of exactly this version."""
    revision = revision_of(connection, schema)
    refuse_newer(revision, schema, where)
    if revision is None:
        raise StoreError(f"{schema.what} {where} is not set up", hint="okrsync db upgrade")
    if revision != schema.newest:
        raise StoreError(f"{schema.what} {where} is of an older okrsync", hint="okrsync db upgrade")


def refuse_newer(revision: str | None, schema: Schema, where: str) -> None:
    """Raise if the revision is not known here: only a newer okrsync can have written it."""
    if revision is not None and revision not in schema.revisions:
        raise StoreError(
            f"{schema.what} {where} is of a newer okrsync (schema {revision}, "
            f"this one knows up to {schema.newest})",
            hint="use the newer okrsync, or a copy of the database from before its upgrade",
        )


def migrate(connection: Connection, schema: Schema, where: str) -> tuple[str | None, str]:
    """Run what is missing, inside the caller's transaction; the second of two does nothing.

    Returns the revisions before and after.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(key_of(schema.version_table))))
    revision = revision_of(connection, schema)
    refuse_newer(revision, schema, where)
    if revision != schema.newest:
        _run_alembic(connection, schema)
    return revision, schema.newest


def _run_alembic(connection: Connection, schema: Schema) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second that few commands need
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(schema.migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, schema.newest)
