"""HY303: it is time to decide about a hypothesis, and nobody did.

Two cases: the day it was to be decided by is over, or evidence against it has waited too long. That
day is the newest decision's `until:`, else the hypothesis's, else the last day of its cycle. A
decision that came after it, or after the evidence, is a decision. Hypotheses whose goals were all
dropped need none.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okrsync.core.goals import GoalStatus
from okrsync.core.outlook import Outlook
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import decide_command
from okrsync.lint.rules.examples import with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Cycle, Hypothesis
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    outlook = Outlook(given.goals, given.today)
    cycles = {cycle.id: cycle for cycle in given.goals.cycles}
    for hypothesis in given.goals.hypotheses:
        if hypothesis.killed or _pointless(hypothesis, outlook):
            continue
        told = _overdue(hypothesis, cycles.get(hypothesis.cycle or ""), given.today)
        told = told or _unanswered(hypothesis, given)
        if told:
            message = f"a decision on {hypothesis.id} is due: {told}"
            action = f"persevere, pivot or kill it: {decide_command(hypothesis)}"
            yield Hit(goal=hypothesis, message=message, action=action)


def _pointless(hypothesis: Hypothesis, outlook: Outlook) -> bool:
    served = outlook.served_by(hypothesis.id)
    return bool(served) and all(kr.status is GoalStatus.DROPPED for kr in served)


def _overdue(hypothesis: Hypothesis, cycle: Cycle | None, today: date) -> str | None:
    last = hypothesis.newest_decision if hypothesis.decisions else None
    until = (last.until if last else None) or hypothesis.until or (cycle.ends if cycle else None)
    if until is None or today <= until:
        return None
    if last is not None and last.until is None and last.date >= until:
        return None
    return f"it was to be decided by {until}"


def _unanswered(hypothesis: Hypothesis, given: LintInput) -> str | None:
    against = [each.date for each in hypothesis.evidence if each.says == "against"]
    if not against:
        return None
    newest = max(against)
    if hypothesis.decisions and hypothesis.newest_decision.date >= newest:
        return None
    waited = (given.today - newest).days
    if waited <= given.limits.decide_days:
        return None
    return f"evidence against it has been in for {waited} days"


RULE = Rule(
    code="HY303",
    name="decision-due",
    summary="A hypothesis is decided on in time.",
    why="""\
A guess that is never decided on is never wrong, and its work never ends. To stop one is no failure:
it is what was learnt, and it frees whoever worked on it.
""",
    bad=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "  until: 2026-10-03",
    ),
    good=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "  until: 2026-10-03",
        "  decisions: [{choice: pivot, date: 2026-10-03, because: "
        '"They fear the tap", until: 2026-11-01}]',
    ),
    fix="""\
Add a line under `decisions:` (`okrsync decide` does it, too). To go on is a decision as well, if it
says why and until when.
""",
    configuration="""\
`until:` on the hypothesis, and `lint.thresholds.HY303`: how long evidence against may wait
(default 14d).
""",
    severity=Severity.WARNING,
    check=_check,
    day=date(2026, 10, 5),
)
