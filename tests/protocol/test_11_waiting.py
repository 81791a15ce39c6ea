"""11: what the guard refused waits without being judged again and again, and is never forgotten."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.app import passes
from okrsync.core.guard import Limits
from okrsync.core.mapping import Condition, MappingRule
from okrsync.ports.store import PlanStatus
from okrsync.testing import Crash, Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.paragraph(11)

EVERY = 1 if os.environ.get("OKR_TESTS_LONG") else 6
SEARCH = {"okr:KR-3", "okr:aligned"}


def shop_with_a_mass(open_shop: Callable[..., Any], items: int = 3) -> tuple[Any, list[str]]:
    """Open a shop in which a person allowed writing, and then more changed than may at once."""
    shop = open_shop(limits=Limits(max_changes=4))
    shop.tracker.create(title="nothing")
    shop.sync()
    shop.light()
    mass = [shop.tracker.create(title="search") for _ in range(items)]
    return shop, mass


def waiting(shop: Any) -> list[Any]:
    with shop.store.begin() as tx:
        return [plan for plan in tx.plans(PlanStatus.WAITING) if plan.items]


def test_what_was_refused_and_told_is_judged_no_more_while_nothing_changes(
    open_shop: Callable[..., Any],
) -> None:
    shop, mass = shop_with_a_mass(open_shop)
    (told,) = shop.light().waiting
    assert (told.items, told.labels) == (3, 6)
    for _ in range(3):
        shop.clock.advance(timedelta(minutes=5))
        made = shop.light()
        assert (made.planned, made.waiting) == (None, [])
    assert [plan.digest for plan in waiting(shop)] == [told.digest]
    assert [shop.labels(item) for item in mass] == [set()] * 3


@pytest.mark.parametrize("hear", ["light", "ring"])
def test_what_changes_later_in_the_same_scope_waits_with_it_however_it_is_heard(
    open_shop: Callable[..., Any], hear: str
) -> None:
    shop, _ = shop_with_a_mass(open_shop)
    shop.light()
    late, elsewhere = (shop.tracker.create(title="search", scope=scope) for scope in ("PAY", "WEB"))
    for item in (late, elsewhere):
        shop.ring(item) if hear == "ring" else shop.light()
    (again,) = shop.light().waiting if hear == "ring" else waiting(shop)[:1]
    assert again.items == 1
    assert shop.labels(late) == set()
    assert shop.labels(elsewhere) == SEARCH


def test_an_hour_later_all_that_waits_is_one_plan(open_shop: Callable[..., Any]) -> None:
    shop, _ = shop_with_a_mass(open_shop)
    shop.light()
    shop.tracker.create(title="search")
    shop.light()
    shop.clock.advance(timedelta(hours=1))
    (whole,) = shop.light().waiting
    assert whole.items == 4


def light_over(shop: Any, scope: str) -> None:
    places = [place for place in shop.places if place[1] == scope]
    passes.run_sync(shop.ctx, places, kind=passes.PASS, thorough=False)


def items_told(shop: Any) -> list[int]:
    """How many items each plan has that `okrsync status` asks people to approve."""
    return sorted(plan.items for plan in waiting(shop) if plan.why)


def test_the_same_refusal_waits_once_however_often_it_is_told(
    open_shop: Callable[..., Any],
) -> None:
    shop, _ = shop_with_a_mass(open_shop)
    for _ in range(3):
        shop.light()
        shop.clock.advance(timedelta(hours=1))
    assert items_told(shop) == [3]


def test_nobody_is_asked_for_what_a_larger_plan_has_done(open_shop: Callable[..., Any]) -> None:
    shop, mass = shop_with_a_mass(open_shop)
    shop.light()
    shop.tracker.create(title="search", scope="WEB")
    whole = passes.run_plan(shop.ctx, list(shop.ctx.scopes())).planned.plan
    assert items_told(shop) == [3]
    passes.run_approved(shop.ctx, whole.digest)
    assert [shop.labels(item) for item in mass] == [SEARCH] * 3
    assert items_told(shop) == []


def test_nobody_is_asked_for_what_waits_no_more(open_shop: Callable[..., Any]) -> None:
    shop, mass = shop_with_a_mass(open_shop)
    shop.light()
    for item in mass:
        shop.tracker.change(item, title="x")
    shop.clock.advance(timedelta(hours=1))
    shop.light()
    assert items_told(shop) == []


def test_a_plan_of_two_scopes_waits_as_long_as_something_of_it_does(
    open_shop: Callable[..., Any],
) -> None:
    shop, _ = shop_with_a_mass(open_shop)
    for _ in range(3):
        shop.tracker.create(title="search", scope="WEB")
    shop.sync(approve=False)
    assert items_told(shop) == [6]
    shop.clock.advance(timedelta(hours=1))
    light_over(shop, "PAY")
    assert items_told(shop) == [3, 6]
    (pay,) = (plan for plan in waiting(shop) if plan.items == 3)
    passes.run_approved(shop.ctx, pay.digest)
    light_over(shop, "PAY")
    assert items_told(shop) == [6]
    light_over(shop, "WEB")
    assert items_told(shop) == [3]


def test_after_a_yes_the_rest_is_judged_at_once(open_shop: Callable[..., Any]) -> None:
    shop, mass = shop_with_a_mass(open_shop)
    (told,) = shop.light().waiting
    late = shop.tracker.create(title="search")
    shop.light()
    passes.run_approved(shop.ctx, told.digest)
    assert [shop.labels(item) for item in mass] == [SEARCH] * 3
    assert shop.labels(late) == set()
    shop.light()
    assert shop.labels(late) == SEARCH


def test_what_an_approved_plan_could_not_do_is_not_lost(open_shop: Callable[..., Any]) -> None:
    shop, mass = shop_with_a_mass(open_shop)
    (told,) = shop.light().waiting
    shop.tracker.faults.put(Fault(kind=FaultKind.LOST_BEFORE, on="apply", times=9))
    passes.run_approved(shop.ctx, told.digest)
    shop.tracker.faults._waiting.clear()
    assert [shop.labels(item) for item in mass] == [set()] * 3
    (again,) = shop.light().waiting
    assert again.digest == told.digest


@pytest.mark.parametrize("change", ["limits", "rules"])
def test_other_limits_and_rules_are_heeded_by_the_next_pass(
    open_shop: Callable[..., Any], change: str
) -> None:
    shop, mass = shop_with_a_mass(open_shop)
    shop.light()
    if change == "limits":
        shop.restart(limits=Limits(max_changes=100))
    else:
        when = Condition(title_matches=("search",))
        shop.mapping.rules = [MappingRule(id="s", when=when, exempt="keeps the shop open")]
    shop.light()
    expected = SEARCH if change == "limits" else {"okr:exempt"}
    assert [shop.labels(item) for item in mass] == [expected] * 3


def test_what_a_day_allows_again_goes_on_by_itself(open_shop: Callable[..., Any]) -> None:
    shop, mass = shop_with_a_mass(open_shop, items=2)
    shop.light()
    shop.clock.advance(timedelta(hours=2))
    late = shop.tracker.create(title="search")
    shop.light()
    assert [shop.labels(item) for item in (*mass, late)] == [SEARCH, SEARCH, set()]
    for _ in range(24):
        shop.clock.advance(timedelta(hours=1))
        shop.light()
    assert shop.labels(late) == SEARCH


def test_a_plan_nobody_approved_in_time_is_told_anew(open_shop: Callable[..., Any]) -> None:
    shop, _ = shop_with_a_mass(open_shop)
    (told,) = shop.light().waiting
    shop.clock.advance(passes.PLAN_KEPT + timedelta(minutes=1))
    (again,) = shop.light().waiting
    assert (again.digest, again.id) != (told.digest, told.id)
    assert again.digest == told.digest


@pytest.mark.parametrize(("items", "waits"), [(3, 3), (1, 0)])
def test_a_crash_anywhere_on_the_way_loses_nothing(
    open_shop: Callable[..., Any], items: int, waits: int
) -> None:
    for moment in range(1, 200, EVERY):
        shop, mass = shop_with_a_mass(open_shop, items)
        shop.store.crash_in = moment
        try:
            shop.light()
        except Crash:
            shop.restart()
            shop.light()
            assert not waits or waiting(shop)[0].items == waits, moment
            assert [shop.labels(item) for item in mass] == [set() if waits else SEARCH] * items
        else:
            break
    assert moment > 10


Step = tuple[str, int]
STEPS: st.SearchStrategy[Step] = st.tuples(
    st.sampled_from(["create", "retitle", "ring", "light", "approve", "hour", "touch"]),
    st.integers(0, 5),
)


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(STEPS, max_size=12))
def test_after_an_hour_everything_that_is_wrong_is_written_or_waits(
    open_shop: Callable[..., Any], steps: list[Step]
) -> None:
    shop, items = shop_with_a_mass(open_shop)
    for what, which in steps:
        _step(shop, items, what, which)
    shop.clock.advance(timedelta(hours=1, minutes=1))
    for _ in range(2):
        shop.light()
    waits = {ref.id for plan in waiting(shop) for ref in shop.edits(plan.id)}
    assert _wrong(shop, items) <= waits


def _step(shop: Any, items: list[str], what: str, which: int) -> None:
    item = items[which % len(items)]
    match what:
        case "create":
            title, scope = ("search", "wallet", "x")[which % 3], ("PAY", "WEB")[which % 2]
            items.append(shop.tracker.create(title=title, scope=scope))
        case "retitle":
            shop.tracker.change(item, title=("search", "wallet", "x")[which % 3])
        case "touch":
            shop.tracker.person(item, add=["urgent"])
        case "ring":
            shop.ring(item)
        case "light":
            shop.light()
        case "approve":
            if plans := waiting(shop):
                passes.run_approved(shop.ctx, plans[which % len(plans)].digest)
        case _:
            shop.clock.advance(timedelta(hours=1))


def _wrong(shop: Any, items: list[str]) -> set[str]:
    """Return the items whose labels are not as they should be."""
    return {item for item in items if shop.judged(item).wish.edit.size}
