"""HY306: evidence contradicts a hypothesis, and it goes on.

The half of it that goals tell: the newest evidence speaks against it, and what was decided since is
to persevere, without a word why. To go on for a reason is fine. Whether tickets still move is known
to the trackers; evidence that nobody answered is HY303.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.outlook import Outlook
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.examples import with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Hypothesis
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    outlook = Outlook(given.goals, given.today, given.limits.planning_cycles)
    for hypothesis in given.goals.hypotheses:
        if outlook.is_live(hypothesis) and _goes_on_without_a_word(hypothesis):
            decided = hypothesis.newest_decision
            yield Hit(
                goal=hypothesis,
                message=f"evidence contradicts {hypothesis.id}, and it was decided on "
                f"{decided.date} to go on without saying why",
                action="say in `because` what you know that the evidence does not, or change "
                "course",
                place=decided.place if decided.place.file else None,
            )


def _goes_on_without_a_word(hypothesis: Hypothesis) -> bool:
    if not hypothesis.evidence or not hypothesis.decisions:
        return False
    newest = max(each.date for each in hypothesis.evidence)
    against = all(each.says == "against" for each in hypothesis.evidence if each.date == newest)
    decided = hypothesis.newest_decision
    persevered = decided.choice == "persevere" and decided.date >= newest
    return against and persevered and not decided.because.strip()


RULE = Rule(
    code="HY306",
    name="against-the-evidence",
    summary="Who goes on against the evidence says why.",
    why="""\
It takes humility to change one's mind when the evidence contradicts it, and sometimes there are
reasons not to. Unsaid they are indistinguishable from stubbornness, and nobody can test them.
""",
    bad=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "  evidence: [{date: 2026-09-10, says: against, source: pilot, note: Nobody tapped}]",
        "  decisions: [{choice: persevere, date: 2026-09-14, until: 2026-11-01}]",
    ),
    good=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "  evidence: [{date: 2026-09-10, says: against, source: pilot, note: Nobody tapped}]",
        "  decisions:",
        '    - {choice: persevere, date: 2026-09-14, because: "The button was hidden", '
        "until: 2026-11-01}",
    ),
    fix="Fill in `because:` of the decision, or decide anew: pivot, or kill and say what it saved.",
    configuration="Severity, or a waiver on the hypothesis.",
    severity=Severity.WARNING,
    check=_check,
)
