"""The port `Tracker` for Jira, Cloud and Data Center.

Translates and decides nothing. A read is only believed while Jira answers as to our account: to an
anonymous visitor it shows less, with the same friendly status.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from okrsync.core.work import ItemRef
from okrsync.errors import ItemGoneError, TrackerError, TrackerRefusedError
from okrsync.ports.tracker import EditOutcome, EditResult, Sighting, Stamp
from okrsync_jira import admission, fields, tasks, wire
from okrsync_jira.changed import changed_since, stamped
from okrsync_jira.failures import NOT_UNDERSTOOD, LoginRefusedError
from okrsync_jira.kind import kind_of
from okrsync_jira.session import Call, JiraSession
from okrsync_jira.writing import LabelWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from okrsync.core.work import History, LabelEdit, WorkItem
    from okrsync.ports.tracker import Account, Connection, TaskState
    from okrsync_jira.kind import Kind
    from okrsync_jira.settings import JiraSettings

Json = dict[str, Any]
LIST_FIELDS = Call(method="GET", path="/field", kind="other", expects=list)


def connect(settings: JiraSettings, connection: Connection) -> JiraTracker:
    """Return a connection that has opened no socket yet."""
    return JiraTracker(settings, connection)


class JiraTracker:
    """A live connection to one Jira site. Of which kind it is, is found out when first needed."""

    def __init__(self, settings: JiraSettings, connection: Connection) -> None:
        self._settings = settings
        self._name = connection.name
        self._with_text = connection.with_text
        self._stopping = connection.stopping
        self._session = JiraSession(settings, connection)
        self._kind: Kind | None = None
        self._writer: LabelWriter | None = None
        self._account: Account | None = None
        self._known_as: str | None = None
        self._lens: wire.Lens | None = None

    def check(self) -> Account:
        """Make sure that we are somebody, on the right kind of Jira, and see scopes and fields."""
        if self._settings.deployment:
            admission.require_deployment(self._session, self._settings.deployment)
        self._jira()
        self._account = self._myself()
        admission.require_projects(self._session, self._settings.scopes)
        self._look()
        return self._account

    def pull(self, scope: str) -> Iterator[Sighting]:
        """Yield every item of a project as search shows it."""
        lens, us = self._look(), self._us()
        page_size, salt = self._settings.page_size, lens.salt
        found = self._jira().search(self._jql(scope), lens.fields, page_size)
        with self._understanding("search"):
            for issues in found:
                self._still(us)
                for issue in issues:
                    yield self._sighting(issue, lens, salt)

    def read(self, ids: Sequence[str]) -> Iterator[WorkItem]:
        """Yield these issues as they are now; what is not there for us is left out."""
        lens, us = self._look(), self._us()
        with self._understanding("issues by id"):
            for issues in self._jira().fetch(ids, lens.fields):
                self._still(us)
                for issue in issues:
                    yield wire.work_item(issue, lens)

    def histories(self, ids: Sequence[str], since: datetime | None = None) -> Iterator[History]:
        """Yield the label changes of each issue that is there."""
        us = self._us()
        with self._understanding("changelogs"):
            for logs in self._jira().changelogs(ids):
                self._still(us)
                for id_, log in logs.items():
                    yield wire.history(ItemRef(self._name, id_), log, us=us.id, since=since)

    def stamps(self, scope: str, since: datetime | None = None) -> Iterator[Stamp]:
        """Yield what tells which issues of a project changed, as search shows it."""
        us, jira = self._us(), self._jira()
        found = (
            stamped(jira, self._jql(scope))
            if since is None
            else changed_since(
                jira, self._session, jql=lambda extra: self._jql(scope, extra), since=since
            )
        )
        with self._understanding("search"):
            for issues in found:
                self._still(us)
                for issue in issues:
                    yield Stamp(str(issue["id"]), wire.moment(issue["fields"]["updated"]))

    def time(self) -> datetime | None:
        """Return Jira's clock as its newest answer told it."""
        return self._session.date

    def definitions(self) -> None:
        """Jira's labels have no definition."""

    def apply(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Make the edits, equal ones together where there are many and Jira can."""
        try:
            writer = self._writing()
        except TrackerError as error:
            why = str(error)
            return (EditResult(edit=e, outcome=EditOutcome.FAILED, message=why) for e in edits)
        return writer.apply(edits)

    def lasting(self, edits: Sequence[LabelEdit]) -> frozenset[ItemRef]:
        """Return whose edits would be made by a task of Jira's."""
        if self._kind is None and self._settings.deployment is None:
            return frozenset(edit.ref for edit in edits)  # only asking would tell more
        return self._writing().lasting(edits)

    def task(self, task: str) -> TaskState:
        """Ask how a bulk edit stands."""
        self._jira()
        with self._understanding("/bulk/queue"):
            return tasks.state(self._session, task)

    def close(self) -> None:
        """Give back sockets and threads."""
        if self._kind is not None:
            self._kind.lanes.close()
        self._session.close()

    def _sighting(self, issue: Json, lens: wire.Lens, salt: bytes) -> Sighting:
        told = wire.told(issue)  # as text it takes little memory until somebody looks closely
        digest = hashlib.blake2b(told, digest_size=16, salt=salt).digest()
        return Sighting(str(issue["id"]), digest, partial(self._looked_at, told, lens))

    def _looked_at(self, told: bytes, lens: wire.Lens) -> WorkItem:
        with self._understanding("search"):
            return wire.work_item(orjson.loads(told), lens)

    def _jira(self) -> Kind:
        if self._kind is None:
            admission.recognise(self._session, self._settings.deployment)
            self._kind = kind_of(self._session)
        return self._kind

    def _writing(self) -> LabelWriter:
        if self._writer is None:
            self._writer = LabelWriter(self._session, self._jira(), self._stopping)
        return self._writer

    def _us(self) -> Account:
        if self._account is None:
            self._jira()
            self._account = self._myself()
        return self._account

    def _myself(self) -> Account:
        self._session.callers()
        account = admission.myself(self._session)
        callers = self._session.callers()
        self._known_as = callers.pop() if len(callers) == 1 else None
        return account

    def _still(self, us: Account) -> None:
        """Make sure that the answers since were given to us; asks only where they do not say so."""
        callers = self._session.callers()
        if None not in callers and callers <= {self._known_as}:
            return
        if self._myself().id != us.id:
            raise LoginRefusedError(
                f"{self._name}: Jira suddenly answers as to another account", tracker=self._name
            )

    def _look(self) -> wire.Lens:
        if self._lens is None:
            own_fields = self._own_fields()
            self._lens = wire.Lens(
                tracker=self._name,
                site=(self._settings.site or self._settings.url).rstrip("/"),
                cancelled=frozenset(each.casefold() for each in self._settings.cancelled),
                custom=self._custom_fields(),
                also=own_fields,
                with_text=self._with_text,
            )
        return self._lens

    def _own_fields(self) -> tuple[str, ...]:
        with self._understanding("/field"):
            return self._jira().own_fields()

    def _custom_fields(self) -> dict[str, str]:
        if not self._settings.fields:
            return {}
        with self._understanding("/field"):
            listed = self._session.reading(LIST_FIELDS)
            return dict(fields.resolve(self._settings.fields, listed, tracker=self._name))

    def _jql(self, scope: str, extra: str = "") -> str:
        quoted = scope.replace("\\", "\\\\").replace('"', '\\"')
        narrowed = f" AND ({self._settings.jql})" if self._settings.jql else ""
        return f'project = "{quoted}"{narrowed}{extra} ORDER BY {self._jira().order}'

    @contextmanager
    def _understanding(self, what: str) -> Iterator[None]:
        """Turn an answer of another shape than Jira promises into an error of ours."""
        try:
            yield
        except NOT_UNDERSTOOD as error:
            raise TrackerRefusedError(
                f"{self._name}: {what}: an issue is not as Jira promises ({error!r})",
                tracker=self._name,
                hint="Please report this; the items of this read were not used.",
            ) from error
        except ItemGoneError as error:
            raise TrackerRefusedError(
                str(error), tracker=self._name, hint="Check `url` and `scopes`."
            ) from error
