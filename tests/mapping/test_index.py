"""Looking rules up finds exactly what trying them one after the other finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from okrsync.core.conditions import Facts, compile_condition
from okrsync.core.goals import Goals
from okrsync.core.mapping import Condition
from okrsync.core.matching import Match, Matcher
from okrsync.core.rule_index import RuleIndex
from okrsync.core.vocabulary import Vocabulary
from okrsync.testing.world import work_item
from tests.mapping.conftest import facts, mappings, rules_from

if TYPE_CHECKING:
    from okrsync.core.mapping import Mapping


def matcher(mapping: Mapping) -> Matcher:
    return Matcher(mapping, Goals(), Vocabulary())


def one_by_one(mapping: Mapping, seen: Facts) -> list[Match]:
    tried = [(rule, compile_condition(rule.when)(seen)) for rule in mapping.rules if rule.enabled]
    return [Match(rule, because) for rule, because in tried if because is not None]


def titled(title: str) -> Facts:
    return matcher(rules_from(())).facts(work_item("1", title=title))


@given(mappings(), facts())
def test_every_rule_that_applies_is_found_in_order(mapping: Mapping, seen: Facts) -> None:
    found = one_by_one(mapping, seen)
    indexed = matcher(mapping)
    assert indexed.every(seen) == found
    assert indexed.first(seen) == (found[0] if found else None)
    exempting = [match for match in found if match.rule.exempt is not None]
    asked_for = (match for match in indexed.matching(seen) if match.rule.exempt is not None)
    assert next(asked_for, None) == (exempting[0] if exempting else None)


@given(mappings(), facts())
def test_explaining_tries_all_enabled_rules(mapping: Mapping, seen: Facts) -> None:
    tried = matcher(mapping).try_all(seen)
    assert [one.rule for one in tried] == [rule for rule in mapping.rules if rule.enabled]
    matched = [Match(one.rule, one.because) for one in tried if one.because is not None]
    assert matched == one_by_one(mapping, seen)


def test_few_of_many_rules_are_tried() -> None:
    whens = [Condition(scope=("PAY",), label=(f"l-{n}",)) for n in range(500)]
    whens += [Condition(title_matches=(f"page {n}$",)) for n in range(500)]
    whens += [Condition(all=(Condition(any=(Condition(component=(f"{n}",)),)),)) for n in range(99)]
    seen = matcher(rules_from(())).facts(
        work_item("1", labels=("L-3", "l-4"), title="Page 7", components=("8",))
    )
    assert RuleIndex(whens).candidates(seen) == [3, 4, 507, 1008]


def test_a_rule_of_exceptions_alone_is_always_tried() -> None:
    index = RuleIndex([Condition(none=(Condition(type=("Bug",)),)), Condition(type=("Bug",))])
    assert index.candidates(titled("any")) == [0]


def test_patterns_too_large_to_be_searched_for_together_are_searched_one_by_one() -> None:
    large = tuple(f"{n:03}({'a|b' * 20}){{1,200}}z" for n in range(600))
    mapping = rules_from([Condition(title_matches=(pattern,)) for pattern in large])
    found = matcher(mapping).every(titled("see 599 abz"))
    assert found == one_by_one(mapping, titled("see 599 abz"))


def test_a_pattern_of_ten_kilobytes_is_a_pattern() -> None:
    mapping = rules_from([Condition(title_matches=("x" * 10_000,)), Condition(type=("Story",))])
    found = matcher(mapping).every(titled("x" * 10_000))
    assert [match.rule.id for match in found] == ["rule-0", "rule-1"]
    assert [match.rule.id for match in matcher(mapping).every(titled("x"))] == ["rule-1"]


def test_an_item_with_five_hundred_labels_is_matched_by_any_of_them() -> None:
    mapping = rules_from([Condition(label=("l-499",))])
    indexed = matcher(mapping)
    seen = indexed.facts(work_item("1", labels=[f"L-{n}" for n in range(500)]))
    assert indexed.first(seen) == Match(mapping.rules[0], "label is 'L-499'")
