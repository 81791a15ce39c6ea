"""What is different between two sets of goals, by what they say and not by where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from okrsync.core.goaledits import placeless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goals

Named = tuple[str, str]
"""What it is, such as ``key result``, and its id."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What would come, go, or say something else; in the order of the goals."""

    added: tuple[Named, ...] = ()
    changed: tuple[Named, ...] = ()
    removed: tuple[Named, ...] = ()
    moved: bool = False
    """All of it is known, in another order."""

    @property
    def none(self) -> bool:
        """Whether both sets are the same."""
        return not (self.added or self.changed or self.removed or self.moved)


def difference(before: Goals, now: Goals) -> Difference:
    """Compare two sets of goals."""
    then, this = dict(_said(before)), dict(_said(now))
    return Difference(
        added=tuple(named for named in this if named not in then),
        changed=tuple(n for n, said in this.items() if n in then and then[n] != said),
        removed=tuple(named for named in then if named not in this),
        moved=list(then) != list(this) and then == this,
    )


def _said(goals: Goals) -> Iterator[tuple[Named, Any]]:
    """Yield everything that has an id, each without what has one of its own."""
    for strategy in goals.strategies:
        yield ("strategy", strategy.id), placeless(strategy)
    for what, things in (
        ("customer", goals.customers),
        ("unit", goals.units),
        ("team", goals.teams),
        ("cycle", goals.cycles),
    ):
        yield from (((what, thing.id), placeless(thing)) for thing in things)
    if goals.journey:
        yield ("journey", "journey"), placeless(goals.journey)
    for objective in goals.objectives:
        yield ("objective", objective.id), placeless(replace(objective, key_results=()))
        for kr in objective.key_results:
            yield ("key result", kr.id), placeless(kr)
    for hypothesis in goals.hypotheses:
        yield ("hypothesis", hypothesis.id), placeless(hypothesis)
    for belief in goals.beliefs:
        yield ("belief", belief.id), placeless(belief)
