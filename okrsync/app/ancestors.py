"""Read what is above our items and in no scope of ours, so that what it says is inherited.

New ancestors are read in the pass that first sees them. A pass that asks for changes alone reads
those that are known again once an hour: nothing cheaper tells that they changed, and a webhook may
ring earlier. Every other pass reads them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.ancestry import DEEPEST
from okrsync.app.batches import batches
from okrsync.app.memory import hear
from okrsync.app.scope_reading import lose_sight
from okrsync.ports.store import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okrsync.app.context import Context
    from okrsync.core.names import Names
    from okrsync.core.work import ItemRef, WorkItem


def read_ancestors(
    ctx: Context, tracker: str, names: Names, *, run: int, again: bool, fresh: bool
) -> None:
    """Read every ancestor that is due, and what is above it.

    With *again* also those that are known; *fresh* says whether items were read that may hang
    below something new.
    """
    with ctx.store.begin() as tx:
        wanted = tx.missing_above(tracker) if again or fresh else set()
        if not again:
            wanted -= tx.heads(wanted).keys()
    _read(ctx, tracker, wanted, names, run=run)


def _read(ctx: Context, tracker: str, wanted: set[ItemRef], names: Names, *, run: int) -> None:
    seen: set[ItemRef] = set()
    for _ in range(DEEPEST):
        wanted -= seen
        if not wanted:
            return
        seen |= wanted
        found: dict[ItemRef, WorkItem] = {}
        for batch in batches(sorted(wanted), 200):
            for item in ctx.tracker(tracker).read([ref.id for ref in batch]):
                found[item.ref] = item
        _hear(ctx, tracker, found, wanted, names, run=run)
        wanted = _outside(ctx, {up for item in found.values() for up in item.ups})


def _hear(
    ctx: Context,
    tracker: str,
    found: Mapping[ItemRef, WorkItem],
    wanted: Iterable[ItemRef],
    names: Names,
    *,
    run: int,
) -> None:
    for batch in batches(found.values(), 200):
        roles = {item.ref: Role.ANCESTOR for item in batch}
        hear(ctx, tracker, batch, names, run=run, role_of=roles)
    with ctx.store.begin() as tx:
        lose_sight(tx, set(wanted) - set(found))


def _outside(ctx: Context, refs: set[ItemRef]) -> set[ItemRef]:
    with ctx.store.begin() as tx:
        known = tx.heads(refs)
    return {ref for ref in refs if ref not in known or known[ref].role is not Role.ITEM}
