"""What would have to change in the goals themselves so that work for one leads to a live outcome.

Commands where there is one, else edits with their place. Whether a goal deserves it is for people.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.core.goals import (
    Belief,
    Decision,
    GoalStatus,
    Hypothesis,
    KeyResult,
    Kind,
    Level,
    Objective,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.core.goals import Goal
    from okrsync.core.outlook import Outlook
    from okrsync.core.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Revival:
    """The edits that would make work for a goal aligned, and the goals as they would stand."""

    does: str
    steps: tuple[str, ...]
    goals: tuple[Goal, ...]


def revivals(goals: Iterable[str], outlook: Outlook) -> list[Revival]:
    """Return a way for each of these goals and each key result it leads to, the shortest first."""
    found = [revival for goal in goals for revival in _of(outlook.goals.goal(goal), outlook)]
    return sorted((each for each in found if each.steps), key=lambda each: len(each.steps))


def _of(goal: Goal | None, outlook: Outlook) -> Iterator[Revival]:
    match goal:
        case KeyResult():
            led: tuple[KeyResult, ...] = (goal,)
        case Objective():
            led = goal.key_results
        case Hypothesis():
            led = outlook.served_by(goal.id)
        case Belief():
            under = [outlook.goals.goal(word) for word in goal.objectives]
            led = tuple(kr for one in under if isinstance(one, Objective) for kr in one.key_results)
        case None:
            return
    for kr in led:
        way = _Way(outlook)
        if isinstance(goal, Hypothesis):
            way.hypothesis(goal)
        elif isinstance(goal, Belief):
            way.belief(goal)
        way.key_result(kr)
        if way.passable:
            does = (
                f"make {kr.id} a live outcome" if goal is kr else f"let {goal.id} lead to {kr.id}"
            )
            yield Revival(does=does, steps=tuple(way.steps), goals=tuple(way.goals))


@dataclass(slots=True)
class _Way:
    """Gathers the edits on the way from one goal to one key result."""

    outlook: Outlook
    steps: list[str] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    passable: bool = True

    def hypothesis(self, one: Hypothesis) -> None:
        changed = one
        if one.killed:
            self.steps.append(f"okrsync decide {one.id} persevere --because …")
            today = Decision(choice="persevere", date=self.outlook.today)
            changed = replace(changed, decisions=(*one.decisions, today))
        if one.cycle is not None and one.cycle not in self.outlook.live_cycles:
            cycle = self._move(one.id, Level.TEAM, one.place)
            changed = replace(changed, cycle=cycle)
        self._note(one, changed)

    def belief(self, one: Belief) -> None:
        if one.status == "contradicted":
            self.steps.append(f"set `status: unsure` of {one.id}{_at(one.place)}")
            self._note(one, replace(one, status="unsure"))

    def key_result(self, one: KeyResult) -> None:
        changed = one
        if one.status is not GoalStatus.LIVE:
            self.steps.append(f"set `status: live` of {one.id}{_at(one.place)}")
            changed = replace(changed, status=GoalStatus.LIVE)
        if not self.outlook.counts(one):
            told = f"write {one.id} as an outcome: who does what by how much{_at(one.place)}"
            self.steps.append(told)
            changed = replace(changed, kind=Kind.OUTCOME)
        self._note(one, changed)
        objective = self.outlook.objective_of(one)
        if objective is not None:
            self._objective(objective)

    def _objective(self, one: Objective) -> None:
        changed = one
        if one.status is not GoalStatus.LIVE:
            self.steps.append(f"set `status: live` of {one.id}{_at(one.place)}")
            changed = replace(changed, status=GoalStatus.LIVE)
        if one.cycle not in self.outlook.live_cycles:
            changed = replace(changed, cycle=self._move(one.id, one.level, one.place))
        self._note(one, changed)

    def _move(self, goal: str, level: Level, place: Place) -> str:
        """Move a goal to a cycle that lives; without one there is no way."""
        cycles = [c for c in self.outlook.goals.cycles if c.id in self.outlook.live_cycles]
        fitting = [c for c in cycles if c.level is level] or cycles
        if not fitting:
            self.passable = False
            return ""
        cycle = min(fitting, key=lambda c: (str(c.starts), c.id))
        self.steps.append(f"set `cycle: {cycle.id}` of {goal}{_at(place)}")
        return cycle.id

    def _note(self, before: Goal, after: Goal) -> None:
        if after != before:
            self.goals.append(after)


def _at(place: Place) -> str:
    return f" ({place})" if place.file else ""
