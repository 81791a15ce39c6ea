"""Rules that look at the calendar: check-ins, cycles, decisions, evidence, fog, waivers."""

from __future__ import annotations

from datetime import date

import pytest

from okrsync.core.goals import Waiver
from okrsync.lint.policy import Policy
from okrsync.lint.rule import Limits
from okrsync.lint.rules import ALL
from okrsync.lint.rules.examples import with_hypotheses, with_key_results

STATEMENT = 'statement: "Shoppers who pay without calling support: 62% to 80%"'
GUESS = 'statement: "We believe that if we offer one tap, shoppers will pay without a call"'


def key_result(more: str = "", tested: bool = False) -> str:
    return with_key_results(f"- {{id: KR-PAY, {STATEMENT}{more}}}", tested=tested)


def hypothesis(more: str = "", cycle: str = "2026-Q4") -> str:
    return with_hypotheses(f"- {{id: H-TAP, {GUESS}, serves: [KR-PAY], cycle: {cycle}{more}}}")


AGAINST = "evidence: [{date: 2026-10-05, says: against}]"
OCTOBER = {day: date(2026, 10, day) for day in range(1, 32)}


@pytest.mark.parametrize(
    ("check_ins", "today", "late"),
    [
        ("", OCTOBER[15], False),
        ("", OCTOBER[16], True),
        ("", date(2026, 9, 30), False),
        ("", date(2027, 1, 1), False),
        ("{date: 2026-10-10}", OCTOBER[24], False),
        ("{date: 2026-10-10}", OCTOBER[25], True),
        ("{date: 2026-10-20}, {date: 2026-10-02}", OCTOBER[25], False),
    ],
)
def test_a_check_in_is_due_after_the_cadence(check_ins, today, late, says):
    text = key_result(f", check_ins: [{check_ins}]")
    assert ("KR-PAY" in says("OKR113", text, today=today)) is late


def test_the_cadence_is_the_cycles_or_the_settings(says):
    assert says("OKR113", key_result(), today=OCTOBER[16], limits=Limits(check_in_days=21)) == []
    weekly = "cycles: [{id: w, from: 2026-10-01, to: 2026-11-01, check_in: 7d}]\n"
    text = weekly + key_result().replace("cycle: 2026-Q4", "cycle: w")
    assert says("OKR113", text, today=OCTOBER[9], limits=Limits(check_in_days=21)) == ["KR-PAY"]


@pytest.mark.parametrize("status", ["achieved", "dropped"])
def test_who_is_done_need_not_check_in(status, says):
    assert says("OKR113", key_result(f", status: {status}"), today=OCTOBER[31]) == []


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ("from: 2027-02-01, to: 2027-05-31", False),
        ("from: 2027-02-01, to: 2027-02-01", False),
        ("from: 2027-05-31, to: 2027-02-01", True),
        ("from: 2027-02-01", True),
        ("to: 2027-02-01", True),
        ("level: team", True),
    ],
)
def test_a_cycle_needs_two_dates_in_order(dates, told, says):
    text = f"cycles: [{{id: spring, {dates}}}]\n"
    assert says("OKR114", text) == (["spring"] if told else [])


@pytest.mark.parametrize(
    ("status", "today", "told"),
    [
        ("", date(2027, 1, 14), False),
        ("", date(2027, 1, 15), True),
        (", status: achieved", date(2027, 1, 15), False),
        (", status: dropped", date(2027, 1, 15), False),
    ],
)
def test_a_cycle_is_closed_within_two_weeks(status, today, told, says):
    assert says("OKR114", key_result(status), today=today) == (["2026-Q4"] if told else [])


def test_an_objective_needs_a_cycle(says):
    text = key_result().replace("    cycle: 2026-Q4\n", "")
    assert says("OKR114", text) == ["O-CHECKOUT"]


LOW, LOWER = "{date: 2026-10-12, confidence: 0.3", "{date: 2026-10-19, confidence: 0.2"


