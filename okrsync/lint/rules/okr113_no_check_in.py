"""OKR113: nobody noted for longer than the cadence where a key result stands.

Counted from the newest check-in, or from the first day of the cycle. Only while the cycle is under
way.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import pursued

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Cycle, KeyResult
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for _, kr, cycle in pursued(given.goals, given.today):
        cadence = cycle.check_in_days or given.limits.check_in_days
        silence = (given.today - _last_heard(kr, cycle, given.today)).days
        if silence > cadence:
            since = f"no check-in for {silence} days" if kr.check_ins else "no check-in yet"
            yield Hit(
                goal=kr,
                message=f"{kr.id} has {since} (one every {cadence} days)",
                action="note its value and what you learnt: `okrsync check-in "
                f'{kr.id} --value N --confidence 0.N --note "…"`',
            )


def _last_heard(kr: KeyResult, cycle: Cycle, today: date) -> date:
    dates = [check_in.date for check_in in kr.check_ins] + [cycle.starts or today]
    return max(dates)


RULE = Rule(
    code="OKR113",
    name="no-check-in",
    summary="Key results are looked at in the rhythm of their cycle.",
    why="""\
A key result that nobody looks at changes nothing anybody does. The check-in is short: where does it
stand, how sure are we, what did we learn, what do we change.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - id: KR-PAY
        statement: "Shoppers who pay without calling support: 62% to 80%"
hypotheses:
  - id: H-TAP
    statement: "We believe that if we offer one tap, shoppers will pay without calling support"
    serves: [KR-PAY]
    cycle: 2026-Q4
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - id: KR-PAY
        statement: "Shoppers who pay without calling support: 62% to 80%"
        check_ins: [{date: 2026-10-12, value: 63, confidence: 0.6}]
hypotheses:
  - id: H-TAP
    statement: "We believe that if we offer one tap, shoppers will pay without calling support"
    serves: [KR-PAY]
    cycle: 2026-Q4
""",
    fix="""\
Add a line under `check_ins:` with the date and what you know, also if that is only a confidence.
If the key result is reached or given up, set its `status:`.
""",
    configuration="""\
`check_in:` of the cycle (such as `7d`); without it `lint.thresholds.OKR113` (default 14d).
""",
    severity=Severity.WARNING,
    check=_check,
    day=date(2026, 10, 20),
)
