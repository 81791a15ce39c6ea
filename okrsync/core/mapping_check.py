"""Mistakes that only show when rules are held against each other or against the trackers.

A rule is reported as never reached only if that is certain; where it is too hard to tell, nothing
is said. Rules that are switched off take nothing.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from okrsync.core.implication import Among, Either, Not, claim, contradicts_itself, implies
from okrsync.core.place import Problem, did_you_mean
from okrsync.core.rule_index import needed_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from okrsync.core.conditions import Key
    from okrsync.core.implication import Atom, Claim
    from okrsync.core.mapping import Condition, Mapping, MappingRule
    from okrsync.core.place import Place


def unknown_trackers(mapping: Mapping, known: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each tracker that a rule names and nobody configured."""
    folded = {name.casefold() for name in known}
    for rule in mapping.rules:
        for name, place in _trackers(rule.when):
            if name.casefold() not in folded:
                hint = did_you_mean(name, known) or f"configured: {', '.join(sorted(known))}"
                yield Problem(place, f"no tracker is called {name!r}", hint)


def _trackers(condition: Condition) -> Iterator[tuple[str, Place]]:
    yield from ((name, condition.place) for name in condition.tracker)
    for nested in (*condition.any, *condition.all, *condition.none):
        yield from _trackers(nested)


_CLOSELY = 20
"""How many earlier rules that speak of the same words are held against a rule."""


def never_reached(rules: Sequence[MappingRule]) -> Iterator[Problem]:
    """Yield a problem for each enabled rule that cannot be the first to match any item."""
    before = _Earlier()
    for rule in rules:
        if not rule.enabled:
            continue
        claimed = claim(rule.when)
        if contradicts_itself(claimed):
            told = f"the rule {rule.id!r} can never match: its conditions exclude each other"
            yield Problem(rule.place, told, "no item is all of that at once; correct its 'when'")
            continue
        takers = _takers(claimed, before.near(claimed))
        if takers:
            yield _taken(rule, takers)
        else:
            before.add(rule, claimed)


def _taken(rule: MappingRule, takers: Sequence[MappingRule]) -> Problem:
    names = " and ".join(repr(taker.id) for taker in takers)
    take = "takes" if len(takers) == 1 else "take"
    told = f"the rule {rule.id!r} can never match: {names} before it {take} all of it"
    first = takers[0]
    return Problem(rule.place, told, f"put it before {first.id!r} ({first.place}), or remove it")


def _takers(claimed: Claim, near: Sequence[tuple[MappingRule, Claim]]) -> Sequence[MappingRule]:
    """Find the earlier rule, or the several together, that take every item of this one."""
    for taker, taken in near:
        if implies(claimed, taken):
            return (taker,)
    together = Either(tuple(taken for _, taken in near))
    if len(near) > 1 and implies(claimed, (together,)):
        return [taker for taker, _ in near]
    return ()


class _Earlier:
    """The rules before one, found by what they need: most speak of other words."""

    def __init__(self) -> None:
        self._rules: list[tuple[MappingRule, Claim]] = []
        self._by_need: defaultdict[tuple[Key, str], list[int]] = defaultdict(list)
        self._always: list[int] = []

    def add(self, rule: MappingRule, claimed: Claim) -> None:
        """Put a rule behind the others."""
        position = len(self._rules)
        self._rules.append((rule, claimed))
        needed = needed_for(rule.when)
        if needed is None:
            self._always.append(position)
        for need in needed or ():
            self._by_need[need].append(position)

    def near(self, claimed: Claim) -> Sequence[tuple[MappingRule, Claim]]:
        """Return the first few of the rules that may take something of what is claimed."""
        said = set(_said(claimed))
        found = set(self._always).union(*(self._by_need.get(word, ()) for word in said))
        held_against = (self._rules[position] for position in sorted(found))
        return list(islice((one for one in held_against if _may_take(one[1], said)), _CLOSELY))


def _said(claimed: Claim) -> Iterator[tuple[Key, str]]:
    """Yield the words that may be known of an item, also where they are one of several cases."""
    for atom in claimed:
        match atom:
            case Among(key, words):
                yield from ((key, word) for word in words)
            case Either(branches):
                for branch in branches:
                    yield from _said(branch)
            case Not():
                pass


def _may_take(claimed: Claim, said: Collection[tuple[Key, str]]) -> bool:
    return all(_may_hold(atom, said) for atom in claimed)


def _may_hold(atom: Atom, said: Collection[tuple[Key, str]]) -> bool:
    match atom:
        case Among(key, words):
            return any((key, word) in said for word in words)
        case Either(branches):
            return any(_may_take(branch, said) for branch in branches)
        case Not():
            return True
