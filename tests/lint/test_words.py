"""Rules that look at the words and numbers of a key result or hypothesis."""

from __future__ import annotations

from datetime import date

import pytest

from okrsync.lint.rule import Limits
from okrsync.lint.rules.examples import with_hypotheses, with_key_results

LANGUAGE = ("KR201", "KR202", "KR203", "KR204", "KR205", "KR206", "KR207")


def one(statement: str, more: str = "") -> str:
    return with_key_results(f'- {{id: KR-A, statement: "{statement}"{more}}}')


def fields(measure: str, more: str = "who: shopper, does_what: pay") -> str:
    return with_key_results(f"- {{id: KR-A, {more}, by_how_much: {{{measure}}}}}")


@pytest.fixture
def heard(says):
    """Return the codes of the rules about words that speak."""
    return lambda text: [code for code in LANGUAGE if says(code, text)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Launch the new checkout", ["KR201"]),
        ("API uptime 99.9%", ["KR206"]),
        ("Revenue from 4M to 5M", ["KR207"]),
        ("Shoppers pay without calling support", ["KR204"]),
        ("80% of shoppers pay without calling support", ["KR205"]),
        ("Engineers who ship on their first day: 20% to 80%", []),
        ("Merchants: 5 to 10", ["KR203"]),
        ("asdf", []),
        ("Ziel erreichen", []),
        ("12", []),
    ],
)
def test_a_text_is_told_once_what_it_is_or_lacks(statement, expected, heard):
    assert heard(one(statement)) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("outcome", ["KR202", "KR204"]),
        ("task", ["KR201"]),
        ("system", ["KR206"]),
        ("impact", ["KR207"]),
        ("unclear", []),
    ],
)
def test_a_persons_kind_overrules_the_reader(kind, expected, heard):
    found = heard(one("Launch the new checkout", f", kind: {kind}"))
    assert [code for code in found if code in expected] == found


@pytest.mark.parametrize("code", ["KR201", "KR206", "KR207"])
def test_a_waived_kind_overrules_the_reader_for_the_other_rules_too(code, heard, found):
    told = {"KR201": "Launch it", "KR206": "API uptime 99.9%", "KR207": "Revenue from 4M to 5M"}
    text = one(told[code], f", waive: [{{code: {code}, reason: Misread}}]")
    assert code not in heard(text)
    assert "KR211" not in [each.code for each in found(text)]


def test_revenue_is_fine_for_the_company(says):
    text = """\
objectives:
  - id: O-TOP
    title: We thrive
    level: company
    cycle: 2027
    strategy: [S-SHOP]
    key_results: [{id: KR-A, statement: "Revenue from 4M to 5M"}]
"""
    assert says("KR207", text) == []
    assert says("KR204", text.replace("from 4M to 5M", "grows")) in ([], ["KR-A"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (fields("from: 62, to: 80, unit: percent"), []),
        (fields("to: 80, unit: percent"), ["KR205"]),
        (fields("from: 62"), ["KR204"]),
        (fields("from: 62, to: 80", "does_what: pay at once"), ["KR202"]),
        (fields("from: 62, to: 80", "who: shopper"), ["KR203"]),
    ],
)
def test_fields_are_certain_about_what_is_missing(text, expected, heard):
    assert heard(text) == expected


def test_a_value_from_before_the_cycle_is_a_baseline(says):
    check_in = ", check_ins: [{date: %s, value: 62}]"
    text = "80% of shoppers pay without calling support"
    assert says("KR205", one(text, check_in % "2026-10-01")) == []
    assert says("KR205", one(text, check_in % "2026-10-02")) == ["KR-A"]


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("from: 62, to: 80, unit: percent", False),
        ("from: 62, to: 62, unit: percent", True),
        ("from: 62, to: 63, unit: percent", True),
        ("from: 98, to: 99, unit: percent", False),
        ("from: 100, to: 104, unit: orders", True),
        ("from: 100, to: 105, unit: orders", False),
        ("from: 100, to: 96, unit: calls", True),
        ("from: 0, to: 1, unit: percent", False),
        ("from: 4.4, to: 4.5, unit: stars", False),
        ("from: 1000000, to: 1040000, unit: NPS points", False),
        ("to: 80, unit: percent", False),
        ("from: 80, unit: percent", False),
    ],
)
def test_a_step_costs_something(measure, told, says):
    assert says("KR208", fields(measure)) == (["KR-A"] if told else [])


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("Shoppers who pay without calling support: 62% to 63%", True),
        ("Increase shoppers who pay without a call from 80% to 62%", True),
        ("Reduce shoppers who call us from 80% to 62%", False),
        ("Revenue from 100M to 104M", False),
        ("Launch 5 to 5 things", False),
    ],
)
def test_a_sentence_is_sandbagged_by_its_numbers(statement, told, says):
    assert says("KR208", one(statement)) == (["KR-A"] if told else [])


def test_what_is_trivial_is_configurable(says):
    text = fields("from: 100, to: 110, unit: orders")
    assert says("KR208", text, limits=Limits(trivial_percent=20)) == ["KR-A"]


@pytest.mark.parametrize(
    ("check_in", "today", "told"),
    [
        ("{date: 2026-10-20, value: 80}", date(2026, 10, 21), True),
        ("{date: 2026-10-20, value: 79}", date(2026, 10, 21), False),
        ("{date: 2026-11-20, value: 85}", date(2026, 11, 21), False),
        ("{date: 2026-09-20, value: 85}", date(2026, 10, 21), False),
        ("{date: 2026-10-20, value: 80}", date(2027, 1, 21), False),
    ],
)
def test_a_target_reached_in_the_first_third_was_sandbagged(check_in, today, told, says):
    text = one("Shoppers who pay without a call: 62% to 80%", f", check_ins: [{check_in}]")
    assert says("KR208", text, today=today) == (["KR-A"] if told else [])


