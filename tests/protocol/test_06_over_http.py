"""6: what is written in real descriptions, fields and containers, through adapters over HTTP."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

import okrsync_jira
import okrsync_linear
from okrsync.app import people
from okrsync.app.context import TrackerSetup
from okrsync.app.planning import judged_items
from okrsync.core.backoff import Retry
from okrsync.ports.tracker import Connection
from okrsync.testing.world import START
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import serve_world as serve_linear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.ports.tracker import Tracker, TrackerManifest

pytestmark = pytest.mark.paragraph(6)

ALIGNED_TO_KR3 = {"okr:KR-3", "okr:aligned"}


@contextmanager
def opened(
    open_shop: Any, name: str, manifest: TrackerManifest, running: Any, **options: Any
) -> Iterator[Any]:
    """Open the shop on a simulated tracker."""
    given = {key: value for key, value in running.settings.items() if key != "adapter"} | options

    def connect(with_text: bool) -> Tracker:
        retry = Retry(sleep=lambda _seconds: None)
        connection = Connection(name=name, retry=retry, with_text=with_text)
        return manifest.connect(manifest.settings.model_validate(given), connection)

    field = options.get("fields", {}).get("goal")
    setup = TrackerSetup(name=name, scopes=("PAY",), connect=connect, goal_field=field)
    yield open_shop(setups={name: setup}, clock=running.world.clock)
    assert running.world.protocol_breaches == []


@pytest.fixture
def jira(open_shop: Any) -> Iterator[tuple[Any, JiraWorld]]:
    """Open the shop on a Jira whose field OKR names goals."""
    world = JiraWorld(ManualClock(START))
    for project in ("PAY", "OPS"):
        world.create_project(project)
    with (
        serve_jira(world) as running,
        opened(open_shop, "jira", okrsync_jira.MANIFEST, running, fields={"goal": "OKR"}) as shop,
    ):
        yield shop, world


@pytest.fixture
def linear(open_shop: Any) -> Iterator[tuple[Any, LinearWorld]]:
    """Open the shop on a Linear."""
    world = LinearWorld(ManualClock(START))
    world.create_team("PAY")
    with (
        serve_linear(world) as running,
        opened(open_shop, "linear", okrsync_linear.MANIFEST, running) as shop,
    ):
        yield shop, world


def reason(shop: Any, item: str) -> str:
    everything = judged_items(shop.ctx, shop.strategy(), shop.places)
    because: str = next(x.judgement.because for x in everything if x.item.ref.id == item)
    return because


def test_jiras_field_and_description_are_heard_and_told_by_name(jira: Any) -> None:
    shop, world = jira
    chosen = world.create_issue(project="PAY", custom={"customfield_10050": "kr-3"})
    written = world.create_issue(project="PAY", description="Serves KR-3, I hope.")
    shop.sync()
    assert world.labels(chosen) == world.labels(written) == ALIGNED_TO_KR3
    assert reason(shop, chosen).startswith("the field OKR says kr-3")
    assert reason(shop, written).startswith("the description says KR-3")


def test_jiras_epic_in_another_project_passes_on_what_its_field_says(jira: Any) -> None:
    shop, world = jira
    epic = world.create_issue(project="OPS", custom={"customfield_10050": "KR-3"})
    story = world.create_issue(project="PAY", parent=epic)
    shop.sync()
    assert world.labels(story) == ALIGNED_TO_KR3
    assert world.labels(epic) == set()


@pytest.mark.parametrize("where", ["project", "milestone", "initiative above"])
def test_linears_containers_pass_on_what_their_texts_say(linear: Any, where: str) -> None:
    shop, world = linear
    top = world.create_initiative("Grow")
    world.create_initiative("Sell", projects=["Wallets"], parent=top)
    issue = world.create_issue("PAY", "One-tap", project="Wallets", milestone="Beta")
    containers = {
        "project": world.project("Wallets").id,
        "milestone": world.create_milestone("Wallets", "Beta"),
        "initiative above": top,
    }
    shop.mapping.rules = []
    world.change_container(containers[where], description="So that KR-3 moves.")
    shop.sync()
    assert world.labels(issue) == ALIGNED_TO_KR3
    world.archive_container(containers[where])
    shop.sync()
    assert world.labels(issue) == ALIGNED_TO_KR3


def test_an_initiative_is_linked_by_its_name(linear: Any) -> None:
    shop, world = linear
    world.create_initiative("Sell on day one", projects=["Growth"])
    issue = world.create_issue("PAY", "One-tap", project="Growth")
    shop.sync()
    assert world.labels(issue) == {"okr:unaligned"}
    people.link(shop.ctx, shop.strategy(), "sell on day one", "KR-3", "agreed in March")
    shop.sync()
    assert world.labels(issue) == ALIGNED_TO_KR3
    assert reason(shop, issue).startswith("inherited from Sell on day one: linked by hand")
