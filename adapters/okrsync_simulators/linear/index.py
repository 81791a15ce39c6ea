"""Issues as they are, and as searching shows them some seconds later.

An issue asked for by its id is always current; a filtered list may be behind. With no lag both
are the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync_simulators.clock import Clock
    from okrsync_simulators.linear.model import Issue


class IssueIndex:
    """Keeps the truth, and what was true before each change that searching does not show yet."""

    def __init__(self, clock: Clock, lag_seconds: float) -> None:
        self.lag = timedelta(seconds=lag_seconds)
        self.revision = 0
        self._clock = clock
        self._current: dict[str, Issue] = {}
        self._by_identifier: dict[str, str] = {}
        self._hidden: dict[str, list[tuple[datetime, Issue | None]]] = {}

    def __len__(self) -> int:
        return len(self._current)

    def put(self, issue: Issue) -> None:
        """Make *issue* the truth; searching follows after the lag."""
        if self.lag:
            before = (self._clock.now() + self.lag, self._current.get(issue.id))
            self._hidden.setdefault(issue.id, []).append(before)
        self._current[issue.id] = issue
        for identifier in (*issue.previous_identifiers, issue.identifier):
            self._by_identifier[identifier] = issue.id
        self.revision += 1

    def find(self, reference: str) -> Issue | None:
        """Return the current issue of an id, or of an identifier that it has or once had."""
        issue = self._current.get(reference)
        return issue or self._current.get(self._by_identifier.get(reference.upper(), ""))

    def current(self) -> Iterable[Issue]:
        """Return all issues as they are."""
        return list(self._current.values())

    def searched(self) -> Iterable[Issue]:
        """Return the issues as searching shows them now."""
        self._settle()
        return list(self._as_searched()) if self._hidden else self.current()

    @property
    def settled(self) -> bool:
        """Whether searching has caught up."""
        self._settle()
        return not self._hidden

    def flush(self) -> None:
        """Let searching catch up at once."""
        self._hidden.clear()
        self.revision += 1

    def _as_searched(self) -> Iterator[Issue]:
        for issue in self.current():
            hidden = self._hidden.get(issue.id)
            shown = hidden[0][1] if hidden else issue
            if shown is not None:
                yield shown

    def _settle(self) -> None:
        now = self._clock.now()
        for issue_id, changes in list(self._hidden.items()):
            late = [change for change in changes if change[0] > now]
            if late:
                self._hidden[issue_id] = late
            else:
                del self._hidden[issue_id]
