"""Many equal label edits through Jira Cloud's bulk door: one request for up to a thousand issues.

A task of Jira's does the work. Removals are a task of their own, which must have ended before the
additions are sent: one task cannot do both. Nobody is notified. A request whose answer was lost is
never repeated, for its task may be running.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from okrsync.errors import TrackerError, TrackerRefusedError, TrackerUnavailableError
from okrsync.ports.tracker import EditOutcome, EditResult
from okrsync_jira import failures, tasks
from okrsync_jira.dialect import Deployment
from okrsync_jira.failures import MalformedError
from okrsync_jira.session import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from okrsync.core.work import LabelEdit
    from okrsync_jira.session import JiraSession

Group = list["LabelEdit"]

FEWEST, MOST = 25, 1000
"""So many equal edits are worth a task; so many issues Jira takes at once."""
REMEMBERED = 10_000


class ClosedDoorError(TrackerRefusedError):
    """Jira takes no bulk edit of these issues from us; nothing was changed."""


class BulkDoor:
    """Makes groups of equal edits; remembers whether Jira lets us, and what failed."""

    def __init__(self, session: JiraSession, stopping: Callable[[], bool]) -> None:
        self._session = session
        self._stopping = stopping
        self._closed = session.dialect.deployment is not Deployment.CLOUD
        self._failed: dict[str, None] = {}

    def groups(self, edits: Iterable[LabelEdit]) -> list[Group]:
        """Return the edits that are worth a task together; asks Jira nothing."""
        if self._closed:
            return []
        alike: defaultdict[tuple[frozenset[str], frozenset[str]], Group] = defaultdict(list)
        for edit in edits:
            if edit.ref.id not in self._failed:
                alike[frozenset(edit.remove), frozenset(edit.add)].append(edit)
        return [
            group for same in alike.values() if len(same) >= FEWEST for group in _in_pieces(same)
        ]

    def apply(self, group: Group) -> Iterator[EditResult]:
        """Yield what became of each edit of a group.

        Raises:
            ClosedDoorError: nothing was done, and each edit may be made alone.

        """
        left = group
        if removed := group[0].remove:
            for result in self._step(left, "REMOVE", removed):
                if result.outcome is not EditOutcome.DONE or not group[0].add:
                    yield result
                    left = [edit for edit in left if edit is not result.edit]
        if left and (added := group[0].add):
            try:
                yield from self._step(left, "ADD", added)
            except ClosedDoorError as error:
                if not removed:
                    raise
                # What was removed cannot be said to be unchanged.
                yield from _all(left, EditOutcome.UNKNOWN, f"only the removal was made: {error}")

    def _step(
        self, group: Sequence[LabelEdit], option: str, labels: Iterable[str]
    ) -> list[EditResult]:
        """Let a task do one thing to all issues, and wait for it."""
        try:
            task = self._submit(group, option, labels)
        except TrackerRefusedError as error:
            raise self._shut(error) from error
        except TrackerUnavailableError as error:
            outcome = EditOutcome.UNKNOWN if error.maybe_done else EditOutcome.FAILED
            return _all(group, outcome, str(error), lasting=error.maybe_done)
        try:
            progress = tasks.ended(self._session, task, stopping=self._stopping)
        except (TrackerError, *failures.NOT_UNDERSTOOD) as error:
            return _all(group, EditOutcome.UNFINISHED, str(error), task=task)
        return [self._outcome(edit, task, progress) for edit in group]

    def _submit(self, group: Sequence[LabelEdit], option: str, labels: Iterable[str]) -> str:
        field = {
            "fieldId": "labels",
            "bulkEditMultiSelectFieldOption": option,
            "labels": [{"name": label} for label in labels],
        }
        body = {
            "selectedIssueIdsOrKeys": [edit.ref.id for edit in group],
            "selectedActions": ["labels"],
            "editedFieldsInput": {"labelsFields": [field]},
            "sendBulkNotification": False,
        }
        call = Call(method="POST", path="/bulk/issues/fields", kind="write", body=body)
        task = self._session.writing(call).get("taskId")
        if not task:
            what = f"{self._session.tracker}: {call}"
            raise failures.garbled(what, tracker=self._session.tracker)
        return str(task)

    def _shut(self, error: TrackerRefusedError) -> ClosedDoorError:
        """Tell a request that cannot pass from a door that lets nobody through."""
        if not isinstance(error, MalformedError) or "permission" in str(error).casefold():
            self._closed = True
        return ClosedDoorError(str(error), tracker=self._session.tracker)

    def _outcome(self, edit: LabelEdit, task: str, progress: tasks.Progress) -> EditResult:
        """Return what a direct read has to find out; the task itself is not believed."""
        if edit.ref.id in progress.processed and edit.ref.id not in progress.failed:
            return EditResult(edit=edit, outcome=EditOutcome.DONE)
        self._remember(edit.ref.id)
        reason = progress.failed.get(edit.ref.id, "the task does not mention it")
        message = f"Jira's task {task} ended as {progress.status}: {reason}"
        return EditResult(edit=edit, outcome=EditOutcome.UNKNOWN, message=message)

    def _remember(self, id_: str) -> None:
        """Send this issue's next edit alone."""
        self._failed[id_] = None
        if len(self._failed) > REMEMBERED:
            del self._failed[next(iter(self._failed))]


def _in_pieces(group: Group) -> Iterator[Group]:
    """Cut a group into as few pieces as Jira takes, of nearly the same size."""
    pieces = -(-len(group) // MOST)
    size = -(-len(group) // pieces)
    for start in range(0, len(group), size):
        yield group[start : start + size]


def _all(
    group: Iterable[LabelEdit],
    outcome: EditOutcome,
    message: str,
    *,
    task: str | None = None,
    lasting: bool = False,
) -> list[EditResult]:
    return [
        EditResult(edit=each, outcome=outcome, message=message, task=task, lasting=lasting)
        for each in group
    ]
