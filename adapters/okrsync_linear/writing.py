"""Puts labels on issues and takes them off, one mutation an issue, and says what became of it.

Only additions and removals are sent, never a whole set. Where Linear refuses to swap two labels of
one group at once, the old one is removed first and the new one added after. Nothing is sent any
more once Linear is evidently down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.errors import (
    ItemGoneError,
    TrackerError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync.ports.tracker import EditOutcome, EditResult
from okrsync_linear.documents import UPDATE_ISSUE
from okrsync_linear.failures import CredentialsError, NotExclusiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okrsync.core.work import LabelEdit, WorkItem
    from okrsync_linear.client import LinearClient
    from okrsync_linear.labels import Labels

UNDECIDED_IN_A_ROW = 3
"""After so many writes in a row whose answer got lost, Linear counts as down."""


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
    ) -> None:
        self._client = client
        self._labels = labels
        self._with_text = with_text
        self._look = look
        self._shown = shown

    def write(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Yield one result for each edit."""
        down = self._prepare()
        undecided = 0
        for edit in edits:
            if down:
                yield _result(edit, EditOutcome.FAILED, f"not sent: {down}")
                continue
            result = self._one(edit)
            undecided = undecided + 1 if result.outcome is EditOutcome.UNKNOWN else 0
            if result.outcome is EditOutcome.FAILED or undecided == UNDECIDED_IN_A_ROW:
                down = result.message
            yield result

    def _prepare(self) -> str:
        """Read the definitions as they are now; return what went wrong."""
        try:
            self._labels.refresh()
        except TrackerError as error:
            return str(error)
        return ""

    def _one(self, edit: LabelEdit) -> EditResult:
        try:
            added = tuple(self._labels.ensure(name) for name in edit.add)
        except TrackerRefusedError as error:
            return _failed(edit, error)
        except TrackerError as error:
            return _result(edit, EditOutcome.FAILED, str(error))
        removed = tuple(i for name in edit.remove for i in self._labels.spelled(name))
        if not added and not removed:
            return self._nothing_to_send(edit)
        try:
            return _done(edit, self._update(edit, added, removed))
        except NotExclusiveError as error:
            return self._in_two_steps(edit, added, removed) if removed else _failed(edit, error)
        except TrackerError as error:
            return _failed(edit, error)

    def _nothing_to_send(self, edit: LabelEdit) -> EditResult:
        """Answer an edit that only removes labels whose definitions are gone."""
        try:
            item = self._look(edit.ref.id)
        except TrackerError as error:
            return _result(edit, EditOutcome.FAILED, str(error))
        return _done(edit, item) if item else _result(edit, EditOutcome.GONE)

    def _in_two_steps(
        self, edit: LabelEdit, added: Sequence[str], removed: Sequence[str]
    ) -> EditResult:
        try:
            item = self._look(edit.ref.id)
            if item is None:
                return _result(edit, EditOutcome.GONE)
            in_the_way = self._labels.siblings(set(item.label_ids.values()) - {*removed}, added)
            if in_the_way:
                return _result(
                    edit,
                    EditOutcome.REFUSED,
                    f"The issue carries {', '.join(in_the_way)}, of the same group.",
                )
            self._update(edit, (), removed)
        except TrackerError as error:
            return _failed(edit, error)
        try:
            return _done(edit, self._update(edit, added, ()))
        except TrackerError as error:
            # The removal is done: whatever the error says, it is not true that nothing changed.
            return _result(edit, EditOutcome.UNKNOWN, f"Only the removal was made: {error}")

    def _update(
        self, edit: LabelEdit, added: Sequence[str], removed: Sequence[str]
    ) -> WorkItem | None:
        wanted: dict[str, Any] = {}
        if added:
            wanted["addedLabelIds"] = list(added)
        if removed:
            wanted["removedLabelIds"] = list(removed)
        answer = self._client.write(
            UPDATE_ISSUE, {"id": edit.ref.id, "input": wanted, "text": self._with_text}
        )
        payload = answer.get("issueUpdate")
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


def _done(edit: LabelEdit, after: WorkItem | None) -> EditResult:
    return EditResult(edit=edit, outcome=EditOutcome.DONE, after=after)


def _result(edit: LabelEdit, outcome: EditOutcome, message: str = "") -> EditResult:
    return EditResult(edit=edit, outcome=outcome, message=message)
