"""Rules about work: right where they speak, and silent where nobody can be sure."""

from __future__ import annotations

from datetime import date

import pytest

from okrsync.core.goals import Waiver
from okrsync.core.work import Amount
from okrsync.lint.policy import Policy
from okrsync.lint.rule import Limits, Severity
from okrsync.lint.rules.examples import (
    KILLED,
    WORKED_ON,
    with_hypotheses,
    with_key_results,
)

TWO = with_key_results(
    '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%", '
    "time_to_effect: 2w}",
    '- {id: KR-BACK, statement: "Shoppers who send something back alone: 40% to 60%", '
    "time_to_effect: 8w}",
    '- {id: KR-PAGE, statement: "Launch the new checkout page"}',
)
TAP = "We believe that if we offer one tap, shoppers will pay without calling support"


def tap(*lines: str) -> str:
    head = ("- id: H-TAP", f'  statement: "{TAP}"', "  serves: [KR-PAY]", "  cycle: 2026-Q4")
    return with_hypotheses(*head, *(f"  {line}" for line in lines))


def items(*lines: str) -> str:
    """Write items one a line; each gets a key and a title unless it has one."""
    told = []
    for number, line in enumerate(lines, 1):
        key = "" if "key:" in line else f"key: PAY-{number}, "
        title = "" if "title:" in line else f"title: Step {number}, "
        told.append(f"- {{{key}{title}{line}}}\n")
    return "".join(told)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("status: todo", "WI401"),
        ("status: doing, vetoes: [KR-PAY], links: []", "WI401"),
        ("links: [KR-PAGE]", "WI402"),
        ("links: [H-TAP]", "WI403"),
        ("links: [KR-PAY]", None),
        ("status: done, resolved: 2026-09-20", None),
        ("status: cancelled, links: [H-TAP]", None),
    ],
)
def test_an_item_draws_one_of_401_402_403_and_only_while_it_is_open(item, code, worked):
    text = KILLED.replace(
        '80%"}\n', '80%"}\n      - {id: KR-PAGE, statement: "Launch the new checkout page"}\n', 1
    )
    found = [x.code for x in worked(text, items(item)) if x.code in {"WI401", "WI402", "WI403"}]
    assert found == ([code] if code else [])


def test_the_kind_is_named_also_through_a_hypothesis(worked):
    text = (
        TWO
        + "hypotheses:\n"
        + "".join(
            f"  {line}\n"
            for line in (
                "- id: H-NEW",
                f'  statement: "{TAP}"',
                "  serves: [KR-PAGE]",
                "  cycle: 2026-Q4",
            )
        )
    )
    (found,) = [x for x in worked(text, items("links: [H-NEW]")) if x.code == "WI402"]
    assert "KR-PAGE reads as a task" in found.message
    assert "okrsync coach 'Launch the new checkout page'" in found.action


@pytest.mark.parametrize(
    ("item", "late"),
    [
        ("links: [KR-PAY], due: 2026-12-17", False),
        ("links: [KR-PAY], due: 2026-12-18", True),
        ("links: [KR-BACK], due: 2026-11-06", True),
        ("links: [KR-BACK, KR-PAY], due: 2026-12-17", False),
        ("links: [KR-PAGE], due: 2026-12-30", False),
        ("links: [KR-PAY], due: 2026-12-30, status: done", False),
        ("links: [KR-PAY]", False),
    ],
)
def test_it_is_too_late_by_the_shortest_time_to_effect(item, late, says_of_work):
    assert bool(says_of_work("WI404", TWO, items(item))) is late


@pytest.mark.parametrize(
    ("work", "about"),
    [
        (["links: [KR-PAY, KR-BACK]"], ["PAY-1"]),
        (["links: [KR-PAY, O-CHECKOUT]"], []),
        (["links: [KR-PAY, KR-REPEAT]"], []),
        (["links: [KR-PAY]", "links: [KR-BACK], parent: PAY-1"], ["PAY-2"]),
        (["links: [O-CHECKOUT]", "links: [KR-BACK], parent: PAY-1"], []),
        (["links: [KR-PAY]", "parent: PAY-1"], []),
        (["links: [KR-PAY, KR-BACK]", "parent: PAY-1"], ["PAY-1"]),
        (["links: [KR-PAY], vetoes: [KR-BACK]"], []),
    ],
)
def test_links_contradict_where_neither_goal_is_above_the_other(work, about, says_of_work):
    assert says_of_work("WI405", TWO, items(*work)) == about


