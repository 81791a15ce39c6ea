# ruff: noqa: INP001 - Alembic loads this file itself; it cannot be imported like a module
"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

REF = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()


def upgrade() -> None:
    """Make every table."""
    _make_mirror()
    _make_states()
    _make_words()
    _make_intents()
    _make_history()
    _make_plans()
    _make_rest()


def _make_mirror() -> None:
    """Keep items as last believed."""
    op.create_table(
        "mirror",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("scope", REF, nullable=False),
        sa.Column("key_folded", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("pull", NUMBER, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item"),
    )
    op.create_index("mirror_by_key", "mirror", ["key_folded"], unique=False)
    op.create_index("mirror_by_scope", "mirror", ["tracker", "scope", "item"], unique=False)
    op.create_table(
        "newest",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item"),
    )


def _make_states() -> None:
    """Keep what is remembered of items: heads, rows, holds, disputes."""
    op.create_table(
        "item_heads",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("known_at", MOMENT, nullable=True),
        sa.Column("basis_work", sa.Text(), nullable=True),
        sa.Column("basis_goals", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tracker", "item"),
    )
    op.create_table(
        "label_rows",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("label", REF, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("run", NUMBER, nullable=True),
        sa.Column("label_id", sa.Text(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tracker", "item", "label"),
    )
    op.create_index(
        "label_rows_by_origin", "label_rows", ["origin", "tracker", "item"], unique=False
    )
    op.create_table(
        "holds",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("desired", sa.Text(), nullable=False),
        sa.Column("run", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("tracker", "item"),
    )
    op.create_table(
        "disputes",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("label", REF, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item", "label"),
    )


def _make_words() -> None:
    """Keep what people said, and sets of labels."""
    op.create_table(
        "acts",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item", "position"),
    )
    op.create_table(
        "mutes",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("label", REF, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item", "label"),
    )
    op.create_table(
        "foreign_verdicts",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("label", REF, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item", "label"),
    )
    op.create_table(
        "unwritten",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("label", REF, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item", "label"),
    )
    op.create_table(
        "stops",
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("vanishing", REF, nullable=False),
        sa.PrimaryKeyConstraint("tracker", "item", "vanishing"),
    )
    op.create_index("stops_by_vanishing", "stops", ["vanishing", "tracker", "item"], unique=False)


def _make_intents() -> None:
    """Keep writes before they happen."""
    op.create_table(
        "intents",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("add", sa.Text(), nullable=False),
        sa.Column("remove", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("budget", sa.Text(), nullable=True),
        sa.Column("task", sa.Text(), nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("closed", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("intents_by_item", "intents", ["tracker", "item", "id"], unique=False)
    op.create_index(
        "one_open_intent_an_item",
        "intents",
        ["tracker", "item"],
        unique=True,
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )


def _make_history() -> None:
    """Keep runs, and what they wrote."""
    op.create_table(
        "runs",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "journal",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("scope", REF, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("added", sa.Text(), nullable=False),
        sa.Column("removed", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("budget", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("journal_by_item", "journal", ["tracker", "item"], unique=False)
    op.create_index("journal_by_run", "journal", ["run"], unique=False)
    op.create_index("journal_by_time", "journal", ["tracker", "at"], unique=False)


def _make_plans() -> None:
    """Keep plans."""
    op.create_table(
        "plans",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_edits",
        sa.Column("plan", NUMBER, nullable=False),
        sa.Column("tracker", REF, nullable=False),
        sa.Column("item", REF, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("add", sa.Text(), nullable=False),
        sa.Column("remove", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plans.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan", "tracker", "item"),
    )


def _make_rest() -> None:
    """Keep vanished labels, notes and goals."""
    op.create_table(
        "vanishings",
        sa.Column("id", REF, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tracker", REF, nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("lost", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "notes",
        sa.Column("name", REF, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "goal_snapshots",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
