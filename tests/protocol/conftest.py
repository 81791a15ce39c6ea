"""A small company with goals, rules and trackers in memory, and a real store.

Everything that a person, a program or a failure can do to okrsync is a method here.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.app import passes
from okrsync.app.bells import run_items
from okrsync.app.context import Context, Policy, TrackerSetup
from okrsync.app.planning import judged_items
from okrsync.app.strategy import read_strategy
from okrsync.app.vanishing import answer
from okrsync.core.backoff import Retry
from okrsync.core.clock import FixedClock
from okrsync.core.goalcheck import build
from okrsync.core.goals import Belief, Cycle, Decision, Hypothesis, KeyResult, Kind, Objective, Team
from okrsync.core.mapping import Condition, Mapping, MappingRule
from okrsync.core.reading import Reading
from okrsync.core.work import ItemRef
from okrsync.errors import ConfigError
from okrsync.ports.goals import GoalsRead
from okrsync.storage import open_store
from okrsync.testing import Crash, FakeTracker
from okrsync.testing.world import START
from okrsync.wording import reader as wording_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Mapping as Mapping_

    from okrsync.app.judging import Judged
    from okrsync.core.goals import Goals
    from okrsync.core.ledger import Intent, ItemState
    from okrsync.ports.store import Entry, PlannedEdit, Store, Transaction


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "paragraph(*numbers): the paragraphs of the label protocol")


CYCLE = Cycle(id="Q4", starts=date(2026, 10, 1), ends=date(2026, 12, 31))


def key_result(goal_id: str, kind: Kind = Kind.OUTCOME, **given: Any) -> KeyResult:
    return KeyResult(id=goal_id, objective="", statement=f"{goal_id} moves", kind=kind, **given)


def objective(goal_id: str, *key_results: KeyResult, **given: Any) -> Objective:
    under = tuple(replace(kr, objective=goal_id) for kr in key_results)
    plain: dict[str, Any] = {"title": goal_id, "teams": ("pay",), "cycle": "Q4"}
    return Objective(id=goal_id, key_results=under, **{**plain, **given})


class MemoryGoals:
    """Goals that a test changes as it likes; broken ones cannot be read."""

    def __init__(self) -> None:
        self.broken = False
        self.cycles: list[Cycle] = [CYCLE]
        self.objectives = [
            objective("O-1", key_result("KR-1"), key_result("KR-2", Kind.TASK)),
            objective("O-2", key_result("KR-3")),
        ]
        self.hypotheses = [
            Hypothesis(id="H-1", serves=("KR-1",), cycle="Q4"),
            Hypothesis(id="H-2", serves=("KR-3",), cycle="Q4"),
        ]
        self.beliefs = [Belief(id="B-1", text="they care", objectives=("O-1",))]

    def read(self) -> GoalsRead:
        if self.broken:
            raise ConfigError("the goals are half-written")
        goals, problems = build(
            teams=[Team(id="pay", name="Pay")],
            cycles=self.cycles,
            objectives=self.objectives,
            hypotheses=self.hypotheses,
            beliefs=self.beliefs,
        )
        if goals is None:
            raise ConfigError("the goals have mistakes", problems=problems)
        told = repr((self.cycles, self.objectives, self.hypotheses, self.beliefs))
        return GoalsRead(goals, hashlib.sha256(told.encode()).hexdigest())

    def hypothesis(self, goal_id: str, **changes: Any) -> None:
        self.hypotheses = [
            replace(each, **changes) if each.id == goal_id else each for each in self.hypotheses
        ]

    def kill(self, goal_id: str) -> None:
        self.hypothesis(goal_id, decisions=(Decision(choice="kill", date=date(2026, 11, 1)),))

    def key_result(self, goal_id: str, **changes: Any) -> None:
        self.objectives = [
            replace(
                each,
                key_results=tuple(
                    replace(kr, **changes) if kr.id == goal_id else kr for kr in each.key_results
                ),
            )
            for each in self.objectives
        ]

    def remove(self, goal_id: str) -> None:
        self.hypotheses = [each for each in self.hypotheses if each.id != goal_id]
        self.beliefs = [each for each in self.beliefs if each.id != goal_id]
        self.objectives = [
            replace(each, key_results=tuple(kr for kr in each.key_results if kr.id != goal_id))
            for each in self.objectives
            if each.id != goal_id
        ]


def serves(word: str, *goals: str, learning: bool = False) -> MappingRule:
    """A rule for items whose title says *word*."""
    when = Condition(title_matches=(word,))
    return MappingRule(id=f"{word}-rule", when=when, serves=goals, learning=learning)


def exempts(word: str) -> MappingRule:
    return MappingRule(
        id=f"{word}-rule", when=Condition(title_matches=(word,)), exempt="keeps the shop open"
    )


class MemoryMapping:
    """Rules by words in titles."""

    def __init__(self) -> None:
        self.rules: list[MappingRule] = [
            serves("wallet", "H-1"),
            serves("page", "KR-2"),
            serves("search", "KR-3"),
            exempts("upkeep"),
        ]

    def read(self, goals: Goals | None, *, prefix: str) -> Mapping:
        told = hashlib.sha256(repr(self.rules).encode()).hexdigest()
        return Mapping(rules=tuple(self.rules), digest=told)


class WatchedStore:
    """The store, which tells what is intended and can end the process at any transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.crash_in: int | None = None
        """Transactions until okrsync is killed; even ones just before, odd ones just after."""
        self.on_intent: Callable[[Intent], None] = lambda _intent: None

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        self._maybe_die()
        with self._store.begin() as tx:
            add = tx.add_intents

            def listen(intents: Iterable[Any]) -> Sequence[Any]:
                listed = list(intents)
                for intent in listed:
                    self.on_intent(intent)
                return add(listed)

            tx.add_intents = listen  # type: ignore[method-assign]
            yield tx
        self._maybe_die()

    def _maybe_die(self) -> None:
        if self.crash_in is None:
            return
        self.crash_in -= 1
        if self.crash_in <= 0:
            self.crash_in = None
            raise Crash("between transactions")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Shop:
    """Everything around okrsync, and okrsync itself."""

    def __init__(
        self,
        url: str,
        *,
        trackers: Sequence[FakeTracker] | None = None,
        clock: FixedClock | None = None,
        setups: Mapping_[str, TrackerSetup] | None = None,
        **policy: Any,
    ) -> None:
        self.url = url
        self.clock = clock or FixedClock(START)
        self.trackers: dict[str, FakeTracker] = {}
        for tracker in trackers or ([] if setups else [FakeTracker(clock=self.clock)]):
            tracker.retry = Retry(sleep=tracker.clock.sleep, random=Random(1))
            self.trackers[tracker.name] = tracker
        self.scope_names: tuple[str, ...] = ("PAY", "WEB")
        self.setups = setups
        self.goals = MemoryGoals()
        self.mapping = MemoryMapping()
        plain: dict[str, Any] = {"writes": True, "lock_wait": 0.0}
        self.policy = Policy(**{**plain, **policy})
        self.store = WatchedStore(open_store(url))
        self.ctx = self.context()

    def context(self) -> Context:
        return Context(
            store=self.store,
            goal_source=self.goals,
            mapping_source=self.mapping,
            setups=self.setups or self._of_fakes(),
            reader=wording_reader(),
            clock=self.clock,
            policy=self.policy,
        )

    def _of_fakes(self) -> dict[str, TrackerSetup]:
        return {name: self._of_fake(tracker) for name, tracker in self.trackers.items()}

    def _of_fake(self, tracker: FakeTracker) -> TrackerSetup:
        return TrackerSetup(
            name=tracker.name, scopes=self.scope_names, connect=lambda _text: tracker
        )

    def restart(self, **policy: Any) -> None:
        """Start okrsync anew on the same store, perhaps with other settings."""
        self.store.crash_in = None
        self.ctx.close()
        self.policy = replace(self.policy, **policy)
        self.ctx = self.context()

    @property
    def tracker(self) -> FakeTracker:
        """The only tracker, or the first."""
        return next(iter(self.trackers.values()))

    @property
    def places(self) -> list[tuple[str, str]]:
        return list(self.ctx.scopes())

    # What okrsync does

    def strategy(self) -> Any:
        return read_strategy(self.ctx)

    def pull(self) -> passes.Pass:
        return passes.run_pull(self.ctx, self.places)

    def quiet(self) -> None:
        """Read everything, and let time pass until nothing may have changed just then."""
        for _ in range(2):
            self.pull()
            self.clock.advance(timedelta(minutes=1))

    def plan(self, **given: Any) -> passes.Pass:
        return passes.run_plan(self.ctx, self.places, **given)

    def sync(self, *, approve: bool = True, reading: Reading = Reading.AUTO) -> passes.Pass:
        """Bring everything up to date; by default a person says yes to every plan."""
        say = (lambda _pass: True) if approve else None
        return passes.run_sync(self.ctx, self.places, approve=say, reading=reading)

    def light(self) -> passes.Pass:
        """Run a pass as a daemon does between sweeps: what changed, and what that changes."""
        return passes.run_sync(
            self.ctx, self.places, kind=passes.PASS, reading=Reading.CHANGES, thorough=False
        )

    def ring(self, item_id: str) -> passes.Pass:
        """Run a pass as a webhook rings for it."""
        return run_items(self.ctx, self.tracker.name, [item_id])

    def undo(self, run: int) -> passes.Pass:
        return passes.run_undo(self.ctx, run, approve=lambda _pass: True)

    def say(self, command: Callable[..., Any], item_id: str, *words: str) -> Any:
        """Use one of the commands of `app.people`."""
        key = f"{self.tracker.name}:{self.tracker.items[item_id].key}"
        return command(self.ctx, self.strategy(), key, *words)

    def answer(self, vanishing: str, word: str) -> None:
        answer(self.ctx, vanishing, word, self.strategy().names)

    # What can be seen

    def labels(self, item_id: str) -> set[str]:
        return {label for label in self.tracker.labels(item_id) if label.startswith("okr:")}

    def state(self, item_id: str) -> ItemState:
        ref = ItemRef(self.tracker.name, item_id)
        with self.ctx.store.begin() as tx:
            return tx.states([ref])[ref]

    def judged(self, item_id: str) -> Judged:
        everything = judged_items(self.ctx, self.strategy(), self.places)
        ref = ItemRef(self.tracker.name, item_id)
        return next(one for one in everything if one.item.ref == ref)

    def edits(self, plan: int) -> dict[ItemRef, PlannedEdit]:
        with self.ctx.store.begin() as tx:
            return {edit.ref: edit for edit in tx.edits_after(plan, None, 10_000)}

    def journal(self, item_id: str) -> Sequence[Entry]:
        with self.ctx.store.begin() as tx:
            return tx.entries_about(ItemRef(self.tracker.name, item_id))

    def vanishings(self) -> Sequence[Any]:
        with self.ctx.store.begin() as tx:
            return tx.vanishings()

    def close(self) -> None:
        self.store.crash_in = None
        self.ctx.close()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store in which nothing is remembered yet: quicker to copy than to make."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    store = open_store(f"sqlite:///{path}")
    with store.begin() as tx:
        tx.note("nothing")
    store.close()
    return path


