"""The weekly moment, where the organisation is, also when clocks change; and the names of weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Weekly:
    """A day of the week and a time of day, in a time zone.

    A time that is skipped when clocks go forward comes as much later as they moved; one that is
    there twice counts the first time.
    """

    weekday: int
    at: time
    zone: ZoneInfo

    @classmethod
    def read(cls, told: str, zone: ZoneInfo) -> Weekly:
        """Read words such as ``Tue 07:30``."""
        day, _, clock = told.partition(" ")
        return cls(DAYS.index(day), time.fromisoformat(clock), zone)

    def last(self, now: datetime) -> datetime:
        """Return the newest such moment that is not after *now*, in UTC."""
        today = now.astimezone(self.zone).date()
        day = today - timedelta(days=(today.weekday() - self.weekday) % 7)
        moment = self._on(day)
        return moment if moment <= now else self._on(day - WEEK)

    def _on(self, day: date) -> datetime:
        return datetime.combine(day, self.at, tzinfo=self.zone).astimezone(UTC)


def week_name(day: date) -> str:
    """Return the ISO week of a day, such as 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
