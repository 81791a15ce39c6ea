"""PF505: much is done for a key result, half the cycle is gone, and the metric is flat.

The metric is what the newest check-in says, never the tickets: they only tell how busy people were.
Without a value, a baseline and a target nothing is said.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okrsync.lint.parts import measure_of
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import pursued
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Cycle, KeyResult
    from okrsync.lint.rule import LintInput

_MUCH = 5


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    for _, kr, cycle in pursued(given.goals, given.today):
        effort = given.work.by_key_result.get(kr.id)
        if effort is None or cycle.starts is None or not _half_gone(cycle, given.today):
            continue
        done, way = effort.done_since(cycle.starts), _way(kr, given)
        if done >= _MUCH and way is not None and way < given.limits.flat_percent:
            yield Hit(
                goal=kr,
                message=f"{done} items were done for {kr.id} in this cycle, half of it is gone, "
                f"and the metric made {max(way, 0.0):.0f}% of the way",
                action="pause and reflect: what have we done, what worked, what did not, what do "
                f"we need to find out? Note it: `okrsync check-in {kr.id} --value N --confidence "
                '0.N --note "…"`',
            )


def _half_gone(cycle: Cycle, today: date) -> bool:
    if cycle.starts is None or cycle.ends is None:
        return False
    return (today - cycle.starts).days * 2 >= (cycle.ends - cycle.starts).days


def _way(kr: KeyResult, given: LintInput) -> float | None:
    """Return how much of the way from baseline to target the newest value is, in percent."""
    valued = [each for each in kr.check_ins if each.value is not None]
    measure = measure_of(kr, given)
    start, target = measure.baseline, measure.target
    if not valued or start is None or target is None or measure.relative or start == target:
        return None
    newest = max(valued, key=lambda each: each.date)
    return 100 * ((newest.value or 0.0) - start) / (target - start)


_FLAT = (
    "- id: KR-PAY",
    '  statement: "Shoppers who pay without calling support: 62% to 80%"',
)
_DONE = (
    "".join(
        f"- {{key: PAY-{number}, title: Step {number}, status: done, links: [KR-PAY], "
        f"resolved: 2026-11-{number:02}}}\n"
        for number in range(1, 6)
    )
    + "- {key: PAY-9, title: Step 9, status: doing, links: [KR-PAY]}\n"
)

RULE = Rule(
    code="PF505",
    name="busy-not-moving",
    summary="If work does not move the metric, the work changes.",
    why="""\
Finished tickets feel like progress. If people still do what they always did, more of the same will
not change that, and the second half of the cycle is better spent on finding out why.
""",
    bad=with_key_results(
        *_FLAT,
        "  check_ins: [{date: 2026-11-18, value: 63, confidence: 0.5, note: Hardly any change}]",
        tested=True,
    ),
    bad_work=_DONE,
    good=with_key_results(
        *_FLAT,
        "  check_ins: [{date: 2026-11-18, value: 70, confidence: 0.6, note: It moves}]",
        tested=True,
    ),
    good_work=_DONE,
    fix="Talk to five of the people it is about before anything else is built.",
    configuration="""\
`lint.thresholds.PF505`: percent of the way that should be made at half the cycle (default 10);
severity; a waiver on the key result.
""",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
    day=date(2026, 11, 20),
)
