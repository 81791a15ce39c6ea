"""Rules that look at names: solutions, owners, teams, copies, spheres, customers."""

from __future__ import annotations

import pytest

from okrsync.lint.rules.examples import with_key_results

PAY = '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}'
SOUND = with_key_results(PAY)
TITLE = "Paying is the easiest part of the visit"


def titled(title: str) -> str:
    return SOUND.replace(TITLE, f'"{title}"')


def one(statement: str) -> str:
    return with_key_results(f'- {{id: KR-PAY, statement: "{statement}"}}')


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Launch the mobile app", True),
        ("Launch gitbase and its playground", True),
        ("Roll out NPS tracking", True),
        ("Build a customer portal", True),
        ("Shoppers love the new mobile app", True),
        ("Launch careers here", False),
        ("Launch in two new markets", False),
        ("Release the brakes on learning", True),
        ("Build a culture of recognition", False),
        ("Build the product and design team", False),
        ("Create trust in what we say", False),
        ("Develop our people", False),
        ("Paying is the easiest part of the visit", False),
        ("People use our app without thinking", False),
    ],
)
def test_an_objective_that_builds_a_thing_names_a_solution(title, named, says):
    assert says("OKR106", titled(title)) == (["O-CHECKOUT"] if named else [])


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("Shoppers who pay with the new payment widget: 0% to 30%", True),
        ("Shoppers who pay without calling support: 62% to 80%", False),
        ("New merchants who make a first sale: 18% to 30%", False),
        ("Launch the new app", False),
    ],
)
def test_a_key_result_that_calls_a_thing_new_names_a_solution(statement, named, says):
    assert says("OKR106", one(statement)) == (["KR-PAY"] if named else [])


def test_a_goal_that_repeats_what_its_hypothesis_builds_names_a_solution(says):
    def guess(goal: str, thing: str = "a one-tap wallet", will: str = "pay") -> str:
        told = f"we_believe: {thing}, for: shoppers, will: {will}, serves: [{goal}]"
        return f"hypotheses: [{{id: H, {told}}}]"

    text = one("Shoppers who pay with the one-tap wallet: 0% to 30%")
    assert says("OKR106", text + guess("KR-PAY")) == ["KR-PAY"]
    assert says("OKR106", text + guess("KR-REPEAT")) == []
    behaviour = guess("KR-PAY", "pay without calling", "pay without calling us")
    assert says("OKR106", SOUND + behaviour) == []


@pytest.mark.parametrize(
    ("owner", "a_person"),
    [
        ("Anna de Vries", True),
        ("J. Smith", True),
        ("Smith, John", True),
        ("Seán O'Brien", True),
        ("anna.devries@shop.example", True),
        ("Head of Product", True),
        ("CEO", True),
        ("VP Sales", True),
        ("Checkout", False),
        ("checkout", False),
        ("Payments Team", False),
        ("Customer Success", False),
        ("Data Platform", False),
        ("Merchant Growth", False),
        ("Anna", False),
        ("checkout@shop.example", False),
        ("growth.team@shop.example", False),
        ("street operations", False),
        ("HR", False),
        ("CRM", False),
    ],
)
def test_an_owner_that_looks_like_a_person_is_told(owner, a_person, says):
    text = SOUND.replace("    cycle:", f'    owner: "{owner}"\n    cycle:', 1)
    assert says("OKR107", text) == (["O-CHECKOUT"] if a_person else [])


def test_a_team_may_be_called_like_a_person(says):
    team = "teams: [{id: ada, name: Ada Lovelace}]\n"
    text = SOUND.replace("    cycle:", "    owner: Ada Lovelace\n    cycle:", 1)
    assert says("OKR107", team + text) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("iPhone app team", True),
        ("Android app", True),
        ("Website", True),
        ("CRM migration squad", True),
        ("Checkout redesign", True),
        ("Project Phoenix", False),
        ("Phoenix project", True),
        ("Mobile commerce", False),
        ("Checkout", False),
        ("Platform", False),
        ("Rider experience", False),
        ("Mapping", False),
        ("Applications", False),
    ],
)
def test_a_team_named_after_what_it_delivers_is_told(name, told, says):
    assert says("OKR108", f"teams: [{{id: t, name: {name}}}]\n") == (["t"] if told else [])


