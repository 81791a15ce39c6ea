"""okrsync is killed at any moment of a pass, again and again, while people go on labelling.

Afterwards it converges, nobody's label was touched, and the journal holds every write of ours once.
`OKR_TESTS_LONG` asks for hundreds of kills.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Timer
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from okrsync.core.work import ItemRef
from okrsync.storage import open_store
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import serve_world as serve_linear
from okrsync_simulators.people import BOT, MIRA, Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okrsync.ports.store import Entry

LONG = bool(os.environ.get("OKR_TESTS_LONG"))
KILLS = 100 if LONG else 12
SEEDS = range(1, 6) if LONG else (1, 2)
DRIVER = Path(__file__).with_name("warm_okrsync.py")
WRITES = ("issue.edit", "mutation:issue")
TITLES = (
    "One-tap wallet in the app",
    "Words on the checkout page",
    "Receipt by mail",
    "Something nobody planned",
)
SPARE_LINK = "okr:KR-SIDE"
OKRS = """
teams: [{id: checkout, name: Checkout}]
cycles: [{id: C-ALL, from: 2020-01-01, to: 2099-12-31}]
objectives:
  - id: O-PAY
    title: Paying is easy
    team: checkout
    cycle: C-ALL
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling: 62% to 80%"}
      - {id: KR-PAGE, statement: Launch the new checkout page}
      - {id: KR-SIDE, statement: "Shoppers who come back within a month: 31% to 40%"}
hypotheses:
  - {id: H-WALLET, we_believe: a wallet, for: shopper, will: pay, serves: [KR-PAY], cycle: C-ALL}
customers: [{id: shopper, name: Shopper}]
"""
MAPPING = """
rules:
  - {id: wallet, when: {title_matches: wallet}, serves: [H-WALLET]}
  - {id: page, when: {title_matches: page}, serves: [KR-PAGE]}
  - {id: mail, when: {title_matches: mail}, serves: [KR-PAY, KR-PAGE]}
"""
SETTINGS = """
okrs: {path: okrs.yaml}
store: sqlite:///okrsync.db
sync: {mode: write, max_changes: 1000000, max_change_percent: 100, max_vanished: 1000000}
"""


@dataclass
class ShiftedClock:
    """The machine's clock, moved on between passes so that they lie apart as they do in life."""

    ahead: float = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)  # noqa: TID251


@dataclass(frozen=True)
class Change:
    """One change of labels as the tracker's own history tells it."""

    added: frozenset[str]
    removed: frozenset[str]
    by_api: bool


class Town(Protocol):
    """What the test does to a simulated tracker and asks of it."""

    tracker: str
    world: Any
    items: list[str]

    def labels(self, item: str) -> frozenset[str]: ...
    def retitle(self, item: str, title: str) -> None: ...
    def edit(self, item: str, add: Sequence[str], remove: Sequence[str], who: Account) -> None: ...
    def history(self, item: str) -> Iterator[Change]: ...


class JiraTown:
    """Payments, in Jira."""

    tracker = "shop-jira"

    def __init__(self, clock: ShiftedClock, random: Random) -> None:
        self.world = JiraWorld(clock)
        self.items = [
            self.world.create_issue(
                project="PAY", summary=random.choice(TITLES), labels=["theirs-0"]
            )
            for _ in range(50)
        ]
        self.world.flush_index()
        self._by_people: set[str] = set()

    def labels(self, item: str) -> frozenset[str]:
        return self.world.labels(item)

    def retitle(self, item: str, title: str) -> None:
        self.world.set_summary(item, title)

    def edit(self, item: str, add: Sequence[str], remove: Sequence[str], who: Account) -> None:
        with self.world.lock:
            before = len(self.world.changes(item))
            self.world.edit_labels(item, add=add, remove=remove, account=who)
            self._by_people |= {change.id for change in self.world.changes(item)[before:]}

    def history(self, item: str) -> Iterator[Change]:
        for change in self.world.changes(item):
            for part in change.items:
                if part.field == "labels":
                    before = frozenset((part.from_string or "").split())
                    after = frozenset((part.to_string or "").split())
                    by_api = change.account == BOT and change.id not in self._by_people
                    yield Change(after - before, before - after, by_api)


