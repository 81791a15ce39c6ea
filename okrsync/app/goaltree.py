"""The goals as a tree: strategy, objectives, key results, and what is meant to move them.

What has several parents is drawn whole below the first and named again below the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from okrsync.core.goals import Belief, Hypothesis, KeyResult, Objective
from okrsync.core.weigh import why_dead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.strategy import Strategy
    from okrsync.core import goals as model
    from okrsync.core.goals import Goal, Goals, ParentLink
    from okrsync.core.outlook import Outlook

G = TypeVar("G", Objective, Hypothesis, Belief)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One goal or strategy, and what hangs below it."""

    id: str
    what: str
    """strategy, objective, key result, hypothesis, belief."""
    text: str
    notes: tuple[str, ...] = ()
    """Whose it is, what it counts as, and why it is not live today."""
    live: bool | None = None
    because: str = ""
    """The story of the link to what it hangs below."""
    again: bool = False
    """It is drawn whole elsewhere."""
    below: tuple[Branch, ...] = ()


def goal_tree(strategy: Strategy) -> list[Branch]:
    """Return the roots: strategies, then whatever hangs below nothing. Every goal is there."""
    tree = _Tree(strategy)
    roots = [tree.strategy(each) for each in strategy.goals.strategies]
    undrawn = (goal for goal in strategy.goals.by_fold.values() if goal.id not in tree.drawn)
    tops = (o for o in tree.all(Objective) if not o.parents and o.id not in tree.drawn)
    roots.extend(tree.objective(each) for each in tops)
    rest = (o for o in tree.all(Objective) if o.id not in tree.drawn)
    roots.extend(tree.objective(each) for each in rest)
    roots.extend(tree.loose(each) for each in undrawn)
    return roots


@dataclass(slots=True)
class _Tree:
    """Draws; remembers what was drawn whole already."""

    known: Strategy
    drawn: set[str] = field(default_factory=set)

    @property
    def goals(self) -> Goals:
        return self.known.goals

    @property
    def outlook(self) -> Outlook:
        return self.known.court.outlook

    def all(self, kind: type[G]) -> list[G]:
        """Return the goals of a kind: those of the files, and those in force without one."""
        return [goal for goal in self.goals.by_fold.values() if isinstance(goal, kind)]

    def loose(self, goal: Goal) -> Branch:
        """Draw what hangs below nothing at all."""
        if isinstance(goal, KeyResult):
            return self.key_result(goal)
        return self._branch(goal, "belief" if isinstance(goal, Belief) else "hypothesis", ())

    def strategy(self, strategy: model.Strategy) -> Branch:
        ids = {strategy.id, *(value.id for value in strategy.value_map)}
        mine = [o for o in self.all(Objective) if ids & set(o.strategy)]
        return Branch(
            id=strategy.id,
            what="strategy",
            text=strategy.mission or strategy.vision or strategy.north_star,
            below=tuple(self.objective(each) for each in mine),
        )

    def objective(self, objective: Objective, because: str = "") -> Branch:
        again = objective.id in self.drawn
        self.drawn.add(objective.id)
        below = () if again else (*self._inside(objective), *self._children(objective.id))
        owner = ", ".join(objective.teams) or objective.unit or objective.level.value
        return self._branch(
            objective, "objective", (owner, objective.cycle), because, again=again, below=below
        )

    def _inside(self, objective: Objective) -> Iterator[Branch]:
        yield from (self.key_result(kr) for kr in objective.key_results)
        for belief in self.all(Belief):
            if objective.id in belief.objectives:
                yield self._branch(belief, "belief", (belief.status,))

    def key_result(self, kr: KeyResult, because: str = "") -> Branch:
        again = kr.id in self.drawn
        self.drawn.add(kr.id)
        below = () if again else (*self._tests(kr), *self._children(kr.id))
        kind = self.outlook.kind(kr).value
        return self._branch(kr, "key result", (kind,), because, again=again, below=below)

    def _tests(self, kr: KeyResult) -> Iterator[Branch]:
        for hypothesis in self.all(Hypothesis):
            if kr.id in hypothesis.serves:
                yield self._branch(hypothesis, "hypothesis", ())

    def _children(self, parent: str) -> Iterator[Branch]:
        for objective in self.all(Objective):
            for link in _links_to(objective.parents, parent):
                yield self.objective(objective, link.because)
            for kr in objective.key_results:
                for link in _links_to(kr.parents, parent):
                    yield self._named_again(kr, link.because)

    def _named_again(self, kr: KeyResult, because: str) -> Branch:
        notes = (self.outlook.kind(kr).value, f"of {kr.objective}")
        return self._branch(kr, "key result", notes, because, again=True)

    def _branch(
        self,
        goal: Goal,
        what: str,
        notes: tuple[str, ...],
        because: str = "",
        *,
        again: bool = False,
        below: tuple[Branch, ...] = (),
    ) -> Branch:
        if not again:
            self.drawn.add(goal.id)
        live = self._live(goal)
        told = [note for note in notes if note]
        if not live:
            told.append(why_dead(goal, self.outlook))
        if goal.id in self.known.carried:
            told.append("gone from the files, in force until `okrs drop`")
        return Branch(
            id=goal.id,
            what=what,
            text=goal.text,
            notes=tuple(told),
            live=live,
            because=because,
            again=again,
            below=below,
        )

    def _live(self, goal: Goal) -> bool:
        if isinstance(goal, Belief):
            return goal.status != "contradicted"
        if isinstance(goal, Hypothesis):
            served = self.outlook.leads_to(goal.id)
            return self.outlook.is_live(goal) and any(map(self.outlook.is_live, served))
        return self.outlook.is_live(goal)


def _links_to(links: tuple[ParentLink, ...], parent: str) -> list[ParentLink]:
    return [link for link in links if link.id == parent][:1]
