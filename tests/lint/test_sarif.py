"""SARIF as its consumers demand it: rules, levels, places, and prints that stay."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from okrsync.core.place import Place, Problem
from okrsync.lint import ALL, Finding, Severity
from okrsync.lint.sarif import as_sarif

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
            "physicalLocation": {
                "artifactLocation": {"uri": "okrs/a%20team.yaml"},
                "region": {"startLine": 3, "startColumn": 5},
            }
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
        ({"goal": "KR-B"}, False),
        ({"code": "KR204"}, False),
    ],
)
def test_a_finding_that_only_moved_keeps_its_print(change, same):
    (one,), (other,) = run_of(FOUND)["results"], run_of(replace(FOUND, **change))["results"]
    assert (one["partialFingerprints"] == other["partialFingerprints"]) is same