class LinearTown:
    """Growth, in Linear."""

    tracker = "shop-linear"

    def __init__(self, clock: ShiftedClock, random: Random) -> None:
        self.world = LinearWorld(clock)
        self.items = [
            self.world.create_issue("GRO", random.choice(TITLES), labels=["theirs-0"])
            for _ in range(30)
        ]
        self._by_people: set[str] = set()

    def labels(self, item: str) -> frozenset[str]:
        return self.world.labels(item)

    def retitle(self, item: str, title: str) -> None:
        with self.world.lock:
            issue = self.world.issue(item)
            self.world.change(issue, self.world.entry(issue, MIRA), title=title)

    def edit(self, item: str, add: Sequence[str], remove: Sequence[str], who: Account) -> None:
        with self.world.lock:
            before = len(self.world.history.get(item, ()))
            self.world.person_edits_labels(item, add, remove, who)
            self._by_people |= {entry.id for entry in self.world.history.get(item, ())[before:]}

    def history(self, item: str) -> Iterator[Change]:
        for entry in self.world.history.get(item, ()):
            by_api = entry.actor_id == BOT.id and entry.id not in self._by_people
            added, removed = (
                self._names(entry.added_label_ids),
                self._names(entry.removed_label_ids),
            )
            yield Change(added, removed, by_api)

    def _names(self, ids: Sequence[str]) -> frozenset[str]:
        return frozenset(self.world.label_book.by_id[each].name for each in ids)


@dataclass
class Okrsync:
    """Starts passes in processes of their own."""

    folder: Path
    environ: dict[str, str]
    clock: ShiftedClock
    process: subprocess.Popen[str]
    pid: int | None = None

    def run(self, kind: str) -> dict[str, Any]:
        """Run a pass to its end or death; return what it told and how it ended."""
        self.clock.ahead += 10
        wish = {
            "settings": str(self.folder / "okrsync.yaml"),
            "environ": self.environ,
            "pass": kind,
            "ahead": self.clock.ahead,
        }
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(wish) + "\n")
        self.process.stdin.flush()
        self.pid = self._line()["pid"]
        told: dict[str, Any] = {}
        while "ended" not in told:
            told |= self._line()
        self.pid = None
        return told

    def kill(self) -> None:
        """Kill the pass that runs, if one does."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


@dataclass
class Assassin:
    """Waits in the trackers for its moment, kills, and decides what becomes of the request."""

    okrsync: Okrsync
    random: Random
    gossip: Callable[[], None]
    countdown: int = 0
    only_writes: bool = False
    fate: str = "answered"
    fates: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    def lie_in_wait(self) -> None:
        self.only_writes = self.random.random() < 0.7
        self.countdown = self.random.randint(1, 18 if self.only_writes else 35)
        self.fate = self.random.choice(("lost", "dropped", "late", "soon"))

    def rest(self) -> None:
        self.countdown = 0

    def __call__(self, operation: str) -> Fault | None:
        self.requests += 1
        if self.random.random() < 0.1:
            self.gossip()
        is_write = operation.startswith(WRITES)
        if self.countdown == 0 or (self.only_writes and not is_write):
            return None
        self.countdown -= 1
        return None if self.countdown else self._strike("write" if is_write else "read")

    def _strike(self, what: str) -> Fault | None:
        self.fates[f"{what} {self.fate}"] += 1
        if self.fate == "soon":  # somewhere between this answer and what is done with it
            Timer(self.random.uniform(0, 0.03), self.okrsync.kill).start()
            return None
        self.okrsync.kill()
        if self.fate == "dropped":
            return Fault(FaultKind.RESET_BEFORE)
        if self.fate == "late":
            return Fault(FaultKind.SLOW, seconds=self.random.uniform(0.05, 0.4))
        return None


@dataclass
class People:
    """Change labels and titles at random, some of them with okrsync's own account."""

    towns: Sequence[Town]
    random: Random
    store: str
    edits: int = 0

    def go_about(self, busy: bool = False) -> None:
        """Make one edit; while okrsync writes, only such as cannot cross its path."""
        town = self.random.choice(self.towns)
        item = self.random.choice(town.items)
        self.edits += 1
        if busy or self.random.random() < 0.3:
            self._foreign(town, item)
        elif self.random.random() < 0.5:
            town.retitle(item, self.random.choice(TITLES))
        else:
            self._vocabulary(town, item)

    def _foreign(self, town: Town, item: str) -> None:
        label = f"theirs-{self.random.randint(0, 5)}"
        there = label in town.labels(item)
        who = self.random.choice((MIRA, BOT))
        town.edit(item, [] if there else [label], [label] if there else [], who)

    def _vocabulary(self, town: Town, item: str) -> None:
        ours = sorted(label for label in town.labels(item) if label.startswith("okr:"))
        away = bool(ours) and self.random.random() < 0.6
        label = self.random.choice(ours if away else (SPARE_LINK, "okr:KR-PAGE"))
        who = self.random.choice((MIRA, BOT))
        if who is BOT and label in self._may_still_land(town, item):
            who = MIRA  # a write that died on its way would explain the same entry of the history
        town.edit(item, [] if away else [label], [label] if away else [], who)

    def _may_still_land(self, town: Town, item: str) -> set[str]:
        store = open_store(self.store)
        try:
            with store.begin() as tx:
                ref = ItemRef(town.tracker, item)
                intents = tx.intents_of([ref])[ref]
        finally:
            store.close()
        return {
            label
            for intent in intents
            for label in (*intent.add, *intent.remove)
            if intent.after is None or (label in intent.after) is not (label in intent.add)
        }


