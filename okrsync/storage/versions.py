"""Which schema a store has, and bringing it to ours.

Alembic is imported only when there is something to migrate. A store that a newer okrsync has
written is never touched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

from okrsync.errors import StoreError
from okrsync.storage.schema import REVISIONS, VERSION_TABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"

_READ = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - our own constant
_UPGRADE_LOCK = 0x6F6B7273796E63  # "okrsync" in bytes


def revision_of(connection: Connection) -> str | None:
    """Return the store's revision, or None where there is no store yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(_READ)
    return revision


def is_empty(connection: Connection) -> bool:
    """Tell whether the database holds no table at all."""
    return not inspect(connection).get_table_names()


def refuse_other(connection: Connection, where: str) -> None:
    """Raise unless the store is of exactly this version's schema."""
    revision = revision_of(connection)
    refuse_newer(revision, where)
    if revision is None:
        raise StoreError(f"the store {where} is not set up", hint="okrsync db upgrade")
    if revision != REVISIONS[-1]:
        raise StoreError(f"the store {where} is of an older okrsync", hint="okrsync db upgrade")


def refuse_newer(revision: str | None, where: str) -> None:
    """Raise if the revision is not known here: only a newer okrsync can have written it."""
    if revision is not None and revision not in REVISIONS:
        raise StoreError(
            f"the store {where} is of a newer okrsync (schema {revision}, "
            f"this one knows up to {REVISIONS[-1]})",
            hint="use the newer okrsync, or a copy of the store from before its upgrade",
        )


def migrate(connection: Connection, where: str) -> tuple[str | None, str]:
    """Run what is missing, inside the caller's transaction; the second of two does nothing.

    Returns the revisions before and after.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
    revision = revision_of(connection)
    refuse_newer(revision, where)
    if revision != REVISIONS[-1]:
        _run_alembic(connection)
    return revision, REVISIONS[-1]


def _run_alembic(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second that few commands need
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, REVISIONS[-1])
