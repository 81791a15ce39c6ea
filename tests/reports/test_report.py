"""A report says what is known, once, and never makes silence or work look like progress."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goals import (
    Belief,
    CheckIn,
    Customer,
    Decision,
    Evidence,
    GoalStatus,
    Hypothesis,
    Level,
)
from okrsync.core.work import Amount
from okrsync.reports.goal_changes import Noted, remember
from okrsync.reports.key_results import Standing
from okrsync.reports.notices import DECIDE, REFLECT, SHOWN, STOP
from okrsync.reports.outcomes import WORST_FIRST, Pursued
from okrsync.reports.subject import everybody, subject_of
from okrsync.reports.value import Share
from tests.reports.examples import (
    CHECKED,
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


def line(**given):
    known = goals(objective("O-PAY", key_result(**given)))
    return report(known).objectives[0].key_results[0]


# the answer


def test_the_share_is_of_open_work_and_exempt_work_is_in_neither_part():
    made = report(counted=[(TODAY, numbers(30, 10))])
    assert made.alignment.items == Share(aligned=30, judged=40, exempt=3)
    assert made.alignment.items.percent == 75
    assert made.alignment.change is None


@given(aligned=st.integers(0, 5000), rest=st.integers(0, 5000))
def test_only_what_is_whole_is_told_as_all_or_nothing(aligned, rest):
    percent = Share(aligned=aligned, judged=aligned + rest).percent
    if aligned + rest == 0:
        assert percent is None
    else:
        assert (percent == 100) is (rest == 0)
        assert (percent == 0) is (aligned == 0)


def test_the_change_is_since_a_week_ago_and_the_trend_is_told_by_day():
    counted = [(TODAY - n * WEEK, numbers(50 + n, 50 - n)) for n in (3, 1, 0)]
    made = report(counted=counted)
    assert made.alignment.change == -1
    assert [point.percent for point in made.trend] == [53, 51, 50]


def test_without_an_estimate_there_is_no_share_by_estimate():
    weighed = numbers(1, 1, estimates={"": {"aligned": 3.0, "unaligned": 9.0}})
    assert report(counted=[(TODAY, weighed)]).alignment.estimate.percent == 25
    assert report().alignment.estimate is None


def test_while_not_all_work_was_read_there_is_no_share():
    assert report(counted=[]).alignment.items is None


# whom it is about


def test_a_units_report_adds_up_its_teams_and_leaves_out_the_others():
    known = goals(
        objective("O-PAY", key_result()),
        objective("O-WEB", key_result("KR-WEB", objective="O-WEB"), teams=("web",)),
    )
    found = [
        finding(name="PAY-1"),
        finding(name="WEB-1", teams=("web",)),
        finding("KR201", "KR-WEB", teams=()),
    ]
    moves = [moved(), moved("WEB-1", team="web"), moved("OPS-1", team=None)]
    made = report(known, about="unit:retail", findings=found, moves=moves)
    assert [each.id for each in made.objectives] == ["O-PAY"]
    assert made.warnings.new.total == 1
    assert made.changes.items_in_all == 1
    whole = report(known, findings=found, moves=moves)
    assert (whole.warnings.new.total, whole.changes.items_in_all) == (3, 3)


def test_everybody_there_is_can_be_reported_about_and_nobody_else():
    assert everybody(goals()) == ("company", "unit:retail", "team:pay", "team:web")
    assert subject_of("team:PAY", goals()).about.word == "team:pay"
    with pytest.raises(LookupError, match="no unit is called 'x'; there are: retail"):
        subject_of("unit:x", goals())


# key results


@given(days=st.integers(0, 60), confidence=st.none() | st.floats(0, 1))
def test_silence_is_never_green(days, confidence):
    said = replace(CHECKED, date=TODAY - days * DAY, confidence=confidence)
    standing = line(check_ins=(said,)).standing
    assert (standing is Standing.SILENT) is (days > 7)
    if standing is Standing.LIKELY:
        assert confidence is not None
        assert confidence >= 0.7


def test_a_check_in_of_tomorrow_is_not_heard_today():
    tomorrow = replace(CHECKED, date=TODAY + DAY)
    told = line(check_ins=(tomorrow,))
    assert (told.standing, told.silent_days, told.now) == (Standing.SILENT, None, None)


def test_how_far_it_is_comes_from_what_people_noted():
    old = CheckIn(date=TODAY - 2 * WEEK, value=62)
    told = line(check_ins=(CHECKED, old))
    assert (told.now, told.value_before, round(told.way, 2)) == (66, 62, 0.22)
    assert line(check_ins=()).way is None


@given(now=st.floats(-1e9, 1e9), start=st.floats(-1e6, 1e6), end=st.floats(-1e6, 1e6))
def test_a_bar_is_never_longer_than_its_place(now, start, end):
    kr = key_result(check_ins=(replace(CHECKED, value=now),))
    known = goals(objective("O-PAY", kr))
    pursued = [
        Pursued(objective=known.objectives[0], key_result=kr, cadence=7, baseline=start, target=end)
    ]
    way = report(known, pursued=pursued).objectives[0].key_results[0].way
    assert way is None or 0 <= way <= 1


def test_many_key_results_are_cut_and_counted():
    known = goals(
        *(objective(f"O-{n}", key_result(f"KR-{n}", objective=f"O-{n}")) for n in range(30))
    )
    made = report(known)
    assert len(made.objectives) == 12
    assert made.key_results_in_all == 30


@given(st.lists(st.sampled_from([None, 0.1, 0.5, 0.9, "silent"]), min_size=1, max_size=20))
def test_the_key_results_that_stand_worst_are_the_ones_that_are_shown(said):
    def told(confidence):
        if confidence == "silent":
            return ()
        return (CheckIn(date=TODAY, confidence=confidence),)

    known = goals(
        *(
            objective(f"O-{n}", key_result(f"KR-{n}", objective=f"O-{n}", check_ins=told(each)))
            for n, each in enumerate(said)
        )
    )
    made = report(known)
    shown = [line.standing for each in made.objectives for line in each.key_results]
    everything = [each.standing for each in made.standings for _ in range(each.count)]
    assert len(everything) == len(said)
    assert shown == everything[:12]
    ranks = [WORST_FIRST.index(each) for each in everything]
    assert ranks == sorted(ranks)


def test_a_team_without_key_results_sees_those_it_works_for():
    known = goals(
        objective("O-ALL", key_result("KR-ALL", objective="O-ALL"), teams=(), level=Level.COMPANY),
        objective("O-PAY", key_result()),
    )
    web = report(known, about="team:web")
    assert ([each.id for each in web.objectives], web.borrowed) == (["O-ALL"], True)
    pay = report(known, about="team:pay")
    assert ([each.id for each in pay.objectives], pay.borrowed) == (["O-PAY"], False)


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("shopper", "Shoppers pay alone"),
        ("engineer", "Engineer: pay alone"),
        ("new merchants", "New merchants pay alone"),
    ],
)
def test_who_does_what_is_said_as_far_as_grammar_is_sure(who, told):
    known = goals(
        objective("O-PAY", key_result(statement=None, who=who, does_what="pay alone")),
        customers=[
            Customer(id="shopper", name="Shopper", also=("buyers", "shoppers")),
            Customer(id="engineer", name="Engineer"),
        ],
    )
    assert report(known).objectives[0].key_results[0].text == told


# what changed


def test_changes_of_goals_are_told_with_why():
    before = goals(
        objective("O-PAY", key_result(), key_result("KR-OLD")),
        hypotheses=[Hypothesis(id="H-1", serves=("KR-PAY",), statement="We believe")],
    )
    against = Evidence(date=TODAY, says="against", source="pilot", note="They left")
    now = goals(
        objective(
            "O-PAY",
            key_result(statement="Shoppers who pay", status=GoalStatus.ACHIEVED),
            key_result("KR-NEW", check_ins=()),
        ),
        hypotheses=[
            Hypothesis(id="H-1", serves=("KR-PAY",), statement="We believe", evidence=(against,))
        ],
    )
    told = report(now, goals_before=remember(before)).changes.goals
    assert [(each.goal, each.what.split(":")[0]) for each in told] == [
        ("KR-PAY", "reworded"),
        ("KR-PAY", "is now achieved, was live"),
        ("KR-PAY", "check-in of 15 Nov"),
        ("KR-NEW", "new key result"),
        ("H-1", "evidence against it (pilot)"),
        ("KR-OLD", "this key result is gone"),
    ]
    assert told[0].why == "was: Shoppers who pay without calling: 62% to 80%"


def test_a_note_for_an_earlier_day_is_told_when_it_is_written_and_once():
    late = CheckIn(date=TODAY - 12 * DAY, value=64)
    before = goals(objective("O-PAY", key_result(check_ins=())))
    now = goals(objective("O-PAY", key_result(check_ins=(late,))))
    told = report(now, goals_before=remember(before)).changes.goals
    assert [each.what for each in told] == ["check-in of 5 Nov: 64%"]
    assert report(now, goals_before=remember(now)).changes.goals == ()


@given(
    st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 29)), max_size=12, unique=True),
    st.sets(st.integers(1, 29), max_size=6),
)
def test_over_all_editions_each_note_is_told_exactly_once(drawn, days):
    """A note is dated any day and written any day; editions come on any days up to the last."""
    editions = [0, *sorted(days), 31]
    notes = [
        (CheckIn(date=TODAY + dated * DAY, value=n), written)
        for n, (dated, written) in enumerate(drawn)
    ]
    heard: list[str] = []
    for since, today in pairwise(editions):
        before, now = (
            goals(
                objective("O-PAY", key_result(check_ins=[c for c, wrote in notes if wrote < day]))
            )
            for day in (since, today)
        )
        noted = Noted.on(
            TODAY + since * DAY, remember(before), goals=now, today=TODAY + today * DAY
        )
        kr = now.objectives[0].key_results[0]
        heard += [str(check_in.value) for check_in in noted.new(kr, kr.check_ins)]
    assert sorted(heard) == sorted(str(check_in.value) for check_in, _ in notes)


def test_a_renamed_goal_is_neither_new_nor_gone():
    before = goals(objective("O-PAY", key_result(check_ins=())))
    now = goals(objective("O-PAY", key_result("KR-TILL", check_ins=(), previously=("KR-PAY",))))
    assert report(now, goals_before=remember(before)).changes.goals == ()


def test_a_belief_that_falls_is_a_change():
    belief = Belief(id="B-1", text="They care", objectives=("O-PAY",), status="holds")
    before = goals(beliefs=[belief])
    now = goals(beliefs=[replace(belief, status="contradicted")])
    told = report(now, goals_before=remember(before)).changes.goals
    assert "is now contradicted, was holds" in [each.what for each in told]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("abc")), max_size=60))
def test_every_item_that_moved_is_counted_and_a_few_are_shown(pairs):
    changes = report(moves=[moved(before=b, now=n) for b, n in pairs]).changes
    assert changes.items_in_all == len(pairs)
    assert {(flow.before, flow.after) for flow in changes.flows} == set(pairs)
    assert len(changes.items) == min(len(pairs), 5)


# decisions, the stop list, and what was learnt


def test_each_finding_stands_in_one_part_and_is_counted_with_the_warnings():
    found = [
        finding(code, f"PAY-{n}") for n, code in enumerate(["HY303", "PF505", "PF504", "WI401"])
    ]
    made = report(findings=found)
    assert [each.code for each in made.decisions.shown] == ["HY303"]
    assert [each.code for each in made.reflect.shown] == ["PF505"]
    assert [each.code for each in made.stop.shown] == ["PF504"]
    new = made.warnings.new
    assert (new.total, new.elsewhere, [each.code for each in new.shown]) == (4, 3, ["WI401"])
    assert made.due == 2
    assert [each.code for each in made.first_steps] == ["HY303", "PF505", "PF504"]


def test_old_debt_comes_first_only_where_nothing_else_does():
    old = finding(first_seen=NOW - 3 * WEEK)
    assert [each.code for each in report(findings=[old]).first_steps] == ["WI401"]
    new = [finding("HY303", f"H-{n}") for n in range(3)]
    assert [each.code for each in report(findings=[old, *new]).first_steps] == ["HY303"] * 3
    assert report().first_steps == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["WI401", "KR201", *sorted({*DECIDE} | REFLECT | STOP)]),
            st.sampled_from(["error", "warning", "advice"]),
            st.integers(0, 400),
            st.none() | st.integers(0, 20),
        ),
        max_size=80,
    )
)
def test_nothing_is_lost_between_shown_and_more(drawn):
    found = [
        finding(
            code,
            f"PAY-{n}",
            severity=severity,
            first_seen=NOW - hours * timedelta(hours=1),
            gone_since=None if gone is None else NOW - gone * DAY,
        )
        for n, (code, severity, hours, gone) in enumerate(drawn)
    ]
    warnings = report(findings=found).warnings
    for section in (warnings.new, warnings.fixed, warnings.persisting):
        assert len(section.shown) <= SHOWN
        assert section.more >= 0
        assert section.total == len(section.shown) + section.elsewhere + section.more
    told = [each for each in found if each.seen.severity != "advice"]
    since = NOW - WEEK
    changes = [each.change(since) for each in told]
    assert warnings.new.total == changes.count("new")
    assert warnings.fixed.total == changes.count("fixed")
    assert warnings.persisting.total == changes.count("persisting")


def test_of_ten_thousand_findings_the_gravest_of_each_kind_are_shown_first():
    found = [finding("WI401", f"PAY-{n}") for n in range(10_000)]
    found += [finding("KR201", "KR-PAY"), finding("OKR101", "O-PAY", severity="error")]
    new = report(findings=iter(found)).warnings.new
    assert [each.code for each in new.shown[:3]] == ["OKR101", "KR201", "WI401"]
    assert (new.total, new.more) == (10_002, 9_997)


def test_the_stop_list_begins_with_the_largest_heap():
    sizes = (4, 67, 9)
    found = [finding("PF504", f"PAY-{n}", amount=Amount(n)) for n in sizes]
    found.append(finding("HY307", "H-1", amount=Amount(9, 40.0)))
    stop = report(findings=found).stop
    assert [each.subject for each in stop.shown] == ["PAY-67", "H-1", "PAY-9", "PAY-4"]
    assert stop.amount == Amount(89, 40.0)


def test_what_was_stopped_is_told_as_learning_with_what_it_saved():
    kill = Decision(choice="kill", date=TODAY - DAY, because="They left", saved="six weeks")
    tests = [Hypothesis(id="H-1", serves=("KR-PAY",), statement="A wall", decisions=(kill,))]
    efforts = {"hypotheses": {"H-1": {"todo": 2, "doing": 3, "done": 9}}}
    made = report(goals(hypotheses=tests), counted=[(TODAY, numbers(1, 1, **efforts))])
    lesson = made.lessons[0]
    assert (lesson.choice, lesson.saved, lesson.frees) == ("kill", "six weeks", 5)


def test_what_was_stopped_before_is_not_told_again():
    old = Decision(choice="kill", date=TODAY - 9 * DAY, because="They left")
    tests = [Hypothesis(id="H-1", serves=("KR-PAY",), statement="A wall", decisions=(old,))]
    assert report(goals(hypotheses=tests)).lessons == ()


# news


def test_the_first_report_calls_nothing_new_and_is_news():
    made = report(goals_before=None, findings=[finding()])
    assert made.first
    assert made.news
    assert (made.warnings.new.total, made.warnings.persisting.total) == (0, 1)


@pytest.mark.parametrize(
    ("given", "news"),
    [
        ({}, False),
        ({"findings": [finding(first_seen=NOW - 3 * WEEK)]}, False),
        ({"findings": [finding()]}, True),
        ({"findings": [finding("HY303", "H-1", first_seen=NOW - 3 * WEEK)]}, True),
        ({"findings": [finding(severity="advice")]}, False),
        ({"troubles": ["a scope cannot be read"]}, True),
        ({"goals_before": {}}, True),
    ],
)
def test_news_is_what_is_new_due_or_broken(given, news):
    known = goals(objective("O-PAY", key_result(check_ins=())))
    assert report(known, **given).news is news
