"""Find out what became of writes that a crash, a broken connection or a slow task left open.

Only the holder of the scope's lock resolves open intents.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.batches import batches
from okrsync.app.settling import close_intents
from okrsync.ports.tracker import TaskState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from okrsync.app.context import Context
    from okrsync.core.ledger import Intent
    from okrsync.core.names import Names
    from okrsync.core.work import ItemRef

LOST_TASK = timedelta(minutes=30)
"""How long items stay frozen if a write may have become a task whose id we never learnt."""


def recover(ctx: Context, tracker: str, scopes: Collection[str], names: Names) -> int:
    """Close every open intent of these scopes that can be closed; return how many were.

    Intents of items whose scope nobody knows any more, or that left all our scopes, are closed
    with them. What took effect is journalled under the run that meant it.
    """
    with ctx.store.begin() as tx:
        open_now = list(tx.open_intents(tracker))
        known = tx.items([intent.ref for intent in open_now])
    others = {scope.casefold() for scope in ctx.setups[tracker].scopes}
    others -= {scope.casefold() for scope in scopes}
    mine = [
        intent
        for intent in open_now
        if intent.ref not in known or known[intent.ref].item.scope.casefold() not in others
    ]
    ready = _ready(ctx, tracker, mine)
    for batch in batches(ready, 100):
        after = {item.ref: item for item in ctx.tracker(tracker).read([i.ref.id for i in batch])}
        close_intents(ctx, tracker, batch, after, names, acknowledged={})
    return len(ready)


def _ready(ctx: Context, tracker: str, intents: Sequence[Intent]) -> list[Intent]:
    """Leave out what a task of the tracker may still change."""
    running = {
        task: ctx.tracker(tracker).task(task) is TaskState.RUNNING
        for task in sorted({intent.task for intent in intents if intent.task})
    }
    young = ctx.now() - LOST_TASK
    return [
        intent
        for intent in intents
        if not (running[intent.task] if intent.task else intent.batch and intent.opened > young)
    ]


def frozen(ctx: Context) -> frozenset[ItemRef]:
    """Return the items with an open intent; they are in no plan."""
    with ctx.store.begin() as tx:
        return frozenset(intent.ref for intent in tx.open_intents())
