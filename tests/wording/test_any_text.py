"""Whatever is written gets a reading, the same one each time, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goals import Kind
from okrsync.wording import reader

READER = reader()
WORDS = [
    "build",
    "users",
    "who",
    "pay",
    "from",
    "3%",
    "to",
    "5%",
    "increase",
    "the",
    ":",
    "(",
    ")",
    "->",
    "of",
    "by",
    "with",
    "10",
    "times",
    "uptime",
    "revenue",
    "all",
    "no",
    "every",
    "can",
    "be",
    "launched",
    "within",
    "2",
    "days",
    "customer",
    "satisfaction",
    "get",
    "20",
    "to",
    "join",
    "and",
    "so",
    "that",
]
ODD = {
    "empty": "",
    "emoji": "🚀🎉🔥 💯",
    "right to left": "زيادة رضا العملاء إلى 90٪",
    "control characters": "Launch\x00 the\x07 page\x1b[31m\u202e now",
    "mixed languages": "Kunden kaufen plus de produits 每周 at least twice",
    "numbers only": "12 34 5.6.7 8:9 1,000,000",
    "marks only": "((((])]}{--->>><<<:::",
    "lone surrogate": "users \ud800 pay",
}


@given(st.text(max_size=300))
def test_any_text_gets_a_reading_and_the_same_one_again(text):
    reading = READER.read(text)
    assert 0 <= reading.confidence <= 1
    assert READER.read(text) == reading
    assert READER.read_hypothesis(text) == READER.read_hypothesis(text)


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_known_words_in_any_order_get_a_reading_whose_parts_are_in_the_text(words):
    text = " ".join(words)
    reading = READER.read(text)
    target = reading.by_how_much
    hypothesis = READER.read_hypothesis(text)
    spans = [reading.who, reading.does_what, target and target.span]
    spans += [hypothesis.thing, hypothesis.people, hypothesis.change]
    assert reading.kind in Kind
    assert all(span is None or span.text == text[span.start : span.end] for span in spans)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_texts_are_not_relied_on_or_read_plainly(text):
    reading = READER.read(text)
    assert reading.kind in Kind
    assert isinstance(reading.confidence, float)


@pytest.mark.parametrize("text", ["", "🚀🎉", "!!!", "99 100", "\x00\x01"])
def test_texts_without_words_are_unclear(text):
    assert READER.read(text).kind is Kind.UNCLEAR


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "a'", "users ", "1 ", "build the ", "\n", "ß’", "to ", "(", "a-", "1.", ":"),
        *("50% of users ", "increase customer satisfaction by 5% and "),
        *("who that which ", "with 5 users "),
    ],
)
def test_a_very_long_text_is_read_at_once(piece):
    text = piece * (100_000 // len(piece))
    began = time.perf_counter()
    READER.read(text)
    READER.read_hypothesis(text)
    assert time.perf_counter() - began < 2.0


def test_ten_times_the_text_takes_no_more_than_ten_times_the_time():
    def took(times):
        text = "increase customer satisfaction of new users by 5% " * times
        began = time.perf_counter()
        for _ in range(3):
            READER.read(text)
        return time.perf_counter() - began

    took(10)
    assert took(2_000) < 30 * took(200)


def test_a_thousand_key_results_are_read_in_little_more_than_a_second():
    texts = [
        f"Increase the number of weekly active users from {n} to {n + 9}%" for n in range(1000)
    ]
    began = time.perf_counter()
    for text in texts:
        READER.read(text)
    assert time.perf_counter() - began < 1.5
