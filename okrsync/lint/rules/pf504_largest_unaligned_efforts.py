"""PF504: the largest heaps of open work that serve no goal: the stop list.

Work belongs together by its epic, else its project, else its component. Told are the five largest
and the three largest of each team, with three items or more; single tickets are WI401.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okrsync.core.goals import NOWHERE
from okrsync.core.work import Amount
from okrsync.lint.rule import Hit, Reads, Rule, Severity, Stranger
from okrsync.lint.rules.common import counted, link_command
from okrsync.lint.rules.examples import WORKED_ON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.portfolio import Heap
    from okrsync.lint.rule import LintInput

_MOST = 5
_OF_A_TEAM = 3
_LARGE = 3


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    large = [heap for heap in given.work.heaps.values() if heap.items >= _LARGE]
    large.sort(key=lambda each: (-each.items, -each.estimate, each.name))
    told_of: Counter[str] = Counter()
    for place, heap in enumerate(large):
        if place < _MOST or any(told_of[team] < _OF_A_TEAM for team in heap.teams):
            told_of.update(heap.teams)
            yield _hit(heap)


def _hit(heap: Heap) -> Hit:
    size = counted(heap.items, "open item")
    size += f", estimated at {heap.estimate:g}," if heap.estimate else ""
    amount, teams = Amount(heap.items, heap.estimate), tuple(sorted(heap.teams))
    if heap.item is None:
        return Hit(
            goal=Stranger(heap.name, NOWHERE),
            message=f"{size} of {heap.name} serve no goal",
            action="stop it, or say what it is for: `okrsync map coverage` has the command",
            amount=amount,
            teams=teams,
        )
    return Hit(
        goal=heap.item,
        message=f'{size} of {heap.item.key} "{heap.name}" serve no goal',
        action=f"stop it, or say what it is for: {link_command(heap.item)}",
        amount=amount,
        teams=teams,
    )


RULE = Rule(
    code="PF504",
    name="largest-unaligned-efforts",
    summary="No large effort goes on that serves no goal.",
    why="""\
Strategy is what one says no to. A list of the largest things that serve nothing anybody wants is
where to begin.
""",
    bad=WORKED_ON,
    bad_work="""\
- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}
- {key: PAY-10, title: Refresh of the brand, type: Epic}
- {key: PAY-11, title: Rounder corners, parent: PAY-10, estimate: 3}
- {key: PAY-12, title: A new footer, parent: PAY-10, estimate: 5}
- {key: PAY-13, title: Larger pictures, parent: PAY-10, estimate: 2}
""",
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}\n",
    fix="""\
Ask who would miss it. If nobody does, cancel it; if somebody does, it serves something: write that
down as a hypothesis and link the epic to it.
""",
    configuration="Severity; a waiver in the settings, with the epic's key or the project's name.",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
)
