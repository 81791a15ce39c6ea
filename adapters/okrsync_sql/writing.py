"""From goals to rows."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from okrsync.core.goals import ByHowMuch, CheckIn, Decision
from okrsync.core.place import Problem
from okrsync.errors import ConfigError
from okrsync_sql import tables
from okrsync_sql.reading import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Table

    from okrsync.core.goaledits import Entry
    from okrsync.core.goals import Goal, Goals, KeyResult, Objective

Written = tuple["Table", dict[str, Any]]
"""A row and where it belongs."""


def rows_of(goals: Goals) -> list[Written]:
    """Return every row that *goals* are.

    Raises:
        ConfigError: they hold what no database can.

    """
    rows = [*_surroundings(goals), *_goals(goals)]
    problems = [
        Problem(place_of(str(row.get("id", table.name))), f"{key!r} holds a NUL character")
        for table, row in rows
        for key, cell in row.items()
        if _holds_nul(cell)
    ]
    if problems:
        raise ConfigError("these goals cannot be kept in a database", problems=problems)
    return rows


def entry_row(goal_id: str, entry: Entry, position: int) -> Written:
    """Return the row of one check-in, piece of evidence or decision."""
    match entry:
        case CheckIn():
            return _row(tables.check_ins, entry, position, key_result=goal_id)
        case Decision():
            return _row(tables.decisions, entry, position, hypothesis=goal_id)
        case _:
            return _row(tables.evidence, entry, position, goal=goal_id)


def _surroundings(goals: Goals) -> Iterator[Written]:
    for position, strategy in enumerate(goals.strategies):
        yield _row(tables.strategies, strategy, position)
        for at, value in enumerate(strategy.value_map):
            yield _row(tables.value_map, value, at, strategy=strategy.id)
    yield from _all(tables.customers, goals.customers)
    for position, step in enumerate(goals.journey):
        yield tables.journey, {"position": position, "step": step}
    yield from _all(tables.units, goals.units)
    for position, team in enumerate(goals.teams):
        yield _row(tables.teams, team, position)
        yield from _all(tables.works_in, team.works_in, of_team=team.id)
    yield from _all(tables.cycles, goals.cycles)


def _goals(goals: Goals) -> Iterator[Written]:
    for position, objective in enumerate(goals.objectives):
        yield _row(tables.objectives, objective, position)
        yield from _parents(objective)
        yield from _waivers(objective)
        for at, kr in enumerate(objective.key_results):
            yield from _key_result(kr, at)
    for position, hypothesis in enumerate(goals.hypotheses):
        yield _row(tables.hypotheses, hypothesis, position)
        yield from _all(tables.evidence, hypothesis.evidence, goal=hypothesis.id)
        yield from _all(tables.decisions, hypothesis.decisions, hypothesis=hypothesis.id)
        yield from _waivers(hypothesis)
    for position, belief in enumerate(goals.beliefs):
        yield _row(tables.beliefs, belief, position)
        yield from _all(tables.evidence, belief.evidence, goal=belief.id)
        yield from _waivers(belief)


def _key_result(kr: KeyResult, position: int) -> Iterator[Written]:
    measure = kr.by_how_much or ByHowMuch()
    yield _row(
        tables.key_results,
        kr,
        position,
        baseline=measure.baseline,
        target=measure.target,
        unit=measure.unit,
    )
    yield from _parents(kr)
    yield from _all(tables.check_ins, kr.check_ins, key_result=kr.id)
    yield from _waivers(kr)


def _parents(goal: Objective | KeyResult) -> Iterator[Written]:
    for position, link in enumerate(goal.parents):
        yield _row(tables.parents, link, position, goal=goal.id, parent=link.id)


def _waivers(goal: Goal) -> Iterator[Written]:
    yield from _all(tables.waivers, goal.waive)


def _all(table: Table, things: Iterable[Any], **more: Any) -> Iterator[Written]:
    for position, thing in enumerate(things):
        yield _row(table, thing, position, **more)


def _row(table: Table, thing: Any, position: int, **more: Any) -> Written:
    """Make a row: a column holds what the thing calls by the same name."""
    given = {**more, "position": position}
    cells = {
        column.name: given[column.name]
        if column.name in given
        else _plain(getattr(thing, column.name))
        for column in table.c
    }
    return table, cells


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _holds_nul(cell: Any) -> bool:
    words = cell if isinstance(cell, tuple) else (cell,)
    return any(isinstance(word, str) and "\0" in word for word in words)
