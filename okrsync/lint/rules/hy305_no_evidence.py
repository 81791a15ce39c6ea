"""HY305: a hypothesis has been tested for weeks and nothing was seen.

The half of it that goals tell: `started:` is long ago, and no evidence was noted since. Whether
anybody works on it is known to the trackers. Killed hypotheses, and those of a cycle that is over,
are left to other rules.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okrsync.core.outlook import Outlook
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.examples import with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    outlook = Outlook(given.goals, given.today, given.limits.planning_cycles)
    for hypothesis in given.goals.hypotheses:
        if hypothesis.started is None or hypothesis.evidence or not outlook.is_live(hypothesis):
            continue
        days = (given.today - hypothesis.started).days
        if days > given.limits.evidence_days:
            yield Hit(
                goal=hypothesis,
                message=f"{hypothesis.id} has been tested for {days} days without evidence",
                action="ask five of the people it is for, and note what you saw under `evidence`",
            )


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
    day=date(2026, 10, 5),
)
