"""WI402: an open item serves only key results that are no outcomes.

Its verdict is weak, also through a hypothesis. The message names what the key result reads as.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from okrsync.core.vocabulary import Verdict
from okrsync.core.weigh import weigh
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import listed
from okrsync.lint.rules.examples import with_key_results
from okrsync.lint.work import about, is_open, led_to

if TYPE_CHECKING:
    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Seen


def _each(given: LintInput, seen: Seen) -> tuple[Hit, ...]:
    judgement = seen.judgement
    if judgement.verdict is not Verdict.WEAK or not is_open(seen.item) or given.ground is None:
        return ()
    item, krs = about(seen, given), led_to(seen, given)
    _, reason = weigh(judgement.signals, given.ground.court.outlook)
    text = shlex.quote(" ".join(krs[0].text.split()))
    hit = Hit(
        goal=item,
        message=f"{item.key} serves {listed(judgement.goals)} and no outcome: {reason}",
        action=f"say in {krs[0].id} who will do what by how much; `okrsync coach {text}` helps",
        because_of=(*judgement.goals, *(kr.id for kr in krs)),
    )
    return (hit,)


RULE = Rule(
    code="WI402",
    name="weak-link",
    summary="The key result that work serves is an outcome.",
    why="""\
A ticket for a key result that is itself a task is a task for a task: it can be finished to the last
one and nobody does anything differently. It is the key result that wants mending, not the ticket.
""",
    bad=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        '- {id: KR-PAGE, statement: "Launch the new checkout page"}',
        tested=True,
    ),
    bad_work="""\
- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}
- {key: PAY-2, title: Checkout in the new colours, links: [KR-PAGE]}
""",
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        tested=True,
    ),
    good_work="""\
- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}
- {key: PAY-2, title: Checkout in the new colours, links: [KR-PAY]}
""",
    fix="""\
Rewrite the key result: what will people do once it is done? `okrsync coach` offers a frame. If the
reader got it wrong, say `kind: outcome` on it, or waive the finding that named its kind.
""",
    configuration="Severity; a waiver on the key result, or in the settings with the item's key.",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
