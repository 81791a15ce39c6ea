"""A machine that slept is noticed, and what it slept through is made up for once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from okrsync.core.reading import Reading
from okrsync.daemon.awake import Awake
from okrsync.daemon.timetable import Timetable
from okrsync.settings.tree import SyncSettings
from tests.daemon.conftest import until

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NINE_HOURS = timedelta(hours=9)


def test_a_sleep_of_nine_hours_is_noticed_once() -> None:
    awake = Awake()
    assert awake.jumped(NOON, 100.0) == 0
    assert awake.jumped(NOON + timedelta(seconds=0.5), 100.5) == 0
    assert awake.jumped(NOON + NINE_HOURS, 101.0) == pytest.approx(9 * 3600 - 1)
    assert awake.jumped(NOON + NINE_HOURS + timedelta(seconds=0.5), 101.5) == 0


@pytest.mark.parametrize(("seconds", "noticed"), [(-3600, True), (-2, False), (2, False)])
def test_a_clock_that_somebody_set_is_noticed_and_one_put_right_is_not(
    seconds: float, noticed: bool
) -> None:
    awake = Awake()
    awake.jumped(NOON, 0.0)
    assert bool(awake.jumped(NOON + timedelta(seconds=seconds), 0.0)) is noticed


def test_days_on_which_clocks_change_are_no_sleep() -> None:
    awake, zone = Awake(), ZoneInfo("Europe/Amsterdam")
    start = datetime(2026, 3, 29, 1, 59, 59, tzinfo=zone).astimezone(UTC)
    assert [awake.jumped(start + timedelta(seconds=s), s) for s in range(5)] == [0.0] * 5


@pytest.fixture
def wishes() -> list[Reading]:
    return []


@pytest.fixture
def table(wishes: list[Reading]) -> Iterator[Timetable]:
    made = Timetable(wishes.append, list)
    made.start(SyncSettings(every="10min"), ZoneInfo("Europe/Amsterdam"))
    wishes.clear()
    yield made
    made.stop()


def test_what_was_slept_through_is_done_once_each(table: Timetable, wishes: list[Reading]) -> None:
    """For the scheduler a sleep is that the next time of every job lies far back."""
    for job in table._scheduler.get_jobs():
        if job.name in {Reading.CHANGES.value, Reading.SWEEP.value}:
            job.modify(next_run_time=datetime.now(UTC) - NINE_HOURS)  # noqa: TID251
    until(lambda: len(wishes) >= 2, lambda: str(wishes))
    assert sorted(wishes) == [Reading.CHANGES, Reading.SWEEP]
    ahead = [job.next_run_time > datetime.now(UTC) for job in table._scheduler.get_jobs()]  # noqa: TID251
    assert all(ahead)


def test_who_is_woken_looks_at_the_clock_at_once(table: Timetable, wishes: list[Reading]) -> None:
    job = next(j for j in table._scheduler.get_jobs() if j.name == Reading.CHANGES.value)
    job.next_run_time = datetime.now(UTC) - NINE_HOURS  # noqa: TID251
    table._scheduler._lookup_jobstore("default").update_job(job)  # nobody is told
    table.wake()
    until(lambda: wishes == [Reading.CHANGES], lambda: str(wishes))
