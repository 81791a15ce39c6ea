"""A simulated workspace, and the adapter connected to it."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import respx

from okrsync.core.backoff import Backoff, Retry
from okrsync.core.work import ItemRef, LabelEdit
from okrsync.ports.tracker import Connection
from okrsync_linear import MANIFEST
from okrsync_linear.settings import LinearSettings
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.linear import LinearWorld, serve_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.pace import Pace
    from okrsync.core.work import WorkItem
    from okrsync.ports.tracker import EditResult, Tracker

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
URL = "https://linear.test/graphql"


@dataclass
class Lab:
    """What a test of the adapter needs at hand."""

    settings: dict[str, Any]
    world: LinearWorld
    clock: ManualClock
    waits: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    opened: ExitStack = field(default_factory=ExitStack)
    connection: dict[str, Any] = field(default_factory=dict)
    pace: Pace | None = None

    def connect(self, **changes: Any) -> Tracker:
        """Connect with these changes to the settings."""
        settings = LinearSettings.model_validate({**self.settings, **changes})
        retry = Retry(
            sleep=self.waits.append, backoff=Backoff(tries=3), random=Random(1), pace=self.pace
        )
        connection = Connection(
            name="linear",
            retry=retry,
            count=lambda kind: self.counts.update([kind]),
            **self.connection,
        )
        tracker: Tracker = MANIFEST.connect(settings, connection)
        self.opened.callback(tracker.close)
        return tracker

    def later(self, **span: float) -> datetime:
        """Let time pass; return the moment that has come."""
        self.clock.advance(timedelta(**span))
        return self.clock.now()

    def item(self, tracker: Tracker, issue_id: str) -> WorkItem:
        """Read one item."""
        (item,) = tracker.read([issue_id])
        return item

    def edit(
        self,
        tracker: Tracker,
        issue_id: str,
        add: tuple[str, ...] = (),
        remove: tuple[str, ...] = (),
    ) -> EditResult:
        """Make one edit."""
        (result,) = tracker.apply([edit(issue_id, add, remove)])
        return result


def edit(issue_id: str, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> LabelEdit:
    return LabelEdit(ItemRef("linear", issue_id), add=add, remove=remove)


@pytest.fixture
def lab() -> Iterator[Lab]:
    """Serve a world with the teams GRO and OPS, and nothing in it."""
    clock = ManualClock(START)
    world = LinearWorld(clock)
    world.create_team("GRO")
    world.create_team("OPS")
    with serve_world(world) as running, ExitStack() as opened:
        settings = {key: value for key, value in running.settings.items() if key != "adapter"}
        yield Lab(settings, world, clock, opened=opened)


@pytest.fixture
def tracker(lab: Lab) -> Tracker:
    """Connect to the world."""
    return lab.connect()


@pytest.fixture
def scripted() -> Iterator[tuple[Lab, respx.Route]]:
    """Connect to an endpoint whose answers a test scripts."""
    settings = {"url": URL, "auth": "key", "token": "lin_api_x", "scopes": ["GRO"]}
    with respx.mock(assert_all_called=False) as router, ExitStack() as opened:
        clock = ManualClock(START)
        lab = Lab(settings, LinearWorld(clock), clock, opened=opened)
        yield lab, router.post(URL)
