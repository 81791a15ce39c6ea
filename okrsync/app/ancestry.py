"""What is above items, and what each of it says at its own level. Reads the store only.

Many items hang below the same things: what was found for one is kept for the next, and read again
only when there were too many others in between.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from okrsync.app.grounds import told_of
from okrsync.app.spreading import spreads
from okrsync.core.names import follow_renames
from okrsync.core.signals import own_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okrsync.app.strategy import Strategy
    from okrsync.core.ledger import ItemState
    from okrsync.core.signals import OwnWord
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import Transaction

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

DEEPEST = 20
"""How many levels of ancestors are followed; a circle ends here at the latest."""
KEPT = 2_000
"""How many ancestors are kept in memory; more of them are read again when needed."""

Pair = tuple["WorkItem", "ItemState"]
Beside = tuple["ItemRef | None", tuple["ItemRef", ...]]
"""The parent and the containers that an item has in common with those beside it."""


@dataclass(frozen=True, slots=True)
class Above:
    """All that is above an item, nearest first: the parent chain, then what holds all of these."""

    items: tuple[WorkItem, ...] = ()
    refs: tuple[ItemRef, ...] = ()
    words: tuple[OwnWord, ...] = ()
    """What each of them says at its own level."""
    told: tuple[str, ...] = ()
    """What a judgement may rest on of each of them."""


NOTHING = Above()


@dataclass(slots=True)
class Ancestry:
    """Finds what is above items of one strategy."""

    strategy: Strategy
    _items: OrderedDict[ItemRef, Pair | None] = field(default_factory=OrderedDict)
    _words: OrderedDict[ItemRef, OwnWord] = field(default_factory=OrderedDict)
    _above: OrderedDict[Beside, Above] = field(default_factory=OrderedDict)
    _spreads: dict[str, int] = field(default_factory=dict)
    """Of each tracker, as of when what is kept was read."""

    def load(self, tx: Transaction, items: Sequence[WorkItem]) -> None:
        """Read everything above these items in one go a level, unless it is kept and holds."""
        self._forget_old(tx, items)
        fresh = {(one.parent, one.containers): one for one in items}
        wanted = {
            up for beside, one in fresh.items() if beside not in self._above for up in one.ups
        }
        for _ in range(DEEPEST):
            missing = {ref for ref in wanted if ref not in self._items}
            if not missing:
                return
            self._load(tx, missing)
            found = (self._items.get(ref) for ref in missing)
            wanted = {up for one in found if one is not None for up in one[0].ups}

    def above(self, tx: Transaction, item: WorkItem) -> Above:
        """Return what is above an item; where parents form a circle, each counts once."""
        beside = (item.parent, item.containers)
        if beside == _ALONE:
            return NOTHING
        known = self._above.get(beside)
        if known is not None and item.ref not in known.refs:
            return known
        found = self._found(tx, item)
        if not any(item.ref in one.ups for one in (item, *found.items)):
            _keep(self._above, beside, found)
        return found

    def _forget_old(self, tx: Transaction, items: Sequence[WorkItem]) -> None:
        now = {tracker: spreads(tx, tracker) for tracker in {one.ref.tracker for one in items}}
        if now.items() <= self._spreads.items():
            return
        self._spreads |= now
        for kept in (self._items, self._words, self._above):
            kept.clear()

    def _found(self, tx: Transaction, item: WorkItem) -> Above:
        pairs = self._pairs(tx, item)
        items = tuple(up for up, _ in pairs)
        words = tuple(self._word(tx, up, state) for up, state in pairs)
        vocabulary = self.strategy.names.vocabulary
        told = tuple(told_of(up, state, vocabulary) for up, state in pairs)
        return Above(items, tuple(up.ref for up in items), words, told)

    def _pairs(self, tx: Transaction, item: WorkItem) -> tuple[Pair, ...]:
        chain: list[Pair] = []
        known = {item.ref}
        current = item
        while current.parent is not None and len(chain) < DEEPEST:
            found = self._get(tx, current.parent)
            if found is None or found[0].ref in known:
                break
            known.add(found[0].ref)
            chain.append(found)
            current = found[0]
        return (*chain, *self._holders(tx, [item, *(up for up, _ in chain)]))

    def _holders(self, tx: Transaction, held: Sequence[WorkItem]) -> list[Pair]:
        """Return what holds these and what holds that: all projects, milestones, initiatives."""
        known = {one.ref for one in held}
        found: list[Pair] = []
        waiting = [ref for one in held for ref in one.containers]
        for ref in waiting:  # grows while it is gone through
            holder = None if ref in known else self._get(tx, ref)
            if holder is not None:
                known.add(ref)
                found.append(holder)
                waiting.extend(holder[0].containers)
        return sorted(found, key=lambda holder: holder[0].ref.distance)

    def _word(self, tx: Transaction, item: WorkItem, state: ItemState) -> OwnWord:
        word = self._words.get(item.ref)
        if word is None:
            court = self.strategy.court
            above = [up for up, _ in self._pairs(tx, item)]
            state = follow_renames(state, self.strategy.names)
            word = own_word(item, state, above, matcher=court.matcher, written=court.written)
            _keep(self._words, item.ref, word)
        return word

    def _get(self, tx: Transaction, ref: ItemRef) -> Pair | None:
        if ref not in self._items:
            self._load(tx, {ref})
        return self._items[ref]

    def _load(self, tx: Transaction, refs: Iterable[ItemRef]) -> None:
        wanted = list(refs)
        known, states = tx.items(wanted), tx.states(wanted)
        for ref in wanted:
            found = known.get(ref)
            _keep(self._items, ref, None if found is None else (found.item, states[ref]))


_ALONE: Beside = (None, ())


def _keep(cache: OrderedDict[K, V], key: K, value: V) -> None:
    cache[key] = value
    if len(cache) > KEPT:
        cache.popitem(last=False)
