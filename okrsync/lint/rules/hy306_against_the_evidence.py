"""HY306: evidence contradicts a hypothesis, and it goes on.

The newest evidence speaks against it, and what was decided since is to persevere, without a word
why; or nothing was decided, and tickets for it are in progress. To go on for a reason is fine. That
a decision is overdue is HY303.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.outlook import Outlook
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import counted, decide_command, is_or_are, listed
from okrsync.lint.rules.examples import with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okrsync.core.goals import Hypothesis
    from okrsync.lint.portfolio import Effort
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    outlook = Outlook(given.goals, given.today, given.limits.planning_cycles)
    for hypothesis in given.goals.hypotheses:
        against = _contradicted(hypothesis)
        if against is None or not outlook.is_live(hypothesis):
            continue
        effort = given.work.by_hypothesis.get(hypothesis.id) if given.work else None
        if _answered(hypothesis, against):
            yield from _without_a_word(hypothesis)
        elif effort is not None and effort.doing:
            yield _moving(hypothesis, effort, against)


def _contradicted(hypothesis: Hypothesis) -> date | None:
    """Return the day of the newest evidence, if it speaks against it."""
    newest = max((each.date for each in hypothesis.evidence), default=None)
    says = {each.says for each in hypothesis.evidence if each.date == newest}
    return newest if says == {"against"} else None


def _answered(hypothesis: Hypothesis, against: date) -> bool:
    return bool(hypothesis.decisions) and hypothesis.newest_decision.date >= against


def _without_a_word(hypothesis: Hypothesis) -> Iterator[Hit]:
    decided = hypothesis.newest_decision
    if decided.choice == "persevere" and not decided.because.strip():
        yield Hit(
            goal=hypothesis,
            message=f"evidence contradicts {hypothesis.id}, and it was decided on "
            f"{decided.date} to go on without saying why",
            action="say in `because` what you know that the evidence does not, or change course",
            place=decided.place if decided.place.file else None,
        )


def _moving(hypothesis: Hypothesis, effort: Effort, against: date) -> Hit:
    moving = listed(item.key for item in effort.moving)
    return Hit(
        goal=hypothesis,
        message=f"evidence of {against} contradicts {hypothesis.id}, and "
        f"{counted(effort.doing, 'item')} for it {is_or_are(effort.doing)} in progress ({moving})",
        action=f"pause them and decide: {decide_command(hypothesis)}",
    )


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
    reads=Reads.MORE_WITH_WORK,
)
