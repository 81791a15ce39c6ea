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


def test_a_word_that_is_bold_in_the_middle_stays_one_word() -> None:
    bold = text("R-1") | {"marks": [{"type": "strong"}]}

    assert plain(document(paragraph(text("K"), bold, text("2")))) == "KR-12"


@pytest.mark.parametrize(
    "between",
    [
        {"type": "mention", "attrs": {"id": "5f0c", "text": "@Mira Okafor"}},
        {"type": "date", "attrs": {"timestamp": "1760000000000"}},
        {"type": "mediaInline", "attrs": {"id": "x"}},
    ],
)
def test_what_is_left_out_keeps_words_apart(between) -> None:
    assert plain(document(paragraph(text("KR-1"), between, text("2 days")))) == "KR-1 2 days"


def test_titles_and_cards_do_not_grow_into_the_text_beside_them() -> None:
    card = {"type": "inlineCard", "attrs": {"url": "https://shop.example"}}
    folded = {
        "type": "expand",
        "attrs": {"title": "More on KR-1"},
        "content": [paragraph(text("2 days"), card, text("KR-2"))],
    }

    assert plain(document(folded)) == "More on KR-1 2 days https://shop.example KR-2"


def test_code_and_table_cells_are_lines_of_their_own() -> None:
    code = {"type": "codeBlock", "attrs": {"language": "sql"}, "content": [text("-- KR-1")]}
    cells = [{"type": "tableCell", "content": [paragraph(text(word))]} for word in ("KR-2", "3")]
    table = {"type": "table", "content": [{"type": "tableRow", "content": cells}]}

    shown = plain(document(code, table))

    assert shown is not None
    assert shown.split() == ["--", "KR-1", "KR-2", "3"]


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
