"""How Jira Data Center is read.

It answers a search out of an index that each of its machines keeps for itself and that may lag,
page by page at an offset. What must be true is therefore read issue by issue, several at a time.
Changelogs are true in a search as well, but only what the index knows is found there. There are no
bulk edits, so nothing lasts beyond its answer.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from okrsync.errors import ItemGoneError
from okrsync_jira import offsets, wiki
from okrsync_jira.failures import DeniedError
from okrsync_jira.lanes import Lanes, batches
from okrsync_jira.links import LEAST, Above, link_fields
from okrsync_jira.session import Call
from okrsync_jira.wire import Log, is_id, tells_of_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from okrsync_jira.session import JiraSession

Json = dict[str, Any]
LANES = 4
"""Requests under way at a time; what Jira asks one of them to wait, all wait."""
MOST_ISSUES = 100
MOST_CHANGELOGS = 50
LIST_FIELDS = Call(method="GET", path="/field", kind="other", expects=list)
CHANGELOG = "changelog"


class DataCenter:
    """Reads issues, and shows them as Cloud would."""

    order = "key ASC"
    stamps_at_once = 1000
    spare_minutes = 15
    """Each page is searched for anew, and what is said in minutes ago moves on meanwhile."""

    def __init__(self, session: JiraSession) -> None:
        self._session = session
        self.lanes = Lanes(session, LANES)
        self._links: tuple[str, ...] | None = None

    def own_fields(self) -> tuple[str, ...]:
        """Return the ids of the fields that link to what is above an issue."""
        if self._links is None:
            self._links = link_fields(self._session.reading(LIST_FIELDS))
        return self._links

    def search(self, jql: str, fields: Sequence[str], page_size: int) -> Iterator[list[Json]]:
        """Yield pages of the issues that *jql* finds, perhaps some more than once."""
        body = {
            "jql": jql,
            "fields": list(fields),
            "maxResults": max(page_size, offsets.SMALLEST),
        }
        shown = self._showing(fields)
        for page in offsets.pages(self._session, partial(self._ask, body), "POST /search"):
            yield shown(page)

    def fetch(self, ids: Iterable[str], fields: Sequence[str]) -> Iterator[list[Json]]:
        """Yield these issues as they are now, a batch at a time; those not there are left out."""
        read = partial(_issue, fields=fields)
        shown = self._showing(fields)
        for batch in batches(_ids(ids), MOST_ISSUES):
            yield shown([issue for issue in self.lanes.each(read, batch) if issue is not None])

    def glance(self, ids: Iterable[str], fields: Sequence[str]) -> Iterator[list[Json]]:
        """Yield these issues as a search shows them, which costs less."""
        for batch in batches(_ids(ids), MOST_ISSUES):
            yield _found(self._session, _among("id", batch), len(batch), fields)

    def changelogs(self, ids: Iterable[str]) -> Iterator[dict[str, Log]]:
        """Yield for each batch of *ids* the changelogs of those that are there."""
        read = partial(_issue, fields=[LEAST], expand=CHANGELOG)
        for batch in batches(_ids(ids), MOST_CHANGELOGS):
            wanted = _among("id", batch)
            found = _found(self._session, wanted, len(batch), [LEAST], expand=CHANGELOG)
            logs = {str(issue["id"]): _log(issue) for issue in found}
            # Of an issue that is gone the index may know, but nobody any more what was changed.
            sure = {id_ for id_, log in logs.items() if any(map(tells_of_labels, log.entries))}
            doubted = [id_ for id_ in batch if id_ not in sure or not logs[id_].complete]
            there = {
                str(issue["id"]): _log(issue)
                for issue in self.lanes.each(read, doubted)
                if issue is not None
            }
            yield {id_: logs[id_] for id_ in sure - set(doubted)} | there

    def _ask(self, body: Json, start: int) -> Json:
        call = Call(method="POST", path="/search", kind="search", body={**body, "startAt": start})
        answer: Json = self._session.reading(call)
        return answer

    def _showing(self, fields: Sequence[str]) -> Callable[[list[Json]], list[Json]]:
        """Return what makes issues look as Cloud shows them, for one listing."""
        links = [each for each in self._links or () if each in fields]
        above = Above(links, partial(_by_key, self._session), self.lanes)

        def shown(issues: list[Json]) -> list[Json]:
            read = [_as_text(each) for each in issues] if "description" in fields else issues
            return above.shown(read) if links else read

        return shown


def _issue(
    session: JiraSession, id_: str, *, fields: Sequence[str], expand: str = ""
) -> Json | None:
    """Return an issue as it is now, if it is there for us."""
    query: dict[str, str | list[str]] = {"fields": ",".join(fields)}
    if expand:
        query["expand"] = expand
    call = Call(method="GET", path=f"/issue/{id_}", kind="read", query=query)
    try:
        issue: Json = session.reading(call)
    except ItemGoneError:
        return None
    except DeniedError:
        # What we may not see is refused, in words of our account's language. A search just leaves
        # it out; if that shows the issue, or fails as well, something else is wrong.
        if _found(session, _among("id", [id_]), 1, [LEAST]):
            raise
        return None
    return issue if str(issue["id"]) == id_ else None


def _by_key(session: JiraSession, keys: Sequence[str]) -> list[Json]:
    return _found(session, _among("key", [f'"{key}"' for key in keys]), len(keys), [LEAST])


def _found(
    session: JiraSession, jql: str, most: int, fields: Sequence[str], *, expand: str = ""
) -> list[Json]:
    """Return what one search finds; what it names and does not exist is left out."""
    body: Json = {
        "jql": jql,
        "fields": list(fields),
        "startAt": 0,
        "maxResults": most,
        "validateQuery": False,
    }
    if expand:
        body["expand"] = [expand]
    kind = "history" if expand else "read"
    answer = session.reading(Call(method="POST", path="/search", kind=kind, body=body))
    issues: list[Json] = answer["issues"]
    return issues


def _among(field: str, values: Sequence[str]) -> str:
    return f"{field} in ({', '.join(values)})"


def _ids(ids: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(each for each in ids if is_id(each))


def _log(issue: Json) -> Log:
    told = issue[CHANGELOG]
    entries = told["histories"]
    return Log(entries, complete=int(told.get("total", len(entries))) <= len(entries))


def _as_text(issue: Json) -> Json:
    fields = issue["fields"]
    return {**issue, "fields": {**fields, "description": wiki.plain(fields.get("description"))}}
