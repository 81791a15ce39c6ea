# ruff: noqa: INP001 - Alembic loads this file itself; it cannot be imported like a module
"""The first tables for goals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "g0001"
down_revision = None

DAY = sa.Date().with_variant(sa.Text(), "sqlite")
WORDS = sa.Text().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make every table."""
    _make_surroundings()
    _make_goals()
    _make_parts()


def _part_of(column: str, table: str) -> sa.ForeignKeyConstraint:
    """Let a row go, and be renamed, with what it is a part of."""
    above = [f"{table}.id"]
    return sa.ForeignKeyConstraint([column], above, onupdate="CASCADE", ondelete="CASCADE")


def _make_surroundings() -> None:
    """Keep strategy, customers, journey, units, teams and cycles."""
    op.create_table(
        "okr_strategies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mission", sa.Text(), nullable=False, server_default=""),
        sa.Column("vision", sa.Text(), nullable=False, server_default=""),
        sa.Column("north_star", sa.Text(), nullable=False, server_default=""),
        sa.Column("starts", DAY, nullable=True),
        sa.Column("ends", DAY, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "okr_value_map",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False, server_default=""),
        sa.Column("customers", WORDS, nullable=False, server_default="[]"),
        sa.Column("because", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["strategy"], ["okr_strategies.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "okr_customers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("also", WORDS, nullable=False, server_default="[]"),
        sa.Column("role", sa.Text(), nullable=False, server_default="user"),
        sa.Column("success_looks_like", sa.Text(), nullable=False, server_default=""),
        sa.Column("journey", WORDS, nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "okr_journey",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "okr_units",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "okr_teams",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("makes", sa.Text(), nullable=False, server_default=""),
        sa.Column("customers", WORDS, nullable=False, server_default="[]"),
        sa.Column("functions", WORDS, nullable=False, server_default="[]"),
        sa.Column("sphere", WORDS, nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "okr_works_in",
        sa.Column("of_team", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("component", sa.Text(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["of_team"], ["okr_teams.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("of_team", "position"),
    )
    op.create_table(
        "okr_cycles",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts", DAY, nullable=True),
        sa.Column("ends", DAY, nullable=True),
        sa.Column("level", sa.Text(), nullable=False, server_default="team"),
        sa.Column("check_in_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def _make_goals() -> None:
    """Keep objectives, key results, hypotheses and beliefs."""
    op.create_table(
        "okr_objectives",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False, server_default="team"),
        sa.Column("teams", WORDS, nullable=False, server_default="[]"),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("cycle", sa.Text(), nullable=False, server_default=""),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.Column("strategy", WORDS, nullable=False, server_default="[]"),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False, server_default="live"),
        sa.Column("previously", WORDS, nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "okr_key_results",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("does_what", sa.Text(), nullable=True),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("journey", sa.Text(), nullable=True),
        sa.Column("measured_by", sa.Text(), nullable=True),
        sa.Column("time_to_effect_days", sa.Integer(), nullable=True),
        sa.Column("expects", WORDS, nullable=False, server_default="[]"),
        sa.Column("guardrails", WORDS, nullable=False, server_default="[]"),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False, server_default="live"),
        sa.Column("previously", WORDS, nullable=False, server_default="[]"),
        sa.ForeignKeyConstraint(
            ["objective"], ["okr_objectives.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "okr_hypotheses",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("we_believe", sa.Text(), nullable=True),
        sa.Column("for_whom", sa.Text(), nullable=True),
        sa.Column("will", sa.Text(), nullable=True),
        sa.Column("serves", WORDS, nullable=False, server_default="[]"),
        sa.Column("cycle", sa.Text(), nullable=True),
        sa.Column("started", DAY, nullable=True),
        sa.Column("until", DAY, nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("stop_if", sa.Text(), nullable=False, server_default=""),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("previously", WORDS, nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "okr_beliefs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, server_default="unsure"),
        sa.Column("objectives", WORDS, nullable=False, server_default="[]"),
        sa.Column("previously", WORDS, nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("id"),
    )


def _make_parts() -> None:
    """Keep what goals have of dated and reasoned things."""
    op.create_table(
        "okr_parents",
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("goal", "position"),
    )
    op.create_table(
        "okr_check_ins",
        sa.Column("key_result", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("date", DAY, nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("decision", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["key_result"], ["okr_key_results.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_result", "position"),
    )
    op.create_table(
        "okr_evidence",
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("date", DAY, nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("goal", "position"),
    )
    op.create_table(
        "okr_decisions",
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("date", DAY, nullable=False),
        sa.Column("because", sa.Text(), nullable=False, server_default=""),
        sa.Column("until", DAY, nullable=True),
        sa.Column("saved", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["hypothesis"], ["okr_hypotheses.id"], onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hypothesis", "position"),
    )
    op.create_table(
        "okr_waivers",
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", DAY, nullable=True),
        sa.PrimaryKeyConstraint("goal", "position"),
    )
