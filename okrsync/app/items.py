"""Find the item a person means by a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.place import did_you_mean
from okrsync.core.work import ItemRef
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.app.context import Context
    from okrsync.ports.store import MirroredItem, Transaction


def find_item(ctx: Context, tx: Transaction, key: str) -> MirroredItem:
    """Return the mirrored item called *key*: ``PAY-12``, or ``tracker:PAY-12`` where two are.

    Containers are called by their names; where several are alike, by their refs.

    Raises:
        UsageError: none is, or several are; the hint names the candidates.

    """
    found = tx.items_by_key(key) or _of_tracker(ctx, tx, key)
    if not found:
        raise UsageError(
            f"no item {key!r} in the mirror", hint="`okrsync pull` reads the trackers afresh"
        )
    if len(found) > 1:
        raise UsageError(
            f"{key!r} is the name of several items", hint=f"say which: {', '.join(_apart(found))}"
        )
    return found[0]


def _of_tracker(ctx: Context, tx: Transaction, key: str) -> Sequence[MirroredItem]:
    tracker, colon, bare = key.partition(":")
    if not colon:
        return ()
    if tracker not in ctx.setups:
        raise UsageError(
            f"no tracker is called {tracker!r}", hint=did_you_mean(tracker, ctx.setups)
        )
    called = [one for one in tx.items_by_key(bare) if one.item.ref.tracker == tracker]
    return called or list(tx.items([ItemRef(tracker, bare)]).values())


def _apart(found: Sequence[MirroredItem]) -> Sequence[str]:
    """Return names that tell these apart: keys if there is one in each tracker, else refs."""
    names = [f"{one.item.ref.tracker}:{one.item.key}" for one in found]
    return names if len(set(names)) == len(names) else [str(one.item.ref) for one in found]
