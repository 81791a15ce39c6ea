"""The plain reader names a kind only where plain words say so, and reads any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goals import Kind
from okrsync.wording import plain_reader

READER = plain_reader()

TEXTS = {
    Kind.OUTCOME: (
        "Regular weekly customers come to the store twice a week instead of once",
        "90 percent fewer password resets by existing customers",
        "Employees take at least 15 days off a year",
        "New merchants who make their first sale in the first week: 18% to 30%",
        "Returning shoppers who pay without calling support: 62% to 80%",
        "Engineers who ship on their first day: 20% to 80%",
        "shopper pay without calling support, from 62 to 80 percent",
        "Weekly downloads by students: 200 to 900",
        "engineers deploy without asking anybody, to 90 percent",
    ),
    Kind.TASK: (
        "Build the landing page",
        "talk to five customers",
        "launch the campaign",
        "Launch the new checkout page by the end of November",
        "Hold 5 customer interviews",
        "Publish 12 posts",
        "Hire 3 engineers who know Rust",
        "KR2: To migrate the ledger",
        "2. Document the API",
        "Writing the handbook",
        "New pricing page launched by March",
        "Run 12 workshops",
        "We will train 40 agents",
    ),
    Kind.SYSTEM: (
        "System uptime is 99 percent",
        "API uptime 99.9%",
        "test coverage 80%",
        "deploy 10 times a day",
        "p95 below 300 ms",
        "Error rate from 3% to 1%",
    ),
    Kind.IMPACT: (
        "Revenue from 4M to 5M",
        "Grow online revenue from 4M to 5M",
        "Market share in Belgium: 12% to 15%",
        "Cut infrastructure cost by 10%",
    ),
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in TEXTS.items() for text in texts]
)
def test_plain_texts_are_read_with_confidence(kind, text):
    reading = READER.read(text)
    assert (reading.kind, reading.confident) == (kind, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ...  ",
        "%%%",
        "Delight",
        "Lorem ipsum dolor sit amet",
        "Meer klanten betalen zonder te bellen",
        "30% of what we planned",
    ],
)
def test_what_says_nothing_plain_is_not_relied_on(text):
    assert not READER.read(text).confident


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS.keys())
def test_the_words_that_decided_stand_in_the_text(texts):
    for text in texts:
        because = READER.read(text).because
        assert because
        assert all(word in text.casefold() for word in because)


@given(st.text(max_size=300))
def test_any_text_gets_a_reading_and_the_same_one_again(text):
    reading = READER.read(text)
    assert 0 <= reading.confidence <= 1
    assert READER.read(text) == reading


@given(st.lists(st.sampled_from([w for t in TEXTS.values() for x in t for w in x.split()])))
def test_known_words_in_any_order_get_a_reading(words):
    assert READER.read(" ".join(words)).kind in Kind


@pytest.mark.parametrize("piece", ["a", "a'", "users ", "1 ", "build the ", "\n", "ß’"])
def test_a_very_long_text_is_read_at_once(piece):
    began = time.perf_counter()
    READER.read(piece * 300_000)
    assert time.perf_counter() - began < 3.0


def test_the_reader_names_its_version():
    assert READER.version
