"""What Jira Cloud can do, in the terms that it shares with Data Center."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync_jira import reading
from okrsync_jira.lanes import Lanes
from okrsync_jira.wire import Log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync_jira.session import JiraSession

Json = dict[str, Any]


class Cloud:
    """Reads issues, many at a time, which needs no more than one conversation."""

    order = "id ASC"
    stamps_at_once = 5000
    """Jira gives that many where few fields are asked, and fewer as it likes."""
    spare_minutes = 0
    """The pages of a search belong to the moment of the first."""

    def __init__(self, session: JiraSession) -> None:
        self._session = session
        self.lanes = Lanes(session, 1)

    def own_fields(self) -> tuple[str, ...]:
        """Return the fields that only Cloud has."""
        return ("statuscategorychangedate",)

    def search(self, jql: str, fields: Sequence[str], page_size: int) -> Iterator[list[Json]]:
        """Yield pages of the issues that *jql* finds, perhaps some more than once."""
        return reading.search(self._session, jql, fields, page_size)

    def fetch(self, ids: Iterable[str], fields: Sequence[str]) -> Iterator[list[Json]]:
        """Yield these issues as they are now, a batch at a time; those not there are left out."""
        return reading.fetch(self._session, ids, fields)

    def glance(self, ids: Iterable[str], fields: Sequence[str]) -> Iterator[list[Json]]:
        """Yield these issues; nothing costs less than the truth."""
        return self.fetch(ids, fields)

    def changelogs(self, ids: Iterable[str]) -> Iterator[dict[str, Log]]:
        """Yield for each batch of *ids* the changelogs of those that are there."""
        for entries in reading.changelogs(self._session, ids):
            there = self._there(id_ for id_, its in entries.items() if not its)
            yield {id_: Log(its) for id_, its in entries.items() if its or id_ in there}

    def _there(self, ids: Iterable[str]) -> set[str]:
        found = self.fetch(ids, ["updated"])
        return {str(issue["id"]) for issues in found for issue in issues}
