"""The counting rules at their edges: what draws a finding, and what must not."""

from __future__ import annotations

import pytest

from okrsync.lint.rule import Limits
from okrsync.lint.rules import ALL

SHAPE = ALL[:5]


@pytest.fixture
def found(found):
    """Run these rules alone: the others have much to say about goals as bare as these."""
    return lambda text, **given: found(text, rules=SHAPE, **given)


@pytest.fixture
def codes(found):
    return lambda text, **given: [f"{each.code} {each.goal}" for each in found(text, **given)]


PARENT = 'parents: [{id: KR-REPEAT, because: "They come back"}]'


def objective(*lines, id_="O-A", kr_lines="", krs=1, cycle="2026-Q4"):
    """Write a team's objective with some more lines, and its key results with some more keys."""
    told = [f"  - id: {id_}", "    title: T", f"    cycle: {cycle}"]
    told += [f"    {line}" for line in (lines or ("team: checkout",))]
    told += ["    key_results:"]
    told += [f"      - {{id: {id_}-{n}, statement: Shoppers pay{kr_lines}}}" for n in range(krs)]
    return "\n".join(told) + "\n"


def file(*objectives, before=""):
    return f"{before}objectives:\n{''.join(objectives)}"


UNITS = "units:\n  - {id: retail, name: Retail}\n"
TEAMS = "teams:\n  - {id: growth, name: Growth}\n"
COMPANY = ("level: company",)
UNIT = ("level: unit", "unit: retail")
TEAM = ("team: checkout",)


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        (file(objective(*TEAM)), ["OKR101 O-A"]),
        (file(objective(*TEAM, PARENT)), []),
        (file(objective(*TEAM, kr_lines=f", {PARENT}")), []),
        (file(objective(*TEAM, "status: dropped")), []),
        (file(objective(*TEAM, "strategy: [S-SHOP]")), ["OKR101 O-A"]),
        (file(objective(*UNIT), before=UNITS), ["OKR101 O-A"]),
        (file(objective(*UNIT, PARENT), before=UNITS), []),
        (file(objective(*COMPANY, cycle="2027")), ["OKR101 O-A"]),
        (file(objective(*COMPANY, "strategy: [S-SHOP]", cycle="2027")), []),
        (file(objective(*COMPANY, PARENT, cycle="2027")), []),
    ],
)
def test_an_orphan_has_neither_parent_nor_strategy(goals, expected, codes):
    assert codes(goals) == expected


@pytest.mark.parametrize(
    ("because", "empty"),
    [
        ("", True),
        ("   ", True),
        ("-", True),
        ("...", True),
        ("TBD", True),
        ("todo: fill in later", True),
        ("n/a", True),
        ("KR-REPEAT", True),
        ("42", True),
        ("Who pays easily comes back", False),
        ("Trust", False),
        ("かれらは戻ってくる", False),
    ],
)
def test_a_story_needs_words_of_its_own(because, empty, codes):
    parent = f'parents: [{{id: KR-REPEAT, because: "{because}"}}]'
    assert codes(file(objective(*TEAM, parent))) == (["OKR102 O-A"] if empty else [])
    in_key_result = file(objective(*TEAM, kr_lines=f", {parent}"))
    assert codes(in_key_result) == (["OKR102 O-A-0"] if empty else [])


def test_a_missing_because_is_no_story(codes):
    assert codes(file(objective(*TEAM, "parents: [{id: KR-REPEAT}]"))) == ["OKR102 O-A"]


def test_each_parent_without_a_story_is_told_where_it_stands(found):
    text = file(
        objective(*TEAM, "parents:", "  - {id: KR-REPEAT}", "  - {id: O-TRUST, because: tbd}")
    )
    assert [(each.code, each.place.line) for each in found(text)] == [("OKR102", 7), ("OKR102", 8)]


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        ([objective(*TEAM, PARENT), objective(*TEAM, PARENT, id_="O-B")], ["OKR104 O-B"]),
        (
            [objective(*TEAM, PARENT), objective(*TEAM, PARENT, "status: dropped", id_="O-B")],
            [],
        ),
        (
            [objective(*TEAM, PARENT), objective("team: growth", PARENT, id_="O-B")],
            [],
        ),
        (
            [objective(*TEAM, PARENT), objective(*TEAM, PARENT, id_="O-B", cycle="2027")],
            [],
        ),
        (
            [objective(*TEAM, PARENT), objective("teams: [growth, checkout]", PARENT, id_="O-B")],
            ["OKR104 O-B"],
        ),
        ([objective(*UNIT, PARENT), objective(*UNIT, PARENT, id_="O-B")], []),
    ],
)
def test_a_team_has_one_objective_in_a_cycle(goals, expected, codes):
    assert codes(file(*goals, before=UNITS + TEAMS)) == expected


def test_the_limit_of_objectives_is_configurable(codes):
    goals = file(*(objective(*TEAM, PARENT, id_=f"O-{n}") for n in "ABC"))
    assert codes(goals, limits=Limits(objectives_per_team=2)) == ["OKR104 O-C"]
    assert codes(goals, limits=Limits(objectives_per_team=3)) == []


def test_a_finding_of_too_many_names_them_all(found):
    goals = file(*(objective(*TEAM, PARENT, id_=f"O-{n}") for n in "ABC"))
    (finding,) = found(goals)
    assert finding.message == (
        "team checkout has 3 objectives in 2026-Q4 (at most 1): O-A, O-B, O-C"
    )


def test_more_than_three_key_results_are_too_many(codes):
    assert codes(file(objective(*TEAM, PARENT, krs=3))) == []
    assert codes(file(objective(*TEAM, PARENT, krs=4))) == ["OKR105 O-A"]
    assert codes(file(objective(*TEAM, PARENT, krs=4, kr_lines=", status: dropped"))) == []
    limits = Limits(key_results_per_objective=4)
    assert codes(file(objective(*TEAM, PARENT, krs=4)), limits=limits) == []
