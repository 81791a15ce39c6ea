"""WI412: a goal is gone from the files while labels hold its id.

It stays in force as last read, labels and verdicts, until somebody gives it up by name or says what
it is called now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import counted
from okrsync.lint.rules.examples import WORKED_ON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    if given.ground is None:
        return
    for goal_id in given.ground.carried:
        goal = given.goals.goal(goal_id)
        labels = given.ground.held.get(goal_id, 0)
        if goal is not None and labels:
            yield Hit(
                goal=goal,
                message=f"{goal_id} is gone from the files, and {counted(labels, 'label')} "
                f"{'holds' if labels == 1 else 'hold'} it: it stays in force",
                action=f"give it up, `okrsync okrs drop {goal_id}`, or say what it is called now, "
                f"`previously: [{goal_id}]`",
            )


RULE = Rule(
    code="WI412",
    name="goal-id-gone",
    summary="A goal that work is labelled with stays in the files, or is given up by name.",
    why="""\
Files can be half-saved, moved, or read from the wrong branch. A goal that goes with hundreds of
labels is rather an accident than a decision, so nothing is taken off until somebody says so.
""",
    bad=WORKED_ON,
    bad_work="- {key: PAY-1, title: One tap, links: [KR-PAY], gone: KR-LATER}\n",
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: One tap, links: [KR-PAY]}\n",
    fix="Put it back, rename it with `previously:`, or give it up with `okrsync okrs drop`.",
    configuration="Severity; a waiver in the settings, with the goal's id.",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.LEDGER,
)
