"""Judge mirrored items one by one, with what is above them. Reads the store, never a tracker."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from okrsync.app.pull import DEEPEST, ups
from okrsync.core.judge import judge
from okrsync.core.ledger import Basis, ItemState
from okrsync.core.names import follow_renames
from okrsync.core.plan import left_alone, wish
from okrsync.core.signals import own_word
from okrsync.ports.store import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okrsync.app.context import Context
    from okrsync.app.strategy import Strategy
    from okrsync.core.judge import Judgement
    from okrsync.core.plan import Stops, Wish
    from okrsync.core.signals import OwnWord
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import Transaction

V = TypeVar("V")

KEPT = 20_000
"""How many ancestors are kept in memory; more of them are read again when needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item, what we think of it, and what we would write."""

    item: WorkItem
    state: ItemState
    judgement: Judgement
    wish: Wish
    cause: Cause
    basis: Basis
    alone: bool
    """It was finished too long ago to be touched."""
    above: tuple[WorkItem, ...] = ()
    words: tuple[OwnWord, ...] = ()
    """What each of them says at its own level."""

    @property
    def inherits(self) -> tuple[str, ...]:
        """The goals it would inherit if it said nothing itself."""
        speaking = next((word for word in self.words if not word.silent), None)
        return () if speaking is None else tuple(s.goal for s in speaking.strongest)


@dataclass(slots=True)
class Bench:
    """Judges items of one strategy; keeps what it learnt of ancestors."""

    ctx: Context
    strategy: Strategy
    stops: Stops
    _items: OrderedDict[ItemRef, tuple[WorkItem, ItemState] | None] = field(
        default_factory=OrderedDict
    )
    _words: OrderedDict[ItemRef, OwnWord] = field(default_factory=OrderedDict)

    def page(
        self, tx: Transaction, items: Sequence[WorkItem], states: Mapping[ItemRef, ItemState]
    ) -> Iterator[Judged]:
        """Judge these items; everything above them is read in one go a level."""
        self._load_above(tx, items)
        for item in items:
            yield self.one(tx, item, states[item.ref])

    def one(self, tx: Transaction, item: WorkItem, state: ItemState) -> Judged:
        """Judge one item."""
        names, court = self.strategy.names, self.strategy.court
        state = follow_renames(state, names)
        above = self.above(tx, item)
        words = [self._word(tx, up, seen) for up, seen in above]
        own = own_word(item, state, [up for up, _ in above], matcher=court.matcher, names=names)
        judgement = judge(own, words, court)
        plan = wish(
            item,
            state,
            judgement,
            undisturbed=self._undisturbed(own, words, judgement, state),
            vocabulary=self.ctx.vocabulary,
            stops=self.stops,
            now=self.ctx.now(),
        )
        basis = self._basis(item, state, above)
        return Judged(
            item=item,
            state=state,
            judgement=judgement,
            wish=plan,
            cause=_cause(state.basis, basis),
            basis=basis,
            alone=left_alone(item, now=self.ctx.now(), done_within=self.ctx.policy.done_within),
            above=tuple(up for up, _ in above),
            words=tuple(words),
        )

    def undisturbed(self, tx: Transaction, item: WorkItem, state: ItemState) -> frozenset[str]:
        """Return the labels an item would carry without vetoes, mutes and disputes."""
        judged = self.one(tx, item, state)
        plain = replace(judged.judgement.own, vetoes=frozenset())
        return judge(plain, judged.words, self.strategy.court).desired

    def _undisturbed(
        self, own: OwnWord, words: Iterable[OwnWord], judgement: Judgement, state: ItemState
    ) -> frozenset[str]:
        if state.hold is None or not own.vetoes:
            return judgement.desired
        return judge(replace(own, vetoes=frozenset()), words, self.strategy.court).desired

    def above(self, tx: Transaction, item: WorkItem) -> list[tuple[WorkItem, ItemState]]:
        """Return an item's ancestors, nearest first: the parent chain, then what holds each."""
        chain: list[tuple[WorkItem, ItemState]] = []
        known = {item.ref}
        current = item
        while current.parent is not None and len(chain) < DEEPEST:
            found = self._get(tx, current.parent)
            if found is None or found[0].ref in known:
                break
            known.add(found[0].ref)
            chain.append(found)
            current = found[0]
        holders = [ref for one in (item, *(up for up, _ in chain)) for ref in one.containers]
        for ref in dict.fromkeys(holders):
            found = self._get(tx, ref)
            if found is not None and ref not in known:
                known.add(ref)
                chain.append(found)
        return chain

    def _word(self, tx: Transaction, item: WorkItem, state: ItemState) -> OwnWord:
        word = self._words.get(item.ref)
        if word is None:
            names, court = self.strategy.names, self.strategy.court
            above = [up for up, _ in self.above(tx, item)]
            word = own_word(
                item, follow_renames(state, names), above, matcher=court.matcher, names=names
            )
            _keep(self._words, item.ref, word)
        return word

    def _get(self, tx: Transaction, ref: ItemRef) -> tuple[WorkItem, ItemState] | None:
        if ref not in self._items:
            self._load(tx, {ref})
        return self._items[ref]

    def _load_above(self, tx: Transaction, items: Sequence[WorkItem]) -> None:
        wanted = {up for item in items for up in ups(item)}
        for _ in range(DEEPEST):
            missing = {ref for ref in wanted if ref not in self._items}
            if not missing:
                return
            self._load(tx, missing)
            found = (self._items.get(ref) for ref in missing)
            wanted = {up for one in found if one is not None for up in ups(one[0])}

    def _load(self, tx: Transaction, refs: Iterable[ItemRef]) -> None:
        wanted = list(refs)
        known, states = tx.items(wanted), tx.states(wanted)
        for ref in wanted:
            found = known.get(ref)
            _keep(self._items, ref, None if found is None else (found.item, states[ref]))

    def _basis(
        self, item: WorkItem, state: ItemState, above: Sequence[tuple[WorkItem, ItemState]]
    ) -> Basis:
        told = [_told(item, state, self.ctx), *(_told(up, seen, self.ctx) for up, seen in above)]
        facts = repr((self.strategy.work_digest, told)).encode()
        return Basis(
            work=hashlib.blake2b(facts, digest_size=8).hexdigest(),
            goals=self.strategy.goals_digest,
        )


def _told(item: WorkItem, state: ItemState, ctx: Context) -> tuple[object, ...]:
    return (
        item.ref.id,
        item.title,
        item.text,
        item.type,
        item.status,
        item.category.value,
        item.scope,
        item.projects,
        item.components,
        item.milestone,
        item.initiatives,
        item.team,
        sorted(item.fields.items()),
        sorted(ctx.vocabulary.without(item.labels) - state.believed),
        [(act.kind.value, act.goal) for act in state.acts],
        sorted(row.label for row in state.rows if row.origin.value == "found"),
        sorted(state.foreign),
    )


def _cause(before: Basis | None, now: Basis) -> Cause:
    if before is not None and before.work == now.work and before.goals != now.goals:
        return Cause.GOALS
    return Cause.WORK


def _keep(cache: OrderedDict[ItemRef, V], key: ItemRef, value: V) -> None:
    cache[key] = value
    if len(cache) > KEPT:
        cache.popitem(last=False)
