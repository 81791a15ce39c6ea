"""One goal with all that belongs to it: who tests it, who means to move it, what it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Hypothesis, KeyResult, Objective
from okrsync.core.place import did_you_mean
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goal, Goals


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A goal and the ids around it."""

    goal: Goal
    what: str
    moved_by: tuple[str, ...] = ()
    """Goals below that name it as their parent."""
    tested_by: tuple[str, ...] = ()
    """Hypotheses that serve it, or its key results."""
    stands_on: tuple[str, ...] = ()
    """Beliefs."""


def card(goals: Goals, goal_id: str) -> Card:
    """Find a goal by its id or a former one, and what is around it.

    Raises:
        UsageError: there is no such goal.

    """
    goal = goals.goal(goal_id)
    if goal is None:
        known = [each.id for each in goals.by_fold.values()]
        raise UsageError(f"there is no goal {goal_id!r}", hint=did_you_mean(goal_id, known))
    served = {goal.id}
    if isinstance(goal, Objective):
        served |= {kr.id for kr in goal.key_results}
    return Card(
        goal=goal,
        what=_what(goal),
        moved_by=tuple(_children(goals, goal.id)),
        tested_by=tuple(each.id for each in goals.hypotheses if served & set(each.serves)),
        stands_on=tuple(each.id for each in goals.beliefs if goal.id in each.objectives),
    )


def _what(goal: Goal) -> str:
    if isinstance(goal, Objective):
        return "objective"
    if isinstance(goal, KeyResult):
        return "key result"
    return "hypothesis" if isinstance(goal, Hypothesis) else "belief"


def _children(goals: Goals, goal_id: str) -> Iterator[str]:
    for goal in goals.by_fold.values():
        if isinstance(goal, Objective | KeyResult) and goal_id in {p.id for p in goal.parents}:
            yield goal.id
