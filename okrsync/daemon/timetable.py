"""When what is done: passes at intervals, the sweep daily, the full read on Sundays.

Jobs only wish; workers do. So a job never takes long, a late one is made up for once, and two of
one kind are one. A time of day comes exactly once a day where the organisation is, also on the
days when clocks are changed: one that is skipped comes as much later as the clocks moved, one that
is there twice counts the first time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from okrsync.core.reading import Reading
from okrsync.reports.weeks import Weekly

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from okrsync.settings.tree import SyncSettings

SUNDAY = 6
LOOK_EVERY = 3600.0
"""Seconds between two looks at all work together."""
FIRST_LOOK = timedelta(minutes=1)
"""How long after a start, or after other settings, the first one comes."""
MAIL_EVERY = 900.0
"""Seconds between two looks for mail that could not be sent, or was due while nobody ran."""
FIRST_MAIL = timedelta(minutes=3)
"""How long after a start the first of them comes: time enough to read what changed."""
JITTER = 0.1
"""The share of an interval by which its times differ, so that many okrsyncs do not meet."""


class DailyTrigger(BaseTrigger):  # type: ignore[misc] # the library has no types
    """Fires at a time of day on some days of the week, once on each.

    APScheduler's own cron trigger fires for an hour without end when clocks go back.
    """

    def __init__(self, at: time, zone: ZoneInfo, days: frozenset[int]) -> None:
        self._at = at
        self._zone = zone
        self._days = days

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """Return the first moment after the one before, and not before *now* without one."""
        after = (
            now - timedelta(microseconds=1) if previous_fire_time is None else previous_fire_time
        )
        day = after.astimezone(self._zone).date() - timedelta(days=1)
        while True:
            moment = self._on(day)
            if day.weekday() in self._days and moment > after:
                return moment
            day += timedelta(days=1)

    def _on(self, day: date) -> datetime:
        return datetime.combine(day, self._at, tzinfo=self._zone).astimezone(UTC)


class Timetable:
    """Wishes for work at its times, in a thread of its own."""

    def __init__(
        self,
        wish: Callable[[Reading], None],
        inspect: Callable[[], None],
        mail: Callable[[], None] | None = None,
    ) -> None:
        self._wish = wish
        self._inspect = inspect
        self._mail = mail
        self._scheduler: Any = None

    def start(self, sync: SyncSettings, zone: ZoneInfo, weekly: str = "") -> None:
        """Begin with a wish for everything, then keep to the settings."""
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            daemon=True,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self.follow(sync, zone, weekly)
        self._scheduler.start()
        self._wish(Reading.AUTO)

    def follow(self, sync: SyncSettings, zone: ZoneInfo, weekly: str = "") -> None:
        """Keep to other settings from now on."""
        for job in self._scheduler.get_jobs():
            job.remove()
        for reading, trigger in triggers(sync, zone):
            self._scheduler.add_job(self._wish, trigger, args=[reading], name=reading.value)
        looks = IntervalTrigger(seconds=LOOK_EVERY, jitter=LOOK_EVERY * JITTER, timezone=UTC)
        first = datetime.now(UTC) + FIRST_LOOK  # noqa: TID251 - the scheduler's own clock
        self._scheduler.add_job(self._inspect, looks, name="inspection", next_run_time=first)
        if self._mail is not None and weekly:
            self._add_mail(weekly, zone)

    def _add_mail(self, weekly: str, zone: ZoneInfo) -> None:
        """Mail at the weekly time; and look now and then for what could not be sent before."""
        wanted = Weekly.read(weekly, zone)
        on_time = DailyTrigger(wanted.at, zone, frozenset({wanted.weekday}))
        self._scheduler.add_job(self._mail, on_time, name="weekly report")
        again = IntervalTrigger(seconds=MAIL_EVERY, jitter=MAIL_EVERY * JITTER, timezone=UTC)
        first = datetime.now(UTC) + FIRST_MAIL  # noqa: TID251 - the scheduler's own clock
        self._scheduler.add_job(self._mail, again, name="mail left over", next_run_time=first)

    @property
    def running(self) -> bool:
        """Whether it keeps to anything."""
        return self._scheduler is not None and bool(self._scheduler.running)

    def wake(self) -> None:
        """Look at the clock now: it jumped, and what was waited for may be over."""
        if self.running:
            self._scheduler.wakeup()

    def stop(self) -> None:
        """Wish for nothing more."""
        if self.running:
            self._scheduler.shutdown(wait=False)


def triggers(sync: SyncSettings, zone: ZoneInfo) -> list[tuple[Reading, BaseTrigger]]:
    """Return what is wished for when."""
    seconds = sync.every.total_seconds()
    at = time.fromisoformat(sync.sweep)
    weekdays = frozenset(range(7)) - {SUNDAY}
    return [
        (Reading.CHANGES, IntervalTrigger(seconds=seconds, jitter=seconds * JITTER, timezone=UTC)),
        (Reading.SWEEP, DailyTrigger(at, zone, weekdays)),
        (Reading.FULL, DailyTrigger(at, zone, frozenset({SUNDAY}))),
    ]
