"""Promises about all rules at once, so that a new rule cannot forget one."""

from __future__ import annotations

from importlib import resources

import pytest

from okrsync.errors import ConfigError
from okrsync.lint.rule import Reads, Severity
from okrsync.lint.rules import ALL, rule_named

every_rule = pytest.mark.parametrize("rule", ALL, ids=[rule.code for rule in ALL])
every_rule_that_checks = pytest.mark.parametrize(
    "rule",
    [rule for rule in ALL if not rule.at_load],
    ids=[rule.code for rule in ALL if not rule.at_load],
)


def test_the_company_of_the_examples_draws_no_finding(found):
    assert found("objectives: []\n") == ()


COMES_WITH = {
    "KR211": {"KR201"},
    "HY307": {"WI403", "PF501"},
    "KR209": {"KR201"},
    "WI401": {"PF501"},
    "WI402": {"KR201", "PF501"},
    "WI403": {"PF501"},
    "PF501": {"WI401"},
    "PF504": {"WI401", "PF501"},
    "PF506": {"KR201", "KR209"},
}
"""Where a bad example cannot help breaking another rule as well."""


@pytest.fixture
def told(found, worked):
    """Run all rules over an example, with the work that stands beside it."""

    def run(rule, goals, work):
        if rule.reads in {Reads.GOALS, Reads.MORE_WITH_WORK}:
            return found(goals, today=rule.day)
        return worked(goals, work, today=rule.day)

    return run


@every_rule_that_checks
def test_the_bad_example_is_caught_by_this_rule_and_by_it_first(rule, told):
    codes = [each.code for each in told(rule, rule.bad, rule.bad_work)]
    assert set(codes) == {rule.code} | COMES_WITH.get(rule.code, set())
    if not rule.bad_work:
        assert codes[0] == rule.code


@every_rule_that_checks
def test_a_finding_says_where_and_what_to_do(rule, told):
    found = told(rule, rule.bad, rule.bad_work)
    finding = next(each for each in found if each.code == rule.code)
    assert finding.severity is rule.severity
    assert finding.message
    assert finding.action
    assert finding.action[0].islower()
    assert not finding.action.endswith(".")
    if rule.reads in {Reads.GOALS, Reads.MORE_WITH_WORK}:
        assert finding.place.file == "okrs/example.yaml"
        assert finding.place.line > 0


@every_rule
def test_the_good_example_passes_every_rule(rule, told):
    assert list(told(rule, rule.good, rule.good_work)) == []


@every_rule_that_checks
def test_no_two_findings_of_an_example_could_be_taken_for_one(rule, told):
    found = told(rule, rule.bad, rule.bad_work)
    same = [(each.code, each.goal.casefold(), each.other) for each in found]
    assert len(same) == len(set(same))


@pytest.mark.parametrize("rule", [r for r in ALL if r.bad_work], ids=lambda rule: rule.code)
def test_a_rule_about_work_is_silent_where_there_is_none(rule, found):
    assert rule.code not in {each.code for each in found(rule.bad, today=rule.day)}


def test_a_bad_reference_stops_the_load(found):
    rule = rule_named("OKR103")
    with pytest.raises(ConfigError) as caught:
        found(rule.bad)
    (problem,) = caught.value.problems
    assert "OKR103" in str(problem)
    assert problem.place.file == "okrs/example.yaml"


@every_rule
def test_the_page_is_whole(rule):
    assert rule.summary.endswith(".")
    assert "\n" not in rule.summary
    assert rule.summary.count(". ") == 0
    assert all((rule.why.strip(), rule.fix.strip(), rule.configuration.strip()))
    assert rule.severity is not Severity.OFF


@every_rule
def test_a_rule_lives_in_the_file_of_its_name(rule):
    name = f"{rule.code.lower()}_{rule.name.replace('-', '_')}.py"
    assert resources.files("okrsync.lint.rules").joinpath(name).is_file()


def test_every_file_of_a_rule_is_listed():
    files = [
        each.name
        for each in resources.files("okrsync.lint.rules").iterdir()
        if each.name[0] != "_" and each.name.partition("_")[0][-3:].isdigit()
    ]
    assert len(files) == len(ALL)


def test_codes_and_names_are_unique_and_in_order():
    codes = [rule.code for rule in ALL]
    assert codes == sorted(set(codes), key=lambda code: code[-3:])
    assert len({rule.name for rule in ALL}) == len(ALL)


def test_a_rule_is_found_by_code_or_name_in_any_case():
    assert rule_named("okr101") is rule_named("Orphan") is ALL[0]
    assert rule_named("OKR999") is None
