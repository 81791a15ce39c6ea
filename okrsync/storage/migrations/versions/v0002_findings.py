# ruff: noqa: INP001 - Alembic loads this file itself; it cannot be imported like a module
"""Findings with their age, and snapshots to compare with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

REF = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Add two tables; nothing that is there changes."""
    op.create_table(
        "findings",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("code", REF, nullable=False),
        sa.Column("other", REF, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("round", NUMBER, nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("gone_since", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("tracker", "item", "code", "other"),
    )
    op.create_index("findings_by_round", "findings", ["round"], unique=False)
    op.create_index("findings_by_end", "findings", ["gone_since"], unique=False)
    op.create_table(
        "snapshots",
        sa.Column("kind", REF, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "day"),
    )
