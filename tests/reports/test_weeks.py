"""The weekly moment comes once a week where the organisation is, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.reports.weeks import WEEK, Weekly, week_name

START = datetime(2020, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


@given(
    now=st.integers(0, 8_000_000).map(lambda minutes: START + timedelta(minutes=minutes)),
    zone=st.sampled_from(ZONES),
    weekday=st.integers(0, 6),
    at=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
)
def test_the_last_moment_is_less_than_a_week_ago_and_on_its_day(now, zone, weekday, at):
    weekly = Weekly(weekday, at, ZoneInfo(zone))
    last = weekly.last(now)
    assert last <= now < last + WEEK + timedelta(hours=2)
    assert weekly.last(last) == last
    here = last.astimezone(ZoneInfo(zone))
    assert abs(here.replace(tzinfo=None) - datetime.combine(here.date(), at)) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "utc"),
    [
        ("2027-03-28T00:59", "2027-03-21 01:30"),
        ("2027-03-28T01:30", "2027-03-28 01:30"),  # 02:30 is skipped: an hour later
        ("2026-10-25T00:30", "2026-10-25 00:30"),  # 02:30 is there twice: the first
        ("2026-10-25T01:30", "2026-10-25 00:30"),
    ],
)
def test_on_the_days_when_clocks_change(now, utc):
    weekly = Weekly.read("Sun 02:30", ZoneInfo("Europe/Amsterdam"))
    assert weekly.at == time(2, 30)
    assert f"{weekly.last(datetime.fromisoformat(f'{now}+00:00')):%Y-%m-%d %H:%M}" == utc


def test_weeks_are_named_as_calendars_do():
    assert [week_name(date(2027, 1, 1)), week_name(date(2027, 1, 4))] == ["2026-W53", "2027-W01"]
