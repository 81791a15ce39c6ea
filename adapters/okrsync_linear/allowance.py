"""What Linear's headers say of its limits and of its time, as values; pure.

Resets are in epoch milliseconds. How long to wait is reckoned on Linear's own clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from okrsync.ports.tracker import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX = "x-ratelimit-"
LIMIT = re.compile(PREFIX + r"(?P<name>\w+(?:-\w+)*)-limit")
ENDPOINT = "endpoint-"
"""What the names of those headers begin with that speak of a single kind of query."""


def budgets(headers: Mapping[str, str]) -> Iterator[Budget]:
    """Yield what is left of each allowance that an answer tells of; names are in lower case."""
    for header, limit in headers.items():
        found = LIMIT.fullmatch(header.lower())
        if found is None:
            continue
        start = f"{PREFIX}{found['name']}-"
        remaining, reset = headers.get(f"{start}remaining", ""), headers.get(f"{start}reset", "")
        if limit.isdecimal() and remaining.isdecimal():
            yield Budget(
                _name(found["name"], headers),
                int(limit),
                int(remaining),
                datetime.fromtimestamp(int(reset) / 1000, UTC) if reset.isdecimal() else None,
            )


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return how long the tracker asks one to wait who was refused; nothing if it does not say.

    Resets of spent budgets count; where none shows that it is spent, the latest of all.
    """
    if headers.get("retry-after", "").isdecimal():
        return float(headers["retry-after"])
    resets = _resets(headers)
    spent = {name: at for name, at in resets.items() if _is_spent(name, headers)}
    return _until(spent or resets, headers)


def seconds_spent(headers: Mapping[str, str]) -> float | None:
    """Return how long nobody should ask anything, because a budget for all of it is spent."""
    spent = {
        name: at
        for name, at in _resets(headers).items()
        if _is_spent(name, headers) and not name.startswith(PREFIX + ENDPOINT)
    }
    return _until(spent, headers)


def date(headers: Mapping[str, str]) -> datetime | None:
    """Return when the server says that it answered."""
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None


def _until(resets: Mapping[str, int], headers: Mapping[str, str]) -> float | None:
    now = date(headers)
    if not resets or now is None:
        return None
    return max(0.0, max(resets.values()) / 1000 - now.timestamp())


def _resets(headers: Mapping[str, str]) -> dict[str, int]:
    found = ((name.lower(), value) for name, value in headers.items())
    return {
        name: int(value)
        for name, value in found
        if name.startswith(PREFIX) and name.endswith("-reset") and value.isdecimal()
    }


def _is_spent(reset: str, headers: Mapping[str, str]) -> bool:
    remaining = headers.get(reset.removesuffix("reset") + "remaining", "")
    return remaining.isdecimal() and int(remaining) == 0


def _name(header: str, headers: Mapping[str, str]) -> str:
    """Return what a budget is called: those of single endpoints after the endpoint."""
    if not header.startswith(ENDPOINT):
        return header
    endpoint = headers.get("x-ratelimit-endpoint-name", "endpoint")
    return f"{endpoint} {header.removeprefix(ENDPOINT)}"
