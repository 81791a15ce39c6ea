# ruff: noqa: INP001 - Alembic loads this file itself; it cannot be imported like a module
"""Runs the migrations on the connection that `okrsync.databases.revisions` hands over."""

from __future__ import annotations

from alembic import context

from okrsync.storage.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
