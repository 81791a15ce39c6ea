"""The promises, over random histories: people, programs, clones, lag, crashes, late tasks, undo.

`Oracle` knows nothing of okrsync: it notes who put which label where and who took it away, as
the trackers see it, and what people said. OKR_TESTS_LONG=1 runs thousands of histories.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_histories

from okrsync.app import people
from okrsync.app.bells import run_items
from okrsync.app.passes import run_approved, run_purge
from okrsync.app.recover import LOST_TASK
from okrsync.app.strategy import drop_goal
from okrsync.core.clock import FixedClock
from okrsync.core.goals import Decision, Hypothesis, Kind
from okrsync.core.ledger import ActKind
from okrsync.errors import OkrsyncError, UsageError
from okrsync.ports.store import Role
from okrsync.testing import Crash, FakeTracker, Fault, FaultKind
from okrsync.testing.world import START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from okrsync.core.ledger import Intent
    from okrsync.core.work import ItemRef, LabelEdit, WorkItem

LONG = bool(os.environ.get("OKR_TESTS_LONG"))
HISTORIES = int(os.environ.get("OKR_TESTS_HISTORIES", "3000" if LONG else "100"))
FRESH = LONG or "OKR_TESTS_HISTORIES" in os.environ
"""Whether each run tries other histories."""
PARTS = 5
"""Into which they are cut, so that several workers can share them."""
PROFILE = settings(
    max_examples=HISTORIES // PARTS,
    stateful_step_count=40 if LONG else 30,
    deadline=None,
    derandomize=not FRESH,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, *([Phase.shrink] if "OKR_TESTS_SHRINK" in os.environ else [])],
)

PREFIX = "okr:"
VERDICTS = {f"{PREFIX}{word}" for word in ("aligned", "weak", "stale", "unaligned", "exempt")}
WORDS = ("wallet", "page", "search", "upkeep", "nothing")
SCOPES = ("PAY", "WEB", "OPS")
MAX_CHANGES = 12


@dataclass
class Pair:
    """What the oracle knows of one label on one item."""

    author: str = ""
    """Who put the present one there: us, person, shared, found; empty if it is not there."""
    since: datetime = START
    taken: bool = False
    """A person took away what okrsync knew to be there, and nobody lifted that."""
    taken_at: datetime = START
    taken_in: int = 0
    """The epoch: what could change a verdict happened since if it is another one now."""
    known: bool = False
    """okrsync last saw it there, or did it itself."""
    asked: int = 0
    """How often we meant to add it and no entry of history shows it."""
    unasked: int = 0
    """The same for removals."""


@dataclass
class Oracle:
    """What people and programs did, by tracker, item and label."""

    pairs: dict[tuple[ItemRef, str], Pair] = field(default_factory=lambda: defaultdict(Pair))
    looked: dict[ItemRef, datetime] = field(default_factory=dict)
    """When okrsync last read an item directly."""
    epoch: int = 0
    wrongs: list[str] = field(default_factory=list)
    ours: Counter[tuple[ItemRef, str, str]] = field(default_factory=Counter)
    unclear: set[tuple[ItemRef, str]] = field(default_factory=set)
    """Where nobody can tell whether we or a person on our account did it."""
    goal_of: Callable[[str], str] = str
    sent: list[LabelEdit] = field(default_factory=list)
    touched: set[ItemRef] = field(default_factory=set)
    """Items that okrsync wrote to, and so has surely seen."""
    words: dict[tuple[ItemRef, str], str] = field(default_factory=dict)
    """The newest word about a goal on an item: label, taken, command."""
    at_once: set[ItemRef] = field(default_factory=set)
    """Where somebody added what we were adding: our journal may believe that it was we."""

    def changed(self, who: str, before: WorkItem, after: WorkItem, asked: LabelEdit | None) -> None:
        """Note a change of labels."""
        ref = after.ref
        for label in sorted(after.labels - before.labels):
            if label.startswith(PREFIX):
                self._added(who, ref, label, after)
        for label in sorted(before.labels - after.labels):
            if label.startswith(PREFIX):
                self._removed(who, ref, label, after)

    def _added(self, who: str, ref: ItemRef, label: str, after: WorkItem) -> None:
        pair = self.pairs[ref, label]
        if who == "us":
            self._no_undoing(ref, label, pair)
            self.touched.add(ref)
            self.ours[ref, label, "+"] += 1
            pair.asked -= 1
            if pair.known:  # taken away and back by a late task of ours, before anybody looked
                self.unclear.add((ref, label))
            pair.known = True
        elif who == "shared" and pair.asked > 0:
            self.unclear.add((ref, label))
        elif who == "person" and pair.asked > 0:
            self.at_once.add(ref)
        pair.author, pair.since = who, after.updated
        if who == "person" and not pair.known and ref in self.touched:
            self.words[ref, self.goal_of(label)] = "label"
        if who in {"person", "shared"}:
            self.lift(ref, label)
            self.epoch += 1

    def _removed(self, who: str, ref: ItemRef, label: str, after: WorkItem) -> None:
        pair = self.pairs[ref, label]
        if who == "us":
            self._no_theft(ref, label, pair)
            self.ours[ref, label, "-"] += 1
            pair.unasked -= 1
        elif who == "shared" and pair.unasked > 0:
            self.unclear.add((ref, label))
        else:
            self.words[ref, self.goal_of(label)] = "taken"
        if who in {"person", "shared"} and pair.known and (ref, label) not in self.unclear:
            verdict = label in VERDICTS
            if not verdict or pair.author == "us":
                pair.taken, pair.taken_at, pair.taken_in = True, after.updated, self.epoch
            if not verdict:
                self.epoch += 1
                self.pairs[ref, label].taken_in = self.epoch
        pair.author = ""
        pair.known = pair.known and who != "us"

    def _no_theft(self, ref: ItemRef, label: str, pair: Pair) -> None:
        """P1: what we take away we wrote ourselves, but for what came in after our last look."""
        mine = pair.author == "us" or (ref, label) in self.unclear
        in_the_window = pair.since > self.looked.get(ref, START)
        if not mine and not in_the_window:
            self.wrongs.append(f"{label} of {pair.author or 'nobody'} taken from {ref}")

    def _no_undoing(self, ref: ItemRef, label: str, pair: Pair) -> None:
        """P2: what a person took away is not put back, but for what came after our last look."""
        if label in VERDICTS:
            stands = [pair] if pair.taken_in == self.epoch else []
        else:
            goal = self.goal_of(label)
            stands = [
                other
                for (where, spelled), other in self.pairs.items()
                if where == ref and spelled not in VERDICTS and self.goal_of(spelled) == goal
            ]
        if (ref, label) in self.unclear:
            return
        for other in stands:
            if other.taken and other.taken_at <= self.looked.get(ref, START):
                self.wrongs.append(f"{label} put back on {ref}, taken at {other.taken_at}")

    def lift(self, ref: ItemRef, label: str) -> None:
        """Note that a person wants the goal of a label on an item again."""
        goal = self.goal_of(label)
        for (where, spelled), pair in self.pairs.items():
            if where == ref and (spelled == label or self.goal_of(spelled) == goal):
                pair.taken = False

    def command(self, ref: ItemRef, goal: str) -> None:
        """Note that a person said something about a goal on an item."""
        self.words[ref, goal] = "command"

    def goes(self, ref: ItemRef, label: str) -> None:
        """Note that a label vanished with nobody's hand on the item."""
        pair = self.pairs[ref, label]
        if not pair.known:  # nobody saw it there
            self.words.pop((ref, self.goal_of(label)), None)
        pair.author, pair.known = "", False

    def saw(self, item: WorkItem, at: datetime) -> None:
        """Note a direct read by okrsync."""
        self.looked[item.ref] = at
        for label in item.labels:
            if label.startswith(PREFIX):
                self.pairs[item.ref, label].known = True
        for (ref, label), pair in self.pairs.items():
            if ref == item.ref:
                pair.known = label in item.labels


