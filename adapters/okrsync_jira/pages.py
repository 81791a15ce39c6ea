"""Answers that come page by page under a token.

A page without a token is the last; a short or an empty one is not. A token that comes twice would
go on for ever, so it is an error.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from okrsync.errors import TrackerRefusedError, TrackerUnavailableError
from okrsync_jira import failures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync_jira.session import Call, JiraSession

Json = dict[str, Any]


class LostPlaceError(TrackerRefusedError):
    """Jira refuses a token that it gave: the listing has to be started anew."""


def pages(session: JiraSession, call: Call, holding: str) -> Iterator[list[Json]]:
    """Yield what each page of *call* holds under the key *holding*."""
    used: set[str] = set()
    token = None
    while True:
        page = _page(session, call, token)
        if not isinstance(page.get(holding), list):
            raise failures.garbled(f"{session.tracker}: {call}", tracker=session.tracker)
        token = page.get("nextPageToken")
        if not token and page.get("isLast") is False:
            raise _incomplete(session, call, "there is more, but no way to ask for it")
        if page.get("warnings"):
            raise _curtailed(session, call, page["warnings"])
        yield page[holding]
        if not token:
            return
        if token in used:
            raise _incomplete(session, call, "the same page token came twice")
        used.add(token)


def _page(session: JiraSession, call: Call, token: str | None) -> Json:
    if token is None:
        first: Json = session.reading(call)
        return first
    try:
        following: Json = session.reading(
            replace(call, body={**(call.body or {}), "nextPageToken": token})
        )
    except failures.LoginRefusedError:
        raise
    except TrackerRefusedError as error:
        raise LostPlaceError(str(error), tracker=session.tracker, hint=error.hint) from error
    return following


def _incomplete(session: JiraSession, call: Call, why: str) -> TrackerUnavailableError:
    message = f"{session.tracker}: {call}: the listing is incomplete: {why}"
    return TrackerUnavailableError(message, tracker=session.tracker)


def _curtailed(session: JiraSession, call: Call, warnings: list[Json]) -> TrackerRefusedError:
    kinds = ", ".join(sorted({str(each.get("type")) for each in warnings}))
    return TrackerRefusedError(
        f"{session.tracker}: {call}: Jira left out issues ({kinds})",
        tracker=session.tracker,
        hint="A function in `jql` reached its limit; use plainer conditions.",
    )
