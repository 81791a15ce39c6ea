"""From rows to goals, as strictly as from files: all of them, or every mistake at once.

What a cell may hold is what the same key of an OKR file may; each mistake names its row.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from okrsync.core.goalcheck import build
from okrsync.core.goals import (
    Belief,
    ByHowMuch,
    CheckIn,
    Customer,
    Cycle,
    Decision,
    Evidence,
    Hypothesis,
    KeyResult,
    Objective,
    ParentLink,
    Strategy,
    Team,
    Unit,
    Value,
    Waiver,
    WorksIn,
)
from okrsync.core.place import Place, Problem
from okrsync.documents.validate import told
from okrsync.errors import ConfigError
from okrsync_sql import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Column, Connection, Table

    from okrsync.core.goals import Goals

T = TypeVar("T")

Rows = dict[str, list[dict[str, Any]]]
"""Table name -> rows in their order, as they are in the database."""

_GOALS = (tables.objectives, tables.key_results, tables.hypotheses, tables.beliefs)
_BELOW: dict[Table, tuple[str, tuple[Table, ...]]] = {
    tables.value_map: ("strategy", (tables.strategies,)),
    tables.works_in: ("of_team", (tables.teams,)),
    tables.key_results: ("objective", (tables.objectives,)),
    tables.check_ins: ("key_result", (tables.key_results,)),
    tables.decisions: ("hypothesis", (tables.hypotheses,)),
    tables.parents: ("goal", (tables.objectives, tables.key_results)),
    tables.evidence: ("goal", (tables.hypotheses, tables.beliefs)),
    tables.waivers: ("goal", _GOALS),
}
"""Tables whose rows are parts of others: the column that says of which, and where that may be."""


def place_of(thing: str) -> Place:
    """Name where in the database something stands."""
    return Place(f"database: {thing}")


def all_rows(connection: Connection) -> Rows:
    """Read every table."""
    rows: Rows = {}
    for table in tables.metadata.sorted_tables:
        order = [table.c.position, *table.primary_key]
        found = connection.execute(select(table).order_by(*order)).mappings()
        rows[table.name] = [dict(row) for row in found]
    return rows


def digest_of(rows: Rows) -> str:
    """Digest all that the goals are read from."""
    told_whole = json.dumps(rows, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(told_whole.encode()).hexdigest()


def goals_of(rows: Rows) -> Goals:
    """Build the goals.

    Raises:
        ConfigError: they cannot be used; all mistakes at once, each with its row.

    """
    if not any(rows.values()):
        raise ConfigError("the database holds no goals", hint="okrsync okrs import DIR")
    found = _Found(rows)
    goals, problems = found.built()
    problems = sorted({*found.problems, *problems})
    if goals is None or problems:
        count = f"{len(problems)} mistakes" if len(problems) > 1 else "a mistake"
        raise ConfigError(f"the goals in the database hold {count}", problems=problems)
    return goals


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that can be used."""

    cells: dict[str, Any]
    place: Place

    def made(self, kind: type[T], **parts: Any) -> T:
        """Make what the row is; *parts* stand in other tables or under other names."""
        known = {each.name for each in fields(kind)}  # type: ignore[arg-type] # a dataclass
        own = {name: value for name, value in self.cells.items() if name in known}
        return kind(**{**own, "place": self.place, **parts})


