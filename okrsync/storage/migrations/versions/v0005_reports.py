# ruff: noqa: INP001 - Alembic loads this file itself; it cannot be imported like a module
"""What items were judged to be, mails and where they went, and reports as they were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

REF = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Add tables; nothing that is there changes."""
    op.create_table(
        "verdicts",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("verdict_before", sa.Text()),
        sa.Column("goals_before", sa.Text()),
        sa.Column("moved", MOMENT),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item"),
    )
    op.create_index("verdicts_by_move", "verdicts", ["moved"])
    op.create_table(
        "mails",
        *_told(),
        sa.Column("address", REF, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", MOMENT),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "period", "about", "address"),
    )
    op.create_index("mails_by_state", "mails", ["state"])
    op.create_table(
        "reports",
        *_told(),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "period", "about"),
    )


def _told() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("edition", REF, nullable=False),
        sa.Column("period", REF, nullable=False),
        sa.Column("about", REF, nullable=False),
    )
