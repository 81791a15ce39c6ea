"""HY302: a hypothesis serves no key result.

Killed hypotheses are left in peace. What `serves:` names exists, or loading fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.examples import with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for hypothesis in given.goals.hypotheses:
        if not hypothesis.killed and not hypothesis.serves:
            yield Hit(
                goal=hypothesis,
                message=f"{hypothesis.id} serves no key result",
                action="name under `serves` the key result that it should move, or let it go",
            )


RULE = Rule(
    code="HY302",
    name="serves-no-key-result",
    summary="A hypothesis serves a key result.",
    why="""\
A guess that serves no key result may be a fine idea, and is no work for this cycle. Who wants to
find out whether it is true should be able to say what it would change.
""",
    bad=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  cycle: 2026-Q4",
    ),
    good=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
    ),
    fix="Write `serves: [KR]`. If no key result fits, keep the idea for another cycle.",
    configuration="Severity, or a waiver on the hypothesis.",
    severity=Severity.WARNING,
    check=_check,
)
