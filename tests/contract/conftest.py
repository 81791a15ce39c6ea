"""Worlds for the conformance suite: the fake, both simulated Jiras and the simulated Linear."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import okrsync_jira
import okrsync_linear
from okrsync.core.backoff import Retry
from okrsync.core.work import HOLDING, ItemRef
from okrsync.ports.tracker import Connection
from okrsync.testing import FakeTracker, Fault, FaultKind, Trouble, work_item
from okrsync_simulators import faults as simulated
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import Deployment, JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld, errors
from okrsync_simulators.linear import serve_world as serve_linear
from okrsync_simulators.people import BOT, MIRA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.ports.tracker import TrackerManifest
    from okrsync_simulators import Running

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
UPDATE = "mutation:issueUpdate"
PEOPLE = tuple(word for who in (MIRA, BOT) for word in (who.id, who.name, who.email))


class FakeTrackerWorld:
    """The fake is its own world."""

    name = "fake"
    scope = "PAY"
    asked_wait = 7.0
    missing_id = "404"
    people = ("account-of-okrsync",)

    def __init__(self, **given: Any) -> None:
        self.waits: list[float] = []
        self.tracker = FakeTracker(retry=Retry(sleep=self.waits.append), **given)

    def seed(self, count: int, labels: Iterable[str] = ()) -> list[str]:
        ids = [self.tracker.create(labels=labels) for _ in range(count)]
        self.tracker.flush()
        return ids

    def person_edits(
        self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        self.tracker.person(item_id, add, remove)

    def own_account_edits(
        self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        self.tracker.bot(item_id, add, remove)

    def labels(self, item_id: str) -> frozenset[str]:
        return self.tracker.labels(item_id)

    def writes(self, item_id: str) -> int:
        return sum(edit.ref.id == item_id for edit in self.tracker.writes)

    def move_out(self, item_id: str) -> None:
        self.tracker.move(item_id, "WEB")
        self.tracker.flush()

    def hold(self, item_id: str) -> None:
        held_by: tuple[ItemRef, ...] = ()
        for kind in reversed(HOLDING):
            container = work_item(f"{kind}:1", title=kind, scope="", containers=held_by)
            self.tracker.put(container)
            held_by = (container.ref,)
        self.tracker.change(item_id, containers=held_by)
        self.tracker.flush()

    def delete(self, item_id: str) -> None:
        self.tracker.delete(item_id)

    def flush_search(self) -> None:
        self.tracker.flush()

    def fail_next(self, trouble: Trouble) -> None:
        faults = {
            Trouble.BUSY_READ: Fault(kind=FaultKind.LIMIT, on="pull"),
            Trouble.BUSY_WRITE: Fault(kind=FaultKind.LIMIT, on="apply"),
            Trouble.SEARCH_BREAKS: Fault(kind=FaultKind.LOST_BEFORE, on="pull", after=1, times=99),
            Trouble.WRITE_LOST: Fault(kind=FaultKind.LOST_BEFORE, on="apply"),
            Trouble.SERVER_ERROR: Fault(kind=FaultKind.LOST_BEFORE, on="apply"),
            Trouble.WRITES_DOWN: Fault(kind=FaultKind.LOST_BEFORE, on="apply", times=99),
            Trouble.ANSWER_LOST: Fault(kind=FaultKind.LOST_AFTER, on="apply"),
            Trouble.LOCKED_OUT: Fault(kind=FaultKind.REFUSED, on="check", times=99),
        }
        if trouble is Trouble.SEARCH_BREAKS:
            self.tracker.faults.put(replace(faults[trouble], on="stamps"))
        if trouble in faults:  # its tasks hang anyway
            self.tracker.faults.put(faults[trouble])

    def finish_tasks(self) -> None:
        for task in list(self.tracker.tasks):
            self.tracker.finish_task(task)


class SimulatedWorld:
    """What the worlds of both simulators share."""

    name = "shop"
    asked_wait = 7.0
    people = PEOPLE
    other_scope = "WEB"

    def __init__(self, running: Running, manifest: TrackerManifest, **settings: Any) -> None:
        self.world = running.world
        self.waits: list[float] = []
        given = {k: v for k, v in running.settings.items() if k != "adapter"} | settings
        connection = Connection(name=self.name, retry=Retry(sleep=self.waits.append))
        self.tracker = manifest.connect(manifest.settings.model_validate(given), connection)

    def person_edits(
        self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        self.world.person_edits_labels(item_id, add, remove)

    def own_account_edits(
        self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        self.world.bot_edits_labels(item_id, add, remove)

    def labels(self, item_id: str) -> frozenset[str]:
        labels: frozenset[str] = self.world.labels(item_id)
        return labels

    def move_out(self, item_id: str) -> None:
        self.world.move(item_id, self.other_scope)
        self.world.flush_index()

    def flush_search(self) -> None:
        self.world.flush_index()

    def finish_tasks(self) -> None:
        """Let nothing happen, as where an adapter starts no tasks."""


class JiraTrackerWorld(SimulatedWorld):
    scope = "PAY"
    missing_id = "99999999"

    def seed(self, count: int, labels: Iterable[str] = ()) -> list[str]:
        labels = tuple(labels)
        ids = [self.world.create_issue(project=self.scope, labels=labels) for _ in range(count)]
        self.world.flush_index()
        return ids

    def writes(self, item_id: str) -> int:
        return sum(each.issue_id == item_id and each.over_api for each in self.world.writes)

    def delete(self, item_id: str) -> None:
        self.world.delete(item_id)

    def fail_next(self, trouble: Trouble) -> None:
        kinds, busy = simulated.FaultKind, {"Retry-After": "7"}
        fault = simulated.Fault
        faults = {
            Trouble.BUSY_READ: fault(kinds.STATUS, "search", status=429, headers=busy),
            Trouble.BUSY_WRITE: fault(kinds.STATUS, "issue.edit", status=429, headers=busy),
            Trouble.SEARCH_BREAKS: fault(kinds.RESET_BEFORE, "search.page", times=99),
            Trouble.WRITE_LOST: fault(kinds.RESET_BEFORE, "issue.edit"),
            Trouble.SERVER_ERROR: fault(kinds.STATUS, "issue.edit", status=502),
            Trouble.WRITES_DOWN: fault(kinds.RESET_BEFORE, "issue.edit", times=99),
            Trouble.ANSWER_LOST: fault(kinds.RESET_AFTER, "issue.edit"),
            Trouble.LOCKED_OUT: fault(kinds.STATUS, status=401, times=99),
        }
        if trouble is Trouble.TASKS_HANG:
            self.world.bulk.stopped = True
            return
        self.world.faults.put(faults[trouble])
        if faults[trouble].on == "issue.edit":
            self.world.faults.put(replace(faults[trouble], on="bulk.edit"))

    def finish_tasks(self) -> None:
        self.world.bulk.stopped = False
        self.world.bulk.finish()


class LinearTrackerWorld(SimulatedWorld):
    scope = "GRO"
    other_scope = "OPS"
    missing_id = "00000000-0000-4000-8000-000000000404"
    pulled = 0

    def seed(self, count: int, labels: Iterable[str] = ()) -> list[str]:
        labels = tuple(labels)
        ids = [self.world.create_issue(self.scope, "To do", labels=labels) for _ in range(count)]
        self.world.flush_index()
        return ids

    def writes(self, item_id: str) -> int:
        return sum(each.issue_id == item_id for each in self.world.writes)

    def hold(self, item_id: str) -> None:
        top = self.world.create_initiative("Top")
        self.world.create_initiative("Low", projects=["Wallet"], parent=top)
        self.world.plan_into(item_id, "Wallet", "Beta")

    def delete(self, item_id: str) -> None:
        self.world.trash(item_id)

    def fail_next(self, trouble: Trouble) -> None:
        if trouble is Trouble.SEARCH_BREAKS:
            self.world.faults.draw_from(self._second_page_on)
            return
        kinds, fault = simulated.FaultKind, simulated.Fault
        stranger = orjson.dumps(errors.refused(errors.unauthenticated("Who are you?")))
        faults = {
            Trouble.BUSY_READ: self._busy("query:issues"),
            Trouble.BUSY_WRITE: self._busy(UPDATE),
            Trouble.WRITE_LOST: fault(kinds.RESET_BEFORE, UPDATE),
            Trouble.SERVER_ERROR: fault(kinds.STATUS, UPDATE, status=502),
            Trouble.WRITES_DOWN: fault(kinds.RESET_BEFORE, UPDATE, times=99),
            Trouble.ANSWER_LOST: fault(kinds.RESET_AFTER, UPDATE),
            Trouble.LOCKED_OUT: fault(kinds.STATUS, status=401, body=stranger, times=99),
        }
        if trouble in faults:  # it has no tasks that could hang
            self.world.faults.put(faults[trouble])

    def _busy(self, operation: str) -> simulated.Fault:
        now = self.world.clock.now()
        reset = now + timedelta(seconds=self.asked_wait)
        headers = {
            "Date": format_datetime(now, usegmt=True),
            "Content-Type": "application/json",
            "X-RateLimit-Requests-Limit": "2500",
            "X-RateLimit-Requests-Remaining": "0",
            "X-RateLimit-Requests-Reset": str(int(reset.timestamp() * 1000)),
        }
        body = orjson.dumps(errors.refused(errors.rate_limited()))
        return simulated.Fault(
            simulated.FaultKind.STATUS, operation, status=400, headers=headers, body=body
        )

    def _second_page_on(self, operation: str) -> simulated.Fault | None:
        if operation != "query:issues":
            return None
        self.pulled += 1
        return simulated.Fault(simulated.FaultKind.RESET_BEFORE) if self.pulled > 1 else None


@pytest.fixture
def fake_world() -> FakeTrackerWorld:
    return FakeTrackerWorld(lag=3)


@pytest.fixture
def fake_world_of_tasks() -> FakeTrackerWorld:
    return FakeTrackerWorld(unfinished=True, with_definitions=True, without_history=True)


@pytest.fixture
def jira_world() -> Iterator[JiraTrackerWorld]:
    site = JiraWorld(ManualClock(START, timedelta(seconds=1)), lag_seconds=1e9, page_size=2)
    for key in ("PAY", "WEB"):
        site.create_project(key)
    with serve_jira(site) as running:
        world = JiraTrackerWorld(running, okrsync_jira.MANIFEST)
        yield world
        world.tracker.close()
        assert site.protocol_breaches == []


@pytest.fixture
def datacenter_world() -> Iterator[JiraTrackerWorld]:
    clock = ManualClock(START, timedelta(seconds=1))
    site = JiraWorld(clock, lag_seconds=1e9, page_size=2, deployment=Deployment.DATACENTER)
    for key in ("PAY", "WEB"):
        site.create_project(key)
    with serve_jira(site) as running:
        world = JiraTrackerWorld(running, okrsync_jira.MANIFEST)
        yield world
        world.tracker.close()
        assert site.protocol_breaches == []


@pytest.fixture
def linear_world() -> Iterator[LinearTrackerWorld]:
    workspace = LinearWorld(ManualClock(START, timedelta(seconds=1)), lag_seconds=1e9)
    for key in ("GRO", "OPS"):
        workspace.create_team(key)
    with serve_linear(workspace) as running:
        world = LinearTrackerWorld(running, okrsync_linear.MANIFEST, scopes=["GRO"], page_size=2)
        yield world
        world.tracker.close()
        assert workspace.protocol_breaches == []
