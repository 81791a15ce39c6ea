"""Count what mapping rules match in the mirror, and remember the counts of a day to compare with.

Only items that okrsync may label are counted: not what was finished long ago, nor what is mirrored
for inheritance.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.ancestry import Ancestry
from okrsync.app.batches import mirrored
from okrsync.app.context import RESTING, Progress
from okrsync.core.plan import left_alone
from okrsync.ports.store import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.mapping import MappingRule
    from okrsync.core.matching import Match
    from okrsync.ports.store import Transaction

Place = tuple[str, str]
SNAPSHOT = "rules"
"""The kind of the daily snapshot: how many items each rule matches."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """One rule, and how much of the work it matches."""

    rule: MappingRule
    matched: int | None
    """None where the rule is switched off."""
    taken: int = 0
    """Of these, how many an earlier rule takes."""
    takers: tuple[tuple[str, int], ...] = ()
    """Which rules take them, the greediest first."""
    before: int | None = None
    """How many it matched a week ago, if anybody counted."""

    @property
    def decides(self) -> int:
        """Of how many items it is the first rule to match."""
        return (self.matched or 0) - self.taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """All rules in order, with their counts."""

    rules: tuple[RuleCount, ...]
    items: int
    unmatched: int
    """Items that no rule matches."""
    compared_with: date | None
    """The day of the earlier counts."""


@dataclass(slots=True)
class Tally:
    """Counts matches as items pass."""

    items: int = 0
    unmatched: int = 0
    matched: Counter[str] = field(default_factory=Counter)
    takers: dict[str, Counter[str]] = field(default_factory=dict)
    """Rule -> by which earlier rules its items are taken."""

    def count(self, matches: Sequence[Match]) -> None:
        """Count the rules that match one item, given in order."""
        self.items += 1
        if not matches:
            self.unmatched += 1
            return
        first = matches[0].rule.id
        self.matched[first] += 1
        for match in matches[1:]:
            self.matched[match.rule.id] += 1
            self.takers.setdefault(match.rule.id, Counter())[first] += 1

    def record(self, tx: Transaction, day: date) -> None:
        """Keep the counts of the day."""
        tx.put_snapshot(SNAPSHOT, day, dict(self.matched))


class DailyCount:
    """Counts along with the first pass of a day that sees all work, to compare weeks with."""

    def __init__(self, ctx: Context, strategy: Strategy, scopes: Collection[Place]) -> None:
        self._ctx = ctx
        self._matcher = strategy.court.matcher
        with ctx.store.begin() as tx:
            known = tx.snapshot(SNAPSHOT, ctx.today())
        counts = set(ctx.scopes()) == set(scopes) and (known is None or known[0] != ctx.today())
        self._tally = Tally() if counts else None

    def look_at(self, judged: Judged) -> None:
        """Count the rules that match a judged item."""
        if self._tally is not None and not judged.alone:
            facts = self._matcher.facts(judged.item, judged.above)
            self._tally.count(self._matcher.every(facts))

    def close(self) -> None:
        """Keep the counts."""
        if self._tally is not None:
            with self._ctx.store.begin() as tx:
                self._tally.record(tx, self._ctx.today())


def counted(ctx: Context, strategy: Strategy) -> Counted:
    """Count in the whole mirror, and keep the counts of today."""
    tally = Tally()
    for matches in _matches(ctx, strategy):
        tally.count(matches)
    with ctx.store.begin() as tx:
        tally.record(tx, ctx.today())
        earlier = tx.snapshot(SNAPSHOT, ctx.today() - WEEK)
    day, before = earlier or (None, {})
    return Counted(
        rules=tuple(_count(rule, tally, before) for rule in strategy.mapping.rules),
        items=tally.items,
        unmatched=tally.unmatched,
        compared_with=day,
    )


def _matches(ctx: Context, strategy: Strategy) -> Iterator[list[Match]]:
    """Yield the rules that match, for each item."""
    matcher, ancestry = strategy.court.matcher, Ancestry(strategy)
    wanted = {(tracker, scope.casefold()) for tracker, scope in ctx.scopes()}
    now, done = ctx.now(), 0
    for page in mirrored(ctx, role=Role.ITEM):
        items = [
            one.item
            for one in page
            if (one.item.ref.tracker, one.item.scope.casefold()) in wanted
            and not left_alone(one.item, now=now, done_within=ctx.policy.done_within)
        ]
        done += len(page)
        ctx.tell(Progress("matching", done))
        with ctx.store.begin() as tx:
            ancestry.load(tx, items)
            facts = [matcher.facts(item, ancestry.above(tx, item).items) for item in items]
        yield from map(matcher.every, facts)
    ctx.tell(RESTING)


def _count(rule: MappingRule, tally: Tally, before: Mapping[str, int]) -> RuleCount:
    if not rule.enabled:
        return RuleCount(rule=rule, matched=None)
    takers = tally.takers.get(rule.id, Counter())
    return RuleCount(
        rule=rule,
        matched=tally.matched[rule.id],
        taken=takers.total(),
        takers=tuple(takers.most_common()),
        before=before.get(rule.id),
    )
