"""Reads a Relay connection to its end, page by page.

A page that is too complex is asked for again at half its size, down to one row. A list that does
not say how it goes on is an error, never an end: half a scope must not look like a small one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.errors import TrackerUnavailableError
from okrsync_linear.failures import QueryTooComplexError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okrsync_linear.client import LinearClient

MOST = 250
"""Rows in one page that Linear gives at most."""


def pages(
    client: LinearClient,
    document: str,
    variables: Mapping[str, Any],
    *,
    at: Sequence[str],
    first: int,
    kind: str,
) -> Iterator[list[dict[str, Any]]]:
    """Yield the nodes of each page of the connection that lies *at* a path in the answer."""
    size, after = first, None
    seen: set[str] = set()
    while True:
        try:
            answer = client.read(document, {**variables, "first": size, "after": after}, kind=kind)
        except QueryTooComplexError:
            if size == 1:
                raise
            size //= 2
            continue
        nodes, info = _taken(client, answer, at)
        yield nodes
        after = _next(client, nodes, info)
        if after is None:
            return
        if after in seen:
            raise TrackerUnavailableError("Linear repeats a page", tracker=client.tracker)
        seen.add(after)


def _taken(
    client: LinearClient, answer: dict[str, Any], at: Sequence[str]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    found: Any = answer
    try:
        for name in at:
            found = found[name]
        return list(found["nodes"]), dict(found["pageInfo"])
    except (KeyError, TypeError, ValueError) as error:
        raise TrackerUnavailableError(
            "Linear's answer is not the list that was asked for", tracker=client.tracker
        ) from error


def _next(client: LinearClient, nodes: list[dict[str, Any]], info: Mapping[str, Any]) -> str | None:
    if not info.get("hasNextPage"):
        return None
    cursor = info.get("endCursor")
    if cursor:
        return str(cursor)
    if not nodes:
        return None
    raise TrackerUnavailableError(
        "Linear says that a list goes on, but not where", tracker=client.tracker
    )
