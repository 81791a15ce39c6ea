"""WI406: a label or the goal field of an open item names a goal that does not exist.

Labels that okrsync wrote itself are left out; the next plan takes them off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.place import nearest
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import link_command
from okrsync.lint.rules.examples import WORKED_ON
from okrsync.lint.work import about, is_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.core.written import Unknown
    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Ground, Seen


def _each(given: LintInput, seen: Seen) -> Iterable[Hit]:
    item = seen.item
    if given.ground is None or not (item.labels or item.fields) or not is_open(item):
        return ()
    return _unknown(given, given.ground, seen)


def _unknown(given: LintInput, ground: Ground, seen: Seen) -> Iterator[Hit]:
    ours = {f"the label {label}" for label in seen.state.ours} if seen.state.rows else set()
    for unknown in ground.court.written.unknown(seen.item):
        if unknown.place not in ours:
            yield _hit(given, seen, unknown)


def _hit(given: LintInput, seen: Seen, unknown: Unknown) -> Hit:
    item = about(seen, given)
    meant = nearest(unknown.word, (goal.id for goal in given.goals.by_fold.values()))
    if meant:
        action = f"if {meant} is meant, {link_command(item, meant)}; then take the wrong one off"
    else:
        action = f"take {unknown.word} off the item, or write that goal down"
    return Hit(
        goal=item,
        message=f"{unknown.place} on {item.key} says {unknown.word}, and no goal is called that",
        action=action,
        other=unknown.word,
    )


RULE = Rule(
    code="WI406",
    name="unknown-goal-named",
    summary="Labels and goal fields name goals that exist.",
    why="""\
Somebody meant to say what the work is for, and it was not heard: a slip of the pen, a goal that was
renamed without `previously:`, or one that was never written down.
""",
    bad=WORKED_ON,
    bad_work='- {key: PAY-1, title: One tap, links: [KR-PAY], labels: ["okr:KR-PYA"]}\n',
    good=WORKED_ON,
    good_work='- {key: PAY-1, title: One tap, links: [KR-PAY], labels: ["okr:KR-PAY"]}\n',
    fix="Correct the label or field in the tracker; or add `previously:` to the goal it was.",
    configuration="Severity; a waiver in the settings, with the item's key.",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
