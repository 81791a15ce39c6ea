"""Judge mirrored items one by one, with what is above them. Reads the store, never a tracker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.ancestry import Ancestry
from okrsync.app.grounds import Grounds
from okrsync.core.judge import judge
from okrsync.core.names import follow_renames
from okrsync.core.plan import left_alone, wish
from okrsync.core.signals import own_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.strategy import Strategy
    from okrsync.core.judge import Judgement
    from okrsync.core.ledger import Basis, ItemState
    from okrsync.core.plan import Stops, Wish
    from okrsync.core.signals import OwnWord
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import Cause, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item, what we think of it, and what we would write."""

    item: WorkItem
    state: ItemState
    judgement: Judgement
    wish: Wish
    grounds: Grounds
    alone: bool
    """It was finished too long ago to be touched."""

    @property
    def above(self) -> tuple[WorkItem, ...]:
        """All that is above it, nearest first."""
        return self.grounds.above.items

    @property
    def words(self) -> tuple[OwnWord, ...]:
        """What each of these says at its own level."""
        return self.grounds.above.words

    @property
    def basis(self) -> Basis:
        """What the judgement rests on."""
        return self.grounds.basis()

    @property
    def cause(self) -> Cause:
        """What brought about that the judgement is another than the last time."""
        return self.grounds.cause()

    @property
    def inherits(self) -> tuple[str, ...]:
        """The goals it would inherit if it said nothing itself."""
        speaking = next((word for word in self.words if not word.silent), None)
        return () if speaking is None else tuple(s.goal for s in speaking.strongest)


@dataclass(slots=True)
class Bench:
    """Judges items of one strategy, all as of one moment; keeps what it learnt of ancestors."""

    ctx: Context
    strategy: Strategy
    stops: Stops
    _ancestry: Ancestry = field(init=False)
    _now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._ancestry = Ancestry(self.strategy)
        self._now = self.ctx.now()

    def page(
        self, tx: Transaction, items: Sequence[WorkItem], states: Mapping[ItemRef, ItemState]
    ) -> Iterator[Judged]:
        """Judge these items; everything above them is read in one go a level."""
        self._ancestry.load(tx, items)
        for item in items:
            yield self.one(tx, item, states[item.ref])

    def one(self, tx: Transaction, item: WorkItem, state: ItemState) -> Judged:
        """Judge one item."""
        court = self.strategy.court
        state = follow_renames(state, court.names)
        above = self._ancestry.above(tx, item)
        own = own_word(item, state, above.items, matcher=court.matcher, written=court.written)
        judgement = judge(own, above.words, court)
        plan = wish(
            item,
            state,
            judgement,
            undisturbed=self._undisturbed(own, above.words, judgement, state),
            vocabulary=self.ctx.vocabulary,
            stops=self.stops,
            now=self._now,
        )
        return Judged(
            item=item,
            state=state,
            judgement=judgement,
            wish=plan,
            grounds=Grounds(self.strategy, item, state, above),
            alone=left_alone(item, now=self._now, done_within=self.ctx.policy.done_within),
        )

    def undisturbed(self, tx: Transaction, item: WorkItem, state: ItemState) -> frozenset[str]:
        """Return the labels an item would carry without vetoes, mutes and disputes."""
        judged = self.one(tx, item, state)
        plain = replace(judged.judgement.own, vetoes=frozenset())
        return judge(plain, judged.words, self.strategy.court).desired

    def above(self, tx: Transaction, item: WorkItem) -> tuple[WorkItem, ...]:
        """Return an item's ancestors, nearest first: the parent chain, then what holds these."""
        return self._ancestry.above(tx, item).items

    def _undisturbed(
        self, own: OwnWord, words: Iterable[OwnWord], judgement: Judgement, state: ItemState
    ) -> frozenset[str]:
        if state.hold is None or not own.vetoes:
            return judgement.desired
        return judge(replace(own, vetoes=frozenset()), words, self.strategy.court).desired
