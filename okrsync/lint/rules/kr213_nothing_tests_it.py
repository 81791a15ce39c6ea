"""KR213: the cycle is under way and no live hypothesis serves a key result.

A goal below that is meant to move it, or its objective, counts as well: what the company wants is
tested by its teams. Tasks are left out; KR201 is their trouble.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.core.outlook import Outlook
from okrsync.lint.parts import kind_of
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import objectives, pursued, standing
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goals
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    tested = _served_by_live_hypotheses(given) | _named_as_parents(given.goals)
    for objective, kr, cycle in pursued(given.goals, given.today):
        if tested.isdisjoint({objective.id, kr.id}) and kind_of(kr, given).kind is not Kind.TASK:
            yield Hit(
                goal=kr,
                message=f"nothing tests {kr.id}: cycle {cycle.id} is under way and no live "
                "hypothesis serves it",
                action="write down your best guess: if we build what, for whom, what will they do?",
            )


def _served_by_live_hypotheses(given: LintInput) -> set[str]:
    outlook = Outlook(given.goals, given.today, given.limits.planning_cycles)
    live = [each for each in given.goals.hypotheses if outlook.is_live(each)]
    return {_now(goal_id, given.goals) for each in live for goal_id in each.serves}


def _named_as_parents(goals: Goals) -> set[str]:
    links = [parent for objective in objectives(goals) for parent in objective.parents]
    links += [parent for _, kr in standing(goals) for parent in kr.parents]
    return {_now(parent.id, goals) for parent in links}


def _now(goal_id: str, goals: Goals) -> str:
    """Follow a rename."""
    goal = goals.goal(goal_id)
    return goal_id if goal is None else goal.id


RULE = Rule(
    code="KR213",
    name="nothing-tests-it",
    summary="While the cycle is under way, a live hypothesis serves each key result.",
    why="""\
A key result says what should change and not what to do about it. Without a guess that somebody
tries, it is a wish, and the work goes where it went before.
""",
    bad=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}'
    ),
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        tested=True,
    ),
    fix="""\
Ask: what are these people trying to do, what is in their way, what do they do today, how could it
be better? Write the best answer as a hypothesis that `serves:` the key result.
""",
    configuration="Severity. `lint.planning_cycles`: how far ahead a hypothesis may be planned.",
    severity=Severity.WARNING,
    check=_check,
    day=date(2026, 10, 5),
)