@dataclass(slots=True)
class _Found:
    """What the rows hold, with the mistakes seen."""

    rows: Rows
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    _parts: dict[str, dict[str, list[_Row]]] = field(default_factory=dict)

    def built(self) -> tuple[Goals | None, list[Problem]]:
        for table, (column, owners) in _BELOW.items():
            self._parts[table.name] = self._grouped(table, column, owners)
        return build(
            strategies=[self._strategy(row) for row in self._sound(tables.strategies)],
            customers=[row.made(Customer) for row in self._sound(tables.customers)],
            journey=[row.cells["step"] for row in self._sound(tables.journey)],
            units=[row.made(Unit) for row in self._sound(tables.units)],
            teams=[
                row.made(Team, works_in=self._all(WorksIn, tables.works_in, row))
                for row in self._sound(tables.teams)
            ],
            cycles=[row.made(Cycle) for row in self._sound(tables.cycles)],
            objectives=[self._objective(row) for row in self._sound(tables.objectives)],
            hypotheses=[self._hypothesis(row) for row in self._sound(tables.hypotheses)],
            beliefs=[self._belief(row) for row in self._sound(tables.beliefs)],
            unreadable=self._lost(),
        )

    def _lost(self) -> set[str]:
        """Return the ids of what has mistakes, and of what is a part of it."""
        below = ((tables.key_results, "objective"), (tables.value_map, "strategy"))
        parts = {
            row["id"]
            for table, column in below
            for row in self.rows[table.name]
            if row[column] in self.unreadable
        }
        return self.unreadable | parts

    def _strategy(self, row: _Row) -> Strategy:
        return row.made(Strategy, value_map=self._all(Value, tables.value_map, row))

    def _objective(self, row: _Row) -> Objective:
        return row.made(
            Objective,
            parents=self._parents(row),
            key_results=tuple(map(self._key_result, self._below(tables.key_results, row))),
            waive=self._all(Waiver, tables.waivers, row),
        )

    def _key_result(self, row: _Row) -> KeyResult:
        measure = ByHowMuch(**{each.name: row.cells[each.name] for each in fields(ByHowMuch)})
        return row.made(
            KeyResult,
            by_how_much=None if measure == ByHowMuch() else measure,
            parents=self._parents(row),
            check_ins=self._all(CheckIn, tables.check_ins, row),
            waive=self._all(Waiver, tables.waivers, row),
        )

    def _hypothesis(self, row: _Row) -> Hypothesis:
        return row.made(
            Hypothesis,
            evidence=self._all(Evidence, tables.evidence, row),
            decisions=self._all(Decision, tables.decisions, row),
            waive=self._all(Waiver, tables.waivers, row),
        )

    def _belief(self, row: _Row) -> Belief:
        return row.made(
            Belief,
            evidence=self._all(Evidence, tables.evidence, row),
            waive=self._all(Waiver, tables.waivers, row),
        )

    def _parents(self, row: _Row) -> tuple[ParentLink, ...]:
        below = self._below(tables.parents, row)
        return tuple(each.made(ParentLink, id=each.cells["parent"]) for each in below)

    def _all(self, kind: type[T], table: Table, owner: _Row) -> tuple[T, ...]:
        return tuple(row.made(kind) for row in self._below(table, owner))

    def _below(self, table: Table, owner: _Row) -> list[_Row]:
        return self._parts[table.name].get(owner.cells["id"], [])

    def _grouped(
        self, table: Table, column: str, owners: tuple[Table, ...]
    ) -> dict[str, list[_Row]]:
        """Sort the rows of a table by what they are parts of; a part of nothing is a mistake."""
        known = {row["id"] for owner in owners for row in self.rows[owner.name]}
        parts: defaultdict[str, list[_Row]] = defaultdict(list)
        for row in self._sound(table):
            owner = row.cells[column]
            if owner in known:
                parts[owner].append(row)
            else:
                place = place_of(table.name)
                hint = "delete the row, or put back what it belongs to"
                self.problems.append(
                    Problem(place, f"a row belongs to {owner!r}, which is gone", hint)
                )
        return parts

    def _sound(self, table: Table) -> Iterator[_Row]:
        """Yield the rows whose every cell can be used."""
        for raw in self.rows[table.name]:
            name = str(raw.get("id") or raw.get(_BELOW.get(table, ("", ()))[0]) or table.name)
            place = place_of(name)
            mistakes = list(_mistakes(table, raw, place))
            if mistakes:
                self.problems += mistakes
                self.unreadable.add(name)
                continue
            yield _Row({key: _usable(table.c[key], cell) for key, cell in raw.items()}, place)


def _mistakes(table: Table, raw: Mapping[str, Any], place: Place) -> Iterable[Problem]:
    for key, cell in raw.items():
        try:
            _usable(table.c[key], cell)
        except ValidationError as error:
            what = told(error.errors(include_url=False)[0])
            yield Problem(place, f"{key!r} in {table.name} {what}")


def _usable(column: Column[Any], cell: Any) -> Any:
    return _adapter(column).validate_python(cell)


@cache
def _adapter(column: Column[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(column.info["holds"])
