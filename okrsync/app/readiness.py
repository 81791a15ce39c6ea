"""The last look before a write: which planned edits still hold, and why others do not.

The items are read directly, that read is heard like any other, and an item that is not exactly as
the plan assumed is left alone (LABELS.md 10 and 13).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.app.memory import hear, histories_of
from okrsync.app.recover import frozen
from okrsync.app.scope_reading import lose_sight
from okrsync.app.vanishing import stops
from okrsync.core.names import follow_renames
from okrsync.core.observe import note_foreign_adds
from okrsync.core.replay import history_needed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.core.ledger import ItemState
    from okrsync.core.names import Names
    from okrsync.core.plan import Stops
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import PlannedEdit


@dataclass(slots=True)
class Ready:
    """What a batch of planned edits came to before writing."""

    edits: list[PlannedEdit] = field(default_factory=list)
    items: dict[ItemRef, WorkItem] = field(default_factory=dict)
    moved: list[tuple[PlannedEdit, str]] = field(default_factory=list)
    gone: list[PlannedEdit] = field(default_factory=list)


def look_again(
    ctx: Context, tracker: str, edits: Sequence[PlannedEdit], names: Names, *, run: int
) -> Ready:
    """Read the items of these edits and keep the edits that still hold."""
    refs = [edit.ref for edit in edits]
    ready = Ready(items={item.ref: item for item in ctx.tracker(tracker).read(_ids(refs))})
    hear(ctx, tracker, list(ready.items.values()), names, run=run)
    icy = frozen(ctx)
    with ctx.store.begin() as tx:
        lose_sight(tx, set(refs) - ready.items.keys())
        states = {ref: follow_renames(state, names) for ref, state in tx.states(refs).items()}
        halted = stops(tx)
    for edit in edits:
        item = ready.items.get(edit.ref)
        if item is None:
            ready.gone.append(edit)
        elif edit.ref in icy:
            ready.moved.append((edit, "an earlier write to it is not finished"))
        elif why := _moved(edit, item, states[edit.ref], halted, ctx):
            ready.moved.append((edit, why))
        else:
            ready.edits.append(edit)
    _keep_ours(ctx, tracker, ready, states, names)
    return ready


def _ids(refs: Sequence[ItemRef]) -> list[str]:
    return [ref.id for ref in refs]


def _moved(edit: PlannedEdit, item: WorkItem, state: ItemState, halted: Stops, ctx: Context) -> str:
    """Say how an item differs from what the plan assumed, if it does."""
    if item.scope != edit.scope:
        return f"it is in {item.scope} now"
    if tuple(sorted(ctx.vocabulary.of(item.labels, edit.before))) != edit.before:
        return "its labels changed since the plan"
    if state.fingerprint != edit.fingerprint:
        return "what people said about it changed since the plan"
    return _halted(edit, item, state, halted)


def _halted(edit: PlannedEdit, item: WorkItem, state: ItemState, halted: Stops) -> str:
    tracker = edit.ref.tracker
    if state.stopped:
        return "it lost labels; see `okrsync labels vanished`"
    if (tracker, item.scope) in halted.scopes:
        return "its scope is stopped; see `okrsync labels vanished`"
    if any((tracker, label.casefold()) in halted.labels for label in (*edit.add, *edit.remove)):
        return "a label of it is stopped; see `okrsync labels vanished`"
    return ""


def _keep_ours(
    ctx: Context,
    tracker: str,
    ready: Ready,
    states: dict[ItemRef, ItemState],
    names: Names,
) -> None:
    """Before a removal, look who else added the label since it became ours (rule 10)."""
    losing = [edit for edit in ready.edits if edit.remove]
    refs = [edit.ref for edit in losing]
    with ctx.store.begin() as tx:
        intents = tx.intents_of(refs)
    since = {
        edit.ref: history_needed(_began(edit, states[edit.ref]), intents[edit.ref])
        for edit in losing
    }
    histories = histories_of(ctx, tracker, refs, since)
    with ctx.store.begin() as tx:
        for edit in losing:
            history, before = histories.get(edit.ref), states[edit.ref]
            if history is None:
                _move(ready, edit, "its history cannot be read")
                continue
            after = note_foreign_adds(before, history, intents[edit.ref], names)
            if after.rows != before.rows or after.foreign != before.foreign:
                tx.put_states([after])
                _move(ready, edit, "somebody else added a label of ours again")


def _began(edit: PlannedEdit, state: ItemState) -> datetime:
    return min(row.since for row in state.rows if row.label in edit.remove)


def _move(ready: Ready, edit: PlannedEdit, why: str) -> None:
    ready.edits.remove(edit)
    ready.moved.append((edit, why))
