"""The promises over random histories again, through the adapters and all three simulators.

The index lags, requests fail at random, okrsync is killed, and people edit in between.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import okrsync_jira
import okrsync_linear
from okrsync.app.context import TrackerSetup
from okrsync.core.backoff import Retry
from okrsync.core.work import ItemRef
from okrsync.errors import OkrsyncError
from okrsync.ports.tracker import Connection
from okrsync.testing import Crash
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.faults import random_faults
from okrsync_simulators.jira import Deployment, JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import serve_world as serve_linear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
LONG = bool(os.environ.get("OKR_TESTS_LONG"))
SEEDS = range(400 if LONG else 12)
STEPS = 16 if LONG else 8
WORDS = ("wallet", "page", "search", "upkeep", "nothing")
VERDICTS = ("aligned", "weak", "stale", "unaligned", "exempt")
LABELS = (*(f"okr:{word}" for word in VERDICTS), "okr:H-1", "okr:KR-1", "okr:KR-2", "okr:KR-3")


class SharedClock:
    """The simulators' clock as okrsync's: waiting takes no time."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        self._clock.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> None:
        self._clock.advance(by)


class Side:
    """One simulated tracker: what people do there, and who put which label where."""

    def __init__(self, name: str, world: Any) -> None:
        self.name = name
        self.world = world
        self.ids: list[str] = []
        self.authors: dict[tuple[str, str], str] = {}
        self.taken: set[tuple[str, str]] = set()
        self.ours: Counter[tuple[str, str, str]] = Counter()
        self.wrongs: list[str] = []
        self._before: dict[str, frozenset[str]] = {}

    def create(self, word: str, *, scope: int = 0) -> None:
        raise NotImplementedError

    def drop(self, item: str) -> None:
        raise NotImplementedError

    def ours_of(self, item: str) -> set[str]:
        return {label for label in self.world.labels(item) if label.startswith("okr:")}

    def act(self, who: str, do: Callable[..., Any], *given: Any) -> None:
        """Let somebody do something to labels, and note what that changed."""
        self.look("us")
        do(*given)
        self.look(who)

    def look(self, who: str) -> None:
        """Compare with what was there before; *who* made the difference."""
        for item in self.ids:
            now = frozenset(self.ours_of(item))
            before = self._before.get(item, frozenset())
            for label in sorted(now - before):
                if who == "us":
                    self.ours[item, label, "+"] += 1
                    if (item, label) in self.taken and label.removeprefix("okr:") not in VERDICTS:
                        self.wrongs.append(f"{label} put back on {self.name}:{item}")
                else:
                    self.taken -= {(item, other) for other in LABELS}
                self.authors[item, label] = who
            for label in sorted(before - now):
                author = self.authors.pop((item, label), "")
                if who == "us":
                    self.ours[item, label, "-"] += 1
                    if author != "us":
                        self.wrongs.append(f"{label} of {author} taken from {self.name}:{item}")
                else:
                    self.taken.add((item, label))
            self._before[item] = now


class JiraSide(Side):
    def create(self, word: str, *, scope: int = 0) -> None:
        project = ("PAY", "WEB")[scope % 2]
        self.ids.append(self.world.create_issue(project=project, summary=word))

    def drop(self, item: str) -> None:
        self.world.delete(item)
        self.ids.remove(item)


class LinearSide(Side):
    def create(self, word: str, *, scope: int = 0) -> None:
        self.ids.append(self.world.create_issue(("GRO", "OPS")[scope % 2], word))

    def drop(self, item: str) -> None:
        self.world.trash(item)
        self.ids.remove(item)


def served(stack: ExitStack, clock: ManualClock) -> Iterator[tuple[Side, TrackerSetup]]:
    """Serve all trackers, with the labels that people may use defined as they should be."""
    jira = JiraWorld(clock, lag_seconds=30, page_size=3)
    here = JiraWorld(clock, lag_seconds=30, page_size=3, deployment=Deployment.DATACENTER)
    for key in ("PAY", "WEB"):
        jira.create_project(key)
        here.create_project(key)
    linear = LinearWorld(clock, lag_seconds=30)
    for key in ("GRO", "OPS"):
        linear.create_team(key)
    linear.create_label("OKR", is_group=True)
    for word in VERDICTS:
        linear.create_label(f"okr:{word}", parent="OKR")
    waiting = Retry(sleep=SharedClock(clock).sleep, random=Random(1))
    for side, running, manifest, more in (
        (JiraSide("jira", jira), stack.enter_context(serve_jira(jira)), okrsync_jira.MANIFEST, {}),
        (JiraSide("here", here), stack.enter_context(serve_jira(here)), okrsync_jira.MANIFEST, {}),
        (
            LinearSide("linear", linear),
            stack.enter_context(serve_linear(linear)),
            okrsync_linear.MANIFEST,
            {"page_size": 3},
        ),
    ):
        given = {k: v for k, v in running.settings.items() if k != "adapter"} | more
        settings = manifest.settings.model_validate(given)
        connection = Connection(name=side.name, retry=waiting)

        def connect(_text: bool, m: Any = manifest, s: Any = settings, c: Any = connection) -> Any:
            return m.connect(s, c)

        scopes = tuple(settings.scopes)  # type: ignore[attr-defined]
        yield side, TrackerSetup(name=side.name, scopes=scopes, connect=connect)