def test_a_label_of_no_goal_is_told_with_what_was_meant(worked):
    found = worked(
        WORKED_ON, items('links: [KR-PAY], labels: ["okr:KR-PYA", "okr:NOTHING-LIKE-IT"]')
    )
    told = {x.other: x.action for x in found if x.code == "WI406"}
    assert "okrsync link PAY-1 KR-PAY" in told["kr-pya"]
    assert "write that goal down" in told["nothing-like-it"]


@pytest.mark.parametrize(
    ("item", "about"),
    [
        ("key: FIND-1, links: [KR-PAY]", ["FIND-1"]),
        ("key: FIND-1, links: [KR-PAY, KR-REPEAT]", []),
        ("key: FIND-1, links: [KR-REPEAT]", []),
        ("key: OTHER-1, links: [KR-PAY]", []),
        ("key: PAY-1, links: [KR-PAY]", []),
    ],
)
def test_only_a_mapped_teams_item_can_serve_another_team(item, about, says_of_work):
    text = WORKED_ON + "teams: [{id: find, name: Find, works_in: [{tracker: jira, scope: FIND}]}]\n"
    assert says_of_work("WI407", text, items(item)) == about


def test_shares_count_no_epic_with_children_and_no_part_of_what_is_estimated(worked):
    work = items(
        "key: PAY-1, type: Epic, status: doing, estimate: 13",
        "key: PAY-2, parent: PAY-1, links: [KR-PAY], estimate: 3",
        "key: PAY-3, parent: PAY-2, type: Sub-task, vetoes: [KR-PAY]",
        "key: PAY-4, parent: PAY-1",
        "key: PAY-5, parent: PAY-4, type: Sub-task",
        "key: PAY-6, type: Epic",
        "key: PAY-7, status: cancelled",
        "key: PAY-8, status: done",
        "key: NOBODY-1",
    )
    found = {x.goal: x.message for x in worked(WORKED_ON, work) if x.code == "PF501"}
    assert "(1 of 4 items;" in found["checkout"]
    assert "(1 of 5 items;" in found["company"]


def test_the_share_is_told_from_the_limit_down(says_of_work):
    work = items(
        "links: [KR-PAY]", "links: [KR-PAY]", "links: [KR-PAY]", "status: todo", "status: todo"
    )
    assert says_of_work("PF501", WORKED_ON, work) == []
    stricter = Limits(aligned_percent=61)
    assert set(says_of_work("PF501", WORKED_ON, work, limits=stricter)) == {"company", "checkout"}


def test_work_below_feeds_the_key_results_it_is_meant_to_move(says_of_work):
    day = date(2026, 10, 5)
    assert says_of_work("PF502", WORKED_ON, items("links: [H-TAP], status: doing"), today=day) == []
    idle = items("links: [H-TAP], status: todo")
    assert says_of_work("PF502", WORKED_ON, idle, today=day) == ["KR-REPEAT", "KR-PAY"]


def test_the_stop_list_holds_the_largest_heaps_in_order(worked):
    work = items(
        "key: PAY-1, type: Epic, title: Brand",
        *(f"key: PAY-{n}, parent: PAY-1" for n in (2, 3, 4)),
        *(f"key: PAY-{n}, components: [till]" for n in (5, 6, 7, 8)),
        "key: PAY-9, components: [shelf]",
    )
    found = [x for x in worked(WORKED_ON, work) if x.code == "PF504"]
    assert [x.goal for x in sorted(found, key=lambda x: x.message, reverse=True)] == [
        "the component till of PAY",
        "PAY-1",
    ]
    assert "okrsync link PAY-1 GOAL" in next(x.action for x in found if x.goal == "PAY-1")
    assert {x.goal: (x.amount, x.teams) for x in found} == {
        "the component till of PAY": (Amount(4), ("checkout",)),
        "PAY-1": (Amount(3), ("checkout",)),
    }


def test_each_team_has_its_largest_heaps_on_the_stop_list_beside_the_five_largest(worked):
    large = [
        f"key: PAY-{10 * heap + n}, components: [c{heap}]" for heap in range(8) for n in range(4)
    ]
    nobodys = [
        f"key: OPS-{10 * heap + n}, components: [d{heap}]" for heap in range(6) for n in range(6)
    ]
    found = [x for x in worked(WORKED_ON, items(*large, *nobodys)) if x.code == "PF504"]
    assert sorted(x.amount.items for x in found) == [4, 4, 4, 6, 6, 6, 6, 6]


