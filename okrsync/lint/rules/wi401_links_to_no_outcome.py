"""WI401: nothing that is known of an open item links it to a goal.

Its verdict is unaligned. Exempt work is not meant, and an epic is told like any other item: one
link on it is enough for all that is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.vocabulary import Verdict
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import link_command
from okrsync.lint.rules.examples import WORKED_ON
from okrsync.lint.work import about, is_open

if TYPE_CHECKING:
    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Seen


def _each(given: LintInput, seen: Seen) -> tuple[Hit, ...]:
    if seen.judgement.verdict is not Verdict.UNALIGNED or not is_open(seen.item):
        return ()
    item = about(seen, given)
    taken = f": {seen.judgement.because}" if seen.judgement.vetoed else ""
    hit = Hit(
        goal=item,
        message=f"{item.key} serves no goal{taken}",
        action=f"say what it serves, {link_command(item)}, or stop it",
    )
    return (hit,)


RULE = Rule(
    code="WI401",
    name="links-to-no-outcome",
    summary="Open work serves a goal, or is exempt by a rule that says why.",
    why="""\
Work that serves no goal may be good work, and nobody can tell. It is done instead of something
else, and that was decided by whoever wrote the ticket. Saying what it is for takes a minute; not
being able to say it is worth knowing, too.
""",
    bad=WORKED_ON,
    bad_work="""\
- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}
- {key: PAY-2, title: Rounder corners on all buttons}
""",
    good=WORKED_ON,
    good_work="""\
- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}
- {key: PAY-2, title: Say at once why a card was declined, links: [KR-PAY]}
""",
    fix="""\
`okrsync link KEY GOAL --because "…"` for one item, a mapping rule for many (`okrsync map coverage`
shows where they heap up). If it serves nothing, stop it, or write an exempting rule with its
reason.
""",
    configuration="Severity, also for single teams; a waiver in the settings, with the item's key.",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
