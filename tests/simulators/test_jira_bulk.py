"""The simulated bulk door, queue and limits behave as the vendor's contract says."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import JiraWorld, serve_world
from okrsync_simulators.jira.limits import BURST, ON_ISSUE, Limits
from okrsync_simulators.jira.tasks import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DOOR, QUEUE = "/rest/api/3/bulk/issues/fields", "/rest/api/3/bulk/queue"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def world(clock: ManualClock) -> JiraWorld:
    return JiraWorld(clock)


@contextmanager
def connected(world: JiraWorld) -> Iterator[httpx.Client]:
    with (
        serve_world(world) as running,
        httpx.Client(
            base_url=str(running.settings["url"]), auth=(world.email, world.token)
        ) as client,
    ):
        yield client


@pytest.fixture
def client(world: JiraWorld) -> Iterator[httpx.Client]:
    with connected(world) as client:
        yield client


def wanted(ids: list[str], option: str = "ADD", *labels: str, **more: Any) -> dict[str, Any]:
    entry = {
        "fieldId": "labels",
        "bulkEditMultiSelectFieldOption": option,
        "labels": [{"name": label} for label in labels or ("x",)],
    }
    return {
        "selectedIssueIdsOrKeys": ids,
        "selectedActions": ["labels"],
        "editedFieldsInput": {"labelsFields": [entry]},
        "sendBulkNotification": False,
    } | more


def submitted(client: httpx.Client, ids: list[str], *more: str) -> str:
    answer = client.post(DOOR, json=wanted(ids, *more))
    assert answer.status_code == 201
    return str(answer.json()["taskId"])


def asked(client: httpx.Client, task: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{QUEUE}/{task}").raise_for_status().json()
    return found


def test_a_task_changes_labels_and_says_so(client, world) -> None:
    ids = [world.create_issue(project="PAY", labels=["old"]) for _ in range(3)]

    task = asked(client, submitted(client, ids, "REMOVE", "old"))

    assert (task["status"], task["progressPercent"]) == ("COMPLETE", 100)
    assert task["processedAccessibleIssues"] == [int(each) for each in ids]
    assert {world.labels(each) for each in ids} == {frozenset()}
    assert all(write.over_api for write in world.writes)
    assert world.protocol_breaches == []


def test_a_task_works_while_time_passes_asked_or_not(client, world, clock) -> None:
    ids = [world.create_issue(project="PAY") for _ in range(4)]
    world.bulk.seconds = 60
    task = submitted(client, ids)
    assert asked(client, task)["status"] == "ENQUEUED"

    clock.advance(timedelta(seconds=30))
    client.get("/rest/api/3/myself")
    assert [world.labels(each) for each in ids] == [{"x"}, {"x"}, set(), set()]
    running = asked(client, task)
    assert (running["status"], running["progressPercent"]) == ("RUNNING", 50)
    assert "processedAccessibleIssues" not in running

    clock.advance(timedelta(seconds=30))
    assert asked(client, task)["status"] == "COMPLETE"


def test_complete_tells_of_failures_and_of_what_is_not_there(client, world) -> None:
    ids = [world.create_issue(project="PAY") for _ in range(4)]
    world.bulk.failures[ids[1]] = "Not on the screen."
    world.hide(ids[2])

    task = asked(client, submitted(client, [*ids, "99999999"]))

    assert task["status"] == "COMPLETE"
    assert task["failedAccessibleIssues"] == {ids[1]: ["Not on the screen."]}
    assert task["invalidOrInaccessibleIssueCount"] == 2
    assert task["processedAccessibleIssues"] == [int(ids[0]), int(ids[3])]


def test_a_task_may_die_half_way(client, world) -> None:
    ids = [world.create_issue(project="PAY") for _ in range(4)]
    world.bulk.ends = [(Status.DEAD, 0.5)]

    assert asked(client, submitted(client, ids))["status"] == "DEAD"
    assert asked(client, submitted(client, ids))["status"] == "COMPLETE"


def test_without_the_global_permission_nobody_comes_in(client, world) -> None:
    world.bulk.allowed = False
    answer = client.post(DOOR, json=wanted([world.create_issue(project="PAY")]))
    assert answer.status_code == 403
    assert "permission" in answer.json()["errors"][0]["message"]
    assert client.get(f"{QUEUE}/1").status_code == 403


def test_notifications_are_on_unless_turned_off(client, world) -> None:
    id_ = world.create_issue(project="PAY")
    body = wanted([id_])
    client.post(DOOR, json=body)
    assert world.notifications == []
    del body["sendBulkNotification"]
    client.post(DOOR, json=body)
    client.put(f"/rest/api/3/issue/{id_}", json={"update": {"labels": [{"add": "y"}]}})
    assert world.notifications == [(id_,), (id_,)]


@pytest.mark.parametrize(
    "body",
    [
        wanted(["1"], "REPLACE"),
        wanted(["1"], "REMOVE_ALL"),
        wanted([]),
        wanted(["1"] * 1001),
        wanted([1]),
        wanted(["1"], selectedActions=["labels", "priority"]),
        wanted(["1"], editedFieldsInput={}),
        wanted(["1"], editedFieldsInput={"labelsFields": [{}, {}]}),
        wanted(["1"], editedFieldsInput={"labelsFields": [{"fieldId": "labels"}]}),
        wanted(["1"], unheardOf=1),
    ],
)
def test_what_leaves_the_contract_is_refused_and_noted(client, world, body) -> None:
    assert client.post(DOOR, json=body).status_code == 400
    assert len(world.protocol_breaches) == 1


def test_tasks_are_forgotten_in_time(client, world, clock) -> None:
    task = submitted(client, [world.create_issue(project="PAY")])
    assert client.get(f"{QUEUE}/17").status_code == 400
    clock.advance(timedelta(days=15))
    assert client.get(f"{QUEUE}/{task}").status_code == 400


class TestLimits:
    def test_a_burst_is_refused_and_told_how_long(self, client, world, clock) -> None:
        world.limits = Limits({"GET": 3, "POST": 3, "PUT": 3})
        answers = [client.get("/rest/api/3/myself") for _ in range(4)]

        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert answers[0].headers["X-RateLimit-Remaining"] == "2"
        assert answers[3].headers["Retry-After"] == "1"
        assert answers[3].headers["RateLimit-Reason"] == BURST
        clock.advance(timedelta(seconds=1))
        assert client.get("/rest/api/3/myself").status_code == 200

    def test_an_issue_takes_twenty_writes_in_two_seconds(self, client, world, clock) -> None:
        world.limits = Limits()
        id_, other = (world.create_issue(project="PAY") for _ in range(2))
        body = {"update": {"labels": [{"add": "x"}]}}

        answers = [client.put(f"/rest/api/3/issue/{id_}", json=body) for _ in range(21)]

        assert [each.status_code for each in answers] == [204] * 20 + [429]
        assert answers[20].headers["RateLimit-Reason"] == ON_ISSUE
        assert answers[20].headers["Retry-After"] == "2"
        assert client.put(f"/rest/api/3/issue/{other}", json=body).status_code == 204
        clock.advance(timedelta(seconds=2))
        assert client.put(f"/rest/api/3/issue/{id_}", json=body).status_code == 204
