"""How Jira Cloud is read: by search, by id, and changelogs, always many issues at a time.

Raw JSON goes out. What is missing from an answer is told apart from what could not be read: only
the first is left out silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.errors import TrackerUnavailableError
from okrsync_jira import failures
from okrsync_jira.lanes import batches
from okrsync_jira.pages import LostPlaceError, pages
from okrsync_jira.session import Call
from okrsync_jira.wire import is_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync_jira.session import JiraSession

Json = dict[str, Any]
STARTS = 4
"""How often a search is begun before a token that Jira forgets is taken for an error."""
MOST_ISSUES = 100
MOST_CHANGELOGS = 1000


def search(
    session: JiraSession, jql: str, fields: Sequence[str], page_size: int
) -> Iterator[list[Json]]:
    """Yield pages of the issues that *jql* finds.

    Where Jira forgets a page token in the middle, the search starts anew and yields again what it
    yielded before: knowing it would take memory for all ids.
    """
    body = {"jql": jql, "fields": list(fields), "maxResults": page_size}
    call = Call(method="POST", path="/search/jql", kind="search", body=body)
    for start in range(STARTS):
        try:
            yield from pages(session, call, "issues")
        except LostPlaceError:
            if start == STARTS - 1:
                raise
        else:
            return


def fetch(session: JiraSession, ids: Iterable[str], fields: Sequence[str]) -> Iterator[list[Json]]:
    """Yield these issues as they are now, a batch at a time; those not there are left out."""
    for batch in batches(dict.fromkeys(each for each in ids if is_id(each)), MOST_ISSUES):
        waiting = batch
        while waiting:
            issues, failed = _fetch_some(session, waiting, fields)
            yield issues
            waiting = failed


def changelogs(session: JiraSession, ids: Iterable[str]) -> Iterator[dict[str, list[Json]]]:
    """Yield for each batch of *ids* the entries about labels, by issue id; none where none is."""
    for batch in batches(dict.fromkeys(each for each in ids if is_id(each)), MOST_CHANGELOGS):
        body = {"issueIdsOrKeys": batch, "fieldIds": ["labels"], "maxResults": MOST_CHANGELOGS}
        call = Call(method="POST", path="/changelog/bulkfetch", kind="history", body=body)
        entries: dict[str, list[Json]] = {id_: [] for id_ in batch}
        for page in pages(session, call, "issueChangeLogs"):
            for log in page:
                entries.setdefault(str(log.get("issueId")), []).extend(
                    log.get("changeHistories") or ()
                )
        yield entries


def _fetch_some(
    session: JiraSession, ids: list[str], fields: Sequence[str]
) -> tuple[list[Json], list[str]]:
    body = {"issueIdsOrKeys": ids, "fields": list(fields)}
    call = Call(method="POST", path="/issue/bulkfetch", kind="read", body=body)

    def some() -> tuple[list[Json], list[str]]:
        answer = session.once(call)
        errors = answer.get("issueErrors") or ()
        failed = [id_ for id_ in ids if id_ in {str(each.get("id")) for each in errors}]
        if not isinstance(answer.get("issues"), list):
            raise failures.garbled(f"{session.tracker}: {call}", tracker=session.tracker)
        if len(failed) == len(ids):  # no progress: wait, then ask again
            message = f"{session.tracker}: {call}: Jira could not read {len(failed)} issues now"
            raise TrackerUnavailableError(message, tracker=session.tracker)
        # An id that Jira took for an old key brings another issue than the one asked for.
        return [each for each in answer["issues"] if str(each.get("id")) in ids], failed

    found: tuple[list[Json], list[str]] = session.patiently(some)
    return found
