"""HY305: a hypothesis has been tested for weeks and nothing was seen.

`started:` is long ago, or, where nobody said when it began, work that is in progress was opened
long ago (but not before the cycle began). Killed hypotheses, those of a cycle that is over, and
those whose work is all done are left to other rules.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okrsync.core.outlook import Outlook
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import evidence_command
from okrsync.lint.rules.examples import with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Hypothesis
    from okrsync.lint.portfolio import Effort
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    outlook = Outlook(given.goals, given.today, given.limits.planning_cycles)
    for hypothesis in given.goals.hypotheses:
        if hypothesis.evidence or not outlook.is_live(hypothesis):
            continue
        effort = given.work.by_hypothesis.get(hypothesis.id) if given.work else None
        told = _told(hypothesis, effort, given)
        if told:
            yield Hit(
                goal=hypothesis,
                message=told,
                action="ask five of the people it is for, and note what you saw: "
                f"{evidence_command(hypothesis)}",
            )


def _told(hypothesis: Hypothesis, effort: Effort | None, given: LintInput) -> str:
    if effort is not None and effort.done and not effort.open:
        return ""  # shipped: whether anybody learnt from it is another question
    if hypothesis.started is not None:
        days = (given.today - hypothesis.started).days
        told = f"{hypothesis.id} has been tested for {days} days without evidence"
        return told if days > given.limits.evidence_days else ""
    if effort is None or effort.oldest is None:
        return ""
    opened, item = effort.oldest
    starts = next((c.starts for c in given.goals.cycles if c.id == hypothesis.cycle), None)
    days = (given.today - max(opened, starts or opened)).days
    told = f"{item.key} for {hypothesis.id} is in progress, opened {days} days ago or earlier"
    return f"{told}, and there is no evidence yet" if days > given.limits.evidence_days else ""


RULE = Rule(
    code="HY305",
    name="no-evidence",
    summary="A test brings evidence within weeks.",
    why="""\
The sooner we know, the less we build for nothing. Five conversations are evidence, and so is a
number from a pilot; four weeks of work without either is a belief.
""",
    bad=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "  started: 2026-09-01",
    ),
    good=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "  started: 2026-09-01",
        "  evidence: [{date: 2026-09-20, says: for, source: pilot, note: One in nine tapped}]",
    ),
    fix="""\
Note what was seen, also if it is unclear (`okrsync evidence add`). If nothing can be seen yet, make
the test smaller.
""",
    configuration="`lint.thresholds.HY305`: how long a test may run without evidence (default 4w).",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.MORE_WITH_WORK,
    day=date(2026, 10, 5),
)
