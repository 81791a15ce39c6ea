"""What is live on a given day, and which key results a goal leads to (LABELS.md 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goals import (
    Belief,
    Cycle,
    Goals,
    GoalStatus,
    Hypothesis,
    KeyResult,
    Kind,
    Level,
    Objective,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Outlook:
    """The goals as they stand on one day.

    *kinds* says of every key result what it counts as: what a person set, or what the reader
    is sure of; unclear ones count as outcomes.
    """

    goals: Goals
    today: date
    planning_cycles: int = 2
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    live_cycles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        live = frozenset(live_cycles(self.goals.cycles, self.today, self.planning_cycles))
        object.__setattr__(self, "live_cycles", live)

    def objective_of(self, key_result: KeyResult) -> Objective | None:
        """Return the objective it stands under."""
        found = self.goals.goal(key_result.objective)
        return found if isinstance(found, Objective) else None

    def is_live(self, goal: KeyResult | Hypothesis | Objective) -> bool:
        """Tell whether people still mean to reach it."""
        if isinstance(goal, Hypothesis):
            return not goal.killed and (goal.cycle is None or goal.cycle in self.live_cycles)
        if goal.status is not GoalStatus.LIVE:
            return False
        if isinstance(goal, Objective):
            return goal.cycle in self.live_cycles
        objective = self.objective_of(goal)
        return objective is not None and self.is_live(objective)

    def counts(self, key_result: KeyResult) -> bool:
        """Tell whether work for it is aligned: an outcome, or an impact above the teams."""
        kind = self.kind(key_result)
        if kind is Kind.IMPACT:
            objective = self.objective_of(key_result)
            return objective is not None and objective.level is not Level.TEAM
        return kind is Kind.OUTCOME

    def kind(self, key_result: KeyResult) -> Kind:
        """Return what it counts as."""
        kind = key_result.kind or self.kinds.get(key_result.id, Kind.OUTCOME)
        return Kind.OUTCOME if kind is Kind.UNCLEAR else kind

    def leads_to(self, goal_id: str, *, learning: bool = False) -> tuple[KeyResult, ...]:
        """Return the key results, live or not, that work for this goal may move.

        Never a key result's parents. Work that tests a belief is learning by nature.
        """
        goal = self.goals.goal(goal_id)
        match goal:
            case KeyResult():
                return (goal,)
            case Objective():
                return goal.key_results
            case Hypothesis() if learning or self.is_live(goal):
                return self._key_results(goal.serves)
            case Belief() if goal.status != "contradicted":
                return tuple(kr for o in goal.objectives for kr in self._of_objective(o))
            case _:
                return ()

    def served_by(self, goal_id: str) -> tuple[KeyResult, ...]:
        """Return the key results a hypothesis serves, also when it is dead."""
        goal = self.goals.goal(goal_id)
        return self._key_results(goal.serves) if isinstance(goal, Hypothesis) else ()

    def _of_objective(self, goal_id: str) -> tuple[KeyResult, ...]:
        goal = self.goals.goal(goal_id)
        return goal.key_results if isinstance(goal, Objective) else ()

    def _key_results(self, ids: Iterable[str]) -> tuple[KeyResult, ...]:
        found = (self.goals.goal(goal_id) for goal_id in ids)
        return tuple(goal for goal in found if isinstance(goal, KeyResult))


def live_cycles(cycles: Iterable[Cycle], today: date, planning_cycles: int) -> Iterable[str]:
    """Yield the cycles that run today, and of each level the next ones within the window.

    A window of 2 is this cycle and the next. Where none runs (between two cycles), the window
    begins with the next. A cycle without both dates, or with them inverted, never runs.
    """
    dated = [c for c in cycles if c.starts and c.ends and c.starts <= c.ends]
    for level in Level:
        of_level = [c for c in dated if c.level is level]
        running = [c for c in of_level if c.starts <= today <= c.ends]  # type: ignore[operator]
        coming = sorted(
            (c for c in of_level if c.starts > today),  # type: ignore[operator]
            key=lambda c: (c.starts, c.id),
        )
        ahead = planning_cycles - (1 if running else 0)
        yield from (c.id for c in running)
        yield from (c.id for c in coming[: max(ahead, 0)])
