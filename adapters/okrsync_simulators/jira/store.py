"""The truth of a simulated Jira: issues, the keys they ever had, their histories, their children.

It knows nothing of people's intentions or of HTTP; `world.py` does the deeds.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from okrsync_simulators.jira.index import SearchIndex
from okrsync_simulators.jira.model import Change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from okrsync_simulators.jira.model import ChangeItem, Issue, Project
    from okrsync_simulators.people import Account

FIRST_ISSUE_ID = 10_000
FIRST_CHANGE_ID = 20_000


class NoSuchIssueError(KeyError):
    """No issue has that id or ever had that key."""


class IssueStore:
    """Every issue as it is now, and as search sees it."""

    def __init__(self) -> None:
        self.index = SearchIndex()
        self._issues: dict[str, Issue] = {}
        self._ids_by_key: dict[str, str] = {}
        self._changes: defaultdict[str, list[Change]] = defaultdict(list)
        self._children: defaultdict[str, set[str]] = defaultdict(set)
        self._numbers: defaultdict[str, int] = defaultdict(int)
        self._last_issue_id = FIRST_ISSUE_ID
        self._last_change_id = FIRST_CHANGE_ID

    @property
    def issues(self) -> Mapping[str, Issue]:
        """The issues by id."""
        return self._issues

    def next_id(self) -> str:
        """Return an id that no issue has had."""
        self._last_issue_id += 1
        return str(self._last_issue_id)

    def next_number(self, project: Project) -> int:
        """Return a number that no issue of *project* has had."""
        return self._numbers[project.id] + 1

    def put(self, issue: Issue, at: datetime) -> None:
        """Make *issue* the present version; search will learn of it."""
        before = self._issues.get(issue.id)
        if before is not None and before.parent_id:
            self._children[before.parent_id].discard(issue.id)
        if issue.parent_id:
            self._children[issue.parent_id].add(issue.id)
        self._issues[issue.id] = issue
        self._ids_by_key[issue.key.upper()] = issue.id
        self._numbers[issue.project.id] = max(self._numbers[issue.project.id], issue.number)
        self._last_issue_id = max(self._last_issue_id, int(issue.id))
        self.index.note(at, issue.id, issue)

    def remove(self, issue_id: str, at: datetime) -> None:
        """Take an issue away without a trace; search will learn of it."""
        issue = self._issues.pop(issue_id)
        if issue.parent_id:
            self._children[issue.parent_id].discard(issue_id)
        self._changes.pop(issue_id, None)
        self.index.note(at, issue_id, None)

    def find(self, id_or_key: str) -> str | None:
        """Return the id of the issue of that id, key or former key, whatever the case."""
        known = self._ids_by_key.get(id_or_key.upper(), id_or_key)
        return known if known in self._issues else None

    def issue(self, id_or_key: str) -> Issue:
        """Return an issue, or raise."""
        found = self.find(id_or_key)
        if found is None:
            raise NoSuchIssueError(id_or_key)
        return self._issues[found]

    def children(self, issue_id: str) -> tuple[Issue, ...]:
        """Return what lies directly below an issue, by id."""
        ids = sorted(self._children.get(issue_id, ()), key=int)
        return tuple(self._issues[each] for each in ids)

    def record(
        self, issue_id: str, at: datetime, account: Account, items: tuple[ChangeItem, ...]
    ) -> None:
        """Append to the changelog of an issue."""
        self._last_change_id += 1
        change = Change(str(self._last_change_id), at, account, items)
        self._changes[issue_id].append(change)

    def changes(self, issue_id: str) -> tuple[Change, ...]:
        """Return the changelog of an issue, the oldest entry first."""
        return tuple(self._changes.get(issue_id, ()))
