"""WI405: links that pull in two directions.

Two goals in effect of which neither is above the other, or a child's goals and its parent's. What
an item only inherits is told on the item that says it, and a veto silences the goal it is about.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import listed, unlink_command
from okrsync.lint.rules.examples import WORKED_ON, with_key_results
from okrsync.lint.work import about, is_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Seen


def _each(given: LintInput, seen: Seen) -> Iterable[Hit]:
    judgement = seen.judgement
    if judgement.source is not None or not judgement.signals or not is_open(seen.item):
        return ()
    return (*_within(given, seen), *_against_the_parent(given, seen))


def _within(given: LintInput, seen: Seen) -> Iterator[Hit]:
    goals = seen.judgement.goals
    apart = ((a, b) for a, b in combinations(goals, 2) if not given.ladder.related(a, b))
    pair = next(apart, None)
    if pair is not None:
        item = about(seen, given)
        yield Hit(
            goal=item,
            message=f"{item.key} serves {pair[0]} and {pair[1]}, and neither is above the other",
            action=f"say which of them it is for: {unlink_command(item, pair[1])}",
            other=" ".join(sorted(pair)),
            because_of=goals,
        )


def _against_the_parent(given: LintInput, seen: Seen) -> Iterator[Hit]:
    goals = seen.judgement.goals
    word = next((word for word in seen.words if not word.silent), None)
    if word is None:
        return
    passed = [s.goal for s in word.strongest if s.goal not in word.vetoes]
    if not passed or any(given.ladder.related(mine, up) for mine in goals for up in passed):
        return
    item = about(seen, given)
    yield Hit(
        goal=item,
        message=f"{item.key} serves {listed(goals)}, and {word.item.key} above it serves "
        f"{listed(passed)}",
        action=f"move it below work for the same goal, or withdraw one: "
        f"{unlink_command(item, goals[0])}",
        other=f"above {passed[0]}",
        because_of=(*goals, *passed),
    )


RULE = Rule(
    code="WI405",
    name="contradicting-links",
    summary="All goals that an item serves lie on one way up.",
    why="""\
Work for two goals is done for neither first: when they pull apart, nobody knows which one decides.
A child that serves something else than its parent is counted there and done here.
""",
    bad=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        '- {id: KR-BACK, statement: "Shoppers who send something back by themselves: 40% to 60%"}',
    ),
    bad_work="- {key: PAY-1, title: Receipts that explain themselves, links: [KR-PAY, KR-BACK]}\n",
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: Receipts that explain themselves, links: [KR-PAY, O-CHECKOUT]}"
    "\n",
    fix="""\
Choose the goal it is really for and unlink the other, or cut it in two. If it is meant for both,
answer for it with a waiver.
""",
    configuration="""\
Severity; a waiver on one of the goals, or in the settings with the item's key.
""",
    severity=Severity.WARNING,
    each=_each,
    reads=Reads.ITEMS,
)
