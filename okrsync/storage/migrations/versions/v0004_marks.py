# ruff: noqa: INP001 - Alembic loads this file itself; it cannot be imported like a module
"""How far scopes have been read, and which items are not settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

REF = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Add tables; without marks every scope is read whole once, which fills the others."""
    op.create_table(
        "unsettled",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item"),
    )
    op.create_table(
        "above",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("up", REF, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item", "up"),
    )
    op.create_index("above_by_up", "above", ["tracker", "up", "item"])
    op.create_table(
        "marks",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("scope", REF, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("watermark", MOMENT),
        sa.Column("began", MOMENT),
        sa.Column("swept", MOMENT),
        sa.Column("read", MOMENT),
        sa.Column("tried", MOMENT),
        sa.Column("settled_under", sa.Text()),
        sa.PrimaryKeyConstraint("tracker", "scope"),
    )