@pytest.fixture
def open_shop(
    empty_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Shop]]:
    """Open a shop on a store of its own, as often as a test likes."""
    shared_memory = Path("/dev/shm")  # noqa: S108 - where a flush to disk takes no time
    folder = tmp_path_factory.mktemp("shops")
    if shared_memory.is_dir():
        folder = Path(tempfile.mkdtemp(dir=shared_memory))
    opened: list[Shop] = []

    def new(**given: Any) -> Shop:
        path = folder / f"{len(opened)}.db"
        shutil.copy(empty_store, path)
        opened.append(Shop(f"sqlite:///{path}", **given))
        return opened[-1]

    yield new
    for shop in opened:
        shop.close()
    shutil.rmtree(folder)


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """One tracker with complete histories, as in Jira."""
    return open_shop()


@pytest.fixture
def shop_with_definitions(open_shop: Callable[..., Shop]) -> Shop:
    """One tracker whose labels have definitions, as in Linear."""
    clock = FixedClock(START)
    return open_shop(clock=clock, trackers=[FakeTracker(clock=clock, with_definitions=True)])


@pytest.fixture
def shop_without_history(open_shop: Callable[..., Shop]) -> Shop:
    """One tracker that does not tell who changed what."""
    clock = FixedClock(START)
    return open_shop(clock=clock, trackers=[FakeTracker(clock=clock, without_history=True)])


def count_changes(entries: Iterable[Entry]) -> Counter[tuple[str, str]]:
    """Count what journal entries say was added and removed."""
    told: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        told.update(("+", label) for label in entry.added)
        told.update(("-", label) for label in entry.removed)
    return told
