"""What has to be known of a kind of Jira to use it; `Cloud` and `DataCenter` are the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from okrsync_jira.cloud import Cloud
from okrsync_jira.datacenter import DataCenter
from okrsync_jira.dialect import Deployment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync_jira.lanes import Lanes
    from okrsync_jira.session import JiraSession
    from okrsync_jira.wire import Log

Json = dict[str, Any]


class Kind(Protocol):
    """Reads one kind of Jira. Raw JSON comes out, in the shape that Cloud gives it."""

    order: str
    """An order of search results that no edit changes."""
    stamps_at_once: int
    spare_minutes: int
    """How long a listing of what changed of late may take."""
    lanes: Lanes
    """How many things may be done at a time that go one by one."""

    def own_fields(self) -> tuple[str, ...]:
        """Return the fields to ask for beside those that every kind has."""

    def search(self, jql: str, fields: Sequence[str], page_size: int) -> Iterator[list[Json]]:
        """Yield pages of the issues that *jql* finds, perhaps some more than once."""

    def fetch(self, ids: Iterable[str], fields: Sequence[str]) -> Iterator[list[Json]]:
        """Yield these issues as they are now, a batch at a time; those not there are left out."""

    def glance(self, ids: Iterable[str], fields: Sequence[str]) -> Iterator[list[Json]]:
        """Yield these issues as they were of late, at little cost."""

    def changelogs(self, ids: Iterable[str]) -> Iterator[dict[str, Log]]:
        """Yield for each batch of *ids* the changelogs of those that are there."""


def kind_of(session: JiraSession) -> Kind:
    """Return the kind that the session speaks to."""
    if session.dialect.deployment is Deployment.DATACENTER:
        return DataCenter(session)
    return Cloud(session)
