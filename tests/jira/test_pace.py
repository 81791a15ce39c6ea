"""Limits are obeyed by all connections together, and what is left of them is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import responses

from okrsync.core.pace import Pace
from okrsync.ports.tracker import Budget, EditOutcome
from okrsync.testing.tracker_world import shown_items
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira.limits import ON_ISSUE, Limits

SITE = "https://shop.example"
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def world(clock) -> JiraWorld:
    return JiraWorld(clock)


def test_what_is_left_is_told_by_kind_of_request(desk, url, world) -> None:
    world.create_issue(project="PAY")

    list(shown_items(desk.open(url), "PAY"))

    assert desk.budgets["search"] == Budget("search", limit=350, remaining=349)


def test_when_it_is_there_again_is_told_where_jira_says_so(desk) -> None:
    headers = {
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "2026-11-02T09:00:07Z",
        "Date": "Mon, 02 Nov 2026 09:00:00 GMT",
    }
    with responses.RequestsMock() as jira:
        jira.get(f"{SITE}/rest/api/3/myself", status=429, headers=headers)
        jira.get(f"{SITE}/rest/api/3/myself", json={"accountId": "us"}, headers=headers)
        desk.open()._us()
    assert desk.waits == [7.0]
    assert desk.budgets["other"].resets == START + timedelta(seconds=7)


def test_one_connection_waits_what_another_was_told(desk, url, world) -> None:
    time = [0.0]
    desk.pace = Pace(lambda: time[0])
    desk.meanwhile = lambda seconds: time.__setitem__(0, time[0] + seconds)
    id_ = world.create_issue(project="PAY")
    first, second = desk.open(url), desk.open(url)
    busy = {"Retry-After": "40"}
    world.faults.put(Fault(FaultKind.STATUS, on="myself", status=429, headers=busy))
    first.check()
    assert desk.waits == [40.0]
    desk.pace.hold(25, "told to a third one")

    (item,) = second.read([id_])

    assert item.ref.id == id_
    assert desk.waits == [40.0, 25.0]


def test_an_issue_is_never_written_more_often_than_jira_allows(desk, url, world, edit) -> None:
    time = [START.timestamp()]
    desk.pace = Pace(lambda: time[0])
    clock = world.clock
    world.limits = Limits()

    def sleep(seconds: float) -> None:
        time[0] += seconds
        clock.advance(timedelta(seconds=seconds))

    desk.meanwhile = sleep
    id_ = world.create_issue(project="PAY")
    tracker = desk.open(url)

    for number in range(130):
        (result,) = tracker.apply([edit(id_, f"label-{number}")])
        assert result.outcome is EditOutcome.DONE

    assert world.limits.refused[ON_ISSUE] == 0
    moments = [write.at for write in world.writes]
    assert all(a <= b for a, b in pairwise(moments))
    assert moments[-1] - moments[0] >= timedelta(seconds=30)


def test_connections_in_many_threads_do_not_disturb_each_other(desk, url, world, edit) -> None:
    desk.pace = Pace(lambda: 0.0)
    groups = [[world.create_issue(project="PAY") for _ in range(40)] for _ in range(4)]

    def work(number: int) -> tuple[list[EditOutcome], int]:
        tracker = desk.open(url)
        edits = [edit(id_, f"okr:KR-{number}") for id_ in groups[number][:30]]
        edits += [edit(id_, f"single-{id_}") for id_ in groups[number][30:]]
        results = [each.outcome for each in tracker.apply(edits)]
        return results, len(list(shown_items(tracker, "PAY")))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(work, range(4)))

    assert answers == [([EditOutcome.DONE] * 40, 160)] * 4
    for number, ids in enumerate(groups):
        assert {world.labels(id_) for id_ in ids[:30]} == {frozenset({f"okr:KR-{number}"})}
