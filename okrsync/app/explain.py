"""Everything okrsync knows and thinks of one item: what was tried, decided, written, held back.

From the mirror only; nothing is asked of a tracker and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.app.items import find_item
from okrsync.app.judging import Bench
from okrsync.app.vanishing import stops
from okrsync.core.signals import vetoes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.ledger import ItemState
    from okrsync.core.matching import Tried
    from okrsync.core.signals import OwnWord
    from okrsync.ports.store import Entry, MirroredItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One vocabulary label on the item, and whose it is."""

    label: str
    whose: str
    """ours, theirs, found, foreign."""
    since: datetime | None = None
    run: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One item with all that was tried on it."""

    found: MirroredItem
    judged: Judged
    own: OwnWord
    tried: tuple[Tried, ...]
    """Every rule in order, with the facts where it matched."""
    above: tuple[OwnWord, ...]
    """What each ancestor says at its own level, nearest first."""
    labels: tuple[Held, ...]
    others: int
    """How many labels are on it that are none of okrsync's business."""
    vetoed: tuple[str, ...]
    journal: tuple[Entry, ...]
    frozen: bool
    """A write to it is not finished."""


def judge_item(ctx: Context, strategy: Strategy, key: str) -> Judged:
    """Judge the item that a person means by *key*."""
    with ctx.store.begin() as tx:
        item = find_item(ctx, tx, key).item
        return Bench(ctx, strategy, stops(tx)).one(tx, item, tx.states([item.ref])[item.ref])


def explain(ctx: Context, strategy: Strategy, key: str) -> Explained:
    """Gather everything about the item that a person means by *key*."""
    with ctx.store.begin() as tx:
        found = find_item(ctx, tx, key)
        item = found.item
        judged = Bench(ctx, strategy, stops(tx)).one(tx, item, tx.states([item.ref])[item.ref])
        journal = tuple(tx.entries_about(item.ref))
        icy = any(intent.ref == item.ref for intent in tx.open_intents(item.ref.tracker))
    matcher = strategy.court.matcher
    return Explained(
        found=found,
        judged=judged,
        own=judged.judgement.own,
        tried=tuple(matcher.try_all(matcher.facts(item, judged.above))),
        above=judged.words,
        labels=tuple(_labels(judged.state)),
        others=len(ctx.vocabulary.without(item.labels)),
        vetoed=tuple(sorted(vetoes(judged.state, strategy.names))),
        journal=journal,
        frozen=icy,
    )


def _labels(state: ItemState) -> Iterator[Held]:
    for row in state.rows:
        yield Held(label=row.label, whose=row.origin.value, since=row.since, run=row.run)
    for label in sorted(state.foreign):
        yield Held(label=label, whose="foreign")