def test_a_falling_target_is_reached_from_above(says):
    text = with_key_results(
        "- id: KR-A",
        "  who: shopper",
        "  does_what: call us",
        "  by_how_much: {from: 80, to: 40}",
        "  check_ins: [{date: 2026-10-20, value: 39}]",
    )
    assert says("KR208", text, today=date(2026, 10, 21)) == ["KR-A"]
    assert says("KR208", text.replace("39", "41"), today=date(2026, 10, 21)) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("90% of tickets done", True),
        ("Percent of planned stories completed: 0 to 90", True),
        ("Close 80% of the backlog", True),
        ("Number of story points delivered: 20 to 40", True),
        ("Support tickets per order: 0.4 to 0.2", False),
        ("80% of support tickets closed within a day", False),
        ("80% of customer tickets closed", False),
        ("Shoppers who buy tickets online: 20% to 40%", False),
        ("Readers who finish all stories: 20% to 40%", False),
        ("All tickets sold by May", False),
    ],
)
def test_progress_is_not_counted_from_tickets(statement, told, says):
    assert says("KR210", one(statement)) == (["KR-A"] if told else [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (fields("from: 0, to: 1"), True),
        (fields("to: 1, unit: yes/no"), True),
        (fields("from: 0, to: 1, unit: sale a week"), False),
        (fields("from: 0, to: 10"), False),
        (one("The new page is live: yes/no"), True),
        (one("Payment page 100% complete"), True),
        (one("Shoppers who complete their order: 60% to 100%"), False),
    ],
)
def test_done_or_not_is_no_measure(text, told, says):
    assert says("KR212", text) == (["KR-A"] if told else [])


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("Train the support team", True),
        ("Shoppers who pay without a call: 62% to 80%", False),
        ("asdf", False),
    ],
)
def test_an_objective_of_tasks_alone_is_a_task_list(second, told, says):
    text = with_key_results(
        '- {id: KR-A, statement: "Launch the new page"}', f'- {{id: KR-B, statement: "{second}"}}'
    )
    assert says("KR211", text) == (["O-CHECKOUT"] if told else [])


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ("we_believe: one tap, for: shoppers, will: pay at once", ()),
        ("we_believe: one tap, will: pay at once", ("for whom",)),
        ("we_believe: one tap for shoppers, will: pay at once", ()),
        ("we_believe: one tap, for: shoppers", ("differently",)),
        ('statement: "We believe in one tap"', ("for whom", "differently")),
        ('statement: "We believe that one tap will grow revenue"', ("for whom", "differently")),
        ('statement: "We believe that if we offer one tap, shoppers will pay at once"', ()),
    ],
)
def test_a_hypothesis_names_thing_people_and_change(told, missing, found):
    text = with_hypotheses(f"- {{id: H-A, {told}, serves: [KR-PAY], cycle: 2026-Q4}}")
    messages = [each.message for each in found(text) if each.code == "HY301"]
    assert len(messages) == bool(missing)
    assert all(part in messages[0] for part in missing)


@pytest.mark.parametrize(("serves", "told"), [("[]", True), ("[KR-PAY]", False)])
def test_a_hypothesis_serves_a_key_result(serves, told, says):
    text = with_hypotheses(f"- {{id: H-A, statement: We believe, serves: {serves}}}")
    assert says("HY302", text) == (["H-A"] if told else [])


@pytest.mark.parametrize(
    ("sides", "parent", "expected"),
    [
        (("leading",), "", {"OKR111"}),
        (("lagging",), "", {"OKR112"}),
        (("leading", "lagging"), "", set()),
        ((None, "leading"), "", set()),
        (("leading",), "lagging", set()),
        (("leading",), "leading", {"OKR111"}),
        (("leading",), None, set()),
    ],
)
def test_an_objective_has_a_leading_and_a_lagging_side(sides, parent, expected, says):
    top = f", indicator: {parent}" if parent else ""
    above = f"""\
  - id: O-TOP
    title: We thrive
    level: company
    cycle: 2027
    key_results: [{{id: KR-TOP, statement: Shoppers stay{top}}}]
"""
    krs = [
        f"- {{id: KR-{n}, statement: Shoppers pay{f', indicator: {side}' if side else ''}}}"
        for n, side in enumerate(sides)
    ]
    mine = with_key_results(*krs)
    link = "parents: [{id: KR-TOP, because: They stay}]"
    was = (
        'parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]'
    )
    alone = parent == ""
    text = mine.replace(was, "parents: []") if alone else mine.replace(was, link) + above
    assert {code for code in ("OKR111", "OKR112") if "O-CHECKOUT" in says(code, text)} == expected


def test_what_is_expected_to_follow_is_a_lagging_side(says):
    text = with_key_results('- {id: KR-A, statement: S, indicator: leading, expects: ["Revenue"]}')
    alone = text.replace(
        'parents: [{id: KR-REPEAT, because: "Shoppers who had', 'problem: "'
    ).replace('come back half as often"}]', 'us"')
    assert says("OKR111", alone) == []
    assert says("OKR111", alone.replace(', expects: ["Revenue"]', "")) == ["O-CHECKOUT"]


def test_a_leading_key_result_below_is_a_leading_side(says):
    top = """\
  - id: O-TOP
    title: We thrive
    level: company
    cycle: 2027
    key_results: [{id: KR-TOP, statement: Shoppers stay, indicator: lagging}]
"""
    mine = with_key_results("- {id: KR-A, statement: S, indicator: %s}").replace(
        "KR-REPEAT", "KR-TOP"
    )
    assert says("OKR112", mine % "leading" + top) == []
    assert "O-TOP" in says("OKR112", mine % "lagging" + top)
