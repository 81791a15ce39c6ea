"""Time as the simulators see it: aware, in UTC, and under the test's control if wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)  # noqa: TID251 (this is the clock that others take)


class ManualClock:
    """A clock that moves only when told, or by one tick at each look."""

    def __init__(self, start: datetime, tick: timedelta = timedelta(0)) -> None:
        self._now = start.astimezone(UTC)
        self._tick = tick
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the time, then move on by one tick."""
        with self._lock:
            now = self._now
            self._now += self._tick
            return now

    def advance(self, by: timedelta) -> None:
        """Let *by* pass."""
        with self._lock:
            self._now += by
