"""Look for label definitions that went, on trackers whose labels have definitions (LABELS.md 4).

Deleting or renaming a definition takes a label off many items at once, and may move the `updated`
of none of them on: no reading of changes would show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.batches import batches
from okrsync.app.scope_reading import read_directly

if TYPE_CHECKING:
    from collections.abc import Collection

    from okrsync.app.context import Context
    from okrsync.core.names import Names


def look_at_definitions(
    ctx: Context, tracker: str, scopes: Collection[str], names: Names, *, run: int
) -> int:
    """Read directly the items of these scopes that carry a label whose definition went.

    Returns how many there were.
    """
    with ctx.store.begin() as tx:
        held = tx.held_definitions(tracker)
    definitions = ctx.tracker(tracker).definitions() if held else None
    if definitions is None:
        return 0
    gone = [
        (label, label_id)
        for label, label_id in held
        if definitions.get(label_id, "").casefold() != label.casefold()
    ]
    folded = {scope.casefold() for scope in scopes}
    with ctx.store.begin() as tx:
        known = tx.items(tx.carriers(tracker, gone)) if gone else {}
    concerned = [ref for ref, one in known.items() if one.item.scope.casefold() in folded]
    for batch in batches(concerned, 200):
        read_directly(ctx, tracker, batch, names, run=run)
    return len(concerned)
