"""PF501: too little of the open work leads to an outcome.

Aligned by aligned, weak, stale and unaligned, of the company and of each team; exempt work is shown
beside it. Epics with children, and parts of what is estimated above them, are not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import NOWHERE
from okrsync.core.vocabulary import Verdict
from okrsync.lint.rule import Hit, Reads, Rule, Severity, Stranger
from okrsync.lint.rules.common import counted
from okrsync.lint.rules.examples import WORKED_ON
from okrsync.lint.work import COMPANY

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput, Subject

_COUNTED = (Verdict.ALIGNED, Verdict.WEAK, Verdict.STALE, Verdict.UNALIGNED)


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    whole = Stranger("company", NOWHERE)
    subjects: list[tuple[str, Subject, str]] = [(COMPANY, whole, "")]
    subjects += [(team.id, team, f" of team {team.id}") for team in given.goals.teams]
    for owner, subject, whose in subjects:
        verdicts = given.work.verdicts.get(owner)
        if verdicts is not None and (told := _below(verdicts, whose, given)):
            yield Hit(
                goal=subject,
                message=told,
                action="see where the rest heaps up: `okrsync map coverage`",
            )


def _below(verdicts: Counter[Verdict], whose: str, given: LintInput) -> str:
    aligned, total = verdicts[Verdict.ALIGNED], sum(verdicts[each] for each in _COUNTED)
    limit, exempt = given.limits.aligned_percent, verdicts[Verdict.EXEMPT]
    if not total or 100 * aligned >= limit * total:
        return ""
    beside = f", {exempt} exempt beside them" if exempt else ""
    return (
        f"only {aligned / total:.0%} of the open work{whose} leads to an outcome ({aligned} of "
        f"{counted(total, 'item')}{beside}; wanted {limit:g}%)"
    )


RULE = Rule(
    code="PF501",
    name="aligned-share",
    summary="Most of the open work leads to an outcome.",
    why="""\
Goals that most of the work has nothing to do with are decoration. Either the goals miss what
matters, or the work does.
""",
    bad=WORKED_ON,
    bad_work="""\
- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}
- {key: PAY-2, title: Rounder corners on all buttons}
- {key: PAY-3, title: A new footer}
""",
    good=WORKED_ON,
    good_work="""\
- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}
- {key: PAY-2, title: Say at once why a card was declined, links: [KR-PAY]}
""",
    fix="""\
Map what serves a goal and was not recognised, exempt what keeps the lights on, and stop some of the
rest (PF504 lists the largest).
""",
    configuration="""\
`lint.thresholds.PF501`: percent of open items (default 60); severity, also for single teams; a
waiver in the settings, for a team's id or for `company`.
""",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
)
