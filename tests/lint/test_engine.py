"""How severe a finding is, who silenced it, and in which order findings come."""

from __future__ import annotations

from datetime import date

import pytest

from okrsync.core.goals import Waiver
from okrsync.lint.engine import failing
from okrsync.lint.policy import Policy
from okrsync.lint.rule import Severity
from okrsync.lint.rules import ALL, rule_named
from okrsync.lint.waivers import waived_codes

SHAPE = ALL[:5]


@pytest.fixture
def found(found):
    """Run few rules: the others have much to say about goals as bare as these."""
    return lambda text, **given: found(text, **{"rules": SHAPE, **given})


@pytest.fixture
def codes(found):
    return lambda text, **given: [f"{each.code} {each.goal}" for each in found(text, **given)]


ORPHAN = """\
teams:
  - {id: growth, name: Growth}
objectives:
  - {id: O-PAY, title: Paying is easy, teams: [checkout, growth], cycle: 2026-Q4%s}
"""
LAST_DAY = date(2026, 11, 21)
NEXT_DAY = date(2026, 11, 22)


def waiver(**given):
    return Waiver(**{"code": "OKR101", "reason": "Known", "goal": "O-PAY", **given})


@pytest.mark.parametrize(
    ("policy", "severity"),
    [
        (Policy(), Severity.WARNING),
        (Policy(severities={"OKR101": Severity.ERROR}), Severity.ERROR),
        (Policy(severities={"OKR102": Severity.ERROR}), Severity.WARNING),
        (Policy(severities={"OKR101": Severity.OFF}), None),
        (Policy(by_team={"growth": {"OKR101": Severity.ERROR}}), Severity.ERROR),
        (Policy(by_team={"growth": {"OKR101": Severity.OFF}}), Severity.WARNING),
        (
            Policy(by_team={team: {"OKR101": Severity.OFF} for team in ("growth", "checkout")}),
            None,
        ),
        (
            Policy(
                severities={"OKR101": Severity.OFF},
                by_team={"growth": {"OKR101": Severity.ADVICE}},
            ),
            Severity.ADVICE,
        ),
    ],
)
def test_the_strictest_team_of_a_shared_goal_sets_the_severity(policy, severity, found):
    severities = [each.severity for each in found(ORPHAN % "", policy=policy)]
    assert severities == ([severity] if severity else [])


def test_a_waiver_in_the_goal_silences_its_code_until_its_last_day(codes):
    text = ORPHAN % ", waive: [{code: OKR101, reason: Until the summit, until: 2026-11-21}]"
    assert codes(text, today=LAST_DAY) == []
    assert codes(text, today=NEXT_DAY) == ["OKR101 O-PAY"]
    other = ORPHAN % ", waive: [{code: OKR102, reason: Not this one}]"
    assert codes(other) == ["OKR101 O-PAY"]


@pytest.mark.parametrize(
    ("given", "waived"),
    [
        (waiver(), True),
        (waiver(goal="o-pay"), True),
        (waiver(goal="O-FORMER"), True),
        (waiver(goal="O-TRUST"), False),
        (waiver(goal="O-UNKNOWN"), False),
        (waiver(code="OKR105"), False),
        (waiver(until=LAST_DAY), True),
        (waiver(until=date(2026, 11, 20)), False),
    ],
)
def test_a_waiver_in_the_settings_silences_its_goal(given, waived, codes):
    text = ORPHAN % ", previously: [O-FORMER]"
    findings = codes(text, today=LAST_DAY, policy=Policy(waivers=(given,)))
    assert findings == ([] if waived else ["OKR101 O-PAY"])


def test_waived_codes_are_told_by_goal(goals_of):
    goals = goals_of(ORPHAN % ", waive: [{code: OKR116, reason: Marketing joins later}]")
    assert waived_codes(goals, [waiver(), waiver(until=LAST_DAY, code="KR201")], NEXT_DAY) == {
        "O-PAY": {"OKR101", "OKR116"}
    }


def test_only_the_rules_asked_for_run(codes):
    assert codes(ORPHAN % "", rules=[rule_named("OKR105")]) == []


def test_findings_come_in_the_order_of_the_files(found):
    rules = [rule_named("OKR102"), rule_named("OKR101")]
    text = ORPHAN % "" + (
        "  - {id: O-Z, title: Z, team: growth, cycle: 2027, parents: [{id: KR-REPEAT}]}\n"
    )
    assert [each.goal for each in found(text, rules=rules)] == ["O-PAY", "O-Z"]
    assert found(text, rules=rules) == found(text, rules=rules[::-1])


def test_findings_fail_from_a_level_on(found):
    findings = found(ORPHAN % "")
    assert failing(findings, Severity.ADVICE)
    assert failing(findings, Severity.WARNING)
    assert not failing(findings, Severity.ERROR)
    assert not failing((), Severity.ADVICE)
