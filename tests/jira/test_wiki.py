"""What people write in Data Center's wiki text is read without its marks, and names nobody."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync_jira.wiki import LONGEST, plain


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("h1. Why\nbq. Because", "Why\nBecause"),
        ("* one\n** two\n# three\n- four", "one\ntwo\nthree\nfour"),
        (
            "*KR-1* _KR-2_ -KR-3- +KR-4+ ^KR-5^ ~KR-6~ ??KR-7??",
            "KR-1 KR-2 KR-3 KR-4 KR-5 KR-6 KR-7",
        ),
        ("_*KR-1*_, (*KR-2*).", "KR-1, (KR-2)."),
        ("snake_case_name and well-known-words stay", "snake_case_name and well-known-words stay"),
        ("2 * 3 * 4 and a - b - c", "2 * 3 * 4 and a - b - c"),
        ("{{KR-1}} and {{_as_it_stands_}}", "KR-1 and _as_it_stands_"),
        ("{code:java}int *p_ = x_;{code} after *bold*", "int *p_ = x_; after bold"),
        ("{noformat}_raw_{noformat}", "_raw_"),
        ("{code}{{x}}{noformat}{code}_y_", "{{x}}{noformat}y"),
        ("{color:red}KR-1{color} {quote}said{quote}", "KR-1 said"),
        ("{panel:title=T|borderStyle=dashed}inside{panel}", "inside"),
        (
            "[the note|https://x.example/a_b_c] and [https://y.example]",
            "the note and https://y.example",
        ),
        ("Ask [~mira] or [~accountid:5f0c] about KR-1", "Ask   or   about KR-1"),
        ("See !picture.png|thumbnail! now! Really!", "See   now! Really!"),
        ("||Goal||Who||\n|KR-1|shoppers|", "Goal Who \n KR-1 shoppers"),
        ("a\\\\b\n----\nc", "a\nb\n\nc"),
        (r"\*not bold\* and \{x}", "*not bold* and {x}"),
        ("one\r\ntwo", "one\ntwo"),
        ("{code}never closed _x_", "never closed _x_"),
        ("", None),
        (None, None),
        ("[~mira]", None),
        ("Ask [Mira O.|~mira]", "Ask"),
    ],
)
def test_marks_are_taken_away_and_words_are_not(text, read) -> None:
    assert plain(text) == read


@given(st.text(alphabet="KR-1 \n*_{}[]|~!\\?h.#:codenrmat", max_size=400))
def test_any_text_can_be_read(text) -> None:
    read = plain(text)
    assert read is None or len(read) <= len(text)


@given(st.text(alphabet="ab \n*_{}|!", max_size=50), st.text(alphabet="mira", min_size=1))
def test_nobody_is_kept(before, name) -> None:
    assert f"~{name}" not in (plain(f"{before.replace('{', '')}\n[~{name}]") or "")


@pytest.mark.parametrize(
    "piece", ["*a ", "[", "[~", "{code:", "{code:x}", "!a.", "{{", "|", "_a_", "-", "\\", "??a "]
)
def test_no_text_takes_long(piece) -> None:
    before = process_time()
    plain(piece * (2 * LONGEST // len(piece)))
    assert process_time() - before < 3
