"""A person's word beats a waiver, a waiver beats the reader, and unclear counts as an outcome."""

from __future__ import annotations

import pytest

from okrsync.core.goals import KeyResult, Kind
from okrsync.wording import CONFIDENT, Reading, kind_of, reader


class Says:
    """A reader that always says the same."""

    version = "test"

    def __init__(self, kind, confidence=1.0):
        self._reading = Reading(kind, confidence)

    def read(self, text):
        return self._reading


def kr(**given):
    return KeyResult(id="KR-1", objective="O-1", **{"statement": "whatever", **given})


@pytest.mark.parametrize("kind", [Kind.OUTCOME, Kind.IMPACT, Kind.SYSTEM, Kind.TASK])
def test_a_persons_word_rules_over_reader_and_waiver(kind):
    assert kind_of(kr(kind=kind), Says(Kind.TASK), {"KR201", "KR206", "KR207"}) is kind


def test_unclear_counts_as_an_outcome_whoever_says_it():
    assert kind_of(kr(kind=Kind.UNCLEAR), Says(Kind.TASK), ()) is Kind.OUTCOME
    assert kind_of(kr(), Says(Kind.UNCLEAR), ()) is Kind.OUTCOME


@pytest.mark.parametrize("kind", [Kind.IMPACT, Kind.SYSTEM, Kind.TASK])
def test_the_reader_counts_from_its_confidence_on(kind):
    assert kind_of(kr(), Says(kind, CONFIDENT), ()) is kind
    assert kind_of(kr(), Says(kind, CONFIDENT - 0.01), ()) is Kind.OUTCOME


@pytest.mark.parametrize(
    ("kind", "code"), [(Kind.TASK, "KR201"), (Kind.SYSTEM, "KR206"), (Kind.IMPACT, "KR207")]
)
def test_waiving_the_finding_of_a_kind_makes_it_count_as_an_outcome(kind, code):
    assert kind_of(kr(), Says(kind), {code}) is Kind.OUTCOME
    assert kind_of(kr(), Says(kind), {"KR205", "OKR101"}) is kind


def test_who_and_does_what_as_fields_are_read_too():
    english = reader()
    told = kr(statement=None, who="shopper", does_what="pay without calling support")
    task = kr(statement=None, who=None, does_what="launch the new page")
    assert kind_of(told, english, ()) is Kind.OUTCOME
    assert kind_of(task, english, ()) is Kind.TASK