@pytest.mark.parametrize(
    ("value", "done", "today", "busy"),
    [
        (63, 5, date(2026, 11, 20), True),
        (64, 5, date(2026, 11, 20), False),
        (63, 4, date(2026, 11, 20), False),
        (63, 5, date(2026, 11, 10), False),
        (None, 5, date(2026, 11, 20), False),
    ],
)
def test_busy_means_work_done_half_the_cycle_gone_and_a_flat_metric(
    value, done, today, busy, says_of_work
):
    checked = f", value: {value}" if value else ""
    text = with_key_results(
        "- id: KR-PAY",
        '  statement: "Shoppers who pay without calling support: 62% to 80%"',
        f"  check_ins: [{{date: 2026-11-09{checked}, confidence: 0.5, note: So}}]",
    )
    work = items(*["links: [KR-PAY], status: done, resolved: 2026-11-02"] * done)
    assert says_of_work("PF505", text, work, today=today) == (["KR-PAY"] if busy else [])


def test_work_done_before_the_cycle_is_no_work_of_the_cycle(says_of_work):
    text = with_key_results(
        "- id: KR-PAY",
        '  statement: "Shoppers who pay without calling support: 62% to 80%"',
        "  check_ins: [{date: 2026-11-09, value: 62, confidence: 0.5, note: So}]",
    )
    work = items(*["links: [KR-PAY], status: done, resolved: 2026-09-30"] * 6)
    assert says_of_work("PF505", text, work, today=date(2026, 11, 20)) == []


@pytest.mark.parametrize(
    ("text", "work", "about"),
    [
        (KILLED, ["links: [H-TAP], status: doing"], ["H-TAP"]),
        (KILLED, ["links: [H-TAP], status: todo"], []),
        (KILLED, ["links: [H-TAP, KR-PAY], status: doing"], []),
        (WORKED_ON, ["links: [H-TAP], status: doing"], []),
    ],
)
def test_a_killed_hypothesis_is_told_while_something_moves_for_it_alone(
    text, work, about, says_of_work
):
    assert says_of_work("HY307", text, items(*work)) == about


@pytest.mark.parametrize(
    ("count", "named"), [(3, "(PAY-1, PAY-2, PAY-3)"), (4, "(such as PAY-1, PAY-2, PAY-3)")]
)
def test_of_what_moves_for_a_killed_hypothesis_a_few_are_named_as_such(count, named, worked):
    work = items(*["links: [H-TAP], status: doing"] * count)
    (message,) = (each.message for each in worked(KILLED, work) if each.code == "HY307")
    assert named in message


@pytest.mark.parametrize(
    ("lines", "work", "about"),
    [
        ([], ["status: done, resolved: 2026-08-23"], ["H-TAP"]),
        ([], ["status: done, resolved: 2026-08-24"], []),
        ([], ["status: done, resolved: 2026-08-01", "status: todo"], []),
        ([], ["status: done, resolved: 2026-08-01", "status: cancelled"], ["H-TAP"]),
        ([], ["status: cancelled"], []),
        (
            ["evidence: [{date: 2026-09-01, says: unclear, source: calls}]"],
            ["status: done, resolved: 2026-08-01"],
            [],
        ),
        (
            ["decisions: [{choice: persevere, date: 2026-09-01, because: So}]"],
            ["status: done, resolved: 2026-08-01"],
            [],
        ),
    ],
)
def test_shipped_is_not_learned_when_the_window_has_passed(lines, work, about, says_of_work):
    told = items(*(f"links: [H-TAP], {each}" for each in work))
    assert says_of_work("HY309", tap(*lines), told) == about


PIVOT = "decisions: [{{choice: pivot, date: {}, because: So}}]"
AGAINST = "evidence: [{date: 2026-09-10, says: against, source: pilot}]"


@pytest.mark.parametrize(
    ("lines", "item", "told"),
    [
        ([AGAINST], "status: doing", True),
        ([AGAINST], "status: todo", False),
        (
            [AGAINST, "decisions: [{choice: pivot, date: 2026-09-11, because: So}]"],
            "status: doing",
            False,
        ),
        (
            [AGAINST, "decisions: [{choice: pivot, date: 2026-09-01, because: So}]"],
            "status: doing",
            True,
        ),
        (["evidence: [{date: 2026-09-10, says: for, source: pilot}]"], "status: doing", False),
    ],
)
def test_work_that_goes_on_against_the_evidence_is_told(lines, item, told, says_of_work):
    found = says_of_work("HY306", tap(*lines), items(f"links: [H-TAP], {item}"))
    assert bool(found) is told


