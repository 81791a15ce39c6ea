"""8: which labels say what was found, and how many of them a person's veto takes along."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.core.goals import GoalStatus, Hypothesis
from okrsync.core.mapping import Condition, MappingRule

EVERYTHING = ("O-1", "KR-3", "H-1", "B-1")


def rule(*serves: str) -> MappingRule:
    return MappingRule(id="r", when=Condition(title_matches=("new",)), serves=serves)


@pytest.mark.paragraph(8)
@pytest.mark.parametrize(
    ("links", "written"),
    [
        ({"objectives"}, {"okr:O-1"}),
        ({"key_results"}, {"okr:KR-3", "okr:KR-1"}),
        ({"hypotheses"}, {"okr:H-1"}),
        ({"beliefs"}, {"okr:B-1"}),
        (set(), set()),
    ],
)
def test_each_goal_in_effect_is_written_if_its_kind_is_in_labels_links(
    shop: Any, links: set[str], written: set[str]
) -> None:
    shop.restart(link_kinds=frozenset(links))
    shop.mapping.rules = [rule(*EVERYTHING)]
    item = shop.tracker.create(title="new")
    shop.sync()
    assert shop.labels(item) == {*written, "okr:aligned"}
    assert set(shop.judged(item).judgement.goals) == set(EVERYTHING)


@pytest.mark.paragraph(8)
def test_a_kind_that_is_not_written_is_heard_all_the_same(shop: Any) -> None:
    shop.restart(link_kinds=frozenset({"hypotheses"}))
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}


@pytest.mark.paragraph(8)
def test_a_link_label_is_written_also_for_a_dead_goal(shop: Any) -> None:
    shop.goals.key_result("KR-3", status=GoalStatus.DROPPED)
    item = shop.tracker.create(title="search")
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:stale"}


@pytest.mark.paragraph(8)
def test_a_hypothesis_brings_the_labels_of_all_key_results_it_serves(shop: Any) -> None:
    shop.goals.hypotheses.append(Hypothesis(id="H-3", serves=("KR-1", "KR-3"), cycle="Q4"))
    shop.mapping.rules = [rule("H-3")]
    item = shop.tracker.create(title="new")
    shop.sync()
    assert shop.labels(item) == {"okr:H-3", "okr:KR-1", "okr:KR-3", "okr:aligned"}


@pytest.mark.paragraph(8)
def test_at_the_end_of_a_hypothesis_only_the_verdict_changes(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.goals.kill("H-1")
    shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:stale"}
    assert shop.tracker.writes[-1].size == 2


@pytest.mark.paragraph(8)
def test_who_removes_the_key_results_label_vetoes_the_label_and_not_the_verdict(
    shop: Any,
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    for _ in range(2):
        shop.sync()
        assert shop.labels(item) == {"okr:H-1", "okr:aligned"}


@pytest.mark.paragraph(8)
def test_who_removes_the_hypothesis_label_vetoes_the_link_and_all_that_derives_from_it(
    shop: Any,
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


@pytest.mark.paragraph(8)
def test_a_key_results_veto_on_the_epic_takes_nothing_from_what_inherits(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet")
    item = shop.tracker.create(title="a", parent=shop.tracker.items[epic].ref)
    shop.sync()
    shop.tracker.person(epic, remove=["okr:KR-1"])
    shop.sync()
    shop.sync()
    assert shop.labels(epic) == {"okr:H-1", "okr:aligned"}
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:aligned"}


@pytest.mark.paragraph(8)
def test_a_key_result_brings_no_label_of_its_objective_or_of_its_hypotheses(shop: Any) -> None:
    shop.restart(link_kinds=frozenset({"objectives", "key_results", "hypotheses"}))
    item = shop.tracker.create(title="search")
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}


@pytest.mark.paragraph(8)
def test_an_exempt_item_carries_nothing_but_its_verdict(shop: Any) -> None:
    item = shop.tracker.create(title="upkeep")
    shop.sync()
    assert shop.labels(item) == {"okr:exempt"}


@pytest.mark.paragraph(8)
def test_a_key_results_veto_here_takes_nothing_from_the_parent_it_came_from(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet")
    item = shop.tracker.create(title="a", parent=shop.tracker.items[epic].ref)
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:aligned"}
    assert shop.labels(epic) == {"okr:H-1", "okr:KR-1", "okr:aligned"}


@pytest.mark.paragraph(8)
def test_one_vetoed_hypothesis_leaves_what_another_brings(shop: Any) -> None:
    shop.goals.hypotheses.append(Hypothesis(id="H-3", serves=("KR-1",), cycle="Q4"))
    shop.mapping.rules = [rule("H-1", "H-3")]
    item = shop.tracker.create(title="new")
    shop.sync()
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    assert shop.labels(item) == {"okr:H-3", "okr:KR-1", "okr:aligned"}
