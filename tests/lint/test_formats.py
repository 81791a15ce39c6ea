"""Findings as people and programs read them."""

from __future__ import annotations

import json

from okrsync.core.place import Place
from okrsync.lint import Finding, Severity
from okrsync.lint.formats import as_text, as_values, summary


def finding(severity=Severity.WARNING, place=Place("okrs/a.yaml", 3, 5)):  # noqa: B008 (frozen)
    return Finding(
        code="OKR101",
        severity=severity,
        message="O-A is an orphan",
        place=place,
        goal="O-A",
        action="name a parent",
    )


def test_text_is_one_line_a_finding_and_one_that_sums_up():
    assert list(as_text([finding()])) == [
        "okrs/a.yaml:3:5: OKR101 warning: O-A is an orphan (do: name a parent)",
        "1 warning",
    ]


def test_the_summary_counts_by_severity():
    levels = [Severity.ADVICE, Severity.ERROR, Severity.ERROR, Severity.ADVICE]
    assert summary(map(finding, levels)) == "2 errors, 2 advice"
    assert summary([]) == "no findings"


def test_values_survive_json():
    values = as_values([finding(place=Place("a.yaml"))])
    assert json.loads(json.dumps(values)) == [
        {
            "code": "OKR101",
            "severity": "warning",
            "message": "O-A is an orphan",
            "file": "a.yaml",
            "line": 0,
            "column": 0,
            "goal": "O-A",
            "action": "name a parent",
        }
    ]