@pytest.mark.parametrize(
    ("check_ins", "told"),
    [
        (f"{LOW}}}, {LOWER}}}", True),
        (f"{LOWER}}}, {LOW}}}", True),
        (f"{LOW}}}", False),
        (f"{LOW}}}, {{date: 2026-10-15}}, {LOWER}}}", True),
        (f"{LOW}}}, {{date: 2026-10-19, confidence: 0.4}}", False),
        (f"{LOW}, decision: Listen}}, {LOWER}}}", False),
        (f"{LOW}}}, {LOWER}, decision: Listen}}", False),
        (f"{LOW}}}, {LOWER}}}, {{date: 2026-10-20, decision: Listen}}", False),
    ],
)
def test_off_track_twice_asks_for_a_decision(check_ins, told, says):
    text = key_result(f", check_ins: [{check_ins}]")
    assert says("OKR117", text, today=OCTOBER[20]) == (["KR-PAY"] if told else [])


def test_a_decision_on_a_hypothesis_is_one(says):
    text = key_result(f", check_ins: [{LOW}}}, {LOWER}}}]", tested=True)
    decided = text + "    decisions: [{choice: kill, date: 2026-10-19}]\n"
    assert says("OKR117", text, today=OCTOBER[20]) == ["KR-PAY"]
    assert says("OKR117", decided, today=OCTOBER[20]) == []


@pytest.mark.parametrize(
    ("more", "today", "due"),
    [
        (", until: 2026-10-10", OCTOBER[10], False),
        (", until: 2026-10-10", OCTOBER[11], True),
        ("", date(2026, 12, 31), False),
        ("", date(2027, 1, 1), True),
        (", until: 2026-10-10, decisions: [{choice: kill, date: 2026-10-12}]", OCTOBER[31], False),
        (
            ", until: 2026-10-10, decisions: [{choice: persevere, date: 2026-10-12}]",
            OCTOBER[31],
            False,
        ),
        (
            ", until: 2026-10-10, decisions: [{choice: persevere, date: 2026-10-02}]",
            OCTOBER[31],
            True,
        ),
        (
            ", decisions: [{choice: pivot, date: 2026-10-12, until: 2026-10-20}]",
            OCTOBER[21],
            True,
        ),
        (", evidence: [{date: 2026-10-05, says: against}]", OCTOBER[19], False),
        (", evidence: [{date: 2026-10-05, says: against}]", OCTOBER[20], True),
        (", evidence: [{date: 2026-10-05, says: unclear}]", OCTOBER[31], False),
        (
            f", {AGAINST}, decisions: [{{choice: pivot, date: 2026-10-05}}]",
            OCTOBER[31],
            False,
        ),
    ],
)
def test_a_decision_is_due_at_its_day_or_on_evidence(more, today, due, says):
    assert says("HY303", hypothesis(more), today=today) == (["H-TAP"] if due else [])


def test_what_serves_dropped_goals_needs_no_decision(says):
    text = hypothesis(", until: 2026-10-10").replace('80%"}', '80%", status: dropped}', 1)
    assert says("HY303", text, today=OCTOBER[31]) == []


@pytest.mark.parametrize(
    ("now", "then", "today", "told"),
    [
        (1, 1, date(2026, 11, 1), True),
        (2, 1, date(2026, 11, 1), False),
        (2, 3, date(2026, 11, 1), True),
        (0, 3, date(2026, 11, 1), False),
        (2, 0, date(2026, 11, 1), False),
        (2, 2, date(2026, 9, 1), True),
        (2, 2, date(2027, 1, 1), False),
    ],
)
def test_fog_hides_what_is_far(now, then, today, told, says):
    cycles = ["2026-Q4"] * now + ["2027-Q1"] * then
    lines = [
        f"- {{id: H-{n}, {GUESS}, serves: [KR-PAY], cycle: {cycle}}}"
        for n, cycle in enumerate(cycles)
    ]
    assert says("HY304", with_hypotheses(*lines), today=today) == ([f"H-{now}"] if told else [])


