"""11: what the guard counts, what it lets go on, and what a person's yes means."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from okrsync.app import passes
from okrsync.core.clock import FixedClock
from okrsync.core.goals import Cycle, Kind
from okrsync.core.guard import Group, Limits, Tally, refusals
from okrsync.core.mapping import Condition, MappingRule
from okrsync.errors import UsageError
from okrsync.testing import FakeTracker
from okrsync.testing.world import START
from okrsync.wording import HypothesisReading, Reading, reader

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}
WORK = Group("fake", "PAY", "work")
GOALS = Group("fake", "PAY", "goals")


def approve(shop: Any, digest: str) -> Any:
    """Say yes to a plan that waits."""
    return passes.run_approved(shop.ctx, digest)


def losing(items: int, *, of: int, percent: float = 30) -> dict[Group, str]:
    """Let so many items of a scope lose a label."""
    tally = Tally(scope_items=Counter({("fake", "PAY"): of}))
    for _ in range(items):
        tally.count(WORK, labels=2, loses=True)
    limits = Limits(max_changes=10_000, max_change_percent=percent)
    return refusals(tally, limits, spent={}, approved={"fake"})


@pytest.mark.paragraph(11)
@pytest.mark.parametrize(
    ("items", "of", "waits"),
    [(19, 19, False), (20, 20, True), (20, 66, True), (20, 67, False), (30, 100, False)],
)
def test_a_share_of_losing_items_waits_above_the_limit_and_only_from_twenty_on(
    items: int, of: int, waits: bool
) -> None:
    assert (WORK in losing(items, of=of)) is waits


@pytest.mark.paragraph(11)
def test_items_that_only_gain_labels_are_no_share() -> None:
    tally = Tally(scope_items=Counter({("fake", "PAY"): 50}))
    for _ in range(50):
        tally.count(WORK, labels=3, loses=False)
    assert refusals(tally, Limits(), spent={}, approved={"fake"}) == {}


@pytest.mark.paragraph(11)
@pytest.mark.parametrize(("spent", "waits"), [(7, False), (8, True)])
def test_labels_of_the_last_day_weigh_on_the_limit_of_their_tracker_and_cause(
    spent: int, waits: bool
) -> None:
    tally = Tally()
    tally.count(WORK, labels=3, loses=False)
    other = {("fake", "goals"): 99, ("other", "work"): 99, ("fake", "work"): spent}
    found = refusals(tally, Limits(max_changes=10), spent=other, approved={"fake"})
    assert (WORK in found) is waits


@pytest.mark.paragraph(11)
def test_all_scopes_of_a_tracker_share_the_limit_of_a_day_and_work_and_goals_do_not() -> None:
    tally = Tally()
    tally.count(WORK, labels=6, loses=False)
    tally.count(GOALS, labels=6, loses=False)
    limits = Limits(max_changes=10)
    assert refusals(tally, limits, spent={}, approved={"fake"}) == {}
    tally.count(Group("fake", "WEB", "work"), labels=6, loses=False)
    found = refusals(tally, limits, spent={}, approved={"fake"})
    assert set(found) == {WORK, Group("fake", "WEB", "work")}


@pytest.mark.paragraph(11)
def test_the_first_write_to_a_tracker_always_asks_however_little_it_is(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    made = shop.sync(approve=False)
    assert (made.exit_code, shop.labels(item)) == (4, set())
    approve(shop, made.waiting[0].digest)
    assert shop.labels(item) == WALLET
    more = shop.tracker.create(title="wallet")
    assert shop.sync(approve=False).exit_code == 0
    assert shop.labels(more) == WALLET


def approved_shop(open_shop: Any, **limits: Any) -> Any:
    """Open a shop in which a person has once allowed writing."""
    shop = open_shop(limits=Limits(**limits))
    shop.tracker.create(title="nothing")
    shop.sync()
    return shop


@pytest.mark.paragraph(11)
def test_what_was_written_weighs_for_a_day_and_what_a_person_approved_not_at_all(
    open_shop: Any,
) -> None:
    shop = approved_shop(open_shop, max_changes=5)
    shop.tracker.create(title="wallet")
    shop.sync()
    first = shop.tracker.create(title="wallet")
    shop.sync(approve=False)
    assert shop.labels(first) == WALLET
    second = shop.tracker.create(title="wallet")
    shop.clock.advance(timedelta(hours=23))
    assert shop.sync(approve=False).exit_code == 4
    assert shop.labels(second) == set()
    shop.clock.advance(timedelta(hours=2))
    shop.sync(approve=False)
    assert shop.labels(second) == WALLET


@pytest.mark.paragraph(11)
@pytest.mark.parametrize("approve", [False, True])
def test_two_passes_at_once_do_not_spend_the_same_changes_unless_a_person_said_yes(
    open_shop: Any, approve: bool
) -> None:
    shop = approved_shop(open_shop, max_changes=4)
    items = [shop.tracker.create(title="wallet", scope=scope) for scope in ("PAY", "WEB")]
    other = replace(shop.ctx)
    reads: list[str] = []

    def meanwhile(operation: str) -> None:
        reads.extend([operation] if operation == "read" else [])
        if len(reads) == 2:  # the first pass has heard of its item, planned, and is about to write
            shop.tracker.meanwhile = lambda _operation: None
            passes.run_sync(other, [("fake", "WEB")])

    shop.tracker.meanwhile = meanwhile
    say = (lambda _pass: True) if approve else None
    made = passes.run_sync(shop.ctx, [("fake", "PAY")], approve=say)
    written = [shop.labels(item) == WALLET for item in items]
    assert written == [approve, True]
    if not approve:
        ((edit, why),) = made.applied.moved
        assert (edit.ref.id, made.exit_code) == (items[0], 4)
        assert "sync.max_changes" in why
        (waiting,) = shop.sync(approve=False).waiting
        assert "after 3 in the last 24 hours" in waiting.why


@pytest.mark.paragraph(11)
def test_a_removed_label_counts_like_an_added_one(open_shop: Any) -> None:
    shop = approved_shop(open_shop, max_changes=6)
    shop.tracker.create(title="search")
    shop.sync(approve=False)
    shop.mapping.rules = []
    assert shop.sync(approve=False).exit_code == 0
    shop.tracker.create(title="a")
    shop.tracker.create(title="b")
    (waiting,) = shop.sync(approve=False).waiting
    assert "2 labels would change on fake, after 5 in the last 24 hours" in waiting.why


@pytest.mark.paragraph(11)
def test_the_first_write_to_a_second_tracker_asks_and_the_first_goes_on(open_shop: Any) -> None:
    clock = FixedClock(START)
    old = FakeTracker(name="old", clock=clock)
    shop = open_shop(clock=clock, trackers=[old])
    old.create(title="wallet")
    shop.sync()
    new = FakeTracker(name="new", clock=clock)
    shop.trackers["new"] = new
    shop.restart()
    told, asked = old.create(title="search"), new.create(title="wallet")
    (waiting,) = shop.sync(approve=False).waiting
    assert waiting.why == "nothing was ever written to new; the first time asks"
    assert old.labels(told) == {"okr:KR-3", "okr:aligned"}
    assert new.labels(asked) == set()
    approve(shop, waiting.digest)
    assert new.labels(asked) == WALLET


@pytest.mark.paragraph(11)
def test_what_is_over_the_share_in_one_scope_waits_and_other_scopes_go_on(open_shop: Any) -> None:
    shop = open_shop()
    many = [shop.tracker.create(title="search") for _ in range(20)]
    one = shop.tracker.create(title="search", scope="WEB")
    shop.sync()
    shop.mapping.rules = []
    (waiting,) = shop.sync(approve=False).waiting
    assert (waiting.items, waiting.labels) == (20, 60)
    assert shop.labels(one) == {"okr:unaligned"}
    assert {frozenset(shop.labels(item)) for item in many} == {
        frozenset({"okr:KR-3", "okr:aligned"})
    }


@pytest.mark.paragraph(11)
def test_what_is_refused_waits_whole_although_a_part_would_fit(open_shop: Any) -> None:
    shop = approved_shop(open_shop, max_changes=4)
    items = [shop.tracker.create(title="search") for _ in range(3)]
    (waiting,) = shop.sync(approve=False).waiting
    assert (waiting.items, waiting.labels) == (3, 6)
    assert [shop.labels(item) for item in items] == [set()] * 3


@pytest.mark.paragraph(11)
def test_approval_applies_the_plan_that_was_stored_and_not_what_would_be_planned_now(
    open_shop: Any,
) -> None:
    shop = approved_shop(open_shop, max_changes=2)
    items = [shop.tracker.create(title="search") for _ in range(2)]
    (waiting,) = shop.sync(approve=False).waiting
    shop.mapping.rules = []
    late = shop.tracker.create(title="search")
    made = approve(shop, waiting.digest)
    assert (made.exit_code, made.applied.done) == (0, 2)
    assert [shop.labels(item) for item in items] == [{"okr:KR-3", "okr:aligned"}] * 2
    assert shop.labels(late) == set()


@pytest.mark.paragraph(11)
def test_an_item_that_changed_since_is_left_alone_by_an_approved_plan(shop: Any) -> None:
    one, two = (shop.tracker.create(title="wallet") for _ in range(2))
    digest = shop.plan().planned.plan.digest
    shop.tracker.person(two, add=["okr:KR-3"])
    made = approve(shop, digest)
    assert made.exit_code == 4
    assert [(edit.ref.id, why) for edit, why in made.applied.moved] == [
        (two, "its labels changed since the plan")
    ]
    assert (shop.labels(one), shop.labels(two)) == (WALLET, {"okr:KR-3"})


@pytest.mark.paragraph(11)
def test_refused_plans_of_work_and_of_goals_wait_apart_each_for_its_own_yes(
    open_shop: Any,
) -> None:
    shop = approved_shop(open_shop, max_changes=4)
    old = [shop.tracker.create(title="search") for _ in range(3)]
    shop.sync()
    shop.sync()
    new = [shop.tracker.create(title="wallet") for _ in range(2)]
    shop.goals.key_result("KR-3", kind=Kind.TASK)
    waiting = {plan.cause.value: plan for plan in shop.sync(approve=False).waiting}
    assert {cause: plan.labels for cause, plan in waiting.items()} == {"work": 6, "goals": 6}
    approve(shop, waiting["goals"].digest)
    assert [shop.labels(item) for item in old] == [{"okr:KR-3", "okr:weak"}] * 3
    assert [shop.labels(item) for item in new] == [set()] * 2
    approve(shop, waiting["work"].digest)
    assert [shop.labels(item) for item in new] == [WALLET] * 2


@pytest.mark.paragraph(11)
def test_below_the_limits_a_change_of_the_goals_asks_nobody(open_shop: Any) -> None:
    shop = approved_shop(open_shop, max_changes=4)
    items = [shop.tracker.create(title="search") for _ in range(2)]
    shop.sync()
    shop.sync()
    shop.goals.key_result("KR-3", kind=Kind.TASK)
    made = shop.sync(approve=False)
    assert made.waiting == []
    assert [shop.labels(item) for item in items] == [{"okr:KR-3", "okr:weak"}] * 2


def causes(shop: Any) -> set[str]:
    return {edit.cause.value for edit in shop.edits(shop.plan().planned.plan.id).values()}


class Strict:
    """A reader of another version, to which everything is a task."""

    version = "strict"

    def knowing(self, _names: object) -> Strict:
        return self

    def read(self, _text: str) -> Reading:
        return Reading(Kind.TASK, 1.0)

    def read_hypothesis(self, text: str) -> HypothesisReading:
        return reader().read_hypothesis(text)


@pytest.mark.paragraph(11)
@pytest.mark.parametrize("what", ["goals", "reader"])
def test_a_change_of_the_goals_or_of_the_reader_alone_is_a_cause_of_its_own(
    shop: Any, what: str
) -> None:
    shop.goals.key_result("KR-3", kind=None)
    shop.tracker.create(title="search")
    shop.sync()
    shop.sync()
    if what == "goals":
        shop.goals.key_result("KR-3", kind=Kind.TASK)
    else:
        shop.ctx.reader = Strict()
    assert causes(shop) == {"goals"}


@pytest.mark.paragraph(11)
@pytest.mark.parametrize("what", ["item", "rules", "word", "turn of the cycle"])
def test_whatever_else_changed_makes_it_a_change_of_work_even_if_the_goals_changed_too(
    shop: Any, what: str
) -> None:
    item = shop.tracker.create(title="search")
    shop.sync()
    shop.sync()
    shop.goals.key_result("KR-3", kind=Kind.TASK)
    match what:
        case "item":
            shop.tracker.change(item, title="search and more")
        case "rules":
            when = Condition(title_matches=("never",))
            shop.mapping.rules.append(MappingRule(id="more", when=when, serves=("KR-1",)))
        case "word":
            shop.tracker.person(item, add=["okr:KR-1"])
        case _:
            shop.clock.advance(timedelta(days=60))
    assert causes(shop) == {"work"}


@pytest.mark.paragraph(11)
def test_an_undo_weighs_on_no_limit(open_shop: Any) -> None:
    shop = approved_shop(open_shop, max_changes=3)
    for _ in range(3):
        shop.tracker.create(title="search")
    run = shop.sync().run
    assert shop.undo(run).applied.removed == 6
    item = shop.tracker.create(title="wallet")
    assert shop.sync(approve=False).exit_code == 0
    assert shop.labels(item) == WALLET


@pytest.mark.paragraph(11)
def test_in_report_mode_nothing_is_written_and_nothing_waits(shop: Any) -> None:
    shop.restart(writes=False)
    item = shop.tracker.create(title="wallet")
    made = shop.sync(approve=False)
    assert (made.exit_code, made.waiting, shop.labels(item)) == (0, [], set())


@pytest.mark.paragraph(11)
def test_a_plan_of_another_day_shows_the_turn_of_the_quarter_and_changes_nothing(
    shop: Any,
) -> None:
    shop.goals.cycles.append(Cycle(id="Q1", starts=date(2027, 1, 1), ends=date(2027, 3, 31)))
    item = shop.tracker.create(title="search")
    shop.sync()
    shop.tracker.person(item, remove=["okr:aligned"])
    shop.sync()
    before, labels = shop.state(item), shop.labels(item)
    shown = shop.plan(as_of=date(2027, 1, 4)).planned
    (edit,) = shop.edits(shown.plan.id).values()
    assert (edit.add, edit.remove) == (("okr:stale",), ())
    assert (shop.state(item), shop.labels(item)) == (before, labels)
    with pytest.raises(UsageError, match="no plan"):
        approve(shop, shown.plan.digest)
    assert shop.sync(approve=False).planned.empty