class Company:
    """One random history."""

    def __init__(self, seed: int, open_shop: Callable[..., Any], stack: ExitStack) -> None:
        self.random = Random(seed)
        self.clock = ManualClock(START, timedelta(seconds=1))
        pairs = list(served(stack, self.clock))
        self.sides = [side for side, _ in pairs]
        setups = {setup.name: setup for _, setup in pairs}
        self.shop = open_shop(setups=setups, clock=SharedClock(self.clock), max_vanished=1000)
        for side in self.sides:
            for word in WORDS[:4]:
                side.create(word)
            side.world.flush_index()
        self.settle()

    def step(self) -> None:
        side = self.random.choice(self.sides)
        item = self.random.choice(side.ids)
        actions: list[Callable[[], None]] = [
            lambda: side.create(self.random.choice(WORDS), scope=self.random.randrange(2)),
            lambda: self.edit(side, item),
            lambda: self.edit(side, item),
            lambda: self.edit(side, item),
            self.bad_sync,
            self.killed_sync,
            lambda: self.shop.goals.kill("H-1"),
            lambda: self.shop.goals.hypothesis("H-1", decisions=()),
            self.turn_rules,
            lambda: side.drop(item) if len(side.ids) > 2 else None,
        ]
        self.random.choice(actions)()

    def edit(self, side: Side, item: str) -> None:
        world = side.world
        do = self.random.choice([world.person_edits_labels, world.bot_edits_labels])
        have = sorted(side.ours_of(item))
        if have and self.random.random() < 0.5:
            side.act("person", do, item, (), (self.random.choice(have),))
        else:
            side.act("person", do, item, (self.random.choice(LABELS),), ())

    def turn_rules(self) -> None:
        rules = self.shop.mapping.rules
        self.shop.mapping.rules = rules[1:] + rules[:1]

    def sync(self) -> Any:
        try:
            return self.shop.sync()
        except Crash:
            self.shop.restart()
        except OkrsyncError:
            return None
        finally:
            for side in self.sides:
                side.look("us")
                assert side.wrongs == []
        return None

    def bad_sync(self) -> None:
        for side in self.sides:
            side.world.faults.draw_from(random_faults(self.random.randrange(10**6), 0.15))
        self.sync()
        for side in self.sides:
            side.world.faults.draw_from(None)
        self.settle()

    def killed_sync(self) -> None:
        self.shop.store.crash_in = self.random.randint(1, 60)
        self.sync()
        self.shop.store.crash_in = None
        self.settle()

    def settle(self) -> None:
        """Everything heard and written: from here on the next thing may happen."""
        for side in self.sides:
            side.world.flush_index()
        for _ in range(4):
            writes = [len(side.world.writes) for side in self.sides]
            made = self.sync()
            if made.planned.empty:
                assert [len(side.world.writes) for side in self.sides] == writes
                return
            for side in self.sides:
                side.world.flush_index()
        pytest.fail("there is still something to write after three passes")

    def assert_journalled(self) -> None:
        with self.shop.ctx.store.begin() as tx:
            for side in self.sides:
                told: Counter[tuple[str, str, str]] = Counter()
                for item in side.ids:
                    for entry in tx.entries_about(ItemRef(side.name, item)):
                        told.update((item, label, "+") for label in entry.added)
                        told.update((item, label, "-") for label in entry.removed)
                alive = {key: n for key, n in side.ours.items() if key[0] in side.ids}
                assert told == alive
                assert side.world.protocol_breaches == []


@pytest.mark.paragraph(13, 14, 15, 20, 21)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_promises_hold_through_the_real_adapters(
    seed: int, open_shop: Callable[..., Any]
) -> None:
    with ExitStack() as stack:
        company = Company(seed, open_shop, stack)
        for _ in range(STEPS):
            company.step()
            company.settle()
        company.assert_journalled()
        company.shop.ctx.close()
