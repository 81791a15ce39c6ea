"""Everything okrsync knows and thinks of one item: what was tried, decided, written, held back.

From the mirror only; nothing is asked of a tracker and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.app.items import find_item
from okrsync.app.judging import Bench
from okrsync.app.smallest_change import Change, smallest_changes
from okrsync.app.vanishing import stops
from okrsync.app.what_if import Trial
from okrsync.core.signals import SignalKind, vetoes
from okrsync.ports.store import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.goals import Goal
    from okrsync.core.ledger import ItemState
    from okrsync.core.matching import Tried
    from okrsync.core.signals import OwnWord, Signal
    from okrsync.core.written import Written
    from okrsync.ports.store import Entry, MirroredItem, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One vocabulary label on the item, and whose it is."""

    label: str
    whose: str
    """ours, theirs, found, foreign."""
    since: datetime | None = None
    run: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One kind of signal as looked for on the item, and what it said there."""

    kind: SignalKind
    signals: tuple[Signal, ...] = ()
    silent_because: str = ""
    """Why it said nothing, if it did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One item with all that was tried on it."""

    found: MirroredItem
    judged: Judged
    own: OwnWord
    heard: tuple[Heard, ...]
    """Every kind of signal, the strongest first."""
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
    changes: tuple[Change, ...]
    """The smallest change of each reach that would alter the verdict; none if none would."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks about: a goal, or an item as judged with what would alter that."""

    goal: Goal | None = None
    judged: Judged | None = None
    changes: tuple[Change, ...] = ()
    also: str = ""
    """The command for the item that has the same name as the goal, if one has."""


def asked_about(ctx: Context, strategy: Strategy, word: str) -> Asked:
    """Find the goal or else the item that a person means by *word*; the id of a goal wins."""
    goal = strategy.goals.goal(word)
    with ctx.store.begin() as tx:
        if goal is None:
            trial = _trial(ctx, tx, strategy, find_item(ctx, tx, word))
            return Asked(judged=trial.judged, changes=smallest_changes(trial))
        same = tx.items_by_key(word)
    also = f"okrsync why {same[0].item.ref.tracker}:{same[0].item.key}" if same else ""
    return Asked(goal=goal, also=also)


def explain(ctx: Context, strategy: Strategy, key: str) -> Explained:
    """Gather everything about the item that a person means by *key*."""
    with ctx.store.begin() as tx:
        found = find_item(ctx, tx, key)
        trial = _trial(ctx, tx, strategy, found)
        ref = found.item.ref
        journal = tuple(tx.entries_about(ref))
        icy = any(intent.ref == ref for intent in tx.open_intents(ref.tracker))
        changes = smallest_changes(trial) if found.role is Role.ITEM else ()
    judged, matcher = trial.judged, strategy.court.matcher
    return Explained(
        found=found,
        judged=judged,
        own=judged.judgement.own,
        heard=tuple(_heard(judged.judgement.own, strategy)),
        tried=tuple(matcher.try_all(matcher.facts(found.item, judged.above))),
        above=judged.words,
        labels=tuple(_labels(judged.state)),
        others=len(ctx.vocabulary.without(found.item.labels)),
        vetoed=tuple(sorted(vetoes(judged.state, strategy.names))),
        journal=journal,
        frozen=icy,
        changes=changes,
    )


def _trial(ctx: Context, tx: Transaction, strategy: Strategy, found: MirroredItem) -> Trial:
    bench = Bench(ctx, strategy, stops(tx))
    item = found.item
    judged = bench.one(tx, item, tx.states([item.ref])[item.ref])
    return Trial(ctx, tx, bench, judged)


def _heard(own: OwnWord, strategy: Strategy) -> Iterator[Heard]:
    for kind in SignalKind:
        said = tuple(signal for signal in own.signals if signal.kind is kind)
        silent = "" if said else _why_silent(kind, own, strategy.court.written)
        yield Heard(kind=kind, signals=said, silent_because=silent)


def _why_silent(kind: SignalKind, own: OwnWord, written: Written) -> str:
    """Say why a kind of signal says nothing about an item."""
    match kind:
        case SignalKind.EXPLICIT:
            return "no link by a label or a command is in force"
        case SignalKind.FIELD:
            configured = own.item.ref.tracker in written.field_names
            return "it names no goal" if configured else "no field for goals is configured"
        case SignalKind.MENTION:
            off = written.mentions is None
            return "mentions are off" if off else "neither title nor description mentions a goal"
        case SignalKind.RULE:
            match = own.exempt
            return "none applies" if match is None else f"{match.rule.id} comes first and exempts"
        case SignalKind.FOUND:
            return "no link label came with it"


def _labels(state: ItemState) -> Iterator[Held]:
    for row in state.rows:
        yield Held(label=row.label, whose=row.origin.value, since=row.since, run=row.run)
    for label in sorted(state.foreign):
        yield Held(label=label, whose="foreign")
