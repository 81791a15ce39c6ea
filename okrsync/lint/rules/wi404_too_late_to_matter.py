"""WI404: an item is due so late that the behaviour it is for cannot change within the cycle.

Its due date plus the key result's `time_to_effect` lies after the cycle's last day. Of several key
results the shortest counts; where none states one, nothing is said.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.examples import with_key_results
from okrsync.lint.work import about, is_open, led_to

if TYPE_CHECKING:
    from datetime import date

    from okrsync.core.goals import KeyResult
    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Seen


def _each(given: LintInput, seen: Seen) -> tuple[Hit, ...]:
    due = seen.item.due
    if due is None or not is_open(seen.item):
        return ()
    dated = [
        (kr.time_to_effect_days, end, kr)
        for kr in led_to(seen, given)
        if kr.time_to_effect_days is not None and (end := _end(kr, given)) is not None
    ]
    if not dated:
        return ()
    days, end, kr = min(dated, key=lambda each: (each[0], -each[1].toordinal()))
    latest = end - timedelta(days=days)
    if due <= latest:
        return ()
    item = about(seen, given)
    hit = Hit(
        goal=item,
        message=f"{item.key} is due on {due}, and {kr.id} takes {days} days to show an effect: "
        f"too late for the cycle that ends on {end}",
        action=f"have it done by {latest}, or plan it for the next cycle",
        because_of=(*seen.judgement.goals, kr.id),
    )
    return (hit,)


def _end(kr: KeyResult, given: LintInput) -> date | None:
    if given.ground is None:
        return None
    objective = given.ground.court.outlook.objective_of(kr)
    if objective is None:
        return None
    return next((c.ends for c in given.goals.cycles if c.id == objective.cycle), None)


_KEY_RESULT = with_key_results(
    '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%", '
    "time_to_effect: 3w}"
)

RULE = Rule(
    code="WI404",
    name="too-late-to-matter",
    summary="Work for a key result is done early enough for people to change what they do.",
    why="""\
A feature that ships on the last day of the quarter moves nobody in that quarter. People need time
to meet it, to try it, to come back. Such work is either urgent or not for this cycle.
""",
    bad=_KEY_RESULT,
    bad_work="- {key: PAY-1, title: Pay with one tap, links: [KR-PAY], due: 2026-12-20}\n",
    good=_KEY_RESULT,
    good_work="- {key: PAY-1, title: Pay with one tap, links: [KR-PAY], due: 2026-12-01}\n",
    fix="Cut it smaller so that a part of it is out in time, or move it to the next cycle.",
    configuration="""\
`time_to_effect:` on the key result; severity; a waiver on the key result, or in the settings with
the item's key.
""",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
