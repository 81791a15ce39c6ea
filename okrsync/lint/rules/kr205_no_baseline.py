"""KR205: a key result has a target and does not say where it starts.

Said of outcomes, and of impacts above the teams. "By 15%" states no start either. A check-in with a
value from before the cycle began is a start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.parts import has_baseline, has_target
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import standing
from okrsync.lint.rules.examples import with_key_results
from okrsync.lint.rules.outcomes import is_measured, sureness

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okrsync.core.goals import KeyResult
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    begins = {cycle.id: cycle.starts for cycle in given.goals.cycles}
    for objective, kr in standing(given.goals):
        if not is_measured(objective, kr, given) or not has_target(kr, given):
            continue
        if not has_baseline(kr, given) and not _measured_before(kr, begins.get(objective.cycle)):
            yield Hit(
                goal=kr,
                message=f'{kr.id} does not say where it starts: "{kr.text}"',
                action="add where it stands today",
                confidence=sureness(kr, given),
            )


def _measured_before(kr: KeyResult, begins: date | None) -> bool:
    return begins is not None and any(
        each.value is not None and each.date <= begins for each in kr.check_ins
    )


RULE = Rule(
    code="KR205",
    name="no-baseline",
    summary="A key result says where it starts.",
    why="""\
Without a start nobody knows whether 80% is a leap, a step or where we already are. And who has not
measured the start will not measure the end.
""",
    bad=with_key_results(
        '- {id: KR-PAY, statement: "80% of shoppers pay without calling support"}'
    ),
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}'
    ),
    fix="""\
Write both values: "62% to 80%", "from 62% to 80%", or `by_how_much: {from: 62, to: 80}`. Something
that does not exist yet starts at 0, and saying so costs nothing.
""",
    configuration="Severity. `kind: unclear` on a key result keeps language rules away from it.",
    severity=Severity.WARNING,
    check=_check,
)
