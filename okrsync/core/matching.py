"""Compile mapping rules and apply them to items, with the fact behind every match.

Conditions see an item's labels without our vocabulary, so that okrsync never feeds on itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import re2

from okrsync.core.place import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from okrsync.core.goals import Goals, Team, WorksIn
    from okrsync.core.mapping import Condition, Mapping, MappingRule
    from okrsync.core.place import Place
    from okrsync.core.vocabulary import Vocabulary
    from okrsync.core.work import WorkItem


@dataclass(frozen=True, slots=True)
class Facts:
    """An item as conditions see it."""

    item: WorkItem
    team: str | None
    above: tuple[str, ...]
    """The keys of all ancestors."""
    labels: tuple[str, ...]
    """Without our vocabulary."""


Test = Callable[[Facts], str | None]
"""Returns the fact that makes a condition true, or None."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that applies to an item, and why."""

    rule: MappingRule
    because: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule as tried on an item, for `explain`."""

    rule: MappingRule
    because: str | None
    """The facts that matched; None where it did not match."""


class Matcher:
    """All enabled rules, compiled once."""

    def __init__(self, mapping: Mapping, goals: Goals, vocabulary: Vocabulary) -> None:
        self._rules = [(rule, _all_of(rule.when)) for rule in mapping.rules if rule.enabled]
        self._exempting = [(rule, test) for rule, test in self._rules if rule.exempt is not None]
        self._teams = TeamFinder(goals.teams)
        self._vocabulary = vocabulary

    def facts(self, item: WorkItem, above: Sequence[WorkItem] = ()) -> Facts:
        """Look at an item the way conditions do; *above* are its ancestors."""
        labels = tuple(sorted(self._vocabulary.without(item.labels)))
        return Facts(item, self._teams.team_of(item), tuple(up.key for up in above), labels)

    def first(self, facts: Facts) -> Match | None:
        """Return the first rule in order that applies."""
        return next(_matches(self._rules, facts), None)

    def exempting(self, facts: Facts) -> Match | None:
        """Return the first exempting rule that applies, wherever it stands."""
        return next(_matches(self._exempting, facts), None)

    def try_all(self, facts: Facts) -> list[Tried]:
        """Try every enabled rule, also those after the first that applies."""
        return [Tried(rule, test(facts)) for rule, test in self._rules]

    def team_of(self, item: WorkItem) -> str | None:
        """Return the id of the team whose item it is."""
        return self._teams.team_of(item)


def _matches(rules: Iterable[tuple[MappingRule, Test]], facts: Facts) -> Iterator[Match]:
    for rule, test in rules:
        because = test(facts)
        if because is not None:
            yield Match(rule, because)


def _all_of(when: Condition) -> Test:
    tests = list(_tests(when))

    def test(facts: Facts) -> str | None:
        found = []
        for one in tests:
            because = one(facts)
            if because is None:
                return None
            found.append(because)
        return " and ".join(found)

    return test


def _tests(when: Condition) -> Iterable[Test]:
    yield from (
        _words(what, getattr(when, key), read) for key, what, read in _WORDS if getattr(when, key)
    )
    if when.title_matches:
        yield _pattern("title", when.title_matches, lambda facts: facts.item.title)
    if when.text_matches:
        yield _pattern("text", when.text_matches, lambda facts: facts.item.text)
    for name, values in sorted(when.field.items()):
        yield _words(f"field {name!r}", values, _field(name))
    if when.any:
        yield _any_of(when.any)
    for nested in when.all:
        yield _all_of(nested)
    for nested in when.none:
        yield _none_of(nested)


Read = Callable[[Facts], "tuple[str | None, ...]"]

_WORDS: tuple[tuple[str, str, Read], ...] = (
    ("tracker", "tracker", lambda facts: (facts.item.ref.tracker,)),
    ("scope", "scope", lambda facts: (facts.item.scope,)),
    ("project", "project", lambda facts: facts.item.projects),
    ("team", "team", lambda facts: (facts.team,)),
    ("type", "type", lambda facts: (facts.item.type,)),
    ("label", "label", lambda facts: facts.labels),
    ("component", "component", lambda facts: facts.item.components),
    ("status", "status", lambda facts: (facts.item.status, facts.item.category.value)),
    ("parent", "parent", lambda facts: facts.above),
    ("milestone", "milestone", lambda facts: (facts.item.milestone,)),
    ("initiative", "initiative", lambda facts: facts.item.initiatives),
)


def _field(name: str) -> Read:
    return lambda facts: facts.item.fields.get(name, ())


def _words(what: str, wanted: Sequence[str], read: Read) -> Test:
    folded = {word.casefold() for word in wanted}

    def test(facts: Facts) -> str | None:
        for word in read(facts):
            if word is not None and word.casefold() in folded:
                return f"{what} is {word!r}"
        return None

    return test


def _pattern(what: str, patterns: Sequence[str], read: Callable[[Facts], str | None]) -> Test:
    compiled = [compile_pattern(pattern) for pattern in patterns]

    def test(facts: Facts) -> str | None:
        text = read(facts)
        if not text:
            return None
        for pattern in compiled:
            if hit := pattern.search(text):
                return f"{what} says {hit.group(0)!r}"
        return None

    return test


def compile_pattern(pattern: str) -> re2._Regexp[str]:
    """Compile an RE2 pattern that disregards case unless it says otherwise.

    Raises:
        re2.error: RE2 does not take it; the text says why.

    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(pattern, options)


def _any_of(nested: Sequence[Condition]) -> Test:
    tests = [_all_of(condition) for condition in nested]
    return lambda facts: next(
        (because for test in tests if (because := test(facts)) is not None), None
    )


def _none_of(nested: Condition) -> Test:
    test = _all_of(nested)
    return lambda facts: "none of the exceptions holds" if test(facts) is None else None


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


class TeamFinder:
    """Finds the team whose `works_in` an item is in; of several the most specific entry wins."""

    def __init__(self, teams: Iterable[Team]) -> None:
        entries = [(place, team.id) for team in teams for place in team.works_in]
        self._entries = sorted(entries, key=lambda entry: -_conditions(entry[0]))

    def team_of(self, item: WorkItem) -> str | None:
        """Return the team's id."""
        return next((team for place, team in self._entries if _in(place, item)), None)


def _conditions(place: WorksIn) -> int:
    return sum(x is not None for x in (place.scope, place.component, place.team))


def _in(place: WorksIn, item: WorkItem) -> bool:
    return (
        place.tracker == item.ref.tracker
        and (place.scope is None or place.scope.casefold() == item.scope.casefold())
        and (place.component is None or _folded(place.component, item.components))
        and (place.team is None or (item.team is not None and _folded(place.team, (item.team,))))
    )


def _folded(word: str, words: Iterable[str]) -> bool:
    return word.casefold() in (other.casefold() for other in words)
