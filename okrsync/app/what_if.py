"""Judge an item once more as if something were different; nothing is stored, nothing is asked.

The same code judges as for a plan, so that what is tried here is what would come of it.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okrsync.app.judging import Bench
from okrsync.core.goals import KeyResult, Objective
from okrsync.core.judge import judge
from okrsync.core.mapping import Mapping
from okrsync.core.matching import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.goals import Goal, Goals
    from okrsync.core.judge import Court
    from okrsync.core.ledger import ItemState
    from okrsync.core.mapping import MappingRule
    from okrsync.core.matching import Match
    from okrsync.core.signals import OwnWord
    from okrsync.core.vocabulary import Verdict
    from okrsync.core.work import WorkItem
    from okrsync.ports.store import Transaction


@dataclass(slots=True)
class Trial:
    """One judged item, to be judged again."""

    ctx: Context
    tx: Transaction
    bench: Bench
    judged: Judged

    @property
    def strategy(self) -> Strategy:
        """What it was judged by."""
        return self.bench.strategy

    @property
    def name(self) -> str:
        """What a command calls the item."""
        return self.called(self.judged.item)

    @property
    def speaking(self) -> OwnWord | None:
        """The word that decided: the item's own, or that of what it inherits from."""
        judgement = self.judged.judgement
        if judgement.source is None:
            return None if judgement.own.silent else judgement.own
        return next(word for word in self.judged.words if word.item is judgement.source)

    def called(self, item: WorkItem) -> str:
        """Name an item so that a command finds it and no other."""
        alone = len(self.tx.items_by_key(item.key)) == 1
        return shlex.quote(item.key if alone else f"{item.ref.tracker}:{item.key}")

    def judge(self, state: ItemState) -> Judged:
        """Judge it as if this were remembered of it."""
        return self.bench.one(self.tx, self.judged.item, state)

    def with_state(self, state: ItemState) -> Verdict:
        """Return the verdict as if this were remembered of it."""
        return self.judge(state).judgement.verdict

    def with_above(self, words: Sequence[OwnWord]) -> Verdict:
        """Return the verdict as if this were said above it."""
        return judge(self.judged.judgement.own, words, self.strategy.court).verdict

    def with_rules(self, rules: Iterable[MappingRule]) -> Verdict:
        """Return the verdict by other mapping rules."""
        court = self.strategy.court
        mapping = Mapping(rules=tuple(rules))
        matcher = Matcher(mapping, self.strategy.goals, self.ctx.vocabulary)
        return self._by(replace(court, matcher=matcher))

    def with_goals(self, changed: Iterable[Goal]) -> Verdict:
        """Return the verdict as if these goals stood in the files so."""
        court = self.strategy.court
        goals = _with(court.outlook.goals, changed)
        return self._by(replace(court, outlook=replace(court.outlook, goals=goals)))

    def matches(self, word: OwnWord) -> list[Match]:
        """Return every rule that applies to the item whose word this is, in order."""
        above = self.bench.above(self.tx, word.item)
        matcher = self.strategy.court.matcher
        return matcher.every(matcher.facts(word.item, above))

    def _by(self, court: Court) -> Verdict:
        bench = Bench(self.ctx, replace(self.strategy, court=court), self.bench.stops)
        return bench.one(self.tx, self.judged.item, self.judged.state).judgement.verdict


def _with(goals: Goals, changed: Iterable[Goal]) -> Goals:
    by_fold = {**goals.by_fold, **{goal.id.casefold(): goal for goal in changed}}
    for fold, goal in by_fold.items():
        if isinstance(goal, Objective):
            inside = [by_fold.get(kr.id.casefold(), kr) for kr in goal.key_results]
            key_results = tuple(kr for kr in inside if isinstance(kr, KeyResult))
            by_fold[fold] = replace(goal, key_results=key_results)
    return replace(goals, by_fold=by_fold)
