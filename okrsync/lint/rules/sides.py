"""Leading and lagging: which key results move first, and which ones follow.

Only what is stated by `indicator:` is known. One unknown on the way, and nothing is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import KeyResult, Objective
from okrsync.lint.rules.common import key_results, objectives, parents_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.core.goals import Goals

LEADING, LAGGING = "leading", "lagging"


def all_are(krs: Iterable[KeyResult], side: str) -> bool:
    """Whether there are key results and every one is stated to be of that side."""
    sides = [kr.indicator for kr in krs]
    return bool(sides) and all(each == side for each in sides)


def may_be(krs: Iterable[KeyResult], side: str) -> bool:
    """Whether any key result is, or for all that is known could be, of that side."""
    return any(kr.indicator in {side, None} for kr in krs)


def above(objective: Objective, goals: Goals) -> Iterator[KeyResult]:
    """Yield every key result on the way up from an objective."""
    seen: set[str] = set()
    ahead: list[Objective | KeyResult] = [objective, *key_results(objective)]
    while ahead:
        for parent in parents_of(ahead.pop(), goals):
            if parent.id not in seen:
                seen.add(parent.id)
                yield from _measures(parent)
                ahead += _with_the_rest(parent, goals)


def below(objective: Objective, goals: Goals) -> Iterator[KeyResult]:
    """Yield every key result that names the objective, or one of its own, as a parent."""
    ids = {objective.id, *(kr.id for kr in key_results(objective))}
    for child in objectives(goals):
        whole = any(parent.id in ids for parent in parents_of(child, goals))
        for kr in key_results(child):
            if whole or any(parent.id in ids for parent in parents_of(kr, goals)):
                yield kr


def _measures(goal: Objective | KeyResult) -> tuple[KeyResult, ...]:
    return (goal,) if isinstance(goal, KeyResult) else key_results(goal)


def _with_the_rest(goal: Objective | KeyResult, goals: Goals) -> list[Objective | KeyResult]:
    """Return what else leads up from a goal: its key results, or the objective it stands under."""
    if isinstance(goal, Objective):
        return [goal, *key_results(goal)]
    objective = goals.goal(goal.objective)
    return [goal, objective] if isinstance(objective, Objective) else [goal]
