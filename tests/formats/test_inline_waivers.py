"""Waivers in comments: whom they are for, what they need, and what is no comment at all."""

from __future__ import annotations

import pytest

from okrsync_yaml.goals import goals_of

FILE = """\
teams: [{id: t, name: T}]
cycles: [{id: c, from: 2026-10-01, to: 2026-12-31}]
objectives:
  # okrsync: waive OKR104 because the second one ends in May until 2027-05-31
  - id: O-A
    title: A   # okrsync: waive OKR101, OKR106 because the board wants it so
    team: t
    cycle: c
    key_results:   # okrsync: waive OKR105 because four are few
      - id: KR-A
        statement: >
          Shoppers who pay
        # okrsync: waive KR205 because nobody measured it
        owner: t
      # A common remark.

      # okrsync: waive KR204 because a target comes with the pilot
      - {id: KR-B, statement: "Shoppers pay"}
    owner: t  # okrsync: waive OKR107 because we like it
hypotheses:
  - {id: H-A, statement: "We believe # okrsync: waive HY302 because it is quoted", serves: [KR-A]}
beliefs:
  - {id: B-A, text: It holds}   # okrsync: waive HY308 because it is asked again
"""


def read(text: str):
    return goals_of({"a.yaml": text.encode()})


def waived(text: str) -> dict[str, list[str]]:
    goals = read(text)
    return {goal.id: [w.code for w in goal.waive] for goal in goals.by_fold.values() if goal.waive}


def test_a_comment_is_for_the_goal_it_stands_beside():
    assert waived(FILE) == {
        "O-A": ["OKR104", "OKR101", "OKR106", "OKR105", "OKR107"],
        "KR-A": ["KR205"],
        "KR-B": ["KR204"],
        "B-A": ["HY308"],
    }


def test_it_has_its_reason_its_last_day_and_its_place():
    waiver = read(FILE).goal("O-A").waive[0]
    assert waiver.reason == "the second one ends in May"
    assert str(waiver.until) == "2027-05-31"
    assert (waiver.place.line, waiver.place.column) == (4, 3)
    assert waiver.goal == "O-A"


def test_it_adds_to_the_waivers_of_the_goal():
    text = FILE.replace("    team: t\n", "    team: t\n    waive: [{code: OKR116, reason: May}]\n")
    assert waived(text)["O-A"][0] == "OKR116"


def test_line_ends_of_windows_change_nothing():
    assert waived(FILE.replace("\n", "\r\n")) == waived(FILE)


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("waive KR205", "without a reason"),
        ("waive KR205 because", "without a reason"),
        ("waive KR205 because …", "without a reason"),
        ("waive baseline because it is new", "no waiver that can be read"),
        ("waive KR205 until 2026-12-31 because it is new", "no waiver that can be read"),
        ("waive KR205 because it is new until 2026-31-12", "no day"),
        ("waive KR205 because it is new until 2026-12-31 or so", "at the end"),
        ("waive OKR103 because it is new", "cannot be waived"),
    ],
)
def test_a_comment_that_would_not_work_is_a_mistake(comment, told, mistakes):
    text = FILE.replace("waive KR205 because nobody measured it", comment)
    (mistake,) = mistakes(read, text)
    assert mistake.startswith("a.yaml:13:9: ")
    assert told in mistake


def test_a_comment_beside_no_goal_is_a_mistake(mistakes):
    text = FILE.replace("name: T}]", "name: T}]   # okrsync: waive OKR108 because we like it")
    (mistake,) = mistakes(read, text)
    assert "beside no goal" in mistake


def test_a_comment_beside_several_goals_is_a_mistake(mistakes):
    text = FILE.replace(
        '      - {id: KR-B, statement: "Shoppers pay"}',
        "      - {id: KR-B, statement: pay}",
    ).replace(
        "beliefs:\n  - {id: B-A, text: It holds}",
        "beliefs: [{id: B-A, text: It holds}, {id: B-B, text: It holds}]",
    )
    (mistake,) = mistakes(read, text)
    assert "several goals" in mistake


@pytest.mark.parametrize("comment", ["okrsync reads this file", "okrsync: see the handbook"])
def test_other_comments_are_left_alone(comment):
    assert waived(FILE.replace("A common remark.", comment)) == waived(FILE)