@pytest.mark.parametrize(
    ("item", "today", "told"),
    [
        ("status: doing, created: 2026-09-01", date(2026, 11, 1), True),
        ("status: doing, created: 2026-09-01", date(2026, 10, 20), False),
        ("status: doing, created: 2026-10-20", date(2026, 11, 1), False),
        ("status: todo, created: 2026-09-01", date(2026, 11, 1), False),
        ("status: done, created: 2026-09-01, resolved: 2026-09-20", date(2026, 11, 1), False),
    ],
)
def test_weeks_of_work_in_the_cycle_without_evidence_are_told(item, today, told, says_of_work):
    found = says_of_work("HY305", WORKED_ON, items(f"links: [H-TAP], {item}"), today=today)
    assert bool(found) is told


@pytest.mark.parametrize(
    ("statement", "title", "kind", "restates"),
    [
        ("Launch the new checkout page", "New checkout page", "Epic", True),
        ("Launch the new checkout page", "Checkout page", "Story", True),
        ("Migrate billing to the new system", "Billing system migration", "Epic", True),
        ("Launch the new checkout page", "Fix the checkout page on phones", "Story", False),
        ("Launch the new checkout page", "Checkout", "Epic", False),
        ("Publish the security strategy for 2026", "Support strategy", "Epic", False),
        (
            "Shoppers who pay without calling: 62% to 80%",
            "Shoppers pay without calling",
            "Epic",
            False,
        ),
    ],
)
def test_a_key_result_restates_only_what_says_hardly_anything_else(
    statement, title, kind, restates, says_of_work
):
    text = with_key_results(f'- {{id: KR-X, statement: "{statement}"}}')
    work = items(f'title: "{title}", type: {kind}')
    assert bool(says_of_work("KR209", text, work)) is restates


@pytest.mark.parametrize(
    ("objective", "epic", "named"),
    [
        ("Shoppers love our one tap wallet button", "One tap wallet", True),
        ("Everybody uses the Smart Basket at home", "Smart Basket", True),
        ("Shoppers find smart baskets", "Smart basket", False),
        ("Paying without calling support is easy", "Paying without calling support", False),
        ("Paying is the easiest part of the visit", "Paying", False),
    ],
)
def test_a_goal_that_holds_the_name_of_an_epic_names_a_solution(
    objective, epic, named, says_of_work
):
    text = WORKED_ON.replace("Paying is the easiest part of the visit", objective)
    work = items(f'title: "{epic}", type: Epic, links: [KR-PAY]')
    assert bool(says_of_work("OKR106", text, work)) is named


def test_a_waiver_with_an_items_key_or_on_the_goal_answers_for_it(worked):
    def found(*waivers: Waiver) -> list[str]:
        work = items("key: PAY-1", "key: PAY-2, links: [KR-PAGE]")
        told = worked(TWO, work, policy=Policy(waivers=waivers))
        return [f"{x.code} {x.goal}" for x in told if x.code in {"WI401", "WI402", "OKR118"}]

    by_key = Waiver(code="WI401", goal="pay-1", reason="It is a spike")
    by_goal = Waiver(code="WI402", goal="KR-PAGE", reason="We know")
    assert found() == ["WI401 PAY-1", "WI402 PAY-2"]
    assert found(by_key, by_goal) == []
    unused = Waiver(code="WI401", goal="PAY-2", reason="It was one")
    assert found(by_key, by_goal, unused) == ["OKR118 PAY-2"]


def test_severities_follow_the_items_team(worked):
    strict = Policy(by_team={"checkout": {"WI401": Severity.ERROR}})
    found = worked(WORKED_ON, items("key: PAY-1", "key: NOBODY-1"), policy=strict)
    told = {x.goal: x.severity for x in found if x.code == "WI401"}
    assert told == {"PAY-1": Severity.ERROR, "NOBODY-1": Severity.WARNING}


def test_no_finding_about_work_names_more_than_teams_goals_and_items(worked):
    work = items("links: [H-TAP], status: doing", "status: todo", "links: [KR-PAY, KR-REPEAT]")
    for found in worked(KILLED, work):
        assert found.action
        if found.item is not None:
            assert found.item.url == f"https://jira.example.com/browse/{found.goal}"
