"""WI403: an open item serves only goals that are over.

Its verdict is stale: an ended cycle, a goal that was achieved or dropped, a killed hypothesis, a
contradicted belief.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.vocabulary import Verdict
from okrsync.core.weigh import weigh
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import link_command, listed, unlink_command
from okrsync.lint.rules.examples import KILLED, WORKED_ON
from okrsync.lint.work import about, is_open

if TYPE_CHECKING:
    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Seen


def _each(given: LintInput, seen: Seen) -> tuple[Hit, ...]:
    judgement = seen.judgement
    if judgement.verdict is not Verdict.STALE or not is_open(seen.item) or given.ground is None:
        return ()
    item = about(seen, given)
    _, reason = weigh(judgement.signals, given.ground.court.outlook)
    hit = Hit(
        goal=item,
        message=f"{item.key} still serves {listed(judgement.goals)}: {reason}",
        action=f"stop it, {unlink_command(item, judgement.goals[0])}, or say what it serves now, "
        f"{link_command(item)}",
        because_of=judgement.goals,
    )
    return (hit,)


RULE = Rule(
    code="WI403",
    name="stale-link",
    summary="Open work serves goals that are still meant.",
    why="""\
Goals end: they are reached, given up, or their time is over. Work goes on by itself. What was worth
doing last quarter may be worth doing now, but somebody should say so again.
""",
    bad=KILLED,
    bad_work="- {key: PAY-1, title: Ask for coupons before payment, links: [H-TAP]}\n",
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: Ask for coupons before payment, links: [KR-PAY]}\n",
    fix="""\
Stop the work, and say what that freed (`okrsync decide HYPOTHESIS kill --because "…" --saved "…"`);
or link it to what it serves now.
""",
    configuration="Severity; a waiver on the goal, or in the settings with the item's key.",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
