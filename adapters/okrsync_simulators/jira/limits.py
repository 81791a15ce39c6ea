"""How much a client may ask of the simulated Jira: bursts, and writes to one issue, or a bucket.

Off unless a test turns it on, since a test is faster than any real client. What a refused request
is told is what the vendor documents: the reason, and how long to wait.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PER_SECOND = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}
PER_ISSUE = ((20, timedelta(seconds=2)), (100, timedelta(seconds=30)))
BURST, ON_ISSUE = "jira-burst-based", "jira-per-issue-on-write"


@dataclass(slots=True)
class _Bucket:
    left: float
    seen: datetime


class Limits:
    """Counts requests by operation, and writes by issue."""

    def __init__(self, per_second: Mapping[str, float] = PER_SECOND) -> None:
        self.refused: defaultdict[str, int] = defaultdict(int)
        """How often something was refused, by the vendor's reason."""
        self._per_second = per_second
        self._buckets: dict[str, _Bucket] = {}
        self._writes: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def headers(self, operation: str, method: str, now: datetime) -> dict[str, str]:
        """Return what every answer tells."""
        rate = self._per_second[method]
        left = int(self._refilled(operation, method, now).left)
        return {
            "X-RateLimit-Limit": str(int(rate)),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-NearLimit": str(left < rate / 5).lower(),
        }

    def refuse(
        self, operation: str, method: str, issue: str | None, now: datetime
    ) -> dict[str, str] | None:
        """Count a request; return the headers of the refusal if it is one too many."""
        bucket = self._refilled(operation, method, now)
        if bucket.left < 1:
            missing = (1 - bucket.left) / self._per_second[method]
            return self._told(BURST, timedelta(seconds=missing), now)
        bucket.left -= 1
        if issue is None:
            return None
        wait = self._wait(issue, now)
        if wait > timedelta(0):
            return self._told(ON_ISSUE, wait, now)
        self._writes[issue].append(now)
        return None

    def _refilled(self, operation: str, method: str, now: datetime) -> _Bucket:
        rate = self._per_second[method]
        bucket = self._buckets.setdefault(operation, _Bucket(rate, now))
        bucket.left = min(rate, bucket.left + rate * (now - bucket.seen).total_seconds())
        bucket.seen = now
        return bucket

    def _wait(self, issue: str, now: datetime) -> timedelta:
        written = self._writes[issue]
        waits = [written[-most] + span - now for most, span in PER_ISSUE if len(written) >= most]
        return max(waits, default=timedelta(0))

    def _told(self, reason: str, wait: timedelta, now: datetime) -> dict[str, str]:
        self.refused[reason] += 1
        seconds = max(1, ceil(wait.total_seconds()))
        return {
            "Retry-After": str(seconds),
            "X-RateLimit-Reset": (now + timedelta(seconds=seconds)).isoformat(),
            "RateLimit-Reason": reason,
        }


class AccountBucket:
    """Data Center's limit: a bucket for each account, filled up by so much every so often."""

    def __init__(self, most: int, fill: int, every: timedelta) -> None:
        self.refused = 0
        """How many requests came too early."""
        self._most = most
        self._fill = fill
        self._every = every
        self._left = most
        self._filled: datetime | None = None

    def headers(self, _operation: str, _method: str, now: datetime) -> dict[str, str]:
        """Return what every answer tells."""
        self._refill(now)
        return {
            "X-RateLimit-Limit": str(self._most),
            "X-RateLimit-Remaining": str(self._left),
            "X-RateLimit-Interval-Seconds": str(int(self._every.total_seconds())),
            "X-RateLimit-FillRate": str(self._fill),
            "retry-after": "0",
        }

    def refuse(
        self, _operation: str, _method: str, _issue: str | None, now: datetime
    ) -> dict[str, str] | None:
        """Count a request; return the headers of the refusal if it is one too many."""
        filled = self._refill(now)
        if self._left:
            self._left -= 1
            return None
        self.refused += 1
        return {"retry-after": str(ceil((filled + self._every - now).total_seconds()))}

    def _refill(self, now: datetime) -> datetime:
        """Fill up as often as was due, and return when that was last."""
        filled = self._filled or now
        times = (now - filled) // self._every
        self._left = min(self._most, self._left + times * self._fill)
        self._filled = filled + times * self._every
        return self._filled
