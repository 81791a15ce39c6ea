"""WI410: a label that does not stick, and the history shows nobody who took it away.

It stays out of plans for seven days. If a person or a program takes a label away, that is heard
instead, and no finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.examples import WORKED_ON
from okrsync.lint.work import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Ground, Seen


def _each(given: LintInput, seen: Seen) -> Iterable[Hit]:
    if not seen.state.disputes or seen.alone or given.ground is None:
        return ()
    return _disputed(given, given.ground, seen)


def _disputed(given: LintInput, ground: Ground, seen: Seen) -> Iterator[Hit]:
    item = about(seen, given)
    for dispute in seen.state.disputes:
        if dispute.until > ground.now:
            yield Hit(
                goal=item,
                message=f"{dispute.label} does not stick on {item.key}; it is not written before "
                f"{ground.day(dispute.until)}",
                action="look in the tracker for an automation that takes it away; "
                f"`okrsync explain {item.key}` shows what was written",
                other=dispute.label,
            )


RULE = Rule(
    code="WI410",
    name="disputed-label",
    summary="A label that okrsync writes stays.",
    why="""\
okrsync wrote a label, and it was gone again without a trace. Writing it over and over would only
fill histories and mailboxes, so it waits and says so.
""",
    bad=WORKED_ON,
    bad_work='- {key: PAY-1, title: One tap, links: [KR-PAY], disputed: ["okr:KR-PAY"]}\n',
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: One tap, links: [KR-PAY]}\n",
    fix="Find the automation, screen or permission that swallows the label, and let okrsync's be.",
    configuration="Severity; a waiver in the settings, with the item's key.",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
