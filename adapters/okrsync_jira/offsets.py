"""Listings that come page by page at an offset, and shift while people work.

Data Center searches anew for every page. What leaves the result meanwhile draws everything behind
it forward, over the edge between two pages; what joins pushes it back. So pages overlap, and a page
is only believed if it holds something that the page before held: in the order of keys, which an
edit does not change, nothing that was there all the time can then lie between the two. A page that
has nothing in common with the one before is asked for again, further in front. What is created
meanwhile comes last. An issue may come more than once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from okrsync.errors import TrackerUnavailableError
from okrsync_jira import failures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okrsync_jira.session import JiraSession

Json = dict[str, Any]
SMALLEST = 2
"""Pages of one cannot overlap."""
OVERLAP = 20
"""One in so many issues of a page is asked for once more with the next."""
MOST_RETURNS = 50
"""So often a listing goes back before it counts as too restless to be read."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a search showed at an offset."""

    issues: list[Json]
    size: int
    """How many places of the result it covers, whether or not each could be shown."""
    total: int

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its issues."""
        return frozenset(str(each["id"]) for each in self.issues)


def pages(session: JiraSession, ask: Callable[[int], Json], what: object) -> Iterator[list[Json]]:
    """Yield the pages that *ask* returns for an offset, so that nothing is lost between them."""
    start, before = 0, frozenset[str]()
    returns, stride = 0, 1
    while True:
        page = _page(session, ask(start), what)
        if start and before.isdisjoint(page.ids):
            returns, stride = returns + 1, stride * 2
            start = max(0, start - max(SMALLEST, page.size) * stride // 2)
            if returns > MOST_RETURNS:
                raise _incomplete(session, what, "it changes faster than it can be read")
            continue
        if returns and not page.total:
            raise _incomplete(session, what, "all of it vanished while it was read")
        yield page.issues
        if start + page.size >= page.total:
            return
        if page.size < SMALLEST or not page.issues:
            raise _incomplete(session, what, "its pages are too small to overlap")
        start, before, stride = start + page.size - _overlap(page), page.ids, 1


def _page(session: JiraSession, answer: Json, what: object) -> Page:
    issues, total = answer.get("issues"), answer.get("total")
    if not isinstance(issues, list) or not isinstance(total, int):
        raise failures.garbled(f"{session.tracker}: {what}", tracker=session.tracker)
    granted = answer.get("maxResults")
    return Page(issues, granted if isinstance(granted, int) else len(issues), total)


def _overlap(page: Page) -> int:
    return max(1, page.size // OVERLAP)


def _incomplete(session: JiraSession, what: object, why: str) -> TrackerUnavailableError:
    message = f"{session.tracker}: {what}: the listing is incomplete: {why}"
    return TrackerUnavailableError(message, tracker=session.tracker)
