"""Put goals together, and refuse what refers to nothing.

Every mistake is found at once. The codes are the method's: an unknown parent, team or cycle and a
circle of parents are OKR103; they stop the load and cannot be waived. An unknown `who`, `for` or
customer is not refused here (OKR115 speaks of it).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.core.goalrefs import Spots, circles, references
from okrsync.core.goals import Goals, Level
from okrsync.core.place import Place, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from okrsync.core.goals import (
        Belief,
        Customer,
        Cycle,
        Goal,
        Hypothesis,
        Objective,
        Strategy,
        Team,
        Unit,
        Value,
        WorksIn,
    )

VERDICT_WORDS = frozenset({"aligned", "weak", "stale", "unaligned", "exempt"})
"""What a goal may not be called: its label would be a verdict's."""

_GOAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CODE = re.compile(r"[A-Z]{2,3}[0-9]{3}")


def build(
    *,
    strategies: Iterable[Strategy] = (),
    customers: Iterable[Customer] = (),
    journey: Iterable[str] = (),
    units: Iterable[Unit] = (),
    teams: Iterable[Team] = (),
    cycles: Iterable[Cycle] = (),
    objectives: Iterable[Objective] = (),
    hypotheses: Iterable[Hypothesis] = (),
    beliefs: Iterable[Belief] = (),
    spots: Spots | None = None,
    unreadable: Collection[str] = (),
) -> tuple[Goals | None, list[Problem]]:
    """Build goals that are whole, or tell everything that keeps them from it.

    *spots* tells where references stand, if the source knows. *unreadable* are ids of things that
    exist but have mistakes of their own: references to them are no mistakes.
    """
    goals = _indexed(
        Goals(
            strategies=tuple(strategies),
            customers=tuple(customers),
            journey=tuple(dict.fromkeys(journey)),
            units=tuple(units),
            teams=tuple(teams),
            cycles=tuple(cycles),
            objectives=tuple(objectives),
            hypotheses=tuple(hypotheses),
            beliefs=tuple(beliefs),
        )
    )
    problems = [
        *_duplicates(goals),
        *_ids(goals),
        *_former_ids(goals, spots or {}),
        *_owners(goals),
        *_waivers(goals),
        *_works_in(goals),
        *references(goals, spots or {}, frozenset(unreadable)),
        *circles(goals),
    ]
    return (None if problems else goals), sorted(problems, key=_by_place)


def goal_ids_like_keys(goals: Goals, scopes: Iterable[str], key_pattern: str) -> list[Problem]:
    """Refuse goal ids that look like an item's key: a mention of one would be the other.

    *key_pattern* is a regular expression with ``{scope}`` in it, as tracker manifests have it.
    """
    problems = []
    for scope in scopes:
        key = re.compile(key_pattern.replace("{scope}", re.escape(scope)), re.IGNORECASE)
        problems += [
            Problem(
                goal.place,
                f"the goal id {goal.id!r} looks like a ticket of {scope}",
                "ids of goals and keys of tickets must be told apart; rename it with 'previously'",
            )
            for goal in all_goals(goals)
            if key.fullmatch(goal.id)
        ]
    return problems


def unknown_trackers(goals: Goals, trackers: Collection[str]) -> list[Problem]:
    """Refuse `works_in` entries that name a tracker the settings do not have."""
    return [
        Problem(
            spot.place,
            f"OKR103: team {team.id!r} works in {spot.tracker!r}, which is no tracker",
            did_you_mean(spot.tracker, trackers),
        )
        for team in goals.teams
        for spot in team.works_in
        if spot.tracker not in trackers
    ]


def all_goals(goals: Goals) -> Iterator[Goal]:
    """Go through every goal in the order that decides which one is primary."""
    for objective in goals.objectives:
        yield objective
        yield from objective.key_results
    yield from goals.hypotheses
    yield from goals.beliefs


def _by_place(problem: Problem) -> tuple[Place, str]:
    return problem.place, problem.message


