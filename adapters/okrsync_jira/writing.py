"""Label edits as Jira takes them: what to add and to remove, never a whole set.

Each edit is sent once, and again only where Jira said that it did nothing. Nobody is notified where
the account may leave that out. What has become of an edit is told, never guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.errors import (
    ItemGoneError,
    TrackerError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync.ports.tracker import EditOutcome, EditResult
from okrsync_jira.failures import LoginRefusedError, UnreachableError
from okrsync_jira.reading import fetch, is_id
from okrsync_jira.session import Call

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okrsync.core.work import LabelEdit
    from okrsync_jira.session import JiraSession

LONGEST_LABEL = 255
PATIENCE = 3
"""After so many failures in a row the tracker counts as down."""
SILENCE_DENIED = "to discard the user notification"


class LabelWriter:
    """Makes edits, and remembers in which projects they cannot be silent."""

    def __init__(self, session: JiraSession) -> None:
        self._session = session
        self._silence = _Silence(session)

    def apply(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Yield what became of each edit, in their order."""
        self._silence.expect([edit.ref.id for edit in edits])
        in_a_row = 0
        for edit in edits:
            if reason := _unwritable(edit):
                yield EditResult(edit=edit, outcome=EditOutcome.REFUSED, message=reason)
            elif in_a_row >= PATIENCE:
                message = "not sent: Jira failed several times in a row or does not let us in"
                yield EditResult(edit=edit, outcome=EditOutcome.FAILED, message=message)
            else:
                result, hopeless = self._attempt(edit)
                failed = result.outcome in {EditOutcome.UNKNOWN, EditOutcome.FAILED}
                in_a_row = PATIENCE if hopeless else (in_a_row + 1 if failed else 0)
                yield result

    def _attempt(self, edit: LabelEdit) -> tuple[EditResult, bool]:
        """Return what became of *edit*, and whether the next one is not worth trying."""
        try:
            self._put(edit)
        except TrackerError as error:
            outcome = _outcome(error)
            hopeless = isinstance(error, LoginRefusedError | UnreachableError)
            return EditResult(edit=edit, outcome=outcome, message=str(error)), hopeless
        return EditResult(edit=edit, outcome=EditOutcome.DONE), False

    def _put(self, edit: LabelEdit) -> None:
        if not self._silence.allowed(edit.ref.id):
            self._send(edit, silently=False)
            return
        try:
            self._send(edit, silently=True)
        except TrackerRefusedError as error:
            if SILENCE_DENIED not in str(error).casefold():
                raise
            self._silence.deny(edit.ref.id)
            self._send(edit, silently=False)

    def _send(self, edit: LabelEdit, *, silently: bool) -> None:
        removals = [{"remove": label} for label in edit.remove]
        additions = [{"add": label} for label in edit.add]
        self._session.writing(
            Call(
                method="PUT",
                path=f"/issue/{edit.ref.id}",
                kind="write",
                query={"notifyUsers": "false"} if silently else {},
                body={"update": {"labels": removals + additions}},
                expects=object,
            )
        )


class _Silence:
    """Knows the projects in which Jira refuses edits that notify nobody."""

    def __init__(self, session: JiraSession) -> None:
        self._session = session
        self._denied: set[str] = set()
        self._expected: list[str] = []
        self._project_of: dict[str, str] = {}

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
        if not self._project_of:
            self._look_up()
        if id_ in self._project_of:
            self._denied.add(self._project_of[id_])

    def _look_up(self) -> None:
        try:
            for issues in fetch(self._session, self._expected, ["project"]):
                for issue in issues:
                    self._project_of[str(issue["id"])] = str(issue["fields"]["project"]["id"])
        except (TrackerError, KeyError, TypeError):
            # Nothing is lost but a request: each edit finds out for itself.
            return


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


def _unwritable(edit: LabelEdit) -> str | None:
    if not is_id(edit.ref.id):
        return f"{edit.ref.id!r} is not the id of an issue"
    for label in (*edit.add, *edit.remove):
        if not label or any(letter.isspace() for letter in label):
            return f"the label {label!r} is empty or holds white space, which Jira does not allow"
        if len(label) > LONGEST_LABEL:
            return f"the label {label[:40]!r}… is longer than {LONGEST_LABEL} characters"
    return None if edit.size else "the edit changes no label"
