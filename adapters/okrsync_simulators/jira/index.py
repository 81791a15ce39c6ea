"""The search index, which learns of every change some time after it happened."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from okrsync_simulators.jira.model import Issue


class SearchIndex:
    """Issues as search sees them, kept by project."""

    def __init__(self) -> None:
        self._issues: dict[str, Issue] = {}
        self._by_project: dict[str, dict[str, Issue]] = {}
        self._unseen: deque[tuple[datetime, str, Issue | None]] = deque()

    def note(self, at: datetime, issue_id: str, version: Issue | None) -> None:
        """Remember that an issue became *version*, or that it is gone."""
        self._unseen.append((at, issue_id, version))

    def catch_up(self, until: datetime) -> None:
        """Learn of what happened up to that moment, in order."""
        while self._unseen and self._unseen[0][0] <= until:
            _, issue_id, version = self._unseen.popleft()
            self._put(issue_id, version)

    def flush(self) -> None:
        """Learn of everything."""
        while self._unseen:
            _, issue_id, version = self._unseen.popleft()
            self._put(issue_id, version)

    def get(self, issue_id: str) -> Issue | None:
        """Return the issue as search knows it."""
        return self._issues.get(issue_id)

    def all(self) -> Iterable[Issue]:
        """Return every issue that search knows."""
        return self._issues.values()

    def of_projects(self, project_ids: Iterable[str]) -> Iterator[Issue]:
        """Yield the issues of those projects."""
        for project_id in project_ids:
            yield from self._by_project.get(project_id, {}).values()

    def _put(self, issue_id: str, version: Issue | None) -> None:
        before = self._issues.pop(issue_id, None)
        if before is not None:
            del self._by_project[before.project.id][issue_id]
        if version is not None:
            self._issues[issue_id] = version
            self._by_project.setdefault(version.project.id, {})[issue_id] = version
