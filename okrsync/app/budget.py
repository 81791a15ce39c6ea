"""What a day's limit has left (LABELS.md 11), for the guard and once more for each write.

A pass plans within what is left, and another may plan within the same while the first one writes.
So each batch weighs again, in the transaction that promises to write it: transactions that write
take turns, and no two of them spend the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from okrsync.app.context import Context
    from okrsync.ports.store import PlannedEdit, Transaction

WINDOW = timedelta(hours=24)
SPENT = "other work used up what may change in a day (sync.max_changes) meanwhile"


def spent(
    ctx: Context, tx: Transaction, pairs: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], int]:
    """Count, by tracker and cause, the labels that changed within a day or still may."""
    since = ctx.now() - WINDOW
    found = Counter({pair: tx.changes_since(*pair, since) for pair in pairs})
    for intent in tx.open_intents():
        if intent.budget is not None:  # it may still become a change
            found[intent.ref.tracker, intent.budget] += len(intent.add) + len(intent.remove)
    return found


def fitting(
    ctx: Context, tx: Transaction, edits: Sequence[PlannedEdit]
) -> tuple[list[PlannedEdit], list[tuple[PlannedEdit, str]]]:
    """Part what the day's limits have room for from the rest, with the reason."""
    used = Counter(spent(ctx, tx, {(edit.ref.tracker, edit.cause.value) for edit in edits}))
    fits: list[PlannedEdit] = []
    rest: list[tuple[PlannedEdit, str]] = []
    for edit in edits:
        pair, size = (edit.ref.tracker, edit.cause.value), len(edit.add) + len(edit.remove)
        if used[pair] + size > ctx.policy.limits.max_changes:
            rest.append((edit, SPENT))
        else:
            used[pair] += size
            fits.append(edit)
    return fits, rest