def _indexed(goals: Goals) -> Goals:
    listed = list(all_goals(goals))
    return Goals(
        strategies=goals.strategies,
        customers=goals.customers,
        journey=goals.journey,
        units=goals.units,
        teams=goals.teams,
        cycles=goals.cycles,
        objectives=goals.objectives,
        hypotheses=goals.hypotheses,
        beliefs=goals.beliefs,
        by_fold={goal.id.casefold(): goal for goal in listed},
        order={goal.id: position for position, goal in enumerate(listed)},
        renamed={old.casefold(): goal.id for goal in listed for old in goal.previously},
    )


def _duplicates(goals: Goals) -> Iterator[Problem]:
    values = [value for strategy in goals.strategies for value in strategy.value_map]
    yield from _twice("strategy or value", [*goals.strategies, *values])
    yield from _twice("customer", goals.customers)
    yield from _twice("unit", goals.units)
    yield from _twice("team", goals.teams)
    yield from _twice("cycle", goals.cycles)
    yield from _twice("goal", all_goals(goals))


def _twice(
    kind: str, things: Iterable[Strategy | Value | Customer | Unit | Team | Cycle | Goal]
) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for thing in things:
        fold = thing.id.casefold()
        if fold in first:
            told = f"the {kind} id {thing.id!r} is given twice"
            yield Problem(thing.place, told, f"first at {first[fold]}; ids are unique, case aside")
        first.setdefault(fold, thing.place)


def _ids(goals: Goals) -> Iterator[Problem]:
    for goal in all_goals(goals):
        if not _GOAL_ID.fullmatch(goal.id):
            told = f"{goal.id!r} cannot be a goal id"
            yield Problem(goal.place, told, "letters, digits, '.', '_' and '-', at most 64")
        elif goal.id.casefold() in VERDICT_WORDS:
            yield Problem(goal.place, f"{goal.id!r} is a verdict and cannot be a goal id")


def _former_ids(goals: Goals, spots: Spots) -> Iterator[Problem]:
    claimed: dict[str, str] = {}
    for goal in all_goals(goals):
        for old in goal.previously:
            place = spots.get((goal.place, "previously", old), goal.place)
            other = claimed.setdefault(old.casefold(), goal.id)
            if not _GOAL_ID.fullmatch(old):
                yield Problem(place, f"{old!r} was never a goal id")
            elif old.casefold() in goals.by_fold:
                yield Problem(
                    place,
                    f"{goal.id!r} cannot take over {old!r}, which is in use",
                    "ids cannot be swapped or used again",
                )
            elif other != goal.id:
                yield Problem(place, f"{other!r} and {goal.id!r} both claim the former id {old!r}")


def _owners(goals: Goals) -> Iterator[Problem]:
    for objective in goals.objectives:
        if objective.level is Level.TEAM and not objective.teams:
            told = f"objective {objective.id!r} belongs to no team"
            yield Problem(objective.place, told, "give team:, or level: company or unit")
        if objective.level is Level.UNIT and not objective.unit:
            yield Problem(objective.place, f"objective {objective.id!r} belongs to no unit")


def _waivers(goals: Goals) -> Iterator[Problem]:
    for goal in all_goals(goals):
        for waiver in goal.waive:
            if not _CODE.fullmatch(waiver.code):
                yield Problem(waiver.place, f"{waiver.code!r} is no code of a rule")
            elif waiver.code == "OKR103":
                yield Problem(waiver.place, "OKR103 cannot be waived")


def _works_in(goals: Goals) -> Iterator[Problem]:
    """Refuse two teams with the same conditions; where others tie is seen only on an item."""
    first: dict[tuple[str | None, ...], str] = {}
    for team in goals.teams:
        for spot in team.works_in:
            other = first.setdefault(_conditions(spot), team.id)
            if other != team.id:
                yield Problem(
                    spot.place,
                    f"teams {other!r} and {team.id!r} work in exactly the same place",
                    "give one of them a scope, component or team field more",
                )


def _conditions(spot: WorksIn) -> tuple[str | None, ...]:
    given = (spot.tracker, spot.scope, spot.component, spot.team)
    return tuple(part and part.casefold() for part in given)
