"""KR208: a target that costs nothing.

In three ways: it is no better than the baseline; the step is trivial; it was reached in the first
third of the cycle. Something to be held is no step. A step is trivial only if it is small against
the baseline and, for percentages, against what is left to 100 as well: from 98 to 99 halves the
rest. Ratings have short scales, and a business result may be hard to move: no step of these is
trivial.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.lint.parts import Measure, kind_of, measure_of
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import is_running, standing
from okrsync.lint.rules.examples import with_key_results
from okrsync.lint.rules.outcomes import in_fields
from okrsync.wording.reading import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okrsync.core.goals import Cycle, KeyResult
    from okrsync.lint.rule import LintInput

_SHORT_SCALE = re.compile(
    r"\b(?:csat|ces|enps|index|nps|points?|pp|rating|ratings|score|scores|stars?)\b|/ ?(?:5|10)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|per ?cent|pct", re.IGNORECASE)
_UP = re.compile(r"\s*(?:grow|increase|raise|lift|boost)\b", re.IGNORECASE)
_DOWN = re.compile(r"\s*(?:cut|decrease|lower|reduce|shrink)\b", re.IGNORECASE)
_MENDED = "raise it to what would make you proud, or choose another behaviour"


def _check(given: LintInput) -> Iterator[Hit]:
    cycles = {cycle.id: cycle for cycle in given.goals.cycles}
    for objective, kr in standing(given.goals):
        if kind_of(kr, given).kind is Kind.TASK:
            continue
        measure = measure_of(kr, given)
        told = _no_better(kr.text, measure) or _trivial(kr, measure, given)
        told = told or _too_early(kr, measure, cycles.get(objective.cycle), given.today)
        if told:
            certain = in_fields(kr)
            sure = None if certain else given.reader.read(kr.text).confidence
            yield Hit(goal=kr, message=f"{kr.id}: {told}", action=_MENDED, confidence=sure)


def _no_better(text: str, measure: Measure) -> str | None:
    start, target = measure.baseline, measure.target
    if start is None or target is None or measure.relative:
        return None
    if start == target and measure.direction is not Direction.HOLD:
        return f"the target {target:g} is the baseline"
    if (target < start and _UP.match(text)) or (target > start and _DOWN.match(text)):
        return f"the target {target:g} is no better than the baseline {start:g}"
    return None


def _trivial(kr: KeyResult, measure: Measure, given: LintInput) -> str | None:
    if kind_of(kr, given).kind is Kind.IMPACT or measure.direction is Direction.HOLD:
        return None
    if _SHORT_SCALE.search(f"{kr.text} {measure.unit}"):
        return None
    percent, limit = _step(kr, measure), given.limits.trivial_percent
    if percent is None or percent >= limit:
        return None
    return f"the step is trivial: {percent:.1g}% (less than {limit:g}%)"


def _step(kr: KeyResult, measure: Measure) -> float | None:
    """Return the change in percent of where it starts, or of what is left if that is more."""
    start, target = measure.baseline, measure.target
    if measure.relative and target is not None and _PERCENT.search(measure.unit):
        return abs(target) or None
    if measure.relative or start is None or target is None or start in {target, 0}:
        return None
    change = abs(target - start)
    steps = [change / abs(start)]
    if _PERCENT.search(f"{measure.unit} {kr.text}") and 0 < start < 100:
        steps.append(change / (100 - start))
    return max(steps) * 100


def _too_early(kr: KeyResult, measure: Measure, cycle: Cycle | None, today: date) -> str | None:
    start, target = measure.baseline, measure.target
    if cycle is None or not is_running(cycle, today) or start is None or target is None:
        return None
    if measure.relative or start == target or not cycle.starts or not cycle.ends:
        return None
    third = cycle.starts + (cycle.ends - cycle.starts) / 3
    for check_in in kr.check_ins:
        reached = check_in.value is not None and (check_in.value - target) * (target - start) >= 0
        if reached and cycle.starts <= check_in.date <= third:
            return f"the target {target:g} was reached on {check_in.date}, early in the cycle"
    return None


RULE = Rule(
    code="KR208",
    name="sandbagged",
    summary="A target is a step that costs something.",
    why="""\
A target that is safe on the day it is written asks nobody to think. It protects those who answer
for it, and tells nothing about the customers.
""",
    bad=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 63%"}'
    ),
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}'
    ),
    fix="""\
Ask how big a change would have to be for customers to notice. If the target was reached early,
that is good news: say what you learnt, and choose the next step.
""",
    configuration="""\
`lint.thresholds.KR208`: the percent of change below which a step is trivial (default 5).
""",
    severity=Severity.WARNING,
    check=_check,
)
