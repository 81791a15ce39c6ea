"""A pass looks at what it judges, and a finding ends only where somebody really looked again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from okrsync.app.findings import Watch, check_work, standing
from okrsync.core.work import Category
from okrsync.lint.policy import Policy
from okrsync.lint.rule import Severity
from okrsync.lint.rules import rule_named
from okrsync.testing import Crash, Fault, FaultKind
from tests.protocol.conftest import Shop, empty_store, open_shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from okrsync.ports.findings import StoredFinding

__all__ = ["empty_store", "open_shop"]

WEEK = timedelta(days=7)


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop()


def told(shop: Shop, *codes: str) -> dict[str, StoredFinding]:
    found = {f"{x.seen.identity.code} {x.seen.name}": x for x in standing(shop.ctx)}
    return {name: x for name, x in found.items() if not codes or name.split()[0] in codes}


def work(shop: Shop, *codes: str, scope: str | None = None) -> list[str]:
    rules = [rule for code in codes if (rule := rule_named(code))]
    places = [place for place in shop.places if scope in {None, place[1]}]
    found = check_work(shop.ctx, shop.strategy(), places, rules)
    return [f"{each.code} {each.goal}" for each in found]


def test_a_pass_records_what_the_rules_find_and_a_plan_of_another_day_does_not(shop):
    shop.tracker.create(title="loose ends")
    shop.plan(as_of=date(2026, 12, 1))
    assert told(shop) == {}
    shop.sync()
    assert set(told(shop, "WI401")) == {"WI401 PAY-101"}


def test_what_is_linked_is_fixed_and_what_stays_keeps_its_day(shop):
    first, second = shop.tracker.create(title="one"), shop.tracker.create(title="two")
    shop.sync()
    began = told(shop)["WI401 PAY-101"].first_seen
    shop.clock.advance(WEEK)
    shop.tracker.change(second, title="wallet two")
    shop.sync()
    assert {name: x.first_seen for name, x in told(shop, "WI401").items()} == {
        f"WI401 PAY-{first}": began
    }


def test_a_scope_that_failed_to_read_makes_nothing_fixed(shop):
    item = shop.tracker.create(title="one", scope="WEB")
    shop.sync()
    shop.tracker.change(item, title="wallet one")
    shop.clock.advance(WEEK)
    shop.tracker.faults.put(Fault(kind=FaultKind.REFUSED, on="pull", times=2))
    shop.sync()
    assert f"WI401 WEB-{item}" in told(shop)


def test_rules_about_the_absence_of_work_wait_until_all_of_it_was_looked_at(shop):
    assert work(shop, "PF502") == []
    shop.tracker.create(title="search", category=Category.DOING)
    shop.pull()
    assert work(shop, "PF502", scope="PAY") == []
    assert work(shop, "PF502") == ["PF502 KR-1", "PF502 KR-2"]


def test_a_look_at_one_scope_ends_nothing_elsewhere(shop):
    pay, web = shop.tracker.create(title="one"), shop.tracker.create(title="two", scope="WEB")
    shop.sync()
    for item in (pay, web):
        shop.tracker.change(item, title="wallet")
    shop.pull()
    assert work(shop, "WI401", scope="PAY") == []
    assert set(told(shop, "WI401")) == {f"WI401 WEB-{web}"}
    assert work(shop, "WI401") == []
    assert told(shop, "WI401") == {}


def test_an_item_that_is_gone_from_the_tracker_draws_nothing_any_more(shop):
    item = shop.tracker.create(title="one")
    shop.sync()
    shop.tracker.delete(item)
    shop.clock.advance(WEEK)
    shop.sync()
    assert told(shop, "WI401") == {}


def test_a_renamed_goal_keeps_the_age_of_its_findings_at_once(shop):
    shop.sync()
    before = told(shop)["KR201 KR-2"].first_seen
    shop.clock.advance(WEEK)
    shop.goals.key_result("KR-2", id="KR-PAGE", previously=("KR-2",))
    shop.mapping.rules = [r for r in shop.mapping.rules if "KR-2" not in r.serves]
    shop.sync()
    found = told(shop, "KR201")
    assert {name: x.first_seen for name, x in found.items()} == {"KR201 KR-PAGE": before}


def test_severities_of_an_items_team_are_obeyed_and_off_is_off(shop):
    shop.tracker.create(title="one")
    shop.ctx.rules = Policy(severities={"WI401": Severity.ERROR})
    shop.sync()
    assert told(shop)["WI401 PAY-101"].seen.severity == "error"
    shop.ctx.rules = Policy(severities={"WI401": Severity.OFF})
    shop.sync()
    assert told(shop, "WI401") == {}


def test_an_item_with_an_unfinished_write_is_looked_at_all_the_same(shop):
    shop.tracker.create(title="one")
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_BEFORE, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    shop.restart()
    shop.plan(offline=True)
    assert "WI401 PAY-101" in told(shop)


def test_a_whole_round_leaves_the_numbers_of_the_day(shop):
    shop.tracker.create(title="wallet", category=Category.DOING)
    shop.tracker.create(title="loose")
    shop.sync()
    with shop.ctx.store.begin() as tx:
        kept = tx.snapshot("alignment", shop.ctx.today())
    assert kept is not None
    assert kept[0] == shop.ctx.today()
    assert kept[1]["verdicts"][""] == {"aligned": 1, "unaligned": 1}
    assert kept[1]["hypotheses"]["H-1"] == {"todo": 0, "doing": 1, "done": 0}


def test_looking_twice_changes_nothing_but_the_last_day(shop):
    shop.tracker.create(title="loose")
    shop.sync()
    before = {name: (x.first_seen, x.seen) for name, x in told(shop).items()}
    shop.plan(offline=True)
    assert {name: (x.first_seen, x.seen) for name, x in told(shop).items()} == before


def test_a_pass_that_judged_a_few_items_ends_only_what_was_theirs(shop):
    first, second = shop.tracker.create(title="one"), shop.tracker.create(title="two")
    shop.sync()
    for item in (first, second):
        shop.tracker.change(item, title="wallet")
    shop.pull()
    watch = Watch(shop.ctx, shop.strategy())
    watch.look_at(shop.judged(first))
    watch.close()
    assert set(told(shop, "WI401")) == {f"WI401 PAY-{second}"}
