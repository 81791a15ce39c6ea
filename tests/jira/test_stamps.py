"""Cheap reads: what changed since a moment, in whatever zone, minute or lag Jira thinks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest
import responses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.errors import TrackerUnavailableError
from okrsync.ports.tracker import Stamp
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira.app import build_app
from okrsync_simulators.server import serve

SITE = "https://shop.example"
START = datetime(2026, 11, 2, 9, 0, 31, 250_000, tzinfo=UTC)
DATE = "Mon, 02 Nov 2026 09:00:00 GMT"
HEADERS = {"X-AAccountId": "us", "Date": DATE}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def world(clock) -> JiraWorld:
    return JiraWorld(clock, page_size=2)


def test_stamps_of_a_whole_scope_take_one_request_where_jira_grants_it(desk, url, world) -> None:
    ids = [world.create_issue(project="PAY") for _ in range(90)]
    world.create_issue(project="WEB")

    stamps = list(desk.open(url).stamps("PAY"))

    assert sorted(stamps) == sorted(Stamp(id_, world.issue(id_).updated) for id_ in ids)
    assert desk.sent == {"search": 1, "other": 1}


def test_nothing_new_costs_one_request_once_connected(desk, url, world, clock) -> None:
    world.create_issue(project="PAY", type="Bug")
    tracker = desk.open(url, jql="issuetype = Bug OR labels = x")
    tracker.check()
    clock.advance(timedelta(hours=3))
    list(tracker.stamps("PAY", clock.now()))
    desk.sent.clear()

    assert list(tracker.stamps("PAY", clock.now() - timedelta(hours=2))) == []
    assert desk.sent == {"search": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    ages=st.lists(st.integers(0, 400_000), min_size=1, max_size=5),
    pause=st.integers(0, 90_000),
    zone=st.sampled_from(["America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]),
)
def test_nothing_updated_since_is_missed(desk, ages, pause, zone) -> None:
    clock = ManualClock(START)
    world = JiraWorld(clock, user_zone=zone)
    with serve(build_app(world)) as url:
        tracker = desk.open(url)
        world.create_project("PAY")
        tracker.check()
        clock.advance(timedelta(milliseconds=pause * 1000 + 7))
        now = clock.now()
        updated = {}
        for age in ages:
            at = world.now() - timedelta(milliseconds=age)
            updated[world.create_issue(project="PAY", updated=at)] = at
        for since in updated.values():
            told = {each.id for each in tracker.stamps("PAY", since)}
            assert told >= {id_ for id_, at in updated.items() if at >= since}
            long_before = [i for i, at in updated.items() if at < since - timedelta(minutes=3)]
            assert told.isdisjoint(long_before)
        assert clock.now() == now


def test_a_search_that_lags_tells_later(desk, world, clock) -> None:
    world.lag_seconds = 60
    id_ = world.create_issue(project="PAY")
    clock.advance(timedelta(seconds=61))
    since = clock.now()
    world.person_edits_labels(id_, add=["x"])
    with serve(build_app(world)) as url:
        tracker = desk.open(url)
        assert {each.updated for each in tracker.stamps("PAY", START)} == {world.issue(id_).created}
        clock.advance(timedelta(seconds=60))
        tracker.check()
        assert list(tracker.stamps("PAY", since)) == [Stamp(id_, world.issue(id_).updated)]


def test_a_bulk_edit_is_found_later_still(desk, url, world, clock, edit) -> None:
    ids = [world.create_issue(project="PAY") for _ in range(30)]
    world.bulk.index_delay = timedelta(minutes=2)
    tracker = desk.open(url)
    before = clock.now()
    clock.advance(timedelta(minutes=10))
    list(tracker.apply([edit(id_, "okr:KR-1") for id_ in ids]))

    assert {each.updated for each in tracker.stamps("PAY")} == {before}
    clock.advance(timedelta(minutes=2))
    tracker.check()
    assert len(list(tracker.stamps("PAY", before + timedelta(minutes=5)))) == 30


class TestClock:
    def asked(self, jira, call: int) -> str:
        return orjson.loads(jira.calls[call].request.body)["jql"]

    @pytest.fixture
    def jira(self):
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
            mock.get(f"{SITE}/rest/api/3/myself", json={"accountId": "us"}, headers=HEADERS)
            yield mock

    def found(self, jira, date: str) -> None:
        answer = {"issues": [], "isLast": True}
        headers = HEADERS | {"Date": date}
        jira.post(f"{SITE}/rest/api/3/search/jql", json=answer, headers=headers)

    def test_minutes_are_rounded_up_and_one_more(self, desk, jira) -> None:
        self.found(jira, DATE)
        since = datetime(2026, 11, 2, 8, 44, 30, tzinfo=UTC)
        tracker = desk.open(jql="a = b OR c = d")
        assert tracker.time() is None

        assert list(tracker.stamps("PAY", since)) == []

        jql = 'project = "PAY" AND (a = b OR c = d) AND updated >= "-17m" ORDER BY id ASC'
        assert self.asked(jira, 1) == jql
        assert tracker.time() == datetime(2026, 11, 2, 9, tzinfo=UTC)

    def test_after_a_long_sleep_the_search_is_begun_anew(self, desk, jira) -> None:
        self.found(jira, "Mon, 02 Nov 2026 12:00:00 GMT")
        since = datetime(2026, 11, 2, 8, 59, tzinfo=UTC)

        assert list(desk.open().stamps("PAY", since)) == []

        assert '"-2m"' in self.asked(jira, 1) or '"-3m"' in self.asked(jira, 1)
        assert '"-182m"' in self.asked(jira, 2) or '"-183m"' in self.asked(jira, 2)
        assert desk.sent["search"] == 2

    def test_a_moment_to_come_asks_for_the_last_minute(self, desk, jira) -> None:
        self.found(jira, DATE)
        list(desk.open().stamps("PAY", datetime(2026, 11, 3, tzinfo=UTC)))
        assert '"-1m"' in self.asked(jira, 1)

    def test_a_jira_that_tells_no_time_is_unavailable(self, desk) -> None:
        with responses.RequestsMock() as jira:
            jira.get(f"{SITE}/rest/api/3/myself", json={"accountId": "us"})
            with pytest.raises(TrackerUnavailableError):
                list(desk.open().stamps("PAY", START))
