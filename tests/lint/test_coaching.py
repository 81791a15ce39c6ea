"""What the coach says of one text: its kind, its parts, what is missing, and an open frame."""

from __future__ import annotations

from datetime import date

import pytest

from okrsync.lint.coaching import RULES, coach
from okrsync.wording import reader

READER = reader()
TODAY = date(2026, 9, 21)


def codes(text: str) -> list[str]:
    return [each.code for each in coach(text, READER, TODAY).findings]


SEEDS = [
    ("Launch the new checkout", ["KR201"]),
    ("Hold 5 customer interviews", ["KR201"]),
    ("Publish 12 posts", ["KR201"]),
    ("Publish the vacation policy", ["KR201"]),
    ("System uptime 99%", ["KR206"]),
    ("API uptime 99.9%", ["KR206"]),
    ("Test coverage 80%", ["KR206"]),
    ("Grow online revenue from 4M to 5M", ["KR207"]),
    ("NPS from 31 to 45", ["KR202"]),
    ("80% of shoppers pay without calling support", ["KR205"]),
    ("Shoppers pay without calling support", ["KR204"]),
    ("Colleagues who take all of their holidays: 55% to 90%", []),
    ("Engineers who ship on their first day: 20% to 80%", []),
    ("Returning shoppers who pay without calling support: 62% to 80%", []),
]
"""Task, system, impact, what is missing, and colleagues as people."""


@pytest.mark.parametrize(("text", "expected"), SEEDS)
def test_seeds_of_good_taste(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_the_parts_are_told_as_written() -> None:
    told = coach("Shoppers who pay without calling support: 62% to 80%", READER, TODAY)
    assert told.who == "Shoppers"
    assert told.does_what is not None
    assert told.does_what.startswith("pay")
    assert (told.baseline, told.target, told.unit) == (62.0, 80.0, "%")
    assert told.rewrite is None


def test_what_is_absent_is_none() -> None:
    told = coach("Improve things", READER, TODAY)
    assert (told.who, told.by_how_much, told.baseline, told.target, told.unit) == (None,) * 5


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("Launch the new checkout", "Once it is done: *who* will *do what*, from _ to _?"),
        ("NPS from 31 to 45.", "*Who*: NPS from 31 to 45?"),
        (
            "Shoppers pay without calling support",
            "Shoppers pay without calling support: from _ to _?",
        ),
        ("asdf", "*Who* will *do what*, from _ to _?"),
    ],
)
def test_a_frame_keeps_what_is_good_and_leaves_gaps_for_the_rest(text: str, frame: str) -> None:
    assert coach(text, READER, TODAY).rewrite == frame


def test_a_system_metric_is_asked_for_the_human_behind_it() -> None:
    told = coach("System uptime 99%", READER, TODAY)
    assert "human" in told.findings[0].action
    assert "human" in (told.rewrite or "")


@pytest.mark.parametrize("text", ["", " ", "?", "12", "…", "\x00", "Ziel erreichen", "x" * 10_000])
def test_nonsense_is_unclear_and_draws_no_finding(text: str) -> None:
    told = coach(text, READER, TODAY)
    assert told.findings == ()
    assert not told.sure


def test_the_coach_knows_every_rule_it_names() -> None:
    assert len(RULES) == 11
