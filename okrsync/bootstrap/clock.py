"""The machine's clock: the only place that reads it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
