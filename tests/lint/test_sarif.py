"""SARIF as its consumers demand it: rules, levels, places, and prints that stay."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from okrsync.core.place import Place, Problem
from okrsync.core.work import ItemRef
from okrsync.lint.rule import Age, Finding, Severity
from okrsync.lint.rules import ALL
from okrsync.lint.sarif import as_sarif
from okrsync.lint.work import Brief
from tests.lint.sarif_schema import SARIF

FOUND = Finding(
    code="KR205",
    severity=Severity.ADVICE,
    message="KR-A does not say where it starts",
    place=Place("okrs/a team.yaml", 3, 5),
    goal="KR-A",
    action="add it",
    confidence=0.85,
)
MISTAKE = Problem(Place("okrs/b.yaml"), "is no YAML")


def run_of(*findings, problems=()):
    told = as_sarif(findings, problems, version="1.2.3")
    assert json.loads(json.dumps(told)) == told
    assert told["version"] == "2.1.0"
    (run,) = told["runs"]
    return run


def test_every_rule_is_described_once():
    rules = run_of()["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [*(rule.code for rule in ALL), "unusable"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}


def test_a_finding_points_to_its_rule_and_place():
    run = run_of(FOUND)
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "KR205"
    assert result["level"] == "note"
    assert result["locations"] == [
        {
            "logicalLocations": [{"name": "KR-A", "kind": "resource"}],
            "physicalLocation": {
                "artifactLocation": {"uri": "okrs/a%20team.yaml"},
                "region": {"startLine": 3, "startColumn": 5},
            },
        }
    ]
    assert "add it" in result["message"]["text"]
    assert result["rank"] == 85.0


def test_a_whole_file_has_no_region():
    (result,) = run_of(problems=[MISTAKE])["results"]
    assert result["ruleId"] == "unusable"
    assert "region" not in result["locations"][0]["physicalLocation"]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"place": Place("okrs/other.yaml", 99, 1)}, True),
        ({"severity": Severity.ERROR}, True),
        ({"message": "KR-A has not said for 9 days where it starts"}, True),
        ({"goal": "KR-B"}, False),
        ({"other": "O-TOP"}, False),
        ({"code": "KR204"}, False),
    ],
)
def test_a_finding_that_only_moved_keeps_its_print(change, same):
    (one,), (other,) = run_of(FOUND)["results"], run_of(replace(FOUND, **change))["results"]
    assert (one["partialFingerprints"] == other["partialFingerprints"]) is same


ITEM = Brief(
    ref=ItemRef("jira", "10001"),
    key="PAY-1",
    title="Nicer buttons",
    scope="PAY",
    url="https://jira.example.com/browse/PAY-1?a=b c",
)
ABOUT_WORK = replace(FOUND, code="WI401", place=Place(""), goal="PAY-1", item=ITEM)


def test_an_item_is_found_by_its_page_and_its_key():
    (result,) = run_of(ABOUT_WORK)["results"]
    assert result["locations"] == [
        {
            "logicalLocations": [{"name": "PAY-1", "kind": "resource"}],
            "physicalLocation": {
                "artifactLocation": {"uri": "https://jira.example.com/browse/PAY-1?a=b%20c"}
            },
        }
    ]


def test_an_item_that_moved_keeps_its_print():
    moved = replace(ABOUT_WORK, goal="WEB-7", item=replace(ITEM, key="WEB-7", scope="WEB"))
    (one,), (other,) = run_of(ABOUT_WORK)["results"], run_of(moved)["results"]
    assert one["partialFingerprints"] == other["partialFingerprints"]


def test_where_a_store_remembers_consumers_learn_what_is_new():
    aged = [replace(FOUND, age=Age(date(2026, 11, 3), 19, new)) for new in (True, False)]
    states = [result["baselineState"] for result in run_of(*aged)["results"]]
    assert states == ["new", "unchanged"]


texts = st.text(max_size=20)
places = st.builds(Place, texts, st.integers(0, 9), st.integers(1, 9))
briefs = st.builds(
    Brief,
    ref=st.builds(ItemRef, texts, texts),
    key=texts,
    title=texts,
    scope=texts,
    url=st.none() | texts.map(lambda text: f"https://example.com/{text}"),
)
findings = st.builds(
    Finding,
    code=st.sampled_from([rule.code for rule in ALL]),
    severity=st.sampled_from([Severity.ERROR, Severity.WARNING, Severity.ADVICE]),
    message=texts,
    place=places | st.just(Place("")),
    goal=texts,
    action=texts,
    confidence=st.none() | st.floats(0, 1),
    other=texts,
    item=st.none() | briefs,
    age=st.none() | st.builds(Age, st.dates(), st.integers(0, 999), st.booleans()),
)
problems = st.builds(Problem, places, texts, st.none() | texts)


@given(st.lists(findings, max_size=3), st.lists(problems, max_size=2))
def test_whatever_is_found_keeps_to_the_format(found, mistakes):
    Draft202012Validator(SARIF).validate(as_sarif(found, mistakes, version="1.2.3"))


@pytest.mark.parametrize(
    "broken",
    [
        {"runs": []},
        {"version": "2.0.0", "runs": []},
        {"version": "2.1.0", "runs": [{}]},
        {"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]},
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{}]}]},
    ],
)
def test_the_format_that_is_checked_against_refuses_what_is_not_sarif(broken):
    assert not Draft202012Validator(SARIF).is_valid(broken)
