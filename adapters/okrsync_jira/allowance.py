"""What Jira's headers say of its limits, as values; pure.

Cloud counts apart for each kind of request, and so do we. Data Center has one bucket for each
account, which fills up by so much every so many seconds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from okrsync.core.pace import Window
from okrsync.ports.tracker import Budget

if TYPE_CHECKING:
    from collections.abc import Mapping

PER_ISSUE = (Window(most=20, seconds=2.5), Window(most=100, seconds=31.0))
"""Writes to one issue: Jira's 20 in 2 and 100 in 30 seconds, with room for slow lines."""


ALL_REQUESTS = "requests"


def budget(kind: str, headers: Mapping[str, str]) -> Budget | None:
    """Return what is left for requests of this kind, where an answer tells it."""
    limit = headers.get("X-RateLimit-Limit", "")
    remaining = headers.get("X-RateLimit-Remaining", "")
    if not (limit.isdecimal() and remaining.isdecimal()):
        return None
    most, left = int(limit), int(remaining)
    if (seconds := _seconds_a_token(headers)) is not None:
        return Budget(ALL_REQUESTS, most, left, _full_again(headers, (most - left) * seconds))
    return Budget(kind, most, left, moment(headers.get("X-RateLimit-Reset", "")))


def refill(headers: Mapping[str, str]) -> float | None:
    """Return in how many seconds at the latest a bucket of Data Center's gets something more."""
    interval = headers.get("X-RateLimit-Interval-Seconds", "")
    return float(interval) if interval.isdecimal() and float(interval) > 0 else None


def date(headers: Mapping[str, str]) -> datetime | None:
    """Return when the server says that it answered."""
    try:
        return aware(parsedate_to_datetime(headers["Date"]))
    except (KeyError, ValueError):
        return None


def moment(text: str) -> datetime | None:
    """Read an ISO 8601 time, if it is one."""
    try:
        return aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def aware(at: datetime) -> datetime:
    """Return a time that knows its zone; one that says none is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _seconds_a_token(headers: Mapping[str, str]) -> float | None:
    interval, rate = refill(headers), headers.get("X-RateLimit-FillRate", "")
    return interval / int(rate) if interval and rate.isdecimal() and int(rate) > 0 else None


def _full_again(headers: Mapping[str, str], seconds: float) -> datetime | None:
    at = date(headers)
    return at + timedelta(seconds=seconds) if at else None
