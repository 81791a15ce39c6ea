"""The tables that hold goals, and the revisions of them that this version knows.

Promises: one table a kind of thing, one row a thing, columns called as the keys of the OKR files;
what has dates or reasons of its own (check-ins, evidence, decisions, parents, waivers, places of
work) is a row in a table below it. A list of words that is only read as a whole is a JSON array in
one column. `position` keeps the order in which people wrote things, which decides what is primary.
No column is for a person. Changing a table means adding a migration; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Double, ForeignKey, Integer, MetaData, Table, Text

from okrsync.core.goals import (
    Choice,
    GoalStatus,
    Indicator,
    Kind,
    Level,
    Role,
    Says,
    Source,
    Standing,
)
from okrsync.databases.revisions import Schema
from okrsync.documents import types as kinds
from okrsync_sql.columns import DateColumn, WordsColumn

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

metadata = MetaData()

SCHEMA = Schema(
    "the goals' database",
    "okrsync_goals_version",
    ("g0001",),
    Path(__file__).parent / "migrations",
)


def _given(name: str, holds: Any, type_: type[TypeEngine[Any]] = Text, **more: Any) -> Column[Any]:
    return Column(name, type_, nullable=False, info={"holds": holds}, **more)


def _maybe(
    name: str, holds: Any = kinds.Name, type_: type[TypeEngine[Any]] = Text, **more: Any
) -> Column[Any]:
    return Column(name, type_, info={"holds": holds | None}, **more)


def _text(name: str) -> Column[str]:
    return _given(name, kinds.Text, server_default="")


def _words(name: str) -> Column[Any]:
    return _given(name, kinds.Names, WordsColumn, server_default="[]")


def _id() -> Column[str]:
    return _given("id", kinds.Name, primary_key=True)


def _position(*, key: bool = False) -> Column[int]:
    return _given("position", kinds.Whole, Integer, primary_key=key)


def _of(table: str, name: str, *, key: bool = True) -> Column[str]:
    """Build the column that says which thing a row is a part of; it goes when that goes."""
    below = ForeignKey(f"{table}.id", ondelete="CASCADE", onupdate="CASCADE")
    return Column(name, Text, below, nullable=False, primary_key=key, info={"holds": kinds.Name})


strategies = Table(
    "okr_strategies",
    metadata,
    _id(),
    _position(),
    _text("mission"),
    _text("vision"),
    _text("north_star"),
    _maybe("starts", kinds.Day, DateColumn),
    _maybe("ends", kinds.Day, DateColumn),
)

value_map = Table(
    "okr_value_map",
    metadata,
    _id(),
    _of("okr_strategies", "strategy", key=False),
    _position(),
    _text("value"),
    _words("customers"),
    _text("because"),
)

customers = Table(
    "okr_customers",
    metadata,
    _id(),
    _position(),
    _given("name", kinds.Name),
    _words("also"),
    _given("role", Role, server_default="user"),
    _text("success_looks_like"),
    _words("journey"),
)

journey = Table(
    "okr_journey",
    metadata,
    _position(key=True),
    _given("step", kinds.Name),
)

units = Table("okr_units", metadata, _id(), _position(), _given("name", kinds.Name))

teams = Table(
    "okr_teams",
    metadata,
    _id(),
    _position(),
    _given("name", kinds.Name),
    _maybe("unit"),
    _text("makes"),
    _words("customers"),
    _words("functions"),
    _words("sphere"),
)

works_in = Table(
    "okr_works_in",
    metadata,
    _of("okr_teams", "of_team"),
    _position(key=True),
    _given("tracker", kinds.Name),
    _maybe("scope"),
    _maybe("component"),
    _maybe("team"),
)

cycles = Table(
    "okr_cycles",
    metadata,
    _id(),
    _position(),
    _maybe("starts", kinds.Day, DateColumn),
    _maybe("ends", kinds.Day, DateColumn),
    _given("level", Level, server_default="team"),
    _maybe("check_in_days", kinds.Whole, Integer),
)

objectives = Table(
    "okr_objectives",
    metadata,
    _id(),
    _position(),
    _given("title", kinds.Name),
    _given("level", Level, server_default="team"),
    _words("teams"),
    _maybe("unit"),
    _text("cycle"),
    _text("problem"),
    _words("strategy"),
    _maybe("owner"),
    _given("status", GoalStatus, server_default="live"),
    _words("previously"),
)

key_results = Table(
    "okr_key_results",
    metadata,
    _id(),
    _of("okr_objectives", "objective", key=False),
    _position(),
    _maybe("statement"),
    _maybe("who"),
    _maybe("does_what"),
    _maybe("baseline", kinds.Number, Double),
    _maybe("target", kinds.Number, Double),
    _maybe("unit"),
    _maybe("kind", Kind),
    _maybe("indicator", Indicator),
    _maybe("journey"),
    _maybe("measured_by", Source),
    _maybe("time_to_effect_days", kinds.Whole, Integer),
    _words("expects"),
    _words("guardrails"),
    _maybe("owner"),
    _given("status", GoalStatus, server_default="live"),
    _words("previously"),
)

hypotheses = Table(
    "okr_hypotheses",
    metadata,
    _id(),
    _position(),
    _maybe("statement"),
    _maybe("we_believe"),
    _maybe("for_whom"),
    _maybe("will"),
    _words("serves"),
    _maybe("cycle"),
    _maybe("started", kinds.Day, DateColumn),
    _maybe("until", kinds.Day, DateColumn),
    _maybe("confidence", kinds.Share, Double),
    _text("stop_if"),
    _maybe("owner"),
    _words("previously"),
)

beliefs = Table(
    "okr_beliefs",
    metadata,
    _id(),
    _position(),
    _given("text", kinds.Name),
    _given("status", Standing, server_default="unsure"),
    _words("objectives"),
    _words("previously"),
)

parents = Table(
    "okr_parents",
    metadata,
    _given("goal", kinds.Name, primary_key=True),
    _position(key=True),
    _given("parent", kinds.Name),
    _text("because"),
)

check_ins = Table(
    "okr_check_ins",
    metadata,
    _of("okr_key_results", "key_result"),
    _position(key=True),
    _given("date", kinds.Day, DateColumn),
    _maybe("value", kinds.Number, Double),
    _maybe("confidence", kinds.Share, Double),
    _text("note"),
    _text("decision"),
)

evidence = Table(
    "okr_evidence",
    metadata,
    _given("goal", kinds.Name, primary_key=True),
    _position(key=True),
    _given("date", kinds.Day, DateColumn),
    _given("says", Says),
    _text("source"),
    _text("note"),
)

decisions = Table(
    "okr_decisions",
    metadata,
    _of("okr_hypotheses", "hypothesis"),
    _position(key=True),
    _given("choice", Choice),
    _given("date", kinds.Day, DateColumn),
    _text("because"),
    _maybe("until", kinds.Day, DateColumn),
    _text("saved"),
)

waivers = Table(
    "okr_waivers",
    metadata,
    _given("goal", kinds.Name, primary_key=True),
    _position(key=True),
    _given("code", kinds.Name),
    _given("reason", kinds.Name),
    _maybe("until", kinds.Day, DateColumn),
)
