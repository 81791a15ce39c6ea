"""What `explain` offers really changes the verdict, and to what it said."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from okrsync.app import people
from okrsync.app.explain import explain
from okrsync.app.smallest_change import Reach
from okrsync.core.goals import Decision, GoalStatus, Kind
from okrsync.testing import FakeTracker
from tests.protocol.conftest import serves

if TYPE_CHECKING:
    from okrsync.app.smallest_change import Change


def offered(shop: Any, item: str) -> tuple[Change, ...]:
    """Return what would change the verdict of an item."""
    key = f"{shop.tracker.name}:{shop.tracker.items[item].key}"
    return explain(shop.ctx, shop.strategy(), key).changes


def verdict(shop: Any, item: str) -> str:
    return str(shop.judged(item).judgement.verdict)


def follow(shop: Any, change: Change) -> None:
    """Do what was offered, as a person would."""
    for step in change.steps:
        words = shlex.split(step.partition(" --because")[0])
        match words:
            case ["okrsync", "link" | "unlink" | "unveto" as word, key, goal]:
                getattr(people, word)(shop.ctx, shop.strategy(), key, goal, "")
            case ["okrsync", "decide", goal, "persevere"]:
                one = next(h for h in shop.goals.hypotheses if h.id == goal)
                today = Decision(choice="persevere", date=shop.ctx.today())
                shop.goals.hypothesis(goal, decisions=(*one.decisions, today))
            case ["okrsync", "map", "rm", rule]:
                shop.mapping.rules = [each for each in shop.mapping.rules if each.id != rule]
            case ["okrsync", "map", "move", rule, "--before", other]:
                move(shop, rule, other)
            case _:
                edit(shop, step)


def move(shop: Any, rule: str, other: str) -> None:
    moved = next(each for each in shop.mapping.rules if each.id == rule)
    rest = [each for each in shop.mapping.rules if each.id != rule]
    at = next(n for n, each in enumerate(rest) if each.id == other)
    shop.mapping.rules = [*rest[:at], moved, *rest[at:]]


def edit(shop: Any, step: str) -> None:
    """Edit the goals by hand."""
    if told := re.fullmatch(r"write (\S+) as an outcome: .*", step):
        shop.goals.key_result(told[1], kind=Kind.OUTCOME)
    elif told := re.fullmatch(r"set `cycle: (\S+)` of (H-\S+)", step):
        shop.goals.hypothesis(told[2], cycle=told[1])
    elif told := re.fullmatch(r"set `status: live` of (KR-\S+)", step):
        shop.goals.key_result(told[1], status=GoalStatus.LIVE)
    elif told := re.fullmatch(r"set `(cycle|status): (\S+)` of (O-\S+)", step):
        value = GoalStatus(told[2]) if told[1] == "status" else told[2]
        shop.goals.objectives = [
            replace(each, **{told[1]: value}) if each.id == told[3] else each
            for each in shop.goals.objectives
        ]
    elif told := re.fullmatch(r"set `status: unsure` of (B-\S+)", step):
        shop.goals.beliefs = [replace(each, status="unsure") for each in shop.goals.beliefs]
    else:
        raise AssertionError(step)


def test_a_veto_is_lifted_before_anything_is_linked(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:H-1", "okr:KR-1"])
    shop.sync()
    first = offered(shop, item)[0]
    assert (first.reach, first.verdict) == (Reach.ITEM, "aligned")
    assert first.steps == (f"okrsync unveto PAY-{item} H-1",)


def test_a_veto_above_is_lifted_where_it_was_said(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet", type="Epic")
    below = shop.tracker.create(title="nothing", parent=shop.tracker.items[epic].ref)
    shop.sync()
    shop.tracker.person(epic, remove=["okr:H-1"])
    shop.sync()
    assert offered(shop, below)[0].steps == (f"okrsync unveto PAY-{epic} H-1",)


def test_where_a_goal_hides_another_both_are_unlinked(shop: Any) -> None:
    item = shop.tracker.create(title="upkeep of the wallet")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    change = offered(shop, item)[0]
    words = (f"okrsync unlink PAY-{item} {goal} --because …" for goal in ("KR-3", "H-1"))
    assert (change.steps, change.verdict) == (tuple(words), "exempt")


def test_a_killed_hypothesis_is_decided_anew(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.goals.kill("H-1")
    shop.sync()
    by_reach = {change.reach: change for change in offered(shop, item)}
    assert by_reach[Reach.GOAL].steps == ("okrsync decide H-1 persevere --because …",)


def test_a_decision_of_the_same_day_that_stands_later_rules(shop: Any) -> None:
    shop.goals.hypothesis(
        "H-1",
        decisions=(
            Decision(choice="kill", date=date(2026, 11, 2)),
            Decision(choice="persevere", date=date(2026, 11, 2)),
        ),
    )
    assert not shop.strategy().goals.goal("H-1").killed


def test_an_exempting_rule_gives_way_to_a_later_one_or_to_a_link(shop: Any) -> None:
    shop.mapping.rules.append(serves("kitchen", "KR-3"))
    item = shop.tracker.create(title="upkeep of the kitchen")
    shop.sync()
    link, rule = offered(shop, item)
    assert link.steps == (f"okrsync link PAY-{item} KR-3 --because …",)
    assert rule.steps == ("okrsync map move kitchen-rule --before upkeep-rule",)
    assert {link.verdict, rule.verdict} == {"aligned"}


def test_a_task_is_to_be_written_as_an_outcome(shop: Any) -> None:
    item = shop.tracker.create(title="page")
    shop.sync()
    by_reach = {change.reach: change for change in offered(shop, item)}
    told = "write KR-2 as an outcome: who does what by how much"
    assert by_reach[Reach.GOAL].steps == (told,)


def test_where_nothing_lives_what_is_offered_is_still_true(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.goals.cycles = [replace(each, ends=date(2026, 10, 2)) for each in shop.goals.cycles]
    shop.sync()
    assert verdict(shop, item) == "stale"
    assert {change.verdict for change in offered(shop, item)} == {"unaligned"}


def test_two_items_of_one_key_are_told_apart_in_commands(open_shop: Any) -> None:
    trackers = [FakeTracker(name=name) for name in ("one", "two")]
    shop = open_shop(trackers=trackers, clock=trackers[0].clock)
    items = [tracker.create(title="wallet") for tracker in trackers]
    shop.sync()
    (step,) = offered(shop, items[0])[0].steps
    assert step.startswith(f"okrsync unlink one:PAY-{items[0]} H-1")


LABELS = ("okr:H-1", "okr:H-2", "okr:KR-1", "okr:KR-2", "okr:KR-3", "okr:B-1")
TITLES = ("wallet", "search", "page", "upkeep", "nothing", "upkeep of the wallet", "page search")
DEEDS = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 2), st.sampled_from(LABELS)),
    st.tuples(st.just("remove"), st.integers(0, 2), st.sampled_from(LABELS)),
    st.tuples(st.just("title"), st.integers(0, 2), st.sampled_from(TITLES)),
    st.tuples(st.just("kill"), st.integers(0, 2), st.sampled_from(["H-1", "H-2"])),
    st.tuples(st.just("task"), st.integers(0, 2), st.sampled_from(["KR-1", "KR-3"])),
    st.tuples(st.just("achieve"), st.integers(0, 2), st.sampled_from(["KR-1", "KR-3"])),
    st.tuples(st.just("sync"), st.integers(0, 2), st.just("")),
)


def do(shop: Any, deed: tuple[str, int, str]) -> None:
    """Let somebody do something to the work or the goals."""
    what, n, word = deed
    item = sorted(shop.tracker.items)[n]
    match what:
        case "add":
            shop.tracker.person(item, add=[word])
        case "remove":
            shop.tracker.person(item, remove=[word])
        case "title":
            shop.tracker.change(item, title=word)
        case "kill":
            shop.goals.kill(word)
        case "task":
            shop.goals.key_result(word, kind=Kind.TASK)
        case "achieve":
            shop.goals.key_result(word, status=GoalStatus.ACHIEVED)
        case _:
            shop.sync()


@given(
    deeds=st.lists(DEEDS, max_size=12),
    titles=st.tuples(*[st.sampled_from(TITLES)] * 3),
    which=st.integers(0, 2),
    nth=st.integers(0, 2),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
def test_whatever_happened_doing_what_is_offered_gives_the_verdict_that_was_said(
    open_shop: Any,
    deeds: list[tuple[str, int, str]],
    titles: tuple[str, str, str],
    which: int,
    nth: int,
) -> None:
    shop = open_shop()
    epic = shop.tracker.create(title=titles[0], type="Epic")
    up = shop.tracker.items[epic].ref
    items = [epic, *(shop.tracker.create(title=title, parent=up) for title in titles[1:])]
    shop.sync()
    for deed in deeds:
        do(shop, deed)
    shop.sync()
    item, before = items[which], verdict(shop, items[which])
    changes = offered(shop, item)
    assert changes
    change = changes[nth % len(changes)]
    follow(shop, change)
    assert verdict(shop, item) == change.verdict != before
    shop.close()
