"""Label edits as Jira takes them: what to add and to remove, never a whole set.

Many equal edits go through the bulk door where there is one, all others one by one, several at a
time where Jira can take them only so. Each is sent once, and again only
where Jira said that it did nothing. Nobody is notified where the account may leave that out. What
has become of an edit is told, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import TYPE_CHECKING

from okrsync.core.patience import Patience
from okrsync.errors import (
    ItemGoneError,
    TrackerError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync.ports.tracker import EditOutcome, EditResult
from okrsync_jira.bulk import BulkDoor, ClosedDoorError
from okrsync_jira.failures import LoginRefusedError, MalformedError, UnreachableError
from okrsync_jira.session import Call
from okrsync_jira.wire import is_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okrsync.core.work import ItemRef, LabelEdit
    from okrsync_jira.kind import Kind
    from okrsync_jira.session import JiraSession

LONGEST_LABEL = 255
FAILURES = frozenset({EditOutcome.UNKNOWN, EditOutcome.FAILED})
SILENCE_DENIED = "to discard the user notification"


class LabelWriter:
    """Makes edits, and remembers in which projects they cannot be silent."""

    def __init__(self, session: JiraSession, kind: Kind, stopping: Callable[[], bool]) -> None:
        self._kind = kind
        self._stopping = stopping
        self._silence = _Silence(kind)
        self._bulk = BulkDoor(session, stopping)

    def lasting(self, edits: Sequence[LabelEdit]) -> frozenset[ItemRef]:
        """Return whose edits would be made by a task of Jira's."""
        groups = self._bulk.groups(edit for edit in edits if not _unwritable(edit))
        return frozenset(edit.ref for group in groups for edit in group)

    def apply(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Yield what became of each edit; those that go together come first."""
        left = {id(edit): edit for edit in edits}
        patience = Patience(self._stopping)
        for group in self._bulk.groups(edit for edit in edits if not _unwritable(edit)):
            if patience.reason:
                break
            try:
                results = list(self._bulk.apply(group))
            except ClosedDoorError:
                continue
            for result in results:
                del left[id(result.edit)]
                yield result
            # Of a group nothing fails for sure but for want of a connection, tried many times.
            _note(results, patience, hopeless=results[-1].outcome is EditOutcome.FAILED)
        yield from self._one_by_one(list(left.values()), patience)

    def _one_by_one(self, edits: Sequence[LabelEdit], patience: Patience) -> Iterator[EditResult]:
        self._silence.expect([edit.ref.id for edit in edits])
        of_one_issue: defaultdict[str, list[LabelEdit]] = defaultdict(list)
        for edit in edits:
            of_one_issue[edit.ref.id].append(edit)
        noting = Lock()

        def make(session: JiraSession, edits: list[LabelEdit]) -> list[EditResult]:
            return [self._make(session, edit, patience, noting) for edit in edits]

        for results in self._kind.lanes.each(make, of_one_issue.values()):
            yield from results

    def _make(
        self, session: JiraSession, edit: LabelEdit, patience: Patience, noting: Lock
    ) -> EditResult:
        if reason := _unwritable(edit):
            return EditResult(edit=edit, outcome=EditOutcome.REFUSED, message=reason)
        if reason := patience.reason:
            return EditResult(edit=edit, outcome=EditOutcome.FAILED, message=reason)
        result, hopeless = self._attempt(session, edit)
        with noting:
            _note([result], patience, hopeless=hopeless)
        return result

    def _attempt(self, session: JiraSession, edit: LabelEdit) -> tuple[EditResult, bool]:
        """Return what became of *edit*, and whether the next one is not worth trying."""
        try:
            self._put(session, edit)
        except TrackerError as error:
            outcome = _outcome(error)
            hopeless = isinstance(error, LoginRefusedError | UnreachableError)
            return EditResult(edit=edit, outcome=outcome, message=_said(error)), hopeless
        return EditResult(edit=edit, outcome=EditOutcome.DONE), False

    def _put(self, session: JiraSession, edit: LabelEdit) -> None:
        if not self._silence.allowed(edit.ref.id):
            _send(session, edit, silently=False)
            return
        try:
            _send(session, edit, silently=True)
        except TrackerRefusedError as error:
            if SILENCE_DENIED not in str(error).casefold():
                raise
            self._silence.deny(edit.ref.id)
            _send(session, edit, silently=False)


class _Silence:
    """Knows the projects in which Jira refuses edits that notify nobody."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._denied: set[str] = set()
        self._expected: list[str] = []
        self._project_of: dict[str, str] = {}
        self._learning = Lock()

    def expect(self, ids: list[str]) -> None:
        """Prepare for edits of these issues; asks Jira nothing unless a project is known."""
        self._expected, self._project_of = ids, {}
        if self._denied:
            self._look_up()

    def allowed(self, id_: str) -> bool:
        """Tell whether silence is worth asking for."""
        return self._project_of.get(id_) not in self._denied

    def deny(self, id_: str) -> None:
        """Remember that the issue's project allows none."""
        with self._learning:
            if not self._project_of:
                self._look_up()
            if id_ in self._project_of:
                self._denied.add(self._project_of[id_])

    def _look_up(self) -> None:
        try:
            for issues in self._kind.glance(self._expected, ["project"]):
                for issue in issues:
                    self._project_of[str(issue["id"])] = str(issue["fields"]["project"]["id"])
        except (TrackerError, KeyError, TypeError):
            # Nothing is lost but a request: each edit finds out for itself.
            return


def _send(session: JiraSession, edit: LabelEdit, *, silently: bool) -> None:
    removals = [{"remove": label} for label in edit.remove]
    additions = [{"add": label} for label in edit.add]
    session.writing(
        Call(
            method="PUT",
            path=f"/issue/{edit.ref.id}",
            kind="write",
            query={"notifyUsers": "false"} if silently else {},
            body={"update": {"labels": removals + additions}},
            expects=object,
        ),
        issue=edit.ref.id,
    )


def _note(results: Sequence[EditResult], patience: Patience, *, hopeless: bool) -> None:
    """Learn from how one request went, whose edits these are."""
    if all(result.outcome in FAILURES for result in results):
        patience.failed(results[-1].message, hopeless=hopeless)
    else:
        patience.went_well()


def _outcome(error: TrackerError) -> EditOutcome:
    match error:
        case ItemGoneError():
            return EditOutcome.GONE
        case TrackerUnavailableError(maybe_done=True):
            return EditOutcome.UNKNOWN
        case TrackerUnavailableError() | LoginRefusedError():
            return EditOutcome.FAILED
        case _:
            return EditOutcome.REFUSED


def _said(error: TrackerError) -> str:
    """Return what went wrong, with what to do about this very edit if that is known."""
    if isinstance(error, MalformedError) and error.hint:
        return f"{error} {error.hint}"
    return str(error)


def _unwritable(edit: LabelEdit) -> str | None:
    if not is_id(edit.ref.id):
        return f"{edit.ref.id!r} is not the id of an issue"
    for label in (*edit.add, *edit.remove):
        if not label or any(letter.isspace() for letter in label):
            return f"the label {label!r} is empty or holds white space, which Jira does not allow"
        if len(label) > LONGEST_LABEL:
            return f"the label {label[:40]!r}… is longer than {LONGEST_LABEL} characters"
    return None if edit.size else "the edit changes no label"