@contextmanager
def _okrsync(folder: Path, clock: ShiftedClock, environ: dict[str, str]) -> Iterator[Okrsync]:
    for name, text in (
        ("okrs.yaml", OKRS),
        ("mapping.yaml", MAPPING),
        ("okrsync.yaml", SETTINGS),
    ):
        (folder / name).write_text(textwrap.dedent(text))
    with subprocess.Popen(
        [sys.executable, str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Okrsync(folder, environ, clock, process)
        assert process.stdin is not None
        process.stdin.close()


def _environ(settings: dict[str, Any]) -> dict[str, str]:
    return {
        f"OKRSYNC_TRACKERS__{name}__{key.upper()}": ",".join(value)
        if isinstance(value, list | tuple)
        else str(value)
        for name, section in settings.items()
        for key, value in section.items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pass_may_die_at_any_moment(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random, clock = Random(f"sigkill {seed}"), ShiftedClock()
    jira, linear = JiraTown(clock, random), LinearTown(clock, random)
    towns: tuple[Town, ...] = (jira, linear)
    with ExitStack() as stack:
        environ = _environ(
            {
                "SHOP_JIRA": stack.enter_context(serve_jira(jira.world)).settings,
                "SHOP_LINEAR": stack.enter_context(serve_linear(linear.world)).settings,
            }
        )
        okrsync = stack.enter_context(_okrsync(tmp_path, clock, environ))
        store = f"sqlite:///{tmp_path / 'okrsync.db'}"
        people = People(towns, random, store)
        assassin = Assassin(okrsync, random, lambda: people.go_about(busy=True))
        for town in towns:
            town.world.faults.draw_from(assassin)
        begun = time.monotonic()
        rounds = _until_killed(okrsync, assassin, people, KILLS)
        _assert_converges(okrsync, towns, clock)
        entries = _journal(store)
    _assert_nobody_was_touched(towns)
    _assert_journal_is_complete(towns, entries)
    assert [town.world.protocol_breaches for town in towns] == [[], []]
    with capsys.disabled():
        print(  # noqa: T201 - the figures are part of the proof
            f"\nseed {seed}: {KILLS} kills in {rounds} passes, {people.edits} edits of people, "
            f"{len(entries)} journal entries, {time.monotonic() - begun:.0f} s; "
            f"{dict(sorted(assassin.fates.items()))}"
        )


def _until_killed(okrsync: Okrsync, assassin: Assassin, people: People, kills: int) -> int:
    killed = rounds = 0
    while killed < kills:
        rounds += 1
        assert rounds < 4 * kills, "the passes are over before they can be killed"
        assassin.lie_in_wait()
        told = okrsync.run("agree" if rounds <= 3 else "sync")
        assassin.rest()
        assert told["ended"] in {0, -signal.SIGKILL}, told
        killed += told["ended"] != 0
        for _ in range(assassin.random.randint(5, 30)):
            people.go_about()
    return rounds


def _assert_converges(okrsync: Okrsync, towns: Sequence[Town], clock: ShiftedClock) -> None:
    time.sleep(0.5)  # the last late write
    for town in towns:
        town.world.faults.draw_from(None)
    for _ in range(3):  # an item that moved since the last pass is written by the one after
        told = okrsync.run("agree")
        assert told["ended"] == 0
    assert told["exit"] == 0, told
    written = [_writes(town) for town in towns]
    clock.ahead += 60
    plan = okrsync.run("plan")
    assert (plan["exit"], plan["planned"]) == (0, 0), plan
    again = okrsync.run("sync")
    assert (again["exit"], again["planned"]) == (0, 0), again
    assert [_writes(town) for town in towns] == written


def _writes(town: Town) -> int:
    requests: Counter[str] = town.world.requests
    return sum(count for name, count in requests.items() if name.startswith(WRITES))


def _journal(url: str) -> list[Entry]:
    store = open_store(url)
    try:
        with store.begin() as tx:
            assert not tx.open_intents()
            return [entry for run in tx.runs(100_000) for entry in tx.entries_of(run.id)]
    finally:
        store.close()


def _assert_nobody_was_touched(towns: Sequence[Town]) -> None:
    for town in towns:
        for item in town.items:
            ours: set[str] = set()
            refused: set[str] = set()
            for change in town.history(item):
                where = f"{town.tracker} {item}: {change}"
                if change.by_api:
                    assert change.removed <= ours, f"somebody's label was taken: {where}"
                    assert not change.added & refused, f"somebody was overruled: {where}"
                    assert all(x.startswith("okr:") for x in change.added | change.removed), where
                    ours = (ours | change.added) - change.removed
                else:
                    # Verdicts are written again once the verdict changed; links never are.
                    gone = change.removed & ours
                    refused |= {x for x in gone if x.startswith(("okr:KR", "okr:H"))}
                    refused -= change.added
                    ours -= change.removed | change.added


def _assert_journal_is_complete(towns: Sequence[Town], entries: Sequence[Entry]) -> None:
    told: Counter[tuple[str, str, str]] = Counter()
    for entry in entries:
        told.update((entry.ref.tracker, entry.ref.id, f"+{label}") for label in entry.added)
        told.update((entry.ref.tracker, entry.ref.id, f"-{label}") for label in entry.removed)
    done: Counter[tuple[str, str, str]] = Counter()
    for town in towns:
        for item in town.items:
            for change in town.history(item):
                if change.by_api:
                    done.update((town.tracker, item, f"+{label}") for label in change.added)
                    done.update((town.tracker, item, f"-{label}") for label in change.removed)
    assert done, "nothing was ever written"
    assert done - told == Counter(), "done and not in the journal"
    assert told - done == Counter(), "in the journal and never done"
