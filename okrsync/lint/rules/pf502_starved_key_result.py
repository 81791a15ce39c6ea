"""PF502: nothing in progress serves a key result whose cycle is under way.

Work for a goal below that is meant to move it, or its objective, counts as well.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okrsync.core.goals import KeyResult, Objective
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import pursued
from okrsync.lint.rules.examples import WORKED_ON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goals
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    doing = [kr_id for kr_id, effort in given.work.by_key_result.items() if effort.doing]
    fed = _fed(doing, given.goals)
    for _, kr, cycle in pursued(given.goals, given.today):
        if kr.id in fed:
            continue
        effort = given.work.by_key_result.get(kr.id)
        waiting = f" ({effort.todo} waiting)" if effort and effort.todo else ""
        yield Hit(
            goal=kr,
            message=f"nothing in progress serves {kr.id}{waiting}, and cycle {cycle.id} is under "
            "way",
            action=f'start something for it, `okrsync link KEY {kr.id} --because "…"`, or drop it',
        )


def _fed(doing: list[str], goals: Goals) -> set[str]:
    """Return the key results that work in progress serves, and those these are meant to move."""
    fed: set[str] = set()
    queue = list(doing)
    while queue:
        kr = goals.goal(queue.pop())
        if not isinstance(kr, KeyResult) or kr.id in fed:
            continue
        fed.add(kr.id)
        objective = goals.goal(kr.objective)
        above = objective.parents if isinstance(objective, Objective) else ()
        for parent in (*kr.parents, *above):
            up = goals.goal(parent.id)
            queue += [each.id for each in up.key_results] if isinstance(up, Objective) else []
            queue += [up.id] if isinstance(up, KeyResult) else []
    return fed


RULE = Rule(
    code="PF502",
    name="starved-key-result",
    summary="Something in progress serves each key result.",
    why="""\
A key result that nobody works for is a wish. Either something else is more important, then it
should say so, or it was forgotten.
""",
    bad=WORKED_ON,
    bad_work="- {key: PAY-1, title: Pay with one tap, status: todo, links: [H-TAP]}\n",
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: Pay with one tap, status: doing, links: [H-TAP]}\n",
    fix="Begin the smallest thing that could move it, or take the key result out of the cycle.",
    configuration="Severity, also for single teams; a waiver on the key result.",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
    day=date(2026, 10, 5),
)
