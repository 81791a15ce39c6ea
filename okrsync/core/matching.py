"""Apply mapping rules to items: the first that matches decides, and says by which facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from okrsync.core.conditions import Facts, compile_condition
from okrsync.core.rule_index import RuleIndex
from okrsync.core.team_finder import TeamFinder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okrsync.core.goals import Goals
    from okrsync.core.mapping import Mapping, MappingRule
    from okrsync.core.vocabulary import Vocabulary
    from okrsync.core.work import WorkItem


class Match(NamedTuple):
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
        rules = [rule for rule in mapping.rules if rule.enabled]
        self._rules = [(rule, compile_condition(rule.when)) for rule in rules]
        self._index = RuleIndex([rule.when for rule in rules])
        self._teams = TeamFinder(goals.teams)
        self._vocabulary = vocabulary

    def facts(self, item: WorkItem, above: Sequence[WorkItem] = ()) -> Facts:
        """Look at an item the way conditions do; *above* are its ancestors."""
        labels = tuple(sorted(self._vocabulary.without(item.labels))) if item.labels else ()
        return Facts(item, self._teams.team_of(item), tuple([up.key for up in above]), labels)

    def matching(self, facts: Facts) -> Iterator[Match]:
        """Yield the rules that apply, in order; none is tried before it is asked for."""
        for position in self._index.candidates(facts):
            rule, test = self._rules[position]
            because = test(facts)
            if because is not None:
                yield Match(rule, because)

    def first(self, facts: Facts) -> Match | None:
        """Return the first rule in order that applies."""
        return next(self.matching(facts), None)

    def every(self, facts: Facts) -> list[Match]:
        """Return all rules that apply, in order."""
        return list(self.matching(facts))

    def try_all(self, facts: Facts) -> list[Tried]:
        """Try every enabled rule, also those after the first that applies."""
        return [Tried(rule, test(facts)) for rule, test in self._rules]

    def team_of(self, item: WorkItem) -> str | None:
        """Return the id of the team whose item it is."""
        return self._teams.team_of(item)
