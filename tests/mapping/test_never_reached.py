"""A rule that can never match is named when the file loads, and only if that is certain."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsync.core.conditions import Facts, compile_condition
from okrsync.core.goals import Goals
from okrsync.core.implication import claim, contradicts_itself, implies
from okrsync.core.mapping import Condition
from okrsync.core.mapping_check import never_reached
from okrsync.core.matching import Matcher
from okrsync.core.vocabulary import Vocabulary
from okrsync.errors import ConfigError
from okrsync_yaml.mapping import rules_of
from tests.mapping.conftest import conditions, facts, mappings, rules_from

if TYPE_CHECKING:
    from okrsync.core.mapping import Mapping


def taken(*whens: Condition, off: frozenset[int] = frozenset()) -> list[str]:
    return [problem.message for problem in never_reached(rules_from(whens, off=off).rules)]


@settings(max_examples=300)
@given(mappings(), st.lists(facts(), min_size=1, max_size=20))
def test_no_reported_rule_is_ever_the_first(mapping: Mapping, items: list[Facts]) -> None:
    reported = {problem.place for problem in never_reached(mapping.rules)}
    matcher = Matcher(mapping, Goals(), Vocabulary())
    for seen in items:
        first = matcher.first(seen)
        assert first is None or first.rule.place not in reported


@settings(max_examples=300)
@given(conditions(), conditions(), st.lists(facts(), min_size=1, max_size=20))
def test_what_is_said_of_conditions_is_true_of_items(
    one: Condition, other: Condition, items: list[Facts]
) -> None:
    both = Condition(all=(one, other))
    for stronger, weaker in ((one, other), (both, one), (one, Condition(any=(other, one)))):
        if implies(claim(stronger), claim(weaker)):
            holds, follows = compile_condition(stronger), compile_condition(weaker)
            assert not [s for s in items if holds(s) is not None and follows(s) is None]
    if contradicts_itself(claim(both)):
        assert not [seen for seen in items if compile_condition(both)(seen) is not None]


@given(conditions(), conditions())
def test_more_conditions_imply_fewer(one: Condition, other: Condition) -> None:
    both = Condition(all=(one, other))
    assert implies(claim(both), claim(one))
    assert implies(claim(one), claim(Condition(any=(other, one))))


BUG, TASK = Condition(type=("Bug",)), Condition(type=("Task",))


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        (BUG, Condition(type=("bug",))),
        (Condition(type=("Bug",), scope=("PAY",)), Condition(type=("Task", "Bug"))),
        (Condition(type=("Bug", "Task")), Condition(any=(BUG, TASK))),
        (Condition(any=(BUG, TASK)), Condition(type=("Task", "Bug"))),
        (Condition(any=(Condition(all=(BUG,)), TASK)), Condition(any=(TASK, BUG))),
        (Condition(title_matches=("x",)), Condition(title_matches=("y", "x"))),
        (Condition(field={"f": ("a",), "g": ("b",)}), Condition(field={"g": ("b", "c")})),
        (BUG, Condition(none=(TASK,))),
        (Condition(label=("a",), none=(BUG,)), Condition(none=(Condition(type=("bug",)),))),
        (Condition(none=(BUG,)), Condition(none=(Condition(type=("Bug",), label=("a",)),))),
    ],
)
def test_an_earlier_rule_that_takes_all_of_it_is_named(
    later: Condition, earlier: Condition
) -> None:
    told = "the rule 'rule-1' can never match: 'rule-0' before it takes all of it"
    assert taken(earlier, later) == [told]
    assert taken(earlier, later, off=frozenset({0})) == []
    assert taken(earlier, later, off=frozenset({1})) == []


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        (BUG, TASK),
        (Condition(type=("Bug", "Task")), BUG),
        (BUG, Condition(type=("Bug",), scope=("PAY",))),
        (Condition(status=("To do",)), Condition(none=(Condition(status=("doing",)),))),
        (Condition(label=("a",)), Condition(none=(Condition(label=("b",)),))),
        (Condition(title_matches=("xy",)), Condition(title_matches=("x",))),
        (Condition(title_matches=("x",)), Condition(text_matches=("x",))),
        (Condition(any=(BUG, TASK)), Condition(all=(BUG, Condition(label=("a",))))),
        (Condition(none=(Condition(type=("Bug",), label=("a",)),)), Condition(none=(BUG,))),
    ],
)
def test_nothing_is_said_where_something_may_be_left(later: Condition, earlier: Condition) -> None:
    assert taken(earlier, later) == []


def test_several_earlier_rules_can_take_all_of_it_together() -> None:
    told = "the rule 'rule-2' can never match: 'rule-0' and 'rule-1' before it take all of it"
    assert taken(BUG, TASK, Condition(type=("Task", "Bug"), scope=("PAY",))) == [told]


@pytest.mark.parametrize(
    "when",
    [
        Condition(type=("Bug",), none=(Condition(type=("bug", "Task")),)),
        Condition(all=(Condition(scope=("PAY",)), Condition(scope=("WEB",)))),
        Condition(label=("a",), title_matches=("x",), none=(Condition(title_matches=("x",)),)),
    ],
)
def test_conditions_that_exclude_each_other_are_a_mistake(when: Condition) -> None:
    told = "the rule 'rule-0' can never match: its conditions exclude each other"
    assert taken(when) == [told]


def test_the_place_the_taker_and_the_remedy_are_told() -> None:
    text = b"""rules:
  - {id: bugs, when: {type: Bug}, serves: KR-1}
  - {id: crashes, when: {type: bug, label: crash}, serves: KR-1}
"""
    with pytest.raises(ConfigError) as caught:
        rules_of({"m.yaml": text}, None, prefix="okr:")
    (problem,) = caught.value.problems
    assert str(problem) == (
        "m.yaml:3:10: the rule 'crashes' can never match: 'bugs' before it takes all of it "
        "(put it before 'bugs' (m.yaml:2:10), or remove it)"
    )


def test_rules_with_other_mistakes_are_not_held_against_each_other() -> None:
    text = b"""rules:
  - {id: bugs, when: {type: Bug, lable: x}, serves: KR-1}
  - {id: crashes, when: {type: bug, label: crash}, serves: KR-1}
"""
    with pytest.raises(ConfigError) as caught:
        rules_of({"m.yaml": text}, None, prefix="okr:")
    assert [problem.place.line for problem in caught.value.problems] == [2]


def test_a_thousand_rules_that_have_much_in_common_are_checked_in_seconds() -> None:
    alternatives = tuple(Condition(label=(f"l-{n}",), type=("Bug",)) for n in range(5))
    whens = [
        Condition(any=(*alternatives, Condition(label=(f"x-{n}",), type=("Bug",))))
        for n in range(1000)
    ]
    begun = process_time()
    assert taken(*whens) == []
    assert process_time() - begun < 20


def test_nesting_as_deep_as_a_file_allows_is_no_trouble() -> None:
    when = BUG
    for n in range(20):
        other = Condition(label=(f"l-{n}",))
        when = Condition(any=(other, Condition(none=(Condition(any=(when, other)),))))
    assert len(taken(when, when)) == 1
