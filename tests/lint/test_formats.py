"""Findings as people and programs read them."""

from __future__ import annotations

import json

from okrsync.core.place import Place, Problem
from okrsync.lint.formats import (
    as_concise,
    as_full,
    as_github,
    as_statistics,
    as_values,
    problems_as_github,
    problems_as_text,
    summary,
)
from okrsync.lint.rule import Finding, Severity


def finding(severity=Severity.WARNING, place=Place("okrs/a.yaml", 3, 5), **given):  # noqa: B008
    return Finding(
        **{
            "code": "OKR101",
            "severity": severity,
            "message": "O-A is an orphan",
            "place": place,
            "goal": "O-A",
            "action": "name a parent",
            **given,
        }
    )


def test_full_says_what_to_do_below_each_finding():
    assert list(as_full([finding()])) == [
        "okrs/a.yaml:3:5: OKR101 warning: O-A is an orphan",
        "    do: name a parent",
        "1 warning",
    ]


def test_concise_is_one_line_a_finding():
    assert list(as_concise([finding(), finding()]))[1:] == [
        "okrs/a.yaml:3:5: OKR101 warning: O-A is an orphan",
        "2 warnings",
    ]


def test_a_reading_says_how_sure_it_is():
    (line, _) = as_concise([finding(confidence=0.85)])
    assert line.endswith("O-A is an orphan [85% sure]")


def test_the_summary_counts_by_severity():
    levels = [Severity.ADVICE, Severity.ERROR, Severity.ERROR, Severity.ADVICE]
    assert summary(map(finding, levels)) == "2 errors, 2 advice"
    assert summary([]) == "no findings"


def test_statistics_name_the_loudest_rule_first():
    findings = [finding(), finding(code="KR201"), finding(code="KR201")]
    assert list(as_statistics(findings)) == ["     2  KR201  task", "     1  OKR101  orphan"]


def test_values_survive_json():
    values = as_values([finding(place=Place("a.yaml"), confidence=0.8499)])
    assert json.loads(json.dumps(values)) == [
        {
            "code": "OKR101",
            "name": "orphan",
            "severity": "warning",
            "message": "O-A is an orphan",
            "confidence": 0.85,
            "file": "a.yaml",
            "line": 0,
            "column": 0,
            "goal": "O-A",
            "action": "name a parent",
            "teams": [],
            "item": None,
            "first_seen": None,
            "days": None,
            "new": None,
        }
    ]


def test_github_is_told_file_line_and_level():
    assert list(as_github([finding(Severity.ADVICE)])) == [
        (
            "::notice file=okrs/a.yaml,line=3,col=5,title=OKR101 orphan::"
            "O-A is an orphan (do: name a parent)"
        )
    ]


def test_what_means_something_to_github_is_escaped():
    told = finding(place=Place("a,b:c.yaml"), message="100%\nof it")
    (line,) = as_github([told])
    assert line.startswith("::warning file=a%2Cb%3Ac.yaml,title=")
    assert "::100%25%0Aof it" in line


def test_mistakes_have_their_place_and_hint_in_every_format():
    problem = Problem(Place("a.yaml", 2, 1), "unknown key 'titel'", "did you mean 'title'?")
    assert list(problems_as_text([problem])) == [
        "a.yaml:2:1: error: unknown key 'titel' (did you mean 'title'?)",
        "1 mistake; nothing can be used until mended",
    ]
    assert list(problems_as_github([problem])) == [
        (
            "::error file=a.yaml,line=2,col=1,title=unusable::"
            "unknown key 'titel' (did you mean 'title'?)"
        )
    ]
    assert list(problems_as_text([])) == []
