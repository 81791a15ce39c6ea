"""The port `Tracker` for Jira Cloud.

Translates and decides nothing. A read is only believed while Jira answers as to our account: to an
anonymous visitor it shows less, with the same friendly status.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from okrsync.core.work import ItemRef
from okrsync.errors import ItemGoneError, TrackerRefusedError
from okrsync.ports.tracker import TaskState
from okrsync_jira import admission, fields, reading, wire
from okrsync_jira.failures import LoginRefusedError
from okrsync_jira.session import Call, JiraSession
from okrsync_jira.writing import LabelWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okrsync.core.work import History, LabelEdit, WorkItem
    from okrsync.ports.tracker import Account, Connection, EditResult
    from okrsync_jira.settings import JiraSettings

Json = dict[str, Any]
LIST_FIELDS = Call(method="GET", path="/field", kind="other", expects=list)


def connect(settings: JiraSettings, connection: Connection) -> JiraTracker:
    """Return a connection that has opened no socket yet."""
    return JiraTracker(settings, connection)


class JiraTracker:
    """A live connection to one Jira Cloud site."""

    def __init__(self, settings: JiraSettings, connection: Connection) -> None:
        self._settings = settings
        self._name = connection.name
        self._with_text = connection.with_text
        self._session = JiraSession(settings, connection)
        self._writer = LabelWriter(self._session)
        self._account: Account | None = None
        self._lens: wire.Lens | None = None

    def check(self) -> Account:
        """Make sure that we are somebody, on Jira Cloud, and can see every scope and field."""
        self._account = admission.myself(self._session)
        admission.require_cloud(self._session)
        admission.require_projects(self._session, self._settings.scopes)
        self._look()
        return self._account

    def pull(self, scope: str) -> Iterator[WorkItem]:
        """Yield every item of a project as search shows it, each id once."""
        lens, us = self._look(), self._us()
        page_size = self._settings.page_size
        found = reading.search(self._session, self._jql(scope), lens.fields, page_size)
        with self._understanding("/search/jql"):
            for issues in found:
                self._still(us)
                for issue in issues:
                    yield wire.work_item(issue, lens)

    def read(self, ids: Sequence[str]) -> Iterator[WorkItem]:
        """Yield these issues as they are now; what is not there for us is left out."""
        lens, us = self._look(), self._us()
        with self._understanding("/issue/bulkfetch"):
            for issues in reading.fetch(self._session, ids, lens.fields):
                self._still(us)
                for issue in issues:
                    yield wire.work_item(issue, lens)

    def histories(self, ids: Sequence[str], since: datetime | None = None) -> Iterator[History]:
        """Yield the label changes of each issue that is there."""
        us = self._us()
        with self._understanding("/changelog/bulkfetch"):
            for entries in reading.changelogs(self._session, ids):
                self._still(us)
                there = self._there([id_ for id_, its in entries.items() if not its], us)
                for id_, its in entries.items():
                    if its or id_ in there:
                        ref = ItemRef(self._name, id_)
                        yield wire.history(ref, its, us=us.id, since=since)

    def definitions(self) -> None:
        """Jira's labels have no definition."""

    def apply(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Make the edits one by one."""
        return self._writer.apply(edits)

    def task(self, task: str) -> TaskState:  # noqa: ARG002 (no edit starts a task)
        """Know no task: every edit is finished when it is answered."""
        return TaskState.UNKNOWN

    def close(self) -> None:
        """Give back the sockets."""
        self._session.close()

    def _us(self) -> Account:
        if self._account is None:
            self._account = admission.myself(self._session)
        return self._account

    def _still(self, us: Account) -> None:
        """Make sure that the last answer was given to us; asks only where it does not say so."""
        if self._session.caller == us.id:
            return
        if admission.myself(self._session).id != us.id:
            raise LoginRefusedError(
                f"{self._name}: Jira suddenly answers as to another account", tracker=self._name
            )

    def _look(self) -> wire.Lens:
        if self._lens is None:
            self._lens = wire.Lens(
                tracker=self._name,
                site=(self._settings.site or self._settings.url).rstrip("/"),
                cancelled=frozenset(each.casefold() for each in self._settings.cancelled),
                custom=self._custom_fields(),
                with_text=self._with_text,
            )
        return self._lens

    def _custom_fields(self) -> dict[str, str]:
        if not self._settings.fields:
            return {}
        with self._understanding("/field"):
            listed = self._session.reading(LIST_FIELDS)
            return dict(fields.resolve(self._settings.fields, listed, tracker=self._name))

    def _jql(self, scope: str) -> str:
        quoted = scope.replace("\\", "\\\\").replace('"', '\\"')
        narrowed = f" AND ({self._settings.jql})" if self._settings.jql else ""
        return f'project = "{quoted}"{narrowed} ORDER BY id ASC'

    def _there(self, ids: list[str], us: Account) -> set[str]:
        found: set[str] = set()
        for issues in reading.fetch(self._session, ids, ["updated"]):
            self._still(us)
            found.update(str(issue["id"]) for issue in issues)
        return found

    @contextmanager
    def _understanding(self, path: str) -> Iterator[None]:
        """Turn an answer of another shape than Jira promises into an error of ours."""
        try:
            yield
        except wire.UNDERSTOOD_FAILURES as error:
            raise TrackerRefusedError(
                f"{self._name}: {path}: an issue is not as Jira promises ({error!r})",
                tracker=self._name,
                hint="Please report this; the items of this read were not used.",
            ) from error
        except ItemGoneError as error:
            raise TrackerRefusedError(
                str(error), tracker=self._name, hint="Check `url` and `scopes`."
            ) from error
