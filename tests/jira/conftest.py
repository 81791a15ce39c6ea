"""What the Jira tests share: a simulated site, and connections whose waits are only noted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.core.backoff import Retry
from okrsync.core.work import ItemRef, LabelEdit
from okrsync.ports.tracker import Connection
from okrsync_jira import MANIFEST
from okrsync_simulators.jira.app import build_app
from okrsync_simulators.jira.world import JiraWorld
from okrsync_simulators.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okrsync.core.pace import Pace
    from okrsync.ports.tracker import Budget
    from okrsync_jira.tracker import JiraTracker

SITE = "https://shop.example"


@dataclass
class Desk:
    """Opens trackers and keeps what they waited for and sent."""

    waits: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """Why each wait was that came of a refusal."""
    sent: Counter[str] = field(default_factory=Counter)
    opened: list[JiraTracker] = field(default_factory=list)
    budgets: dict[str, Budget] = field(default_factory=dict)
    pace: Pace | None = None
    meanwhile: Callable[[float], None] = lambda _seconds: None
    """Called at every wait."""

    def open(
        self,
        url: str = SITE,
        *,
        with_text: bool = False,
        stopping: Callable[[], bool] = lambda: False,
        **settings: Any,
    ) -> JiraTracker:
        given = {
            "url": url,
            "email": "okrs@shop.example",
            "token": "simulated-token",
            "deployment": "cloud",
            "scopes": ["PAY"],
        }
        connection = Connection(
            name="shop-jira",
            retry=Retry(
                sleep=self._sleep, pace=self.pace, tell=lambda _seconds, why: self.told.append(why)
            ),
            with_text=with_text,
            count=lambda kind: self.sent.update([kind]),
            budget=lambda budget: self.budgets.update({budget.name: budget}),
            stopping=stopping,
        )
        tracker = MANIFEST.connect(MANIFEST.settings.model_validate(given | settings), connection)
        self.opened.append(tracker)
        return tracker

    def _sleep(self, seconds: float) -> None:
        self.meanwhile(seconds)
        self.waits.append(seconds)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    for tracker in desk.opened:
        tracker.close()


@pytest.fixture
def world() -> JiraWorld:
    return JiraWorld()


@pytest.fixture
def url(world: JiraWorld) -> Iterator[str]:
    with serve(build_app(world)) as url:
        yield url


@pytest.fixture
def edit() -> Callable[..., LabelEdit]:
    def make(id_: str, *add: str, remove: tuple[str, ...] = ()) -> LabelEdit:
        return LabelEdit(ItemRef("shop-jira", id_), add, remove)

    return make
