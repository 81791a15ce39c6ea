# ruff: noqa: INP001 - Alembic loads this file itself; it cannot be imported like a module
"""Items whose webhooks could not be answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

REF = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Add a table; nothing that is there changes."""
    op.create_table(
        "dead_letters",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("one_dead_letter_an_item", "dead_letters", ["tracker", "item"], unique=True)
