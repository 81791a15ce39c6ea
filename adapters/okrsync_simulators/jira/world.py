"""A simulated Jira: its state, and everything a test may do to it.

Search sees the state of some seconds ago, direct reads see the truth. Nothing here checks a label's
spelling or a request's form; that is what the HTTP side does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from okrsync_simulators.clock import Clock, SystemClock
from okrsync_simulators.faults import FaultQueue
from okrsync_simulators.jira.catalog import SUB_TASK_LEVEL, Catalog
from okrsync_simulators.jira.model import ChangeItem, Issue, Write
from okrsync_simulators.jira.pages import Pages
from okrsync_simulators.jira.store import IssueStore
from okrsync_simulators.jira.tasks import BulkTasks
from okrsync_simulators.people import BOT, MIRA, Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from okrsync_simulators.jira.limits import AccountBucket, Limits
    from okrsync_simulators.jira.model import Change, Project

CLOUD_ID = "7d3f5a52-0000-4000-8000-00000000c10d"
PROJECT_NAMES = {"PAY": "Payments", "WEB": "Web shop"}
# The changelog entry of an edit is written a moment after the issue's own `updated`.
CHANGELOG_DELAY = timedelta(milliseconds=3)
CREATED, UPDATED, DELETED = "jira:issue_created", "jira:issue_updated", "jira:issue_deleted"


class Deployment(StrEnum):
    """Which kind of Jira this is."""

    CLOUD = "cloud"
    DATACENTER = "datacenter"


class Access(StrEnum):
    """How clients are let in."""

    BASIC = "basic"  # e-mail and token, on the site
    SCOPED = "scoped"  # e-mail and scoped token, through the gateway only
    OAUTH = "oauth"  # bearer token, through the gateway only


class JiraWorld:
    """The tenant; safe between the thread that serves it and the test that changes it."""

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        lag_seconds: float = 0.0,
        page_size: int = 100,
        email: str = BOT.email,
        token: str = "simulated-token",  # noqa: S107 (opens a simulator on the loopback)
        access: Access = Access.BASIC,
        deployment: Deployment = Deployment.CLOUD,
        site_zone: str = "Europe/Amsterdam",
        user_zone: str = "America/New_York",
    ) -> None:
        self.clock = clock or SystemClock()
        self.lag_seconds = lag_seconds
        self.page_size = page_size
        self.email = email
        self.token = token
        self.access = access
        self.deployment = deployment
        self.site_zone = ZoneInfo(site_zone)
        self.user_zone = ZoneInfo(user_zone)
        self.lock = RLock()
        self.faults = FaultQueue()
        self.catalog = Catalog()
        self.store = IssueStore()
        self.pages = Pages()
        self.requests: Counter[str] = Counter()
        self.writes: list[Write] = []
        self.protocol_breaches: list[str] = []
        self.notifications: list[tuple[str, ...]] = []
        """The issues of each request that let people be notified."""
        self.bulk = BulkTasks(self)
        self.limits: Limits | AccountBucket | None = None
        """What a client may ask; without it, anything."""
        self.announce: Callable[[str, str, tuple[ChangeItem, ...]], None] = _nothing
        """Told of everything that happens to issues: the vendor's event, an id, and the change."""
        self._hidden: set[str] = set()
        self._silent_denied: set[str] = set()
        self._off_screen: set[str] = set()
        self._edits_denied: set[str] = set()
        self._stumbles: Counter[str] = Counter()

    def now(self) -> datetime:
        """Return the tenant's time, which counts in milliseconds."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    # What there is

    @property
    def issues(self) -> Mapping[str, Issue]:
        """The issues by id, as they really are."""
        return MappingProxyType(self.store.issues)

    def issue(self, id_or_key: str) -> Issue:
        """Return an issue as it really is."""
        return self.store.issue(id_or_key)

    def labels(self, id_or_key: str) -> frozenset[str]:
        """Return the labels that an issue really has."""
        return self.issue(id_or_key).labels

    def changes(self, id_or_key: str) -> tuple[Change, ...]:
        """Return the changelog of an issue, the oldest entry first."""
        return self.store.changes(self.issue(id_or_key).id)

    def visible(self, issue_id: str) -> bool:
        """Tell whether the API user may see an issue."""
        return issue_id not in self._hidden

    def flush_index(self) -> None:
        """Let search see the truth."""
        with self.lock:
            self.store.index.flush()

    def catch_up_index(self) -> None:
        """Let search see what happened until the lag ago."""
        with self.lock:
            self.store.index.catch_up(self.clock.now() - timedelta(seconds=self.lag_seconds))

    # What people and programs do

    def create_project(self, key: str, name: str | None = None) -> Project:
        """Return the project of that key, which is new if there was none."""
        with self.lock:
            return self.catalog.add_project(key, name or PROJECT_NAMES.get(key, key.title()))

    def create_issue(
        self,
        *,
        project: str,
        summary: str = "Something to do",
        type: str = "Story",  # noqa: A002 (the vendor's word for it)
        labels: Iterable[str] = (),
        parent: str | None = None,
        components: Iterable[str] = (),
        status: str = "To Do",
        resolution: str | None = None,
        due: date | None = None,
        description: str = "",
        custom: Mapping[str, object] | None = None,
        created: datetime | None = None,
        updated: datetime | None = None,
        resolved: datetime | None = None,
        number: int | None = None,
    ) -> str:
        """Create an issue and return its id; no changelog tells of what it was created with."""
        with self.lock:
            now = self.now()
            where = self.create_project(project)
            issue = Issue(
                id=self.store.next_id(),
                project=where,
                number=number or self.store.next_number(where),
                summary=summary,
                type=self.catalog.type_named(type),
                status=self.catalog.status_named(status),
                created=created or updated or now,
                updated=updated or created or now,
                resolution=self.catalog.resolution_named(resolution) if resolution else None,
                resolved=resolved or ((updated or now) if resolution else None),
                labels=frozenset(labels),
                components=tuple(components),
                parent_id=self.issue(parent).id if parent else None,
                due=due,
                description=description,
                custom=MappingProxyType(dict(custom or {})),
            )
            self.store.put(issue, now)
            self.announce(CREATED, issue.id, ())
            return issue.id

    def add_loaded(self, issue: Issue, at: datetime) -> None:
        """Put an issue that was made elsewhere, and that search knows since *at*."""
        self.store.put(issue, at)

    def person_edits_labels(
        self,
        issue_id: str,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        account: Account = MIRA,
        at: datetime | None = None,
    ) -> None:
        """Let somebody change labels by hand; *at* backdates it for an issue's past."""
        self.edit_labels(issue_id, add=add, remove=remove, account=account, at=at)

    def bot_edits_labels(
        self, issue_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        """Let somebody who uses the API user's account change labels, not over the API."""
        self.edit_labels(issue_id, add=add, remove=remove, account=BOT)

    def edit_labels(
        self,
        issue_id: str,
        *,
        add: Iterable[str],
        remove: Iterable[str],
        account: Account,
        at: datetime | None = None,
        over_api: bool = False,
        found_after: timedelta = timedelta(0),
    ) -> None:
        """Change labels; what changes nothing neither touches `updated` nor the changelog.

        Search finds the change *found_after* its usual lag.
        """
        with self.lock:
            issue = self.issue(issue_id)
            when = at or self.now()
            added, removed = tuple(add), tuple(remove)
            self.writes.append(Write(issue.id, added, removed, account, when, over_api))
            labels = (issue.labels | set(added)) - set(removed)
            item = ChangeItem(
                "labels", "labels", None, _joined(issue.labels), None, _joined(labels)
            )
            self._change(issue, when, account, (item,), found_after=found_after, labels=labels)

    def transition(
        self,
        issue_id: str,
        status: str,
        resolution: str | None = None,
        account: Account = MIRA,
    ) -> None:
        """Bring an issue into another status."""
        with self.lock:
            issue, now = self.issue(issue_id), self.now()
            new = self.catalog.status_named(status)
            why = self.catalog.resolution_named(resolution) if resolution else None
            item = ChangeItem(
                "status", "status", issue.status.id, issue.status.name, new.id, new.name
            )
            resolved = now if why else None
            edit: dict[str, Any] = {"status": new, "resolution": why, "resolved": resolved}
            self._change(issue, now, account, (item,), **edit)

    def set_parent(self, issue_id: str, parent: str | None, account: Account = MIRA) -> None:
        """Hang an issue below another, or below none."""
        with self.lock:
            issue = self.issue(issue_id)
            old = self.issue(issue.parent_id) if issue.parent_id else None
            new = self.issue(parent) if parent else None
            item = ChangeItem(
                "IssueParentAssociation",
                None,
                old.id if old else None,
                old.key if old else None,
                new.id if new else None,
                new.key if new else None,
            )
            edit: dict[str, Any] = {"parent_id": new.id if new else None}
            self._change(issue, self.now(), account, (item,), **edit)

    def set_summary(self, issue_id: str, summary: str, account: Account = MIRA) -> None:
        """Give an issue another title."""
        with self.lock:
            issue = self.issue(issue_id)
            item = ChangeItem("summary", "summary", None, issue.summary, None, summary)
            self._change(issue, self.now(), account, (item,), summary=summary)

    def move(self, issue_id: str, project: str, account: Account = MIRA) -> str:
        """Move an issue to another project and return its new key; the old key still resolves."""
        with self.lock:
            issue, where = self.issue(issue_id), self.create_project(project)
            moved = replace(issue, project=where, number=self.store.next_number(where))
            items = (
                ChangeItem("Key", None, None, issue.key, None, moved.key),
                ChangeItem(
                    "project", "project", issue.project.id, issue.project.name, where.id, where.name
                ),
            )
            edit: dict[str, Any] = {"project": where, "number": moved.number}
            self._change(issue, self.now(), account, items, **edit)
            return moved.key

    def rename_project(self, key: str, new_key: str) -> None:
        """Give a project another key; its issues' old keys still resolve."""
        with self.lock:
            now, before = self.now(), self.create_project(key)
            after = self.catalog.rekey_project(before, new_key)
            for issue in [each for each in self.issues.values() if each.project == before]:
                self.store.put(replace(issue, project=after), now)

    def delete(self, issue_id: str) -> None:
        """Delete an issue with its sub-tasks."""
        with self.lock:
            issue, now = self.issue(issue_id), self.now()
            for child in self.store.children(issue.id):
                if child.type.level == SUB_TASK_LEVEL:
                    self.delete(child.id)
                else:
                    self.store.put(replace(child, parent_id=None), now)
            self.announce(DELETED, issue.id, ())
            self.store.remove(issue.id, now)

    def clone(self, issue_id: str) -> str:
        """Clone an issue: the labels come along, their history does not."""
        with self.lock:
            original, now = self.issue(issue_id), self.now()
            copy = replace(
                original,
                id=self.store.next_id(),
                number=self.store.next_number(original.project),
                summary=f"CLONE - {original.summary}",
                created=now,
                updated=now,
            )
            self.store.put(copy, now)
            self.announce(CREATED, copy.id, ())
            return copy.id

    # What an administrator does

    def hide(self, issue_id: str) -> None:
        """Take the API user's permission to see an issue."""
        self._hidden.add(self.issue(issue_id).id)

    def show(self, issue_id: str) -> None:
        """Give that permission back."""
        self._hidden.discard(self.issue(issue_id).id)

    def deny_silent_edits(self, project: str) -> None:
        """Refuse edits of *project*'s issues that ask for no notifications."""
        self._silent_denied.add(self.create_project(project).id)

    def allows_silent_edits(self, project: Project) -> bool:
        """Tell whether the API user may edit without notifying people."""
        return project.id not in self._silent_denied

    def deny_edits(self, project: str) -> None:
        """Let the API user see *project*'s issues and edit none of them."""
        self._edits_denied.add(self.create_project(project).id)

    def allows_edits(self, project: Project) -> bool:
        """Tell whether the API user may edit a project's issues."""
        return project.id not in self._edits_denied

    def take_labels_off_screen(self, project: str) -> None:
        """Leave the labels out of the screen on which *project*'s issues are edited."""
        self._off_screen.add(self.create_project(project).id)

    def shows_labels_on_screen(self, project: Project) -> bool:
        """Tell whether the labels can be edited, which only Data Center asks its screens."""
        return project.id not in self._off_screen

    def stumble_over(self, issue_id: str, times: int = 1) -> None:
        """Let bulk reads report an error for an issue, some times, that a retry may heal."""
        self._stumbles[self.issue(issue_id).id] = times

    def stumbles(self, issue_id: str) -> bool:
        """Tell whether a bulk read stumbles over an issue now; each look counts."""
        if self._stumbles[issue_id] == 0:
            return False
        self._stumbles[issue_id] -= 1
        return True

    def _change(
        self,
        issue: Issue,
        at: datetime,
        account: Account,
        items: tuple[ChangeItem, ...],
        *,
        found_after: timedelta = timedelta(0),
        **edit: Any,
    ) -> None:
        changed = replace(issue, **edit)
        if changed == issue:
            return
        newest = replace(changed, updated=max(at, issue.updated))
        self.store.put(newest, self.now() + found_after)
        self.store.record(issue.id, at + CHANGELOG_DELAY, account, items)
        self.announce(UPDATED, issue.id, items)


def _joined(labels: Iterable[str]) -> str:
    return " ".join(sorted(labels))


def _nothing(_event: str, _issue_id: str, _items: tuple[ChangeItem, ...]) -> None:
    """Tell nobody."""