@pytest.mark.parametrize(
    ("statement", "copied"),
    [
        ("Shoppers who buy again within 30 days: 31% to 40%", True),
        ("Increase shoppers who buy again within 60 days from 20% to 25%", True),
        ("German shoppers who buy again within 30 days: 31% to 40%", False),
        ("Shoppers who pay without calling support: 62% to 80%", False),
        ("Shoppers who return without writing: 40% to 70%", False),
    ],
)
def test_a_copy_adds_no_word_to_its_parent(statement, copied, says):
    assert says("OKR109", one(statement)) == (["KR-PAY"] if copied else [])


def test_everyone_gets_the_revenue_goal(says):
    top = """\
objectives:
  - id: O-TOP
    title: We thrive
    level: company
    cycle: 2027
    strategy: [S-SHOP]
    key_results: [{id: KR-TOP, statement: "Revenue from 40M to 50M"}]
"""
    mine = one("Grow revenue from 4M to 5M").removeprefix("objectives:\n")
    text = top + mine.replace("KR-REPEAT", "KR-TOP")
    assert says("OKR109", text) == ["KR-PAY"]


@pytest.mark.parametrize(
    ("step", "outside"), [("pay", False), ("Return", False), ("choose", True), ("receive", True)]
)
def test_a_step_outside_the_sphere_is_told(step, outside, says):
    text = with_key_results(PAY.replace("}", f", journey: {step}}}"))
    assert says("OKR110", text) == (["KR-PAY"] if outside else [])


def test_one_sphere_of_several_teams_is_enough(says):
    teams = "teams: [{id: shelves, name: Shelves, sphere: [choose]}]\n"
    text = teams + with_key_results(PAY.replace("}", ", journey: choose}"))
    shared = text.replace("team: checkout", "teams: [checkout, shelves]")
    assert says("OKR110", shared) == []
    assert says("OKR110", text) == ["KR-PAY"]


def test_a_measure_of_the_whole_company_is_outside_every_sphere(says):
    assert says("OKR110", one("Market share from 10% to 12%")) == ["KR-PAY"]
    nowhere = "teams: [{id: lost, name: Lost}]\n" + one("Market share from 10% to 12%")
    assert says("OKR110", nowhere.replace("team: checkout", "team: lost")) == []


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ("shopper", True),
        ("Shoppers", True),
        ("returning shoppers in Spain", True),
        ("engineers", True),
        ("users", True),
        ("everyone", True),
        ("wholesalers", False),
        ("shoper", False),
    ],
)
def test_who_is_served_stands_in_the_register(who, known, says):
    text = with_key_results(f"- {{id: KR-PAY, who: {who}, does_what: pay}}")
    assert says("OKR115", text) == ([] if known else ["KR-PAY"])


def test_a_sentence_is_held_against_the_register_too(says):
    assert says("OKR115", one("Nurses who sign on their first day: 20% to 80%")) == ["KR-PAY"]
    assert says("OKR115", one("API uptime for nurses: 99% to 99.9%")) == []


def test_hypotheses_and_teams_name_customers_that_exist(says):
    text = """\
teams: [{id: t, name: T, customers: [shoper]}]
hypotheses:
  - {id: H-A, we_believe: a tap, for: nurses, will: pay, serves: [KR-REPEAT]}
  - {id: H-B, we_believe: a tap, for: new shoppers, will: pay, serves: [KR-REPEAT]}
"""
    assert says("OKR115", text) == ["t", "H-A"]


@pytest.mark.parametrize(
    ("functions", "customers", "told"),
    [
        ("[marketing]", "[shopper]", True),
        ("[marketing]", "[]", True),
        ("[marketing]", "[engineer]", False),
        ("[marketing, engineering]", "[shopper]", False),
        ("[]", "[shopper]", False),
    ],
)
def test_one_function_alone_is_told_where_customers_are_outside(functions, customers, told, says):
    team = f"teams: [{{id: t, name: T, functions: {functions}, customers: {customers}}}]\n"
    text = team + SOUND.replace("team: checkout", "team: t")
    assert says("OKR116", text) == (["O-CHECKOUT"] if told else [])
