"""WI409: a verdict label that okrsync did not write.

While it is there, okrsync writes no verdict of its own on that item, and removes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.examples import WORKED_ON
from okrsync.lint.work import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Seen


def _each(given: LintInput, seen: Seen) -> Iterable[Hit]:
    return _foreign(given, seen) if seen.state.foreign and not seen.alone else ()


def _foreign(given: LintInput, seen: Seen) -> Iterator[Hit]:
    item, where = about(seen, given), seen.item
    for label in sorted(seen.state.foreign):
        yield Hit(
            goal=item,
            message=f"{item.key} carries {label}, which okrsync did not write; it writes no "
            f"verdict there ({seen.judgement.verdict})",
            action="take the label off in the tracker, or `okrsync labels adopt --tracker "
            f"{where.ref.tracker} --scope {where.scope}`",
            other=label,
        )


RULE = Rule(
    code="WI409",
    name="foreign-verdict",
    summary="Verdict labels are okrsync's own.",
    why="""\
Somebody wrote a verdict by hand, or a copy brought one along. okrsync takes away nothing that it
did not write, so the item keeps saying what nobody judged.
""",
    bad=WORKED_ON,
    bad_work='- {key: PAY-1, title: One tap, links: [KR-PAY], foreign: ["okr:stale"]}\n',
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: One tap, links: [KR-PAY]}\n",
    fix="""\
Take it off in the tracker, or let `okrsync labels adopt` make it okrsync's: the next plan then puts
it right.
""",
    configuration="Severity; a waiver in the settings, with the item's key.",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
