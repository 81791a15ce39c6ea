"""Goals as OKR files that load to equal goals: strategy first, then one file an owner.

The order of goals decides which of several is primary, so the names of the files begin with
numbers, and an owner whose objectives do not stand together gets another file. Comments are not
part of goals and are lost; waivers that stood in comments become entries of `waive`.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from okrsync.core.goaledits import same
from okrsync.core.goals import GoalStatus, Level
from okrsync.documents.durations import write_duration
from okrsync.errors import ConfigError
from okrsync_yaml.edit import entry_data
from okrsync_yaml.emit import block, given, inline
from okrsync_yaml.goals import goals_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from okrsync.core.goals import (
        Belief,
        Customer,
        Cycle,
        Goals,
        Hypothesis,
        KeyResult,
        Objective,
        ParentLink,
        Strategy,
        Team,
        Waiver,
    )

T = TypeVar("T")

_ENDS = re.compile(r"[^a-z0-9]+")


def write_goals(goals: Goals) -> Mapping[str, bytes]:
    """Return the content of files, by name, that load to equal goals.

    Raises:
        ConfigError: no OKR file can say what these goals say.

    """
    pages = _pages(goals)
    digits = max(2, len(str(len(pages))))
    files = {
        f"{number:0{digits}}-{name}.yaml": block(data).encode()
        for number, (name, data) in enumerate(pages, start=1)
        if data
    }
    if not same(goals_of(files), goals):
        raise ConfigError("OKR files cannot say all that these goals say")
    return files


def _pages(goals: Goals) -> list[tuple[str, dict[str, Any]]]:
    """Distribute everything over files, in an order that keeps that of the goals."""
    runs = [
        (owner, list(objectives)) for owner, objectives in groupby(goals.objectives, key=_owner)
    ]
    homes = {
        each: at
        for at, (_, objectives) in enumerate(runs)
        for objective in objectives
        for each in (objective.id, *(kr.id for kr in objective.key_results))
    }
    hypotheses = _at_home(goals.hypotheses, homes, lambda each: each.serves)
    beliefs = _at_home(goals.beliefs, homes, lambda each: each.objectives)
    pages = [("strategy", _surroundings(goals))]
    pages += [  # a file holds one strategy
        (f"strategy-{_slug(each.id)}", {"strategy": _strategy(each)})
        for each in goals.strategies[1:]
    ]
    for at, (owner, objectives) in enumerate(runs or [("goals", [])]):
        data = given(
            objectives=[_objective(each) for each in objectives],
            hypotheses=[_hypothesis(each) for each in hypotheses.get(at, ())],
            beliefs=[_belief(each) for each in beliefs.get(at, ())],
        )
        pages.append((_slug(owner), data))
    return pages


def _at_home(
    things: Iterable[T], homes: Mapping[str, int], refers: Callable[[T], tuple[str, ...]]
) -> dict[int, list[T]]:
    """Put each where what it refers to is, but never before the one that precedes it."""
    found: dict[int, list[T]] = {}
    at = 0
    for thing in things:
        at = max([at, *(homes[word] for word in refers(thing)[:1])])
        found.setdefault(at, []).append(thing)
    return found


def _owner(objective: Objective) -> str:
    if objective.level is Level.TEAM:
        return "-".join(objective.teams)
    return objective.unit or objective.level.value if objective.level is Level.UNIT else "company"


def _slug(words: str) -> str:
    return _ENDS.sub("-", words.casefold()).strip("-")[:40] or "goals"


def _surroundings(goals: Goals) -> dict[str, Any]:
    return given(
        strategy=next(map(_strategy, goals.strategies), None),
        customers=[_customer(each) for each in goals.customers],
        journey=inline(goals.journey),
        units=[inline(given(id=each.id, name=each.name)) for each in goals.units],
        teams=[_team(each) for each in goals.teams],
        cycles=[_cycle(each) for each in goals.cycles],
    )


def _strategy(strategy: Strategy) -> dict[str, Any]:
    return given(
        id=strategy.id,
        mission=strategy.mission,
        vision=strategy.vision,
        north_star=strategy.north_star,
        horizon=inline(given(**{"from": strategy.starts, "to": strategy.ends})),
        value_map=[
            {"id": value.id, "value": value.value}
            | given(for_=inline(value.customers), because=value.because)
            for value in strategy.value_map
        ],
    )


def _customer(customer: Customer) -> dict[str, Any]:
    return given(
        id=customer.id,
        name=customer.name,
        also=inline(customer.also),
        role=customer.role,
        success_looks_like=customer.success_looks_like,
        journey=inline(customer.journey),
    )


def _team(team: Team) -> dict[str, Any]:
    return given(
        id=team.id,
        name=team.name,
        unit=team.unit,
        makes=team.makes,
        customers=inline(team.customers),
        functions=inline(team.functions),
        sphere=inline(team.sphere),
        works_in=[
            inline(
                given(
                    tracker=spot.tracker,
                    scope=spot.scope,
                    component=spot.component,
                    team=spot.team,
                )
            )
            for spot in team.works_in
        ],
    )


def _cycle(cycle: Cycle) -> Any:
    dates = {"from": cycle.starts, "to": cycle.ends}
    days = _days(cycle.check_in_days)
    return inline(given(id=cycle.id, **dates, level=cycle.level.value, check_in=days))


def _objective(objective: Objective) -> dict[str, Any]:
    return given(
        id=objective.id,
        title=objective.title,
        level=None if objective.level is Level.TEAM else objective.level.value,
        teams=inline(objective.teams),
        unit=objective.unit,
        cycle=objective.cycle,
        problem=objective.problem,
        strategy=inline(objective.strategy),
        owner=objective.owner,
        status=_unless_live(objective.status),
        previously=inline(objective.previously),
        parents=_parents(objective.parents),
        waive=_waivers(objective.waive),
        key_results=[_key_result(each) for each in objective.key_results],
    )


def _key_result(kr: KeyResult) -> dict[str, Any]:
    measure = kr.by_how_much
    numbers = {"from": measure.baseline, "to": measure.target} if measure else {}
    return given(
        id=kr.id,
        statement=kr.statement,
        who=kr.who,
        does_what=kr.does_what,
        by_how_much=inline(given(**numbers, unit=measure and measure.unit)),
        kind=kr.kind and kr.kind.value,
        indicator=kr.indicator,
        journey=kr.journey,
        measured_by=kr.measured_by,
        time_to_effect=_days(kr.time_to_effect_days),
        owner=kr.owner,
        status=_unless_live(kr.status),
        previously=inline(kr.previously),
        expects=inline(kr.expects),
        guardrails=inline(kr.guardrails),
        parents=_parents(kr.parents),
        waive=_waivers(kr.waive),
        check_ins=[inline(entry_data(each)) for each in kr.check_ins],
    )


def _hypothesis(hypothesis: Hypothesis) -> dict[str, Any]:
    return given(
        id=hypothesis.id,
        statement=hypothesis.statement,
        we_believe=hypothesis.we_believe,
        for_=hypothesis.for_whom,
        will=hypothesis.will,
        serves=inline(hypothesis.serves),
        cycle=hypothesis.cycle,
        started=hypothesis.started,
        until=hypothesis.until,
        confidence=hypothesis.confidence,
        stop_if=hypothesis.stop_if,
        owner=hypothesis.owner,
        previously=inline(hypothesis.previously),
        waive=_waivers(hypothesis.waive),
        evidence=[inline(entry_data(each)) for each in hypothesis.evidence],
        decisions=[inline(entry_data(each)) for each in hypothesis.decisions],
    )


def _belief(belief: Belief) -> dict[str, Any]:
    return given(
        id=belief.id,
        text=belief.text,
        status=belief.status,
        objectives=inline(belief.objectives),
        previously=inline(belief.previously),
        waive=_waivers(belief.waive),
        evidence=[inline(entry_data(each)) for each in belief.evidence],
    )


def _parents(links: Iterable[ParentLink]) -> list[Any]:
    return [inline(given(id=link.id, because=link.because)) for link in links]


def _waivers(waivers: Iterable[Waiver]) -> list[Any]:
    return [inline(given(code=each.code, reason=each.reason, until=each.until)) for each in waivers]


def _unless_live(status: GoalStatus) -> str | None:
    return None if status is GoalStatus.LIVE else status.value


def _days(days: int | None) -> str | None:
    return None if days is None else write_duration(timedelta(days=days))
