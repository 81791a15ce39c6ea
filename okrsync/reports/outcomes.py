"""Key results as their teams last told them; how far they are is what people noted, never work.

A key result of which nobody said anything in time is silent, whatever was said before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Level
from okrsync.reports.texts import clean
from okrsync.reports.value import KeyResultLine, ObjectiveLine, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from okrsync.core.goals import CheckIn, Goals, KeyResult, Objective
    from okrsync.reports.subject import Subject

SHOWN = 12
"""Key results that a report shows at most."""
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


def lines(
    pursued: Iterable[Pursued], subject: Subject, *, today: date, since: date, unlikely_below: float
) -> tuple[tuple[ObjectiveLine, ...], int]:
    """Return the objectives to show, highest level first, and how many key results there are."""
    order = tuple(Level)
    own = [each for each in pursued if each.objective.id in subject.objectives]
    own.sort(key=lambda each: order.index(each.objective.level))
    by_objective: dict[str, list[Pursued]] = {}
    for each in own[:SHOWN]:
        by_objective.setdefault(each.objective.id, []).append(each)
    told = tuple(
        ObjectiveLine(
            id=clean(group[0].objective.id),
            title=clean(group[0].objective.title),
            owners=_owners(group[0].objective, subject.goals),
            key_results=tuple(line(each, today, since, unlikely_below) for each in group),
        )
        for group in by_objective.values()
    )
    return told, len(own)


def line(pursued: Pursued, today: date, since: date, unlikely_below: float) -> KeyResultLine:
    """Return one key result as it stands today."""
    kr = pursued.key_result
    told = sorted((each for each in kr.check_ins if each.date <= today), key=lambda each: each.date)
    silent = (today - told[-1].date).days if told else None
    now = _newest_value(told)
    confidence = told[-1].confidence if told else None
    return KeyResultLine(
        id=clean(kr.id),
        text=clean(_words(kr)),
        baseline=pursued.baseline,
        now=now,
        target=pursued.target,
        unit=clean(pursued.unit, 20),
        way=_way(pursued, now),
        value_before=_newest_value([each for each in told if each.date <= since]),
        indicator=kr.indicator,
        confidence=confidence,
        standing=_standing(confidence, silent, pursued.cadence, unlikely_below),
        silent_days=silent,
    )


def _words(kr: KeyResult) -> str:
    """Say who does what; the numbers stand in the bar."""
    if kr.statement:
        return kr.statement
    return " ".join(part for part in (kr.who, kr.does_what) if part) or kr.id


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
