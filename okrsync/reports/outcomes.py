"""Key results as their teams last told them; how far they are is what people noted, never work.

A key result of which nobody said anything in time is silent, whatever was said before. Those that
stand worst come first, as they need somebody most.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Level
from okrsync.reports.key_results import KeyResultLine, ObjectiveLine, Standing, StandingCount
from okrsync.reports.texts import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from okrsync.core.goals import CheckIn, Customer, Goals, KeyResult, Objective
    from okrsync.reports.subject import Subject

SHOWN = 12
"""Key results that a report shows at most."""
WORST_FIRST = (
    Standing.UNLIKELY,
    Standing.SILENT,
    Standing.UNSURE,
    Standing.NOT_SAID,
    Standing.LIKELY,
)
LIKELY = 0.7
"""Confidence from which on a team expects to get there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pursued:
    """A key result that people are at, and by how much it is to move."""

    objective: Objective
    key_result: KeyResult
    cadence: int
    """Days that may pass between two check-ins."""
    baseline: float | None = None
    target: float | None = None
    """Also where it is told as an amount of change."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """From when key results are looked at."""

    today: date
    since: date
    """The day that values are compared with."""
    unlikely_below: float


def lines(
    pursued: Sequence[Pursued], subject: Subject, *, today: date, since: date, unlikely_below: float
) -> tuple[tuple[ObjectiveLine, ...], tuple[StandingCount, ...]]:
    """Return the objectives to show, and how all key results stand; both from the worst on.

    Of those that stand alike the highest level comes first. Who has no key results works for those
    above.
    """
    levels, names = tuple(Level), customer_names(subject.goals)
    seen_from = Moment(today, since, unlikely_below)
    theirs = subject.above if none_is_own(subject, pursued) else subject.objectives
    own = [(p, line(p, seen_from, names)) for p in pursued if p.objective.id in theirs]
    own.sort(
        key=lambda pair: (
            WORST_FIRST.index(pair[1].standing),
            levels.index(pair[0].objective.level),
        )
    )
    by_objective: dict[str, list[tuple[Pursued, KeyResultLine]]] = {}
    for pair in own[:SHOWN]:
        by_objective.setdefault(pair[0].objective.id, []).append(pair)
    told = tuple(
        ObjectiveLine(
            id=clean(group[0][0].objective.id),
            title=clean(group[0][0].objective.title),
            owners=_owners(group[0][0].objective, subject.goals),
            key_results=tuple(shown for _, shown in group),
        )
        for group in by_objective.values()
    )
    counts = Counter(shown.standing for _, shown in own)
    return told, tuple(StandingCount(each, counts[each]) for each in WORST_FIRST if counts[each])


def none_is_own(subject: Subject, pursued: Iterable[Pursued]) -> bool:
    """Tell whether it has no key results of its own in these."""
    return all(each.objective.id not in subject.objectives for each in pursued)


def line(pursued: Pursued, at: Moment, names: Mapping[str, str]) -> KeyResultLine:
    """Return one key result as it stands then; *names* are those of customers by id."""
    kr = pursued.key_result
    told = sorted((c for c in kr.check_ins if c.date <= at.today), key=lambda each: each.date)
    silent = (at.today - told[-1].date).days if told else None
    now = _newest_value(told)
    confidence = told[-1].confidence if told else None
    return KeyResultLine(
        id=clean(kr.id),
        text=clean(words(kr, names)),
        baseline=pursued.baseline,
        now=now,
        target=pursued.target,
        unit=unit_of(pursued.unit),
        way=_way(pursued, now),
        value_before=_newest_value([each for each in told if each.date <= at.since]),
        indicator=kr.indicator,
        confidence=confidence,
        standing=_standing(confidence, silent, pursued.cadence, at.unlikely_below),
        silent_days=silent,
    )


def customer_names(goals: Goals) -> dict[str, str]:
    """Return what several of a customer are called, as far as known, by case-folded id."""
    return {each.id.casefold(): _several(each) for each in goals.customers}


def words(kr: KeyResult, names: Mapping[str, str]) -> str:
    """Say who does what; the numbers stand in the bar."""
    if kr.statement:
        return kr.statement
    who = names.get(kr.who.casefold(), kr.who) if kr.who else ""
    joint = " " if who.endswith(("s", "people")) else ": "  # of one, the verb may not agree
    told = joint.join(part for part in (who, kr.does_what) if part) or kr.id
    return told[:1].upper() + told[1:]


def _several(customer: Customer) -> str:
    name = customer.name or customer.id
    plurals = {f"{name}s".casefold(), f"{name}es".casefold()}
    return next((also for also in customer.also if also.casefold() in plurals), name)


def unit_of(told: str) -> str:
    """Return a unit as it is shown."""
    return "%" if told.casefold() in {"percent", "per cent", "pct"} else clean(told, 20)


def _newest_value(check_ins: Sequence[CheckIn]) -> float | None:
    return next((each.value for each in reversed(check_ins) if each.value is not None), None)


def _way(pursued: Pursued, now: float | None) -> float | None:
    start, target = pursued.baseline, pursued.target
    if now is None or start is None or target is None or start == target:
        return None
    return min(max((now - start) / (target - start), 0.0), 1.0)


def _standing(
    confidence: float | None, silent: int | None, cadence: int, unlikely_below: float
) -> Standing:
    if silent is None or silent > cadence:
        return Standing.SILENT
    if confidence is None:
        return Standing.NOT_SAID
    if confidence < unlikely_below:
        return Standing.UNLIKELY
    return Standing.LIKELY if confidence >= LIKELY else Standing.UNSURE


def _owners(objective: Objective, goals: Goals) -> str:
    if objective.level is Level.COMPANY:
        return ""
    if objective.level is Level.UNIT:
        return _name(objective.unit or "", {unit.id: unit.name for unit in goals.units})
    names = {team.id: team.name for team in goals.teams}
    return ", ".join(_name(each, names) for each in objective.teams)


def _name(own: str, names: Mapping[str, str]) -> str:
    return clean(names.get(own, own))
