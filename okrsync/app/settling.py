"""Close intents with what really came of them: journal and ledger in one transaction.

The one place where a write becomes a fact (LABELS.md 14 to 16), after an apply and after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.journal import entry_of, late_entry
from okrsync.app.memory import caught_up, definitions_for, histories_of
from okrsync.app.vanishing import lose
from okrsync.core.ledger import IntentOutcome
from okrsync.core.observe import Loss, vanished_definitions
from okrsync.core.replay import history_needed
from okrsync.core.settle import needs_history, settle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okrsync.app.context import Context
    from okrsync.core.ledger import Intent, ItemState
    from okrsync.core.names import Names
    from okrsync.core.settle import Settled
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import Transaction


@dataclass(slots=True)
class Outcome:
    """What became of some intents."""

    settled: list[Settled] = field(default_factory=list)
    gone: list[Intent] = field(default_factory=list)


def close_intents(
    ctx: Context,
    tracker: str,
    intents: Sequence[Intent],
    after: Mapping[ItemRef, WorkItem],
    names: Names,
    *,
    acknowledged: Mapping[int, bool],
) -> Outcome:
    """Settle *intents* by direct reads *after*; an item not among them is gone.

    *acknowledged* says, by intent id, whether the tracker said that it made the edit.
    """
    there = [intent for intent in intents if intent.ref in after]
    refs = [intent.ref for intent in there]
    with ctx.store.begin() as tx:
        states, known = tx.states(refs), tx.intents_of(refs)
    others = {i.ref: [other for other in known[i.ref] if other.id != i.id] for i in there}
    done = {intent.id: acknowledged.get(intent.id, False) for intent in there}
    unclear = [i for i in there if needs_history(i, after[i.ref], names, acknowledged=done[i.id])]
    since = {i.ref: history_needed(i.since, others[i.ref]) for i in unclear}
    histories = histories_of(ctx, tracker, since, since)
    after, histories = caught_up(ctx, tracker, after, histories, since)
    definitions = definitions_for(ctx, tracker, [states[i.ref] for i in unclear])
    outcome = Outcome(gone=[intent for intent in intents if intent.ref not in after])
    for intent in there:
        state = states[intent.ref]
        settled = settle(
            state,
            intent,
            after[intent.ref],
            names,
            history=histories.get(intent.ref),
            intents=others[intent.ref],
            acknowledged=done[intent.id],
            now=ctx.now(),
            undefined=vanished_definitions(state, definitions),
        )
        outcome.settled.append(settled)
    with ctx.store.begin() as tx:
        _store(ctx, tx, outcome, after)
        _mirror_after(tx, after)
        lost = _lost(states, outcome.settled)
        if lost:
            scopes = {ref: after[ref].scope for ref, _ in lost}
            lose(ctx, tx, tracker, scopes, lost, names=names)
    return outcome


def close_refused(ctx: Context, intents: Sequence[Intent]) -> None:
    """Close intents of which the tracker said that nothing was done: they explain no change.

    What was to be held as the write would leave it is not held.
    """
    now = ctx.now()
    with ctx.store.begin() as tx:
        states = tx.states([intent.ref for intent in intents])
        tx.put_states(
            replace(states[i.ref], hold=None)
            for i in intents
            if (hold := states[i.ref].hold) is not None and hold.run == i.run
        )
        tx.put_intents(
            replace(intent, closed=now, outcome=IntentOutcome.REFUSED, task=None)
            for intent in intents
        )


def _store(
    ctx: Context,
    tx: Transaction,
    outcome: Outcome,
    after: Mapping[ItemRef, WorkItem],
) -> None:
    tx.put_states(settled.state for settled in outcome.settled)
    tx.put_intents(settled.intent for settled in outcome.settled)
    tx.put_intents(late.intent for settled in outcome.settled for late in settled.late)
    now = ctx.now()
    tx.put_intents(
        replace(intent, closed=now, outcome=IntentOutcome.GONE, task=None)
        for intent in outcome.gone
    )
    tx.add_entries(
        entry_of(
            one.intent,
            after[one.intent.ref],
            added=one.added,
            removed=one.removed,
            after=tuple(sorted(ctx.vocabulary.of(after[one.intent.ref].labels))),
            at=now,
        )
        for one in outcome.settled
        if one.added or one.removed
    )
    tx.add_entries(
        late_entry(late, after[one.intent.ref], ctx.vocabulary, now)
        for one in outcome.settled
        for late in one.late
    )


def _mirror_after(tx: Transaction, after: Mapping[ItemRef, WorkItem]) -> None:
    known = tx.items(after)
    tx.put_items(replace(it, item=after[ref], direct=True) for ref, it in known.items())


def _lost(
    before: Mapping[ItemRef, ItemState], settled: Sequence[Settled]
) -> list[tuple[ItemRef, Loss]]:
    """Name labels that went while we wrote, and not through us."""
    return [
        (one.state.ref, Loss(label=label, proven=True, defined=label not in one.undefined))
        for one in settled
        for label in sorted(before[one.state.ref].believed - one.state.believed - _by_us(one))
    ]


def _by_us(settled: Settled) -> frozenset[str]:
    late = (label for one in settled.late for label in one.removed)
    return frozenset((*settled.removed, *late))
