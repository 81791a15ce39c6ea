"""All work in numbers: what is planned, in progress and done for each goal and team.

Folded from items as they pass, in one go; what is kept grows with goals, teams and epics and not
with items. Epics count in no share while they have children, sub-tasks count where no estimate
stands above them, unmapped items count for the company only, and cancelled is not done. Nothing
here says how far a key result is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goals import Hypothesis, KeyResult
from okrsync.core.vocabulary import Verdict
from okrsync.core.work import Category
from okrsync.lint.titles import Titles
from okrsync.lint.work import (
    COMPANY,
    Brief,
    Ground,
    brief,
    is_epic,
    is_open,
    parents,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from okrsync.core.signals import Signal
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Seen

EXAMPLES = 3


@dataclass(slots=True)
class Effort:
    """Work for one goal."""

    todo: int = 0
    doing: int = 0
    done: int = 0
    done_on: Counter[date] = field(default_factory=Counter)
    """How many were done on each day; those of no known day are in `done` alone."""
    moving: list[Brief] = field(default_factory=list)
    """A few of those in progress."""
    oldest: tuple[date, Brief] | None = None
    """Of those in progress the one opened first, and when."""

    @property
    def open(self) -> int:
        """How many are not ended."""
        return self.todo + self.doing

    @property
    def last_done(self) -> date | None:
        """When the last one was done."""
        return max(self.done_on, default=None)

    def done_since(self, day: date) -> int:
        """Count what was done on that day or later."""
        return sum(count for done, count in self.done_on.items() if done >= day)

    def add(self, seen: Seen, ground: Ground) -> None:
        """Count an item that is not cancelled."""
        item = seen.item
        match item.category:
            case Category.TODO:
                self.todo += 1
            case Category.DOING:
                self.doing += 1
                self._moves(seen, ground)
            case Category.DONE:
                self.done += 1
                if item.resolved is not None:
                    self.done_on[ground.day(item.resolved)] += 1
            case Category.CANCELLED:
                return

    def payload(self) -> dict[str, int]:
        """Return the counts as JSON."""
        return {"todo": self.todo, "doing": self.doing, "done": self.done}

    def _moves(self, seen: Seen, ground: Ground) -> None:
        opened = ground.day(seen.item.created)
        if len(self.moving) < EXAMPLES:
            self.moving.append(brief(seen.item, ground))
        if self.oldest is None or opened < self.oldest[0]:
            self.oldest = (opened, brief(seen.item, ground))


@dataclass(slots=True)
class Heap:
    """Open work that serves no goal and belongs together."""

    name: str
    item: Brief | None = None
    """The epic that holds it, if one does."""
    items: int = 0
    estimate: float = 0.0
    teams: set[str] = field(default_factory=set)
    """The teams whose work it is."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """What counting needs of an epic, kept until it is known whether it has children."""

    seen: Seen
    chain: Sequence[WorkItem]
    """The items above it."""
    team: str | None


class Portfolio:
    """Folds judged items; complete when all have passed."""

    def __init__(self, given: LintInput, ground: Ground) -> None:
        self.titles = Titles(given, ground)
        self.by_hypothesis: defaultdict[str, Effort] = defaultdict(Effort)
        """All items that name it; of a killed one only those that nothing live keeps going."""
        self.by_key_result: defaultdict[str, Effort] = defaultdict(Effort)
        """Items that a live goal leads from to it, counted once."""
        self.verdicts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
        """Team id, or `COMPANY`, -> verdicts of open items."""
        self.estimates: defaultdict[str, defaultdict[Verdict, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        """The same weighed by estimate, of items that have one."""
        self.at_once: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """Team id -> key result -> how many items in progress name it or its hypothesis."""
        self.heaps: dict[object, Heap] = {}
        self._given = given
        self._ground = ground
        self._epics: dict[ItemRef, _Unit] = {}
        """Those of which no child has passed yet."""
        self._with_children: set[ItemRef] = set()
        self._led: dict[tuple[str, bool], tuple[str, ...]] = {}

    def add(self, seen: Seen) -> None:
        """Take one item into account."""
        item = seen.item
        if item.category is Category.CANCELLED:
            return
        self.titles.look_at(seen)
        self._name_hypotheses(seen)
        chain = list(parents(seen)) if item.parent is not None else []
        for up in chain:
            if is_epic(up):
                self._with_children.add(up.ref)
                self._epics.pop(up.ref, None)
        if any(up.estimate is not None and not is_epic(up) for up in chain):
            return  # a part of what is counted already
        unit = _Unit(seen, chain, self._ground.court.matcher.team_of(item))
        if not is_epic(item):
            self._count(unit)
        elif item.ref not in self._with_children:
            self._epics[item.ref] = unit

    def close(self) -> None:
        """Count what had to wait until all items had passed."""
        for unit in self._epics.values():
            self._count(unit)
        self._epics.clear()

    def payload(self) -> dict[str, object]:
        """Return the numbers as JSON, to compare with on another day."""
        return {
            "verdicts": {
                owner: {verdict.value: count for verdict, count in counts.items()}
                for owner, counts in self.verdicts.items()
            },
            "estimates": {
                owner: {verdict.value: weight for verdict, weight in weights.items()}
                for owner, weights in self.estimates.items()
            },
            "key_results": {kr: effort.payload() for kr, effort in self.by_key_result.items()},
            "hypotheses": {name: effort.payload() for name, effort in self.by_hypothesis.items()},
        }

    def _name_hypotheses(self, seen: Seen) -> None:
        goals = self._given.goals
        for goal_id in seen.judgement.goals:
            goal = goals.goal(goal_id)
            if not isinstance(goal, Hypothesis):
                continue
            if goal.killed and seen.judgement.verdict is not Verdict.STALE:
                continue
            self.by_hypothesis[goal.id].add(seen, self._ground)

    def _count(self, unit: _Unit) -> None:
        seen, item = unit.seen, unit.seen.item
        krs = {kr for signal in seen.judgement.signals for kr in self._led_to(signal)}
        for kr in krs:
            self.by_key_result[kr].add(seen, self._ground)
        if not is_open(item):
            return
        verdict = seen.judgement.verdict
        for owner in (COMPANY, unit.team):
            if owner is not None:
                self.verdicts[owner][verdict] += 1
                if item.estimate:
                    self.estimates[owner][verdict] += item.estimate
        if item.category is Category.DOING and unit.team is not None:
            self.at_once[unit.team].update(kr for kr in krs if self._is_meant(kr, seen))
        if verdict is Verdict.UNALIGNED:
            self._heap(unit)

    def _led_to(self, signal: Signal) -> tuple[str, ...]:
        key = (signal.goal, signal.learning)
        if key not in self._led:
            outlook = self._ground.court.outlook
            led = outlook.leads_to(key[0], learning=key[1])
            self._led[key] = tuple(kr.id for kr in led if outlook.is_live(kr))
        return self._led[key]

    def _is_meant(self, kr_id: str, seen: Seen) -> bool:
        """Whether the key result itself or a hypothesis is named, not all of an objective."""
        for goal_id in seen.judgement.goals:
            goal = self._given.goals.goal(goal_id)
            if isinstance(goal, KeyResult) and goal.id == kr_id:
                return True
            if isinstance(goal, Hypothesis) and kr_id in goal.serves:
                return True
        return False

    def _heap(self, unit: _Unit) -> None:
        """Put an item to what it is a part of: its epic, else its project, else its component."""
        item = unit.seen.item
        epic = next((up for up in (item, *unit.chain) if is_epic(up)), None)
        holder = next((up for up in unit.seen.above if not up.scope), None)
        if epic is not None:
            heap = self.heaps.get(epic.ref) or Heap(epic.title, brief(epic, self._ground))
            self._grow(epic.ref, heap, unit)
        elif holder is not None:
            named = self.heaps.get(holder.ref) or Heap(f"the project {holder.title}")
            self._grow(holder.ref, named, unit)
        elif item.components:
            key = (item.ref.tracker, item.scope, item.components[0])
            part = f"the component {item.components[0]} of {item.scope}"
            self._grow(key, self.heaps.get(key) or Heap(part), unit)

    def _grow(self, key: object, heap: Heap, unit: _Unit) -> None:
        heap.items += 1
        heap.estimate += unit.seen.item.estimate or 0.0
        if unit.team is not None:
            heap.teams.add(unit.team)
        self.heaps[key] = heap
