"""Puts labels on issues and takes them off, many issues in one request, and says what became of it.

Only additions and removals are sent, never a whole set. A few edits go one by one, and so does
what once failed among others. Where Linear refuses to swap two labels of one group at once, the
old one is removed first and the new one added after. Nothing is sent any more once Linear is
evidently down, or okrsync about to leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.core.patience import Patience
from okrsync.errors import (
    ItemGoneError,
    TrackerError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync.ports.tracker import EditOutcome, EditResult
from okrsync_linear import batching
from okrsync_linear.batching import Ready
from okrsync_linear.documents import UPDATE_ISSUE
from okrsync_linear.failures import CredentialsError, NotExclusiveError, QueryTooComplexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from okrsync.core.work import LabelEdit, WorkItem
    from okrsync_linear.client import LinearClient
    from okrsync_linear.labels import Labels

WORTH_A_BATCH = 10
REMEMBERED = 10_000


class Writer:
    """Makes label edits; *look* reads one issue, *shown* translates one from an answer."""

    def __init__(
        self,
        client: LinearClient,
        labels: Labels,
        *,
        with_text: bool,
        look: Callable[[str], WorkItem | None],
        shown: Callable[[dict[str, Any]], WorkItem | None],
        stopping: Callable[[], bool],
    ) -> None:
        self._client = client
        self._labels = labels
        self._with_text = with_text
        self._look = look
        self._shown = shown
        self._stopping = stopping
        self._at_once = batching.MOST
        self._swaps_alone = False
        self._failed: dict[str, None] = {}

    def write(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Yield one result for each edit."""
        patience = Patience(self._stopping)
        labels = self._defined(edits, patience)
        ready = []
        for edit in edits:
            prepared = _unsent(edit, patience) or self._ready(edit, labels)
            if isinstance(prepared, Ready):
                ready.append(prepared)
            else:
                yield from _noted([prepared], patience)
        together, alone = self._parted(ready)
        yield from self._in_batches(together, alone, patience)
        for each in alone:
            yield from _noted([_unsent(each.edit, patience) or self._one(each)], patience)

    def _defined(
        self, edits: Sequence[LabelEdit], patience: Patience
    ) -> Mapping[str, str | TrackerError]:
        """Read the definitions as they are now, and create those that the edits need."""
        try:
            self._labels.refresh_to_write()
            return self._labels.ensure(name for edit in edits for name in edit.add)
        except TrackerError as error:
            patience.failed(str(error), hopeless=True)
            return {}

    def _ready(
        self, edit: LabelEdit, labels: Mapping[str, str | TrackerError]
    ) -> Ready | EditResult:
        """Put an edit into Linear's terms; return its result if there is nothing to send."""
        for name in edit.add:
            if isinstance(error := labels[name], TrackerError):
                return _undefined(edit, error)
        added = tuple(str(labels[name]) for name in edit.add)
        removed = tuple(i for name in edit.remove for i in self._labels.spelled(name))
        if not added and not removed:
            return self._nothing_to_send(edit)
        return Ready(edit, added, removed)

    def _parted(self, ready: Sequence[Ready]) -> tuple[list[Ready], list[Ready]]:
        """Return what is sent together, and what by itself."""
        fit = {
            each.edit.ref
            for each in ready
            if each.edit.ref.id not in self._failed and not (each.swaps and self._swaps_alone)
        }
        if len(fit) < WORTH_A_BATCH:
            return [], list(ready)
        together = [each for each in ready if each.edit.ref in fit]
        return together, [each for each in ready if each.edit.ref not in fit]

    def _in_batches(
        self, ready: Sequence[Ready], alone: list[Ready], patience: Patience
    ) -> Iterator[EditResult]:
        """Send the edits together; what must be sent by itself is put to those *alone*."""
        left = list(ready)
        while left and not patience.reason:
            batch, rest = left[: self._at_once], left[self._at_once :]
            try:
                answer = batching.send(self._client, batch, with_text=self._with_text)
            except QueryTooComplexError:
                self._at_once = max(1, len(batch) // 2)
                if len(batch) > 1:
                    continue
                alone += batch
            except CredentialsError as error:
                yield from _noted([_failed(each.edit, error) for each in batch], patience)
            except (TrackerRefusedError, ItemGoneError):
                alone += batch  # refused as a whole, for what may be wrong with one of them
            except TrackerError as error:
                yield from _noted([_failed(each.edit, error) for each in batch], patience)
            else:
                yield from _noted(self._judged(batch, answer), patience)
            left = rest
        alone += left

    def _judged(self, batch: Sequence[Ready], answer: batching.Answer) -> list[EditResult]:
        return [
            self._told(ready, answer.data.get(alias), answer.errors.get(alias))
            for ready, alias in ((each, batching.alias(n)) for n, each in enumerate(batch))
        ]

    def _told(self, ready: Ready, payload: Any, error: TrackerError | None) -> EditResult:
        """Return what the answer to a batch says of one edit."""
        if isinstance(error, NotExclusiveError) and ready.removed:
            result = self._in_two_steps(ready)
            self._swaps_alone |= result.outcome is EditOutcome.DONE
            return result
        if error is not None:
            self._remember(ready.edit.ref.id)
            return _failed(ready.edit, error)
        if isinstance(payload, dict) and payload.get("success"):
            return _done(ready.edit, self._shown_after(payload.get("issue")))
        message = "Linear did not say what became of it when another change failed"
        return _result(ready.edit, EditOutcome.UNKNOWN, message)

    def _remember(self, id_: str) -> None:
        """Send this issue's next edit by itself, so that it spoils no others."""
        self._failed[id_] = None
        if len(self._failed) > REMEMBERED:
            del self._failed[next(iter(self._failed))]

    def _one(self, ready: Ready) -> EditResult:
        try:
            return _done(ready.edit, self._update(ready))
        except NotExclusiveError as error:
            return self._in_two_steps(ready) if ready.removed else _failed(ready.edit, error)
        except TrackerError as error:
            return _failed(ready.edit, error)

    def _nothing_to_send(self, edit: LabelEdit) -> EditResult:
        """Answer an edit that only removes labels whose definitions are gone."""
        try:
            item = self._look(edit.ref.id)
        except TrackerError as error:
            return _result(edit, EditOutcome.FAILED, str(error))
        return _done(edit, item) if item else _result(edit, EditOutcome.GONE)

    def _in_two_steps(self, ready: Ready) -> EditResult:
        edit = ready.edit
        try:
            item = self._look(edit.ref.id)
            if item is None:
                return _result(edit, EditOutcome.GONE)
            others = set(item.label_ids.values()) - {*ready.removed}
            in_the_way = self._labels.siblings(others, ready.added)
            if in_the_way:
                return _result(
                    edit,
                    EditOutcome.REFUSED,
                    f"The issue carries {', '.join(in_the_way)}, of the same group.",
                )
            self._update(Ready(edit, (), ready.removed))
        except TrackerError as error:
            return _failed(edit, error)
        try:
            return _done(edit, self._update(Ready(edit, ready.added, ())))
        except TrackerError as error:
            # The removal is done: whatever the error says, it is not true that nothing changed.
            return _result(edit, EditOutcome.UNKNOWN, f"Only the removal was made: {error}")

    def _update(self, ready: Ready) -> WorkItem | None:
        variables = {"id": ready.edit.ref.id, "input": ready.wanted, "text": self._with_text}
        payload = self._client.write(UPDATE_ISSUE, variables).get("issueUpdate")
        if not isinstance(payload, dict) or not payload.get("success"):
            raise TrackerUnavailableError(
                "Linear does not say that it made the change", tracker=self._client.tracker
            )
        return self._shown_after(payload.get("issue"))

    def _shown_after(self, node: dict[str, Any] | None) -> WorkItem | None:
        """Translate the issue in an answer; the write is done even if that fails."""
        if node is None:
            return None
        try:
            return self._shown(node)
        except TrackerError:
            return None


def _unsent(edit: LabelEdit, patience: Patience) -> EditResult | None:
    """Return the result of an edit that is not worth sending."""
    return _result(edit, EditOutcome.FAILED, patience.reason) if patience.reason else None


def _noted(results: Sequence[EditResult], patience: Patience) -> Sequence[EditResult]:
    """Learn from how one request went, whose edits these are."""
    outcomes = {result.outcome for result in results}
    if outcomes <= {EditOutcome.UNKNOWN, EditOutcome.FAILED}:
        hopeless = outcomes == {EditOutcome.FAILED}
        patience.failed(results[-1].message, hopeless=hopeless)
    else:
        patience.went_well()
    return results


def _failed(edit: LabelEdit, error: TrackerError) -> EditResult:
    match error:
        case ItemGoneError():
            outcome = EditOutcome.GONE
        case CredentialsError():  # no other edit would fare better: try again when they work
            outcome = EditOutcome.FAILED
        case TrackerRefusedError():
            outcome = EditOutcome.REFUSED
        case TrackerUnavailableError(maybe_done=False):
            outcome = EditOutcome.FAILED
        case _:
            outcome = EditOutcome.UNKNOWN
    return _result(edit, outcome, f"{error}. {error.hint}" if error.hint else str(error))


def _undefined(edit: LabelEdit, error: TrackerError) -> EditResult:
    """Answer an edit that was not sent because a label of it cannot be used."""
    if isinstance(error, TrackerRefusedError):
        return _failed(edit, error)
    return _result(edit, EditOutcome.FAILED, str(error))


def _done(edit: LabelEdit, after: WorkItem | None) -> EditResult:
    return EditResult(edit=edit, outcome=EditOutcome.DONE, after=after)


def _result(edit: LabelEdit, outcome: EditOutcome, message: str = "") -> EditResult:
    return EditResult(edit=edit, outcome=outcome, message=message)
