"""WI408: a link label that came with a copied, restored or cloned item.

It was there when the item was first seen. It counts like a mapping rule until a person says more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.ledger import Origin
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import link_command, unlink_command
from okrsync.lint.rules.examples import WORKED_ON
from okrsync.lint.work import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Ground, Seen


def _each(given: LintInput, seen: Seen) -> Iterable[Hit]:
    if given.ground is None or not seen.state.rows or seen.alone:
        return ()
    return _found(given, given.ground, seen)


def _found(given: LintInput, ground: Ground, seen: Seen) -> Iterator[Hit]:
    for row in seen.state.rows:
        goal = ground.court.names.of_row(row) if row.origin is Origin.FOUND else None
        if goal is None or goal in seen.judgement.own.vetoes or _said(seen, goal):
            continue
        item = about(seen, given)
        yield Hit(
            goal=item,
            message=f"{item.key} came with the label {row.label}: nobody is known to have put it "
            "there",
            action=f"if it is true, {link_command(item, goal)}; if not, "
            f"{unlink_command(item, goal)}",
            other=row.label,
            because_of=(goal,),
        )


def _said(seen: Seen, goal: str) -> bool:
    """Whether something stronger says the same, so that the label decides nothing."""
    return any(s.goal == goal and s.kind.value != "found" for s in seen.judgement.own.signals)


RULE = Rule(
    code="WI408",
    name="found-label",
    summary="Link labels are put on an item by a person or by okrsync.",
    why="""\
Copies of a ticket take its labels along, and nobody meant them. What the original was for, the copy
may not be; until somebody looks, it counts as if it were.
""",
    bad=WORKED_ON,
    bad_work='- {key: PAY-2, title: One tap (copy), found: ["okr:KR-PAY"]}\n',
    good=WORKED_ON,
    good_work="- {key: PAY-2, title: One tap (copy), links: [KR-PAY]}\n",
    fix="""\
`okrsync link` if it is true, `okrsync unlink` if not. After a lost store all labels look like this:
`okrsync labels adopt` makes them okrsync's again, and says what follows.
""",
    configuration="Severity; a waiver on the goal, or in the settings with the item's key.",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
