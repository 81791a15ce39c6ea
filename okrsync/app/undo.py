"""Take a run back: a plan like any other, and afterwards the items are held (LABELS.md 17)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okrsync.app.judging import Bench
from okrsync.app.proposals import Proposal, store_proposal
from okrsync.app.vanishing import stops
from okrsync.core.ledger import Hold
from okrsync.core.names import follow_renames
from okrsync.core.signals import vetoes
from okrsync.errors import UsageError
from okrsync.ports.store import PlannedEdit, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.strategy import Strategy
    from okrsync.core.ledger import ItemState
    from okrsync.core.names import Names
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import Entry, MirroredItem, Transaction

PURPOSE = "undo:"


def plan_undo(ctx: Context, strategy: Strategy, undone: int, *, run: int) -> Proposal:
    """Plan to invert what run *undone* changed, on items that are still as it left them.

    Raises:
        UsageError: there is no such run, or it changed nothing.

    """
    with ctx.store.begin() as tx:
        if tx.run(undone) is None:
            raise UsageError(f"there is no run {undone}", hint="`okrsync runs` lists them")
        entries = list(tx.entries_of(undone))
        if not entries:
            raise UsageError(f"run {undone} changed no label")
        by_ref: dict[ItemRef, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_ref[entry.ref].append(entry)
        edits, left = _edits(ctx, tx, strategy, undone, by_ref)
    why = "an undo is approved by a person"
    return Proposal(store_proposal(ctx, f"{PURPOSE}{undone}", edits, run=run, why=why), left)


def _edits(
    ctx: Context,
    tx: Transaction,
    strategy: Strategy,
    undone: int,
    by_ref: dict[ItemRef, list[Entry]],
) -> tuple[list[PlannedEdit], list[tuple[str, str]]]:
    """Return what takes the run back, and what is left as it is, each with the reason."""
    known, states = tx.items(by_ref), tx.states(by_ref)
    edits: list[PlannedEdit] = []
    left: list[tuple[str, str]] = []
    for ref in sorted(by_ref):
        last = by_ref[ref][-1]
        if ref not in known:
            left.append((last.key, "it cannot be read any more"))
            continue
        state = follow_renames(states[ref], strategy.names)
        edit = _inverse(known[ref].item, state, by_ref[ref], undone)
        why = (
            _out_of_reach(known[ref])
            or _why_not(edit, last, state, strategy.names, ctx.now())
            or _written_again(tx, edit, last, state)
        )
        if why:
            left.append((known[ref].item.key, why))
        elif edit.add or edit.remove:
            edits.append(edit)
    return edits, left


def _inverse(
    item: WorkItem, state: ItemState, entries: Sequence[Entry], undone: int
) -> PlannedEdit:
    """Invert all that a run did to one item: its first before-image against its last after."""
    before, after = set(entries[0].before), set(entries[-1].after)
    added = {label for entry in entries for label in entry.added}
    removed = {label for entry in entries for label in entry.removed}
    return PlannedEdit(
        ref=item.ref,
        key=item.key,
        scope=item.scope,
        title=item.title,
        url=item.url,
        add=tuple(sorted((removed & before) - after)),
        remove=tuple(sorted((added & after) - before)),
        before=tuple(sorted(state.believed)),
        fingerprint=state.fingerprint,
        verdict=None,
        because=f"undo of run {undone}",
    )


def _out_of_reach(known: MirroredItem) -> str:
    return "" if known.role is Role.ITEM else "it is in no scope of ours any more"


def _why_not(edit: PlannedEdit, last: Entry, state: ItemState, names: Names, now: datetime) -> str:
    if state.believed != frozenset(last.after):
        return "its labels changed since"
    foreign = [label for label in edit.remove if label not in state.ours]
    if foreign:
        return f"{foreign[0]} is not ours any more"
    against = _against(state, names, now)
    return next((why for label in edit.add if (why := against(label))), "")


def _written_again(tx: Transaction, edit: PlannedEdit, last: Entry, state: ItemState) -> str:
    """Name a label that another run wrote since; an undo only put it back."""
    for label in edit.remove:
        row = state.row(label)
        if row is None or row.run == last.run:
            continue
        run = None if row.run is None else tx.run(row.run)
        if run is None or run.kind != "undo":
            return f"{label} was written again since"
    return ""


def _against(state: ItemState, names: Names, now: datetime) -> Callable[[str], str]:
    """Return what tells why a label may not be added again."""
    vetoed = vetoes(state, names)
    unwanted = {label.casefold() for label in state.mutes | state.unwritten}
    disputed = {d.label.casefold() for d in state.disputes if d.until > now}

    def against(label: str) -> str:
        if names.of_label(label) in vetoed or label.casefold() in unwanted:
            return f"a person took {label} away since"
        if label.casefold() in disputed:
            return f"{label} did not stick"
        if state.foreign and names.vocabulary.verdict_of(label) is not None:
            return f"okrsync did not write the verdict that is there: {min(state.foreign)}"
        return ""

    return against


@dataclass(slots=True)
class Holder:
    """Holds every item that an undo changed, until its labels would change of themselves."""

    ctx: Context
    strategy: Strategy
    run: int

    def __call__(self, tx: Transaction, ref: ItemRef, state: ItemState) -> ItemState:
        """Return the state, held."""
        known = tx.items([ref]).get(ref)
        if known is None:
            return state
        bench = Bench(self.ctx, self.strategy, stops(tx))
        desired = bench.undisturbed(tx, known.item, state)
        return replace(state, hold=Hold(desired=tuple(sorted(desired)), run=self.run))
