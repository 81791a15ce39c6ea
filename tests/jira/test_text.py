"""Documents as plain text."""

from __future__ import annotations

import pytest

from okrsync_jira.text import plain


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)}


def document(*content):
    return {"type": "doc", "version": 1, "content": list(content)}


def text(value):
    return {"type": "text", "text": value}


def test_lines_stay_lines() -> None:
    bullet = {"type": "listItem", "content": [paragraph(text("first"))]}
    shown = plain(
        document(
            {"type": "heading", "content": [text("Why")]},
            paragraph(text("Helps "), text("KR-1"), {"type": "hardBreak"}, text("a lot")),
            {"type": "bulletList", "content": [bullet]},
        )
    )

    assert shown == "Why\nHelps KR-1\na lot\nfirst"


def test_people_who_are_mentioned_are_left_out() -> None:
    mention = {"type": "mention", "attrs": {"id": "5f0c", "text": "@Mira Okafor"}}

    assert plain(document(paragraph(text("Ask "), mention, text("first")))) == "Ask first"


def test_links_that_stand_as_cards_are_shown() -> None:
    card = {"type": "inlineCard", "attrs": {"url": "https://shop.example/KR-1"}}

    assert plain(document(paragraph(card))) == "https://shop.example/KR-1"


@pytest.mark.parametrize("empty", [None, "", document(), document(paragraph())])
def test_nothing_is_no_text(empty) -> None:
    assert plain(empty) is None


def test_what_was_written_as_text_stays_as_it_is() -> None:
    assert plain("h2. Why") == "h2. Why"


def test_a_long_text_is_cut_between_letters() -> None:
    cut = plain("é" * 40_000)

    assert cut is not None
    assert len(cut.encode()) == 32 * 1024
    assert set(cut) == {"é"}


def test_documents_nested_without_end_are_read_too() -> None:
    nested = text("deep")
    for _ in range(5_000):
        nested = {"type": "blockquote", "content": [nested]}

    assert plain(document(nested)) == "deep"
