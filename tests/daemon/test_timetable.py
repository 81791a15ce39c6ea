"""What is done when, also on the days when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.reading import Reading
from okrsync.daemon.timetable import JITTER, DailyTrigger, Timetable, triggers
from okrsync.settings.tree import SyncSettings

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVERY_DAY = frozenset(range(7))
ZONES = (
    "Europe/Amsterdam",
    "America/St_Johns",
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Beirut",  # at midnight
    "America/Santiago",
    "UTC",
)


def fires(trigger: DailyTrigger, start: datetime, count: int) -> list[datetime]:
    """Let a trigger fire as the scheduler does: now is a moment after the last time."""
    found: list[datetime] = []
    now = start
    while len(found) < count:
        at = trigger.get_next_fire_time(found[-1] if found else None, now)
        assert at is not None
        found.append(at)
        now = at + timedelta(milliseconds=3)
    return found


@pytest.mark.parametrize(
    ("at", "utc"),
    [
        ("03:00", ["02:00", "01:00", "01:00"]),
        ("02:30", ["01:30", "01:30", "00:30"]),  # skipped on the 29th: as much later as clocks move
        ("23:59", ["22:59", "21:59", "21:59"]),
    ],
)
def test_when_clocks_go_forward_every_day_has_its_sweep(at: str, utc: list[str]) -> None:
    trigger = DailyTrigger(time.fromisoformat(at), AMSTERDAM, EVERY_DAY)
    found = fires(trigger, datetime(2026, 3, 28, 0, tzinfo=AMSTERDAM).astimezone(UTC), 3)
    assert [f"{moment:%d %H:%M}" for moment in found] == [
        f"{day} {each}" for day, each in zip((28, 29, 30), utc, strict=True)
    ]


@pytest.mark.parametrize(
    ("at", "utc"),
    [
        ("03:00", ["01:00", "02:00", "02:00"]),
        ("02:30", ["00:30", "00:30", "01:30"]),  # twice on the 25th: the first counts
        ("00:00", ["22:00", "22:00", "23:00"]),
    ],
)
def test_when_clocks_go_back_no_day_has_two(at: str, utc: list[str]) -> None:
    trigger = DailyTrigger(time.fromisoformat(at), AMSTERDAM, EVERY_DAY)
    found = fires(trigger, datetime(2026, 10, 24, 0, tzinfo=AMSTERDAM).astimezone(UTC), 3)
    assert [f"{moment:%H:%M}" for moment in found] == utc
    assert [moment.astimezone(AMSTERDAM).day for moment in found] == [24, 25, 26]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - made aware below
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(ZONES),
)
def test_each_day_has_exactly_one(start: datetime, at: time, zone: str) -> None:
    trigger = DailyTrigger(at, ZoneInfo(zone), EVERY_DAY)
    found = fires(trigger, start.replace(tzinfo=UTC), 6)
    gaps = [later - earlier for earlier, later in pairwise(found)]
    assert all(timedelta(hours=22) <= gap <= timedelta(hours=26) for gap in gaps)
    days = [datetime.combine(moment.astimezone(ZoneInfo(zone)).date(), at) for moment in found]
    assert len(set(days)) == 6


def test_a_sleep_over_many_days_is_made_up_for_once() -> None:
    trigger = DailyTrigger(time(3), AMSTERDAM, EVERY_DAY)
    before = datetime(2026, 6, 1, 1, tzinfo=UTC)
    late = before + timedelta(days=9, hours=5)
    missed = []
    at = before
    while (at := trigger.get_next_fire_time(at, late)) <= late:
        missed.append(at)
    assert len(missed) == 9  # what the scheduler coalesces into one run
    assert at == datetime(2026, 6, 11, 1, tzinfo=UTC)


def test_sundays_are_for_the_full_read_and_other_days_for_the_sweep() -> None:
    made = dict(triggers(SyncSettings(sweep="03:00"), AMSTERDAM))
    start = datetime(2026, 11, 16, 12, tzinfo=UTC)  # a Monday
    sweeps = fires(made[Reading.SWEEP], start, 6)
    full = fires(made[Reading.FULL], start, 1)
    assert [f"{moment.astimezone(AMSTERDAM):%a %H:%M}" for moment in sweeps] == [
        "Tue 03:00", "Wed 03:00", "Thu 03:00", "Fri 03:00", "Sat 03:00", "Mon 03:00",
    ]  # fmt: skip
    assert f"{full[0].astimezone(AMSTERDAM):%a %H:%M}" == "Sun 03:00"


def test_passes_come_at_their_interval_with_some_jitter() -> None:
    trigger = dict(triggers(SyncSettings(every="10min"), AMSTERDAM))[Reading.CHANGES]
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    for _ in range(20):
        then = trigger.get_next_fire_time(at, at)
        assert abs((then - at).total_seconds() - 600) <= 600 * JITTER
        at = then


def test_a_timetable_begins_with_a_wish_and_stops_when_told() -> None:
    wishes: list[Reading] = []
    table = Timetable(wishes.append, list)
    table.start(SyncSettings(), AMSTERDAM)
    try:
        assert table.running
        assert wishes == [Reading.AUTO]
        table.follow(SyncSettings(every="1h"), AMSTERDAM)
    finally:
        table.stop()
    assert not table.running
