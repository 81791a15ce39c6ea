"""Every sentence reads as somebody would say it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goals import CheckIn, Decision, Hypothesis
from okrsync.core.numerals import number
from okrsync.core.work import Amount
from okrsync.reports import Form, notice_words, phrases, render
from okrsync.reports.outcomes import Pursued
from okrsync.reports.phrases import counted, joined
from tests.reports.examples import (
    NOW,
    TODAY,
    WEEK,
    finding,
    goals,
    key_result,
    moved,
    numbers,
    objective,
    report,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (12.0, "12"),
        (22.5, "22.5"),
        (4_000_000.0, "4,000,000"),
        (1234.5, "1,234.5"),
        (-1500, "-1,500"),
        (0.25, "0.25"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_a_number_is_told_as_people_write_it(value, told):
    assert number(value) == told


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_keeps_all_its_digits(value):
    assert int(number(value).replace(",", "")) == value


@pytest.mark.parametrize(("count", "told"), [(0, "0 items"), (1, "1 item"), (1200, "1,200 items")])
def test_one_is_told_as_one(count, told):
    assert counted(count, "item") == told


def test_what_was_written_in_two_places_reads_as_two_sentences():
    assert joined("It moves", "Go on") == "It moves. Go on"
    assert joined("Does it move?", "", "Ask") == "Does it move? Ask"
    assert joined("", "") == ""


def line(**given):
    made = report(goals(objective("O-PAY", key_result(**given))))
    return made.objectives[0].key_results[0], made


@pytest.mark.parametrize(
    ("baseline", "target", "unit", "value", "told"),
    [
        (62, 80, "%", 66, "62% → now 66% → 80%"),
        (62, 80, "percent", 66, "62% → now 66% → 80%"),
        (12.0, 3.0, "calls a day", 10.0, "12 → now 10 → 3 calls a day"),
        (4e6, 5e6, "EUR", None, "4,000,000 → no value yet → 5,000,000 EUR"),
        (None, 80, "%", 66, "no baseline → now 66% → 80%"),
        (None, None, "", None, "no value yet"),
        (None, None, "h", 1.5, "now 1.5 h"),
    ],
)
def test_a_measure_is_told_with_its_unit(baseline, target, unit, value, told):
    kr = key_result(check_ins=(CheckIn(date=TODAY, value=value),))
    known = goals(objective("O-PAY", kr))
    measure = {"baseline": baseline, "target": target, "unit": unit}
    pursued = [Pursued(objective=known.objectives[0], key_result=kr, cadence=7, **measure)]
    shown = report(known, pursued=pursued).objectives[0].key_results[0]
    assert phrases.measure_told(shown) == told


def test_a_movement_is_told_in_points_since_a_day():
    old = CheckIn(date=TODAY - 8 * DAY, value=64.5)
    new = CheckIn(date=TODAY, value=66)
    shown, made = line(check_ins=(old, new))
    assert phrases.movement_told(shown, made) == "+1.5 points since 10 Nov"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "▲ up 4 points since 10 Nov, a week ago"),
        ({"follows": True}, "▲ up 4 points since the last report, of 10 Nov"),
        ({"counted": []}, "Nothing earlier to compare with"),
    ],
)
def test_a_change_is_told_with_what_it_is_compared_with(given, told):
    assert phrases.change_told(report(**given)) == told


def test_two_reports_of_one_day_do_not_claim_that_nothing_moved_between_them():
    made = report(since=NOW - timedelta(hours=2), follows=True)
    assert phrases.change_told(made) == "Nothing earlier to compare with"


def test_a_change_since_another_day_is_not_told_as_one_of_a_week():
    made = report(counted=[(TODAY - 9 * DAY, numbers(50, 50)), (TODAY, numbers(50, 50))])
    assert phrases.change_told(made) == "No change since 8 Nov"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (finding(), 'PAY-1 "A title" serves no goal'),
        (finding(message="still serves X"), 'PAY-1 "A title": still serves X'),
        (
            finding(message='3 open items of PAY-1 "A title" wait'),
            '3 open items of PAY-1 "A title" wait',
        ),
        (finding(message="PAY-10 restates it"), 'PAY-1 "A title": PAY-10 restates it'),
        (finding("KR201", "KR-PAY", message="nothing tests KR-PAY"), "Nothing tests KR-PAY"),
        (finding("OKR101", "O-PAY", message="O-PAY is alone"), 'O-PAY "Paying is easy" is alone'),
        (
            finding("PF501", "company", message="only 3% leads there"),
            "The company: only 3% leads there",
        ),
        (
            finding(first_seen=NOW - 3 * WEEK, gone_since=NOW - DAY),
            'No longer: PAY-1 "A title" serves no goal',
        ),
    ],
)
def test_a_finding_names_its_subject_once(found, told):
    warnings = report(findings=[found]).warnings
    (notice,) = (*warnings.new.shown, *warnings.fixed.shown, *report(findings=[found]).stop.shown)
    said = notice_words.sentence(notice)
    title = f' "{said.title}"' if said.title else ""
    assert f"{said.before}{said.name}{title}{said.after}" == told


def test_a_first_step_says_what_its_key_result_is_and_leaves_the_command_for_later():
    found = finding("OKR113", "KR-PAY", message="KR-PAY has no check-in yet",
                    action="note it: `okrsync check-in KR-PAY`", teams=("pay",))  # fmt: skip
    told = render(report(findings=[found]), Form.TEXT)
    assert (
        '1. KR-PAY "Shoppers who pay without calling: 62% to 80%" has no check-in yet (Pay)\n'
        "   → note it\n"
    ) in told
    assert "  → note it: `okrsync check-in KR-PAY`" in told


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("decide: `okrsync decide H-1 kill`", "decide"),
        ("stop it, or say why: `okrsync map coverage` has the command", "stop it, or say why"),
        ("say what for, `okrsync link KEY GOAL`, or stop it", "say what for, or stop it"),
        ("name under `serves` what it moves", "name under `serves` what it moves"),
    ],
)
def test_an_action_reads_well_without_its_command(action, told):
    notice = report(findings=[finding(action=action)]).warnings.new.shown[0]
    assert notice_words.action_in_short(notice) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Pay, WI401, open for 1 day"),
        ({"first_seen": NOW}, "Pay, WI401, first seen today"),
        (
            {"first_seen": NOW - WEEK * 2, "gone_since": NOW - DAY},
            "Pay, WI401, was open for 13 days",
        ),
    ],
)
def test_an_age_ends_when_the_finding_does(given, told):
    warnings = report(findings=[finding(**given)]).warnings
    (notice,) = (*warnings.new.shown, *warnings.fixed.shown)
    assert notice_words.aside(notice) == told


def test_a_team_is_not_named_in_its_own_report():
    made = report(about="team:pay", findings=[finding()])
    assert notice_words.aside(made.warnings.new.shown[0]) == "WI401, open for 1 day"


def test_what_is_fixed_is_not_looked_for_in_a_command():
    gone = {"first_seen": NOW - 3 * WEEK, "gone_since": NOW - DAY}
    fixed = report(findings=[finding(name=f"PAY-{n}", **gone) for n in range(8)]).warnings.fixed
    assert notice_words.more(fixed) == "3 more"


def test_the_stop_list_says_how_much_work_it_is():
    efforts = [finding("PF504", f"PAY-{n}", amount=Amount(n)) for n in (3, 4)]
    assert notice_words.stop_told(report(findings=efforts)) == (
        "2 efforts with 7 open items in all, the largest first."
    )
    assert notice_words.stop_told(report()) == "No large effort goes on that serves no goal."


def test_trouble_is_on_the_first_screen():
    told = render(report(troubles=["a scope cannot be read"]), Form.TEXT)
    assert told.index("▲ 1 problem with the data, told at the end") < told.index("KEY RESULTS")


def test_problems_and_lessons_that_are_not_shown_are_counted():
    kill = Decision(choice="kill", date=TODAY, because="They left")
    tests = [
        Hypothesis(id=f"H-{n}", serves=("KR-PAY",), statement="A wall", decisions=(kill,))
        for n in range(8)
    ]
    made = report(goals(hypotheses=tests), troubles=[f"trouble {n}" for n in range(9)])
    for form in (Form.TEXT, Form.MARKDOWN, Form.HTML):
        told = render(made, form)
        assert "▲ 9 problems with the data" in told
        assert "and 3 more problems" in told
        assert "and 2 older lessons" in told


@pytest.mark.parametrize(("count", "told"), [(5, "In detail:"), (68, "5 of these 68 items:")])
def test_examples_of_what_moved_are_told_as_such(count, told):
    made = report(moves=[moved(f"PAY-{n}") for n in range(count)])
    for form in (Form.TEXT, Form.MARKDOWN, Form.HTML):
        assert told in render(made, form)


def test_what_came_yesterday_evening_is_a_day_old():
    evening = NOW.replace(hour=21) - timedelta(days=1)
    notice = report(findings=[finding(first_seen=evening)]).warnings.new.shown[0]
    assert notice_words.aside(notice) == "Pay, WI401, open for 1 day"


def test_the_cycle_is_told_as_one():
    assert phrases.cycle_told(report()) == "cycle Q4, day 48 of 92"