class Watched(FakeTracker):
    """The fake, which tells the oracle everything."""

    oracle: Oracle
    _who: str = "us"

    def watch(self, oracle: Oracle) -> None:
        self.oracle = oracle

    def person(self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        self._as("person", super().person, item_id, add, remove)

    def bot(self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        self._as("shared", super().bot, item_id, add, remove)

    def _as(self, who: str, act: Callable[..., None], *given: Any) -> None:
        self._who = who
        try:
            act(*given)
        finally:
            self._who = "us"

    def edit(
        self, item_id: str, add: Iterable[str], remove: Iterable[str], *, by_us: bool
    ) -> WorkItem:
        before = self._items[item_id]
        after = super().edit(item_id, add, remove, by_us=by_us)
        self.oracle.changed(self._who, before, after, None)
        return after

    def create(self, *, labels: Iterable[str] = (), **given: Any) -> str:
        item_id = super().create(labels=labels, **given)
        item = self._items[item_id]
        for label in item.labels:
            if label.startswith(PREFIX):
                pair = self.oracle.pairs[item.ref, label]
                pair.author, pair.since = "found", item.updated
        return item_id

    def delete_definition(self, label: str) -> None:
        for item in self._items.values():
            if label in item.labels:
                self.oracle.goes(item.ref, label)
        super().delete_definition(label)

    def read(self, ids: Any) -> Any:
        for item in super().read(ids):
            self.oracle.saw(item, self.clock.now())
            yield item

    def apply(self, edits: Any) -> Any:
        for edit in edits:
            self.oracle.sent.append(edit)
            yield self._answer(edit)


class Histories(RuleBasedStateMachine):
    """Everything that can happen to a company with two trackers, and what must never."""

    def __init__(self, open_shop: Callable[..., Any], *, tasks: bool = False) -> None:
        super().__init__()
        clock = FixedClock(START)
        self.oracle = Oracle(goal_of=self._goal_of)
        trackers = [
            Watched(name="jira", clock=clock, page_size=3),
            Watched(name="line", clock=clock, page_size=3, with_definitions=True),
        ]
        for tracker in trackers:
            tracker.watch(self.oracle)
        self.shop = open_shop(clock=clock, trackers=trackers, max_vanished=3)
        self.shop.store.on_intent = self._intended
        self.trackers: list[Watched] = trackers
        self.uid = {word.casefold(): word for word in ("H-1", "H-2", "KR-1", "KR-2", "KR-3")}
        self.uid |= {"o-1": "O-1", "o-2": "O-2", "b-1": "B-1"}
        self.names = {word: word for word in self.uid.values()}
        self.approved_runs: set[int] = set()
        self.spent: list[tuple[datetime, str, str, int]] = []
        self.runs: list[int] = []
        self.deleted: set[ItemRef] = set()
        for tracker in trackers:
            for word in WORDS[:3]:
                tracker.create(title=word, scope="PAY")

    # Helpers

    def _goal_of(self, label: str) -> str:
        word = label.removeprefix(PREFIX).casefold()
        return self.uid.get(word, word)

    def _pick(self, tracker: Watched, n: int) -> str | None:
        ids = sorted(tracker.items)
        return ids[n % len(ids)] if ids else None

    def _label(self, n: int) -> str:
        pool = [
            *(f"{PREFIX}{name}" for name in sorted(self.names.values())),
            *sorted(VERDICTS),
            f"{PREFIX}KR-404",
            f"{PREFIX}kr-1",
        ]
        return pool[n % len(pool)]

    def _edit(self, tracker: Watched, item: str, n: int, *, shared: bool, adding: bool) -> None:
        act = tracker.bot if shared else tracker.person
        have = sorted(x for x in tracker.labels(item) if x.startswith(PREFIX))
        if adding or not have:
            act(item, add=[self._label(n)])
        else:
            act(item, remove=[have[n % len(have)]])

    def teardown(self) -> None:
        try:
            self.converge()
        finally:
            self.shop.close()

    # What people do to work

    trackers_ = st.integers(0, 1)
    small = st.integers(0, 11)
    some = st.integers(0, 29)

    @rule(t=trackers_, word=st.sampled_from(WORDS), scope=st.sampled_from(SCOPES), n=small)
    def create(self, t: int, word: str, scope: str, n: int) -> None:
        tracker = self.trackers[t]
        above = self._pick(tracker, n) if n % 3 == 0 else None
        parent = tracker.items[above].ref if above else None
        labels = [self._label(n)] if n % 4 == 1 else []
        tracker.create(title=word, scope=scope, parent=parent, labels=labels)

    @rule(t=trackers_, n=small, label=some, shared=st.booleans(), adding=st.booleans())
    def somebody_edits_labels(self, t: int, n: int, label: int, shared: bool, adding: bool) -> None:
        item = self._pick(self.trackers[t], n)
        if item:
            self._edit(self.trackers[t], item, label, shared=shared, adding=adding)

    @rule(t=trackers_, n=small, label=some, shared=st.booleans(), twice=st.booleans())
    def somebody_takes_a_label_away_and_okrsync_looks(
        self, t: int, n: int, label: int, shared: bool, twice: bool
    ) -> None:
        self.sync_again()
        item = self._pick(self.trackers[t], n)
        if item:
            self._edit(self.trackers[t], item, label, shared=shared, adding=False)
        self.sync_again()
        if twice:
            self.sync_again()

    @rule(t=trackers_, meanwhile=st.integers(0, 3), n=small, label=some)
    def a_task_goes_on_after_okrsync_was_killed(
        self, t: int, meanwhile: int, n: int, label: int
    ) -> None:
        tracker = self.trackers[t]
        tracker.unfinished = True
        tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply", after=meanwhile % 2))
        self.sync_again()
        tracker.faults._waiting.clear()
        tracker.unfinished = False
        if meanwhile == 3:  # the intent is closed, and nothing is written again
            self._pass(self.shop.pull, approved=True)
        elif meanwhile:
            self.sync_again()
        item = self._pick(tracker, n)
        if item and meanwhile > 1:
            self._edit(tracker, item, label, shared=label % 2 == 0, adding=label % 3 == 0)
        for task in list(tracker.tasks):
            tracker.finish_task(task)

    @rule(t=trackers_, n=small, label=some)
    def somebody_toggles_a_label(self, t: int, n: int, label: int) -> None:
        item = self._pick(self.trackers[t], n)
        if item:
            self._edit(self.trackers[t], item, label, shared=False, adding=False)
            self._edit(self.trackers[t], item, label, shared=label % 2 == 0, adding=True)

    @rule(t=trackers_, n=small, word=st.sampled_from(WORDS))
    def retitle(self, t: int, n: int, word: str) -> None:
        item = self._pick(self.trackers[t], n)
        if item:
            self.oracle.epoch += 1
            self.trackers[t].change(item, title=word)

    @rule(t=trackers_, n=small, scope=st.sampled_from(SCOPES))
    def move(self, t: int, n: int, scope: str) -> None:
        item = self._pick(self.trackers[t], n)
        if item:
            self.oracle.epoch += 1
            self.trackers[t].move(item, scope)

    @rule(t=trackers_, n=small)
    def clone(self, t: int, n: int) -> None:
        item = self._pick(self.trackers[t], n)
        if item and len(self.trackers[t].items) < 12:
            self.trackers[t].clone(item)

    @rule(t=trackers_, n=small)
    def delete(self, t: int, n: int) -> None:
        item = self._pick(self.trackers[t], n)
        if item and len(self.trackers[t].items) > 2:
            self.deleted.add(self.trackers[t].items[item].ref)
            self.trackers[t].delete(item)
            self.oracle.epoch += 1

    @rule(label=some)
    def delete_definition(self, label: int) -> None:
        self.oracle.epoch += 1
        self.trackers[1].delete_definition(self._label(label))

    @rule(t=trackers_, lag=st.integers(0, 6))
    def lag(self, t: int, lag: int) -> None:
        self.trackers[t].lag = lag

    # What people do to goals and rules

    @rule(which=st.sampled_from(["H-1", "H-2"]))
    def kill_or_revive(self, which: str) -> None:
        self.oracle.epoch += 1
        name = self.names[which]
        found = next((h for h in self.shop.goals.hypotheses if h.id == name), None)
        if found is None:
            return
        if found.decisions:
            self.shop.goals.hypothesis(name, decisions=())
        else:
            self.shop.goals.hypothesis(
                name, decisions=(Decision(choice="kill", date=date(2026, 11, 1)),)
            )

    @rule(which=st.sampled_from(["H-1", "H-2", "KR-2", "KR-3", "B-1"]))
    def rename(self, which: str) -> None:
        old = self.names[which]
        new = f"{which}.{len(self.uid)}"
        goals = self.shop.goals
        if which.startswith("KR"):
            before = next((k for o in goals.objectives for k in o.key_results if k.id == old), None)
            if before is None:
                return
            goals.key_result(old, id=new, previously=(*before.previously, old))
            goals.hypotheses = [
                Hypothesis(
                    id=h.id,
                    serves=tuple(new if s == old else s for s in h.serves),
                    cycle=h.cycle,
                    decisions=h.decisions,
                    previously=h.previously,
                )
                for h in goals.hypotheses
            ]
        elif which.startswith("H"):
            found = next((h for h in goals.hypotheses if h.id == old), None)
            if found is None:
                return
            goals.hypothesis(old, id=new, previously=(*found.previously, old))
        else:
            return
        self.oracle.epoch += 1
        self.uid[new.casefold()] = which
        self.names[which] = new

    @rule(which=st.sampled_from(["H-1", "H-2", "B-1"]))
    def remove_goal(self, which: str) -> None:
        self.oracle.epoch += 1
        self.shop.goals.remove(self.names[which])

    @rule(which=st.sampled_from(["H-1", "H-2"]))
    def put_goal_back(self, which: str) -> None:
        goals = self.shop.goals
        if any(h.id == self.names[which] for h in goals.hypotheses):
            return
        serves = self.names["KR-1" if which == "H-1" else "KR-3"]
        self.oracle.epoch += 1
        goals.hypotheses = [
            *goals.hypotheses,
            Hypothesis(id=self.names[which], serves=(serves,), cycle="Q4"),
        ]

    @rule()
    def drop_goals(self) -> None:
        self.oracle.epoch += 1
        try:
            for goal in self.shop.strategy().carried:
                drop_goal(self.shop.ctx, goal)
        except UsageError:
            return

    @rule(which=st.sampled_from(["KR-1", "KR-2", "KR-3"]), kind=st.sampled_from(list(Kind)))
    def change_kind(self, which: str, kind: Kind) -> None:
        self.oracle.epoch += 1
        self.shop.goals.key_result(self.names[which], kind=kind)

    @rule(n=st.integers(0, 6))
    def change_rules(self, n: int) -> None:
        self.oracle.epoch += 1
        rules = self.shop.mapping.rules
        self.shop.mapping.rules = rules[n % len(rules) :] + rules[: n % len(rules)]

    @rule(days=st.sampled_from([0.1, 1.1, 8, 40]))
    def time_passes(self, days: float) -> None:
        self.oracle.epoch += 1
        self.shop.clock.advance(timedelta(days=days))

    # What people say to okrsync

    @rule(
        t=trackers_,
        n=small,
        word=st.sampled_from(["link", "unlink", "unveto", "release"]),
        which=st.sampled_from(["H-1", "KR-1", "KR-2", "KR-3", "B-1"]),
    )
    def say(self, t: int, n: int, word: str, which: str) -> None:
        item = self._pick(self.trackers[t], n)
        if item is None:
            return
        self.oracle.epoch += 1
        tracker = self.trackers[t]
        ref, key = tracker.items[item].ref, f"{tracker.name}:{tracker.items[item].key}"
        given = () if word == "release" else (self.names[which], "because")
        try:
            getattr(people, word)(self.shop.ctx, self.shop.strategy(), key, *given)
        except UsageError:
            return
        self.oracle.command(ref, which)
        if word in {"link", "unveto"}:
            self.oracle.lift(ref, f"{PREFIX}{self.names[which]}")

    @rule(word=st.sampled_from(["people", "accident"]))
    def answer(self, word: str) -> None:
        self.oracle.epoch += 1
        for vanishing in self.shop.vanishings():
            for ref, label in vanishing.lost:
                self.oracle.command(ref, self._goal_of(label))
                if word == "accident":
                    self.oracle.lift(ref, label)
            self.shop.answer(vanishing.id, word)

    # What okrsync does

    @rule(approve=st.booleans())
    def sync(self, approve: bool) -> None:
        self._pass(lambda: self.shop.sync(approve=approve), approved=approve)

    @rule()
    def sync_again(self) -> None:
        self._pass(lambda: self.shop.sync(approve=True), approved=True)

    @rule()
    def plan_and_approve_later(self) -> None:
        made = self._pass(self.shop.plan, approved=True)
        if made is not None and made.planned.plan.items:
            self.plan_shown = made.planned.plan.digest

    @rule()
    def a_light_pass(self) -> None:
        self._pass(self.shop.light, approved=False)

    @rule(t=trackers_, n=small)
    def somebody_rings(self, t: int, n: int) -> None:
        tracker = self.trackers[t]
        if item := self._pick(tracker, n):
            go = lambda: run_items(self.shop.ctx, tracker.name, [item])  # noqa: E731
            self._pass(go, approved=False)

    plan_shown = ""

    @precondition(lambda self: self.plan_shown)
    @rule()
    def approve(self) -> None:
        digest, self.plan_shown = self.plan_shown, ""
        self._pass(lambda: run_approved(self.shop.ctx, digest), approved=True)

    @precondition(lambda self: self.runs)
    @rule(n=small)
    def undo(self, n: int) -> None:
        run = self.runs[n % len(self.runs)]
        self._pass(lambda: self.shop.undo(run), approved=True)

    @rule(t=trackers_, scope=st.sampled_from(SCOPES[:2]))
    def purge(self, t: int, scope: str) -> None:
        places = [(self.trackers[t].name, scope)]
        go = lambda: run_purge(self.shop.ctx, places, approve=lambda _made: True)  # noqa: E731
        self._pass(go, approved=True)

    @rule(
        t=trackers_,
        n=small,
        label=some,
        when=st.tuples(
            st.sampled_from(["pull", "stamps", "read", "histories", "apply", "definitions"]),
            st.integers(0, 3),
        ),
        how=st.tuples(st.booleans(), st.booleans()),
    )
    def somebody_acts_during_a_sync(
        self, t: int, n: int, label: int, when: tuple[str, int], how: tuple[bool, bool]
    ) -> None:
        (on, nth), (shared, adding) = when, how
        tracker, left = self.trackers[t], [nth + 1]

        def meanwhile(operation: str) -> None:
            if operation != on or left[0] == 0:
                return
            left[0] -= 1
            item = self._pick(tracker, n)
            if left[0] == 0 and item:
                self._edit(tracker, item, label, shared=shared, adding=adding)

        tracker.meanwhile = meanwhile
        try:
            self._pass(lambda: self.shop.sync(approve=True), approved=True)
        finally:
            tracker.meanwhile = lambda _operation: None

    @rule(
        t=trackers_,
        kind=st.sampled_from(list(FaultKind)),
        on=st.sampled_from(["pull", "stamps", "read", "histories", "apply", "definitions"]),
        after=st.integers(0, 3),
        times=st.sampled_from([1, 1, 2, 8]),
    )
    def something_fails_during_a_sync(
        self, t: int, kind: FaultKind, on: str, after: int, times: int
    ) -> None:
        tracker = self.trackers[t]
        tracker.faults.put(Fault(kind=kind, on=on, after=after, times=times))
        self._pass(lambda: self.shop.sync(approve=True), approved=True)
        tracker.faults._waiting.clear()

    @rule(n=st.integers(1, 60))
    def okrsync_is_killed_during_a_sync(self, n: int) -> None:
        self.shop.store.crash_in = n
        self._pass(lambda: self.shop.sync(approve=True), approved=True)
        self.shop.store.crash_in = None

    @rule(t=trackers_, how=st.sampled_from(["start", "stop", "finish", "lose"]))
    def tasks(self, t: int, how: str) -> None:
        tracker = self.trackers[t]
        match how:
            case "start":
                tracker.unfinished = True
            case "stop":
                tracker.unfinished = False
            case "finish":
                for task in list(tracker.tasks):
                    tracker.finish_task(task)
            case _:
                for task in list(tracker.tasks):
                    tracker.lose_task(task)

    @rule(broken=st.booleans())
    def a_failed_read_changes_nothing(self, broken: bool) -> None:
        """P5, of goals as of trackers."""
        before = self._everything()
        for tracker in self.trackers:
            if not broken:
                tracker.faults.put(Fault(kind=FaultKind.LOST_BEFORE, on="pull", times=999))
                tracker.faults.put(Fault(kind=FaultKind.LOST_BEFORE, on="stamps", times=999))
                tracker.faults.put(Fault(kind=FaultKind.LOST_BEFORE, on="read", times=999))
        self.shop.goals.broken = broken
        self._pass(lambda: self.shop.sync(approve=True), approved=True)
        self.shop.goals.broken = False
        for tracker in self.trackers:
            tracker.faults._waiting.clear()
        assert self._everything() == before

    @rule()
    def report_mode_writes_nothing(self) -> None:
        self.shop.restart(writes=False)
        sent = len(self.oracle.sent)
        self._pass(self.shop.sync, approved=True)
        assert len(self.oracle.sent) == sent
        self.shop.restart(writes=True)

    def _everything(self) -> Any:
        labels = {item.ref: item.labels for t in self.trackers for item in t.items.values()}
        with self.shop.ctx.store.begin() as tx:
            states = tx.states(labels)
        acts = {ref: (state.acts, state.mutes, state.rows) for ref, state in states.items()}
        return labels, acts

    # What must never happen

    def _pass(self, go: Callable[[], Any], *, approved: bool) -> Any:
        first = len(self.oracle.sent)
        try:
            made = go()
        except Crash:
            made = None
            self.shop.restart()
        except OkrsyncError:
            made = None
        sent = self.oracle.sent[first:]
        self._as_printed(sent)
        self._no_flood(sent, approved=approved)
        if made is not None and made.applied is not None:
            self._accounted(made, sent, approved=approved)
            if sent:
                self.runs.append(made.run)
        assert self.oracle.wrongs == []
        return made

    def _intended(self, intent: Intent) -> None:
        for label in intent.add:
            self.oracle.pairs[intent.ref, label].asked += 1
        for label in intent.remove:
            self.oracle.pairs[intent.ref, label].unasked += 1

    def _as_printed(self, sent: list[LabelEdit]) -> None:
        """P3 and P6: each write is a line of a plan, and an item is written once a pass."""
        twice = [ref for ref, n in Counter(edit.ref for edit in sent).items() if n > 1]
        assert twice == []
        if not sent:
            return
        with self.shop.ctx.store.begin() as tx:
            printed = {
                (edit.ref, edit.add, edit.remove)
                for plan in tx.plans()
                for edit in tx.edits_after(plan.id, None, 10_000)
            }
        assert {(edit.ref, edit.add, edit.remove) for edit in sent} <= printed
        for edit in sent:
            assert not set(edit.add) & set(edit.remove)

    def _no_flood(self, sent: list[LabelEdit], *, approved: bool) -> None:
        """P6: without a yes, no more than the limit in a day, for work and goals each."""
        now = self.shop.clock.now()
        if approved:
            return
        for edit in sent:
            self.spent.append((now, edit.ref.tracker, "", edit.size))
        for tracker in self.trackers:
            day = [
                size
                for at, name, _, size in self.spent
                if name == tracker.name and at > now - timedelta(hours=23)
            ]
            assert sum(day) <= 2 * self.shop.policy.limits.max_changes

    def _accounted(self, made: Any, sent: list[LabelEdit], *, approved: bool) -> None:
        """P3: what was planned and not written is said."""
        applied = made.applied
        told = (
            len(applied.moved)
            + len(applied.refused)
            + len(applied.gone)
            + len(applied.unfinished)
            + len(applied.failed)
            + applied.done
        )
        assert applied.done <= len(sent)
        refused = made.waiting or (not approved and made.planned and made.planned.waiting)
        if made.planned is not None and not refused:
            assert told == made.planned.plan.items

    def converge(self) -> None:
        """P4: left in peace, everything is as it should be within three passes."""
        for tracker in self.trackers:
            tracker.unfinished, tracker.lag = False, 0
            tracker.faults._waiting.clear()
            for task in list(tracker.tasks):
                tracker.finish_task(task)
            tracker.flush()
        self.oracle.epoch += 1
        self.shop.clock.advance(LOST_TASK)
        for _ in range(3):
            made = self._pass(lambda: self.shop.sync(approve=True), approved=True)
            assert made is not None
            assert not made.pulled.failed
        labels = self._labels()
        sent = len(self.oracle.sent)
        made = self._pass(lambda: self.shop.sync(approve=True), approved=True)
        assert made.planned.empty
        assert (self._labels(), len(self.oracle.sent)) == (labels, sent)
        self.shop.light()
        assert (self._labels(), len(self.oracle.sent)) == (labels, sent)
        self._journal_is_whole()
        self._words_are_heard()

    def _labels(self) -> Any:
        return {item.ref: item.labels for t in self.trackers for item in t.items.values()}

    def _journal_is_whole(self) -> None:
        """Every change that our account's writes made is in the journal, once."""
        told: Counter[tuple[ItemRef, str, str]] = Counter()
        with self.shop.ctx.store.begin() as tx:
            for tracker in self.trackers:
                for item in tracker.items.values():
                    for entry in tx.entries_about(item.ref):
                        told.update((item.ref, label, "+") for label in entry.added)
                        told.update((item.ref, label, "-") for label in entry.removed)
            open_now = {intent.ref for intent in tx.open_intents()}
            mirrored = tx.items([item.ref for t in self.trackers for item in t.items.values()])
        skip = self.deleted | open_now | self.oracle.at_once
        skip |= {ref for ref, _ in self.oracle.unclear}
        skip |= {ref for ref, it in mirrored.items() if it.role is not Role.ITEM}
        want = {key: n for key, n in self.oracle.ours.items() if n and key[0] not in skip}
        have = {key: n for key, n in told.items() if key[0] not in skip}
        assert have == want

    def _words_are_heard(self) -> None:
        """P2: a person's link label is a link until somebody says otherwise, and never ours."""
        for (ref, goal), word in self.oracle.words.items():
            if word != "label" or self._item(ref) is None or f"{PREFIX}{goal}" in VERDICTS:
                continue
            with self.shop.ctx.store.begin() as tx:
                state, mirrored = tx.states([ref])[ref], tx.items([ref])
            if ref not in mirrored or mirrored[ref].role is not Role.ITEM:
                continue
            about = [act for act in state.acts if self._goal_of(act.goal) == goal]
            assert about, (ref, goal)
            assert about[-1].kind is ActKind.LINK, (ref, goal)

    def _item(self, ref: ItemRef) -> WorkItem | None:
        tracker = next(t for t in self.trackers if t.name == ref.tracker)
        return tracker.items.get(ref.id)


@pytest.mark.paragraph(0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15, 16, 17, 18)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_promises_hold_over_random_histories(open_shop: Callable[..., Any], part: int) -> None:
    make: Any = lambda: Histories(open_shop)  # noqa: E731
    run_histories(make if FRESH else seed(part)(make), settings=PROFILE)