@pytest.mark.parametrize(
    ("more", "today", "told"),
    [
        (", started: 2026-10-01", OCTOBER[29], False),
        (", started: 2026-10-01", OCTOBER[30], True),
        ("", OCTOBER[30], False),
        (
            ", started: 2026-10-01, evidence: [{date: 2026-10-05, says: unclear}]",
            OCTOBER[30],
            False,
        ),
        (
            ", started: 2026-10-01, decisions: [{choice: kill, date: 2026-10-05}]",
            OCTOBER[30],
            False,
        ),
        (", started: 2026-10-01", date(2027, 2, 1), False),
    ],
)
def test_four_weeks_bring_evidence(more, today, told, says):
    assert says("HY305", hypothesis(more), today=today) == (["H-TAP"] if told else [])


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (f", {AGAINST}, decisions: [{{choice: persevere, date: 2026-10-06}}]", True),
        (
            f", {AGAINST}, decisions: [{{choice: persevere, date: 2026-10-06, because: Rain}}]",
            False,
        ),
        (f", {AGAINST}, decisions: [{{choice: persevere, date: 2026-10-04}}]", False),
        (f", {AGAINST}, decisions: [{{choice: pivot, date: 2026-10-06}}]", False),
        (f", {AGAINST}", False),
        (", decisions: [{choice: persevere, date: 2026-10-06}]", False),
    ],
)
def test_who_goes_on_against_the_evidence_says_why(more, told, says):
    assert says("HY306", hypothesis(more), today=OCTOBER[8]) == (["H-TAP"] if told else [])


@pytest.mark.parametrize(
    ("status", "objective", "told"),
    [
        ("contradicted", "", True),
        ("unsure", "", False),
        ("contradicted", "    status: dropped\n", False),
        ("contradicted", "    status: achieved\n", False),
    ],
)
def test_a_contradicted_belief_carries_no_objective(status, objective, told, says):
    text = key_result().replace("    team:", f"{objective}    team:", 1)
    belief = f"beliefs: [{{id: B, text: It rains, status: {status}, objectives: [O-CHECKOUT]}}]\n"
    assert says("HY308", text + belief) == (["B"] if told else [])


@pytest.mark.parametrize(
    ("today", "tested", "told"),
    [
        (date(2026, 9, 30), False, False),
        (OCTOBER[1], False, True),
        (OCTOBER[1], True, False),
        (date(2027, 1, 1), False, False),
    ],
)
def test_a_key_result_is_tested_while_its_cycle_runs(today, tested, told, says):
    found = says("KR213", key_result(tested=tested), today=today)
    assert found == (["KR-PAY"] if told else [])


def test_a_killed_hypothesis_tests_nothing(says):
    text = hypothesis(", decisions: [{choice: kill, date: 2026-10-02}]")
    assert says("KR213", text, today=OCTOBER[5]) == ["KR-PAY"]


def test_what_the_company_wants_is_tested_by_its_teams(says):
    assert says("KR213", "objectives: []\n", today=OCTOBER[5]) == ["KR-REPEAT"]
    assert "KR-REPEAT" not in says("KR213", key_result(), today=OCTOBER[5])


def waived(code: str, until: str = "") -> str:
    last = f", until: {until}" if until else ""
    return key_result(f", waive: [{{code: {code}, reason: Known{last}}}]")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (waived("KR205"), "silences nothing"),
        (waived("KR205", "2026-09-20"), "ended on 2026-09-20"),
        (waived("KR205", "2026-09-21"), "silences nothing"),
        (waived("WI401"), None),
        (waived("OKR118"), None),
        (waived("KR205").replace("62% to 80%", "80%"), None),
        (waived("KR205", "2026-09-20").replace("62% to 80%", "80%"), "ended on 2026-09-20"),
    ],
)
def test_a_waiver_is_used_or_told(text, told, found):
    (message,) = [each.message for each in found(text) if each.code == "OKR118"] or [None]
    assert (told in message) if told else message is None


def test_a_waiver_of_a_rule_that_was_not_tried_is_not_judged(found):
    assert found(waived("KR205"), rules=[rule for rule in ALL if rule.code != "KR205"]) == ()


def test_a_waiver_of_the_readers_kind_is_used(found):
    task = waived("KR201").replace("Shoppers who pay without calling support: 62% to 80%", "Launch")
    assert "OKR118" not in [each.code for each in found(task)]


def test_a_waiver_in_the_settings_for_nothing_there_is_told(found):
    waiver = Waiver(code="OKR101", reason="Known", goal="O-GONE")
    (finding,) = found("objectives: []\n", policy=Policy(waivers=(waiver,)))
    assert (finding.code, finding.goal) == ("OKR118", "O-GONE")


def test_a_finding_about_a_team_is_waived_in_the_settings(found):
    text = "teams: [{id: Phone, name: iPhone app}]\n"
    waiver = Waiver(code="OKR108", reason="Known", goal="phone")
    assert [each.code for each in found(text)] == ["OKR108"]
    assert found(text, policy=Policy(waivers=(waiver,))) == ()
