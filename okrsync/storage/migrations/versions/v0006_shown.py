# ruff: noqa: INP001 - Alembic loads this file itself; it cannot be imported like a module
"""Digests of the search answers that items were taken from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add a column; without a digest an item is looked at closely, which fills it."""
    op.add_column("mirror", sa.Column("shown", sa.LargeBinary()))
