"""Which goals stand above which: hypothesis, key result, objective, and the parents of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Hypothesis, KeyResult, Objective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goals


@dataclass(frozen=True, slots=True)
class Ladder:
    """Looks up what a goal leads to; each way is gone once."""

    goals: Goals
    _above: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def above(self, goal_id: str) -> frozenset[str]:
        """Return the ids of all goals above a goal."""
        found = self._above.get(goal_id)
        if found is None:
            found = self._above[goal_id] = frozenset(self._climb(goal_id))
        return found

    def related(self, one: str, other: str) -> bool:
        """Whether they are the same goal, or one is above the other."""
        return one == other or one in self.above(other) or other in self.above(one)

    def _climb(self, goal_id: str) -> set[str]:
        seen: set[str] = set()
        queue = list(self._next(goal_id))
        while queue:
            up = queue.pop()
            if up not in seen:
                seen.add(up)
                queue += self._next(up)
        return seen

    def _next(self, goal_id: str) -> Iterator[str]:
        goal = self.goals.goal(goal_id)
        match goal:
            case KeyResult():
                yield goal.objective
                yield from (parent.id for parent in goal.parents)
            case Objective():
                yield from (parent.id for parent in goal.parents)
            case Hypothesis():
                yield from goal.serves
            case Belief():
                yield from goal.objectives
            case None:
                return
