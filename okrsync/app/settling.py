"""Close intents with what really came of them: journal and ledger in one transaction.

The one place where a write becomes a fact (LABELS.md 14 to 16), after an apply and after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.memory import histories_of
from okrsync.app.vanishing import lose
from okrsync.core.ledger import IntentOutcome
from okrsync.core.observe import Loss
from okrsync.core.settle import needs_history, settle
from okrsync.ports.store import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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


def unchanged(_tx: Transaction, _ref: ItemRef, state: ItemState) -> ItemState:
    """Leave the state of a settled item as it is."""
    return state


def close_intents(
    ctx: Context,
    tracker: str,
    intents: Sequence[Intent],
    after: Mapping[ItemRef, WorkItem],
    names: Names,
    *,
    acknowledged: Mapping[int, bool],
    finish: Callable[[Transaction, ItemRef, ItemState], ItemState] = unchanged,
) -> Outcome:
    """Settle *intents* by direct reads *after*; an item not among them is gone.

    *acknowledged* says, by intent id, whether the tracker said that it made the edit. *finish*
    may change the state that is stored (an undo holds the item).
    """
    there = [intent for intent in intents if intent.ref in after]
    unclear = [i for i in there if needs_history(i, after[i.ref], names)]
    since = {intent.ref: intent.since for intent in unclear}
    histories = histories_of(ctx, tracker, [intent.ref for intent in unclear], since)
    outcome = Outcome(gone=[intent for intent in intents if intent.ref not in after])
    with ctx.store.begin() as tx:
        refs = [intent.ref for intent in there]
        states, others = tx.states(refs), tx.intents_of(refs)
        for intent in there:
            settled = settle(
                states[intent.ref],
                intent,
                after[intent.ref],
                names,
                history=histories.get(intent.ref),
                intents=[other for other in others[intent.ref] if other.id != intent.id],
                acknowledged=acknowledged.get(intent.id, False),
                now=ctx.now(),
            )
            outcome.settled.append(replace(settled, state=finish(tx, intent.ref, settled.state)))
        _store(ctx, tx, outcome, after)
        _mirror_after(tx, after)
        lost = _lost(states, outcome.settled)
        if lost:
            scopes = {ref: after[ref].scope for ref, _ in lost}
            lose(ctx, tx, tracker, scopes, lost, names=names)
    return outcome


def _store(
    ctx: Context,
    tx: Transaction,
    outcome: Outcome,
    after: Mapping[ItemRef, WorkItem],
) -> None:
    tx.put_states(settled.state for settled in outcome.settled)
    tx.put_intents(settled.intent for settled in outcome.settled)
    tx.put_intents(late for settled in outcome.settled for late in settled.late)
    now = ctx.now()
    tx.put_intents(
        replace(intent, closed=now, outcome=IntentOutcome.GONE, task=None)
        for intent in outcome.gone
    )
    tx.add_entries(
        _entry(settled, after[settled.intent.ref], ctx=ctx)
        for settled in outcome.settled
        if settled.added or settled.removed
    )


def _entry(settled: Settled, item: WorkItem, *, ctx: Context) -> Entry:
    intent = settled.intent
    return Entry(
        run=intent.run,
        ref=intent.ref,
        key=item.key,
        scope=item.scope,
        at=ctx.now(),
        before=intent.before,
        after=intent.after or (),
        added=settled.added,
        removed=settled.removed,
        budget=intent.budget,
        because=intent.because,
    )


def _mirror_after(tx: Transaction, after: Mapping[ItemRef, WorkItem]) -> None:
    known = tx.items(after)
    tx.put_items(replace(it, item=after[ref], direct=True) for ref, it in known.items())


def _lost(
    before: Mapping[ItemRef, ItemState], settled: Sequence[Settled]
) -> list[tuple[ItemRef, Loss]]:
    """Name labels that somebody took away while we wrote."""
    return [
        (one.state.ref, Loss(label=label, proven=True))
        for one in settled
        for label in sorted(before[one.state.ref].believed - one.state.believed)
        if label not in one.removed
    ]
