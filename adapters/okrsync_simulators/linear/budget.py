"""What one credential may ask for in an hour, as two leaky buckets that refill with the clock.

The headers say `Reset` as Linear does: the moment, in epoch milliseconds, an hour after this
request, when a bucket would be full again whatever it holds now.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync_simulators.clock import Clock

HOUR = timedelta(hours=1)
KEY_REQUESTS = 2_500
KEY_COMPLEXITY = 3_000_000
MOST_COMPLEX_QUERY = 10_000


class Budget:
    """Requests and complexity points left; refuses when either is spent."""

    def __init__(
        self, clock: Clock, requests: int = KEY_REQUESTS, complexity: int = KEY_COMPLEXITY
    ) -> None:
        self._clock = clock
        self.requests = _Bucket(requests, clock.now())
        self.complexity = _Bucket(complexity, clock.now())

    def spend(self, complexity: float) -> bool:
        """Take one request and its points; tell whether there was enough of both."""
        now = self._clock.now()
        self.requests.refill(now)
        self.complexity.refill(now)
        if self.requests.left < 1 or self.complexity.left < complexity:
            return False
        self.requests.left -= 1
        self.complexity.left -= complexity
        return True

    def reset(self) -> int:
        """Return when both are full again, in epoch milliseconds."""
        return int((self._clock.now() + HOUR).timestamp() * 1000)

    def headers(self) -> dict[str, str]:
        """Return Linear's rate-limit headers."""
        headers = {}
        for name, bucket in (("Requests", self.requests), ("Complexity", self.complexity)):
            headers[f"X-RateLimit-{name}-Limit"] = str(bucket.limit)
            headers[f"X-RateLimit-{name}-Remaining"] = str(int(bucket.left))
            headers[f"X-RateLimit-{name}-Reset"] = str(self.reset())
        return headers


class _Bucket:
    """So many an hour, coming back evenly."""

    def __init__(self, limit: int, now: datetime) -> None:
        self.limit = limit
        self.left = float(limit)
        self._seen = now

    def refill(self, now: datetime) -> None:
        """Add what came back since the last look."""
        self.left = min(self.limit, self.left + self.limit * ((now - self._seen) / HOUR))
        self._seen = now
