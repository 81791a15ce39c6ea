"""Find the item a person means by a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.place import did_you_mean
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from okrsync.app.context import Context
    from okrsync.ports.store import MirroredItem, Transaction


def find_item(ctx: Context, tx: Transaction, key: str) -> MirroredItem:
    """Return the mirrored item called *key*: ``PAY-12``, or ``tracker:PAY-12`` where two are.

    Raises:
        UsageError: none is, or several are; the hint names the candidates.

    """
    tracker, _, bare = key.rpartition(":")
    if tracker and tracker not in ctx.setups:
        raise UsageError(
            f"no tracker is called {tracker!r}", hint=did_you_mean(tracker, ctx.setups)
        )
    found = [one for one in tx.items_by_key(bare) if not tracker or one.item.ref.tracker == tracker]
    if not found:
        raise UsageError(
            f"no item {key!r} in the mirror", hint="`okrsync pull` reads the trackers afresh"
        )
    if len(found) > 1:
        names = ", ".join(f"{one.item.ref.tracker}:{one.item.key}" for one in found)
        raise UsageError(f"{key!r} is the name of several items", hint=f"say which: {names}")
    return found[0]
