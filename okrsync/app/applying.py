"""Make a stored plan true, item by item, or leave an item alone and say that it moved.

LABELS.md 13 and 14: a lock on the scope, a direct read, a durable intent, the write, a direct
read again, and journal and ledger in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.batches import alike, batches
from okrsync.app.budget import fitting
from okrsync.app.context import Progress
from okrsync.app.pull import scopes_held
from okrsync.app.readiness import look_again
from okrsync.app.recover import recover
from okrsync.app.settling import close_intents, close_refused
from okrsync.core.ledger import Intent
from okrsync.core.work import LabelEdit
from okrsync.errors import TrackerError
from okrsync.ports.tracker import EditOutcome, EditResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okrsync.app.context import Context
    from okrsync.app.settling import Outcome
    from okrsync.core.ledger import ItemState
    from okrsync.core.names import Names
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import PlannedEdit, StoredPlan, Transaction

Prepare = Callable[["Transaction", "ItemRef", "ItemState"], "ItemState"]

BATCH = 50
"""How many items are read, written and settled together."""
LARGEST = 1000
"""How many are where the tracker takes them in one go; a crash leaves at most so many open."""


@dataclass(slots=True)
class Applied:
    """What an apply did; every edit that was to go is counted in exactly one way."""

    done: int = 0
    moved: list[tuple[PlannedEdit, str]] = field(default_factory=list)
    refused: list[tuple[PlannedEdit, str]] = field(default_factory=list)
    gone: list[PlannedEdit] = field(default_factory=list)
    unfinished: list[PlannedEdit] = field(default_factory=list)
    failed: list[tuple[PlannedEdit, str]] = field(default_factory=list)
    """The tracker failed; what became of these is found out by the next run."""
    disputed: list[tuple[PlannedEdit, str]] = field(default_factory=list)
    """Of the done: a label did not stick."""
    added: int = 0
    removed: int = 0


@dataclass(slots=True, kw_only=True)
class Applier:
    """Applies one plan. What a person *approved* weighs on no limit."""

    ctx: Context
    names: Names
    run: int
    approved: bool = False
    prepare: Prepare | None = None
    """Changes the state of an item about to be written, such as holding it for an undo."""
    applied: Applied = field(default_factory=Applied)
    _batches: int = 0
    _told: set[ItemRef] = field(default_factory=set)
    """Items of the present batch whose end is known."""

    def apply(self, plan: StoredPlan, may_go: Callable[[PlannedEdit], bool]) -> Applied:
        """Apply the edits of *plan* that may go."""
        done = 0
        for page in alike(self.ctx, plan.id, LARGEST):
            going = [edit for edit in page if may_go(edit)]
            for tracker in sorted({edit.ref.tracker for edit in going}):
                mine = [edit for edit in going if edit.ref.tracker == tracker]
                for piece in self._pieces(tracker, mine):
                    self._batch(tracker, piece)
            done += len(page)
            self.ctx.tell(Progress("writing labels", done, plan.items))
        return self.applied

    def _pieces(
        self, tracker: str, edits: Sequence[PlannedEdit]
    ) -> Iterator[Sequence[PlannedEdit]]:
        """Cut edits into batches: large ones only for what the tracker takes in one go."""
        try:
            together = self.ctx.tracker(tracker).lasting([_label_edit(edit) for edit in edits])
        except TrackerError:  # the batches will say so
            together = frozenset()
        if together:
            yield [edit for edit in edits if edit.ref in together]
        yield from batches((edit for edit in edits if edit.ref not in together), BATCH)

    def _batch(self, tracker: str, edits: Sequence[PlannedEdit]) -> None:
        self._told.clear()
        scopes = {edit.scope for edit in edits}
        with scopes_held(self.ctx, [(tracker, scope) for scope in scopes]):
            try:
                recover(self.ctx, tracker, scopes, self.names)
                ready = look_again(self.ctx, tracker, edits, self.names, run=self.run)
                self._note(self.applied.moved, ready.moved)
                self._note_gone(ready.gone)
                if ready.edits:
                    self._write(tracker, ready.edits, ready.items)
            except TrackerError as error:
                rest = [(edit, str(error)) for edit in edits if edit.ref not in self._told]
                self._note(self.applied.failed, rest)

    def _write(
        self, tracker: str, edits: Sequence[PlannedEdit], items: Mapping[ItemRef, WorkItem]
    ) -> None:
        lasting = self.ctx.tracker(tracker).lasting([_label_edit(edit) for edit in edits])
        edits, intents = self._intend(edits, items, lasting)
        if not edits:
            return
        wanted = [_label_edit(edit) for edit in edits]
        results = {edit.ref: _unheard(edit, edit.ref in lasting) for edit in wanted}
        try:
            for result in self.ctx.tracker(tracker).apply(wanted):
                results[result.edit.ref] = result
        finally:
            self._note_tasks(intents, results)
        refused = [i for i in intents if results[i.ref].outcome in _NOT_DONE]
        close_refused(self.ctx, refused)
        closing = [i for i in intents if _over(results[i.ref])]
        outcome = self._close(tracker, closing, results)
        self._account(edits, outcome, results)

    def _intend(
        self,
        edits: Sequence[PlannedEdit],
        items: Mapping[ItemRef, WorkItem],
        lasting: frozenset[ItemRef],
    ) -> tuple[Sequence[PlannedEdit], Sequence[Intent]]:
        """Promise to write what the day's limits have room for."""
        self._batches += 1
        rest: Sequence[tuple[PlannedEdit, str]] = ()
        with self.ctx.store.begin() as tx:
            if not self.approved:
                edits, rest = fitting(self.ctx, tx, edits)
            if self.prepare is not None:
                states = tx.states([edit.ref for edit in edits])
                tx.put_states([self.prepare(tx, ref, state) for ref, state in states.items()])
            meant = [self._intent(edit, items[edit.ref], edit.ref in lasting) for edit in edits]
            intents = tx.add_intents(meant)
        self._note(self.applied.moved, rest)
        return edits, intents

    def _intent(self, edit: PlannedEdit, item: WorkItem, lasting: bool) -> Intent:
        return Intent(
            id=0,
            ref=edit.ref,
            run=self.run,
            opened=self.ctx.now(),
            since=item.updated,
            before=edit.before,
            add=edit.add,
            remove=edit.remove,
            because=edit.because,
            budget=None if self.approved else edit.cause.value,
            batch=f"{self.run}.{self._batches}" if lasting else None,
        )

    def _note_tasks(self, intents: Iterable[Intent], results: Mapping[ItemRef, EditResult]) -> None:
        unfinished = [
            replace(intent, task=results[intent.ref].task)
            for intent in intents
            if results[intent.ref].outcome is EditOutcome.UNFINISHED
        ]
        if unfinished:
            with self.ctx.store.begin() as tx:
                tx.put_intents(unfinished)

    def _close(
        self, tracker: str, intents: Sequence[Intent], results: Mapping[ItemRef, EditResult]
    ) -> Outcome:
        """Settle what the tracker's answers or a direct read show."""
        after = {ref: r.after for ref, r in results.items() if r.after is not None}
        unread = [intent.ref.id for intent in intents if intent.ref not in after]
        if unread:
            after |= {item.ref: item for item in self.ctx.tracker(tracker).read(unread)}
        return close_intents(
            self.ctx,
            tracker,
            intents,
            after,
            self.names,
            acknowledged={i.id: results[i.ref].outcome is EditOutcome.DONE for i in intents},
        )

    def _account(
        self,
        edits: Iterable[PlannedEdit],
        outcome: Outcome,
        results: Mapping[ItemRef, EditResult],
    ) -> None:
        """Say of every edit how it ended."""
        by_ref = {edit.ref: edit for edit in edits}
        for settled in outcome.settled:
            self.applied.added += len(settled.added)
            self.applied.removed += len(settled.removed)
            edit, result = by_ref[settled.intent.ref], results[settled.intent.ref]
            self.applied.disputed += [(edit, label) for label in settled.disputed]
            self._end(edit, result, took=bool(settled.added or settled.removed))
        for edit in edits:
            if results[edit.ref].outcome in _NOT_DONE:
                self._end(edit, results[edit.ref], took=False)
        self._note_gone([by_ref[intent.ref] for intent in outcome.gone])
        waiting = [e for e in by_ref.values() if e.ref not in self._told]
        self.applied.unfinished += waiting
        self._told.update(edit.ref for edit in waiting)

    def _end(self, edit: PlannedEdit, result: EditResult, *, took: bool) -> None:
        if result.outcome is EditOutcome.DONE or (took and result.outcome is EditOutcome.UNKNOWN):
            self.applied.done += 1
            self._told.add(edit.ref)
        elif result.outcome in {EditOutcome.REFUSED, EditOutcome.GONE}:
            self._note(self.applied.refused, [(edit, result.message)])
        else:
            self._note(self.applied.failed, [(edit, result.message)])

    def _note(
        self, where: list[tuple[PlannedEdit, str]], more: Sequence[tuple[PlannedEdit, str]]
    ) -> None:
        where += more
        self._told.update(edit.ref for edit, _ in more)

    def _note_gone(self, edits: Sequence[PlannedEdit]) -> None:
        self.applied.gone += edits
        self._told.update(edit.ref for edit in edits)


_NOT_DONE = {EditOutcome.REFUSED, EditOutcome.FAILED}
_PERHAPS_DONE = {EditOutcome.DONE, EditOutcome.UNKNOWN, EditOutcome.GONE}


def _label_edit(edit: PlannedEdit) -> LabelEdit:
    return LabelEdit(edit.ref, add=edit.add, remove=edit.remove)


def _over(result: EditResult) -> bool:
    """Tell whether a direct read can decide what became of an edit: no task is at it any more."""
    return result.outcome in _PERHAPS_DONE and not result.lasting


def _unheard(edit: LabelEdit, lasting: bool) -> EditResult:
    """Stand for an answer that never came: it may have taken effect or not."""
    return EditResult(
        edit=edit, outcome=EditOutcome.UNKNOWN, lasting=lasting, message="no answer came"
    )
