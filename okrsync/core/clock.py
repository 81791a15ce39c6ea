"""Time as a value: what "now" is comes from outside, so that every day can be tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and can wait."""

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


@dataclass
class FixedClock:
    """Stands still until told otherwise; a wait moves it on at once."""

    at: datetime

    def now(self) -> datetime:
        """Return the time it stands at."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Move on by the wait, without waiting."""
        self.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self.at += by
