"""Faults are data: each is suffered by the request it fits, as often as it says, then is gone."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

import httpx
import pytest

from okrsync_simulators.clock import ManualClock
from okrsync_simulators.faults import Fault, FaultKind, FaultQueue, random_faults
from okrsync_simulators.jira import JiraWorld, serve_world

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SEARCH = "/rest/api/3/search/jql"
QUERY = {"jql": "project = PAY ORDER BY id", "fields": "summary"}


@pytest.fixture
def world() -> JiraWorld:
    world = JiraWorld(ManualClock(NOW), page_size=2)
    for number in range(5):
        world.create_issue(project="PAY", summary=f"Issue {number}")
    return world


@pytest.fixture
def client(world: JiraWorld) -> Iterator[httpx.Client]:
    with (
        serve_world(world) as running,
        httpx.Client(base_url=running.url, auth=(world.email, world.token)) as client,
    ):
        yield client


def put_label(client: httpx.Client, label: str) -> httpx.Response:
    body = {"update": {"labels": [{"add": label}]}}
    return client.put("/rest/api/3/issue/PAY-1", json=body)


def test_a_status_fault_answers_instead_of_the_tracker(world, client):
    world.faults.put(Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "7"}, body=b"no"))
    answer = client.get(SEARCH, params=QUERY)
    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (429, "7", b"no")
    assert client.get(SEARCH, params=QUERY).status_code == 200


def test_a_reset_before_changes_nothing(world, client):
    world.faults.put(Fault(FaultKind.RESET_BEFORE, on="issue.edit"))
    with pytest.raises(httpx.TransportError):
        put_label(client, "a")
    assert world.labels("PAY-1") == frozenset()


def test_a_reset_after_loses_the_answer_but_not_the_write(world, client):
    world.faults.put(Fault(FaultKind.RESET_AFTER, on="issue.edit"))
    with pytest.raises(httpx.TransportError):
        put_label(client, "a")
    assert world.labels("PAY-1") == {"a"}


def test_a_truncated_body_ends_under_its_full_length(world, client):
    world.faults.put(Fault(FaultKind.TRUNCATED))
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(SEARCH, params=QUERY)


def test_a_malformed_body_is_a_success_without_json(world, client):
    world.faults.put(Fault(FaultKind.MALFORMED))
    answer = client.get(SEARCH, params=QUERY)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="Expecting"):
        answer.json()


def test_a_slow_answer_comes_late_but_right(world, client):
    world.faults.put(Fault(FaultKind.SLOW, seconds=0.1))
    begin = monotonic()
    assert client.get(SEARCH, params=QUERY).status_code == 200
    assert monotonic() - begin >= 0.1


def test_an_expired_token_is_refused_as_the_vendor_does(world, client):
    world.faults.put(Fault(FaultKind.EXPIRED_TOKEN, on="search.page"))
    first = client.get(SEARCH, params=QUERY).json()
    again = client.get(SEARCH, params=QUERY | {"nextPageToken": first["nextPageToken"]})
    unknown = client.get(SEARCH, params=QUERY | {"nextPageToken": "nonsense"})
    assert again.status_code == unknown.status_code == 400
    assert again.json() == unknown.json()


def test_a_connection_serves_again_after_a_fault(world, client):
    world.faults.put(Fault(FaultKind.STATUS, times=3))
    statuses = [client.get(SEARCH, params=QUERY).status_code for _ in range(4)]
    assert statuses == [503, 503, 503, 200]


def test_a_fault_waits_for_its_operation_and_lets_others_pass():
    edit, any_ = Fault(FaultKind.SLOW, on="issue.edit"), Fault(FaultKind.STATUS, times=2)
    queue = FaultQueue()
    queue.put(edit, any_)
    assert queue.take("search") == any_
    assert queue.take("issue.edit") == edit
    assert queue.pending == (any_,)
    assert queue.take("issue.edit") == any_
    assert queue.take("issue.edit") is None


def test_a_fault_on_a_name_fits_what_begins_with_it():
    fault = Fault(FaultKind.STATUS, on="issue")
    assert fault.fits("issue.get")
    assert not fault.fits("search")


def test_random_faults_repeat_with_their_seed():
    first, second = random_faults(3, 0.3), random_faults(3, 0.3)
    drawn = [first("search") for _ in range(200)]
    assert drawn == [second("search") for _ in range(200)]
    assert 30 < sum(fault is not None for fault in drawn) < 90


def test_queued_faults_come_before_random_ones():
    queue = FaultQueue(random_faults(1, 1.0))
    queued = Fault(FaultKind.SLOW)
    queue.put(queued)
    assert queue.take("search") == queued
    assert queue.take("search") is not None
