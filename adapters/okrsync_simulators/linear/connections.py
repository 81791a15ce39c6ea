"""Relay connections as Linear pages them: newest first, 50 unless told, 250 at most.

A cursor holds the place in the order, not a number of rows: what changes between two pages may be
met twice or, moved to the front, not again.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from okrsync_simulators.linear.errors import RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

DEFAULT_PAGE = 50
LARGEST_PAGE = 250

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Rows, oldest first, with their keys."""

    keys: Sequence[Key]
    rows: Sequence[Any]


def ordered(rows: Iterable[Any], order_by: str | None = None) -> Ordered:
    """Put rows in the order of their creation, or of their last update."""
    attribute = "updated_at" if order_by == "updatedAt" else "created_at"
    keyed = sorted(
        (((_ms(getattr(row, attribute, row.created_at)), row.id), row) for row in rows),
        key=lambda pair: pair[0],
    )
    return Ordered([key for key, _ in keyed], [row for _, row in keyed])


def page(
    listing: Ordered, view: Callable[[Any], Any], first: int | None, after: str | None
) -> dict[str, Any]:
    """Return the page of a listing that follows the cursor *after*, newest first."""
    size = _size(first)
    end = bisect_left(listing.keys, _key(after)) if after else len(listing.keys)
    start = max(0, end - size)
    rows = listing.rows[start:end][::-1]
    cursors = [_cursor(key) for key in listing.keys[start:end][::-1]]
    nodes = [view(row) for row in rows]
    return {
        "nodes": nodes,
        "edges": [
            {"cursor": cursor, "node": node} for cursor, node in zip(cursors, nodes, strict=True)
        ],
        "pageInfo": {
            "hasNextPage": start > 0,
            "hasPreviousPage": end < len(listing.keys),
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _size(first: int | None) -> int:
    if first is None:
        return DEFAULT_PAGE
    if not 0 < first <= LARGEST_PAGE:
        raise RefusalError(
            "Argument Validation Error", f"first must be between 1 and {LARGEST_PAGE}."
        )
    return first


def _cursor(key: Key) -> str:
    return f"{key[0]}.{key[1]}"


def _key(cursor: str) -> Key:
    moment, _, row_id = cursor.partition(".")
    if not moment.isdigit() or not row_id:
        raise RefusalError("Argument Validation Error", f"Invalid cursor: {cursor}")
    return int(moment), row_id


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
