"""What goals refer to: every name must be known, and parents must lead upwards for ever.

One message a reference, with the nearest known id. Nothing is looked up case aside here: a file
that says `kr-repeat` for `KR-REPEAT` gets a hint, not a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from okrsync.core.place import Place, Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from okrsync.core.goals import Goals, ParentLink

Spots = Mapping[tuple[Place, str, str], Place]
"""Place of the referring thing, key and word -> where exactly the word stands."""


def references(
    goals: Goals, spots: Spots, unreadable: Collection[str] = frozenset()
) -> Iterator[Problem]:
    """Yield a problem for each reference to nothing."""
    book = _Book(goals, spots, unreadable)
    for team in goals.teams:
        yield from book.check(team.place, "unit", _given(team.unit), "unit")
    for objective in goals.objectives:
        at = objective.place
        for team_id in objective.teams:
            key = "team" if (at, "team", team_id) in spots else "teams"
            yield from book.check(at, key, (team_id,), "team")
        yield from book.check(at, "unit", _given(objective.unit), "unit")
        yield from book.check(at, "cycle", _given(objective.cycle), "cycle")
        yield from book.check(at, "strategy", objective.strategy, "strategy or value")
        yield from book.parents(objective.parents)
        for kr in objective.key_results:
            yield from book.parents(kr.parents)
    for hypothesis in goals.hypotheses:
        at = hypothesis.place
        yield from book.check(at, "serves", hypothesis.serves, "key result")
        yield from book.check(at, "cycle", _given(hypothesis.cycle), "cycle")
    for belief in goals.beliefs:
        yield from book.check(belief.place, "objectives", belief.objectives, "objective")


def circles(goals: Goals) -> Iterator[Problem]:
    """Yield a problem for each circle of parents, with all who stand in it.

    A key result leads where its own parents and its objective's lead; an objective, where its
    own and its key results' lead.
    """
    above = _above(goals)
    while circle := _circle(above):
        first, second = circle[0], circle[1]
        place = above[first].pop(second)
        yield Problem(place, f"OKR103: circle of parents: {' → '.join(circle)}")


def _given(word: str | None) -> tuple[str, ...]:
    return (word,) if word else ()


class _Book:
    """Every id by kind, to look references up in."""

    def __init__(self, goals: Goals, spots: Spots, unreadable: Collection[str]) -> None:
        values = [value.id for strategy in goals.strategies for value in strategy.value_map]
        self._known: dict[str, Collection[str]] = {
            "team": [team.id for team in goals.teams],
            "unit": [unit.id for unit in goals.units],
            "cycle": [cycle.id for cycle in goals.cycles],
            "strategy or value": [*(strategy.id for strategy in goals.strategies), *values],
            "objective": [objective.id for objective in goals.objectives],
            "key result": [kr.id for kr in goals.key_results],
        }
        self._known = {kind: dict.fromkeys(ids) for kind, ids in self._known.items()}
        self._above = {*self._known["objective"], *self._known["key result"]}
        self._goals = goals
        self._spots = spots
        self._unreadable = unreadable

    def check(self, at: Place, key: str, words: Iterable[str], kind: str) -> Iterator[Problem]:
        """Look up *words*, which stand under *key* of the thing at *at*."""
        for word in words:
            if word not in self._known[kind] and word not in self._unreadable:
                place = self._spots.get((at, key, word), at)
                told = f"there is no {kind} {word!r}"
                yield self._unknown(place, told, word, kind)

    def parents(self, links: Iterable[ParentLink]) -> Iterator[Problem]:
        """Look up parents: objectives and key results only."""
        for link in links:
            if link.id in self._above or link.id in self._unreadable:
                continue
            other = self._goals.by_fold.get(link.id.casefold())
            if other is not None and other.id == link.id:
                told = f"parent {link.id!r} is no objective or key result"
                yield Problem(link.place, f"OKR103: {told}")
            else:
                told = f"parent {link.id!r} is no goal"
                yield self._unknown(link.place, told, link.id, None)

    def _unknown(self, place: Place, told: str, word: str, kind: str | None) -> Problem:
        now = self._goals.renamed.get(word.casefold())
        if now is not None:
            return Problem(place, f"OKR103: {told}", f"its id is {now!r} now")
        known = self._above if kind is None else self._known[kind]
        return Problem(place, f"OKR103: {told}", did_you_mean(word, known))


def _above(goals: Goals) -> dict[str, dict[str, Place]]:
    above: dict[str, dict[str, Place]] = {}
    for objective in goals.objectives:
        own = _links(objective.parents)
        below = [link for kr in objective.key_results for link in kr.parents]
        above[objective.id] = _links(below) | own
        for kr in objective.key_results:
            above[kr.id] = own | _links(kr.parents)
    return above


def _links(links: Iterable[ParentLink]) -> dict[str, Place]:
    return {link.id: link.place for link in links}


def _circle(above: Mapping[str, Mapping[str, Place]]) -> list[str]:
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found if found[1] in above[found[0]] else found[::-1]
    return []
