"""Whatever somebody writes into a ticket, no command hands a terminal anything to obey."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.cli.text import one_line, safe, safe_json

if TYPE_CHECKING:
    from tests.cli.conftest import Ran, Shop

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\u202eetihw\u2066 \x1b[8mhidden\x08 \u2028 wallet"
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
SCRIPTS = ("ניסוי תשלום", "結帳頁面", "प्रयोग", "👩‍💻 оплата", "ทดสอบ", "e\u0301te\u0301", "\ud7ff")


def is_safe(ran: Ran) -> bool:
    return not UNSAFE.search(ran.out + ran.err)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> object:
    from tests.cli.conftest import opened

    with opened(tmp_path_factory.mktemp("hostile")) as shop:
        for number, issue in enumerate(list(shop.jira.issues.values())):
            script = SCRIPTS[number % len(SCRIPTS)]
            shop.jira.set_summary(issue.id, f"{script} {HOSTILE} {issue.summary}")
        shop.jira.flush_index()
        shop.run("pull")
        yield shop


@pytest.mark.parametrize(
    "words",
    [
        ("plan",),
        ("plan", "-f", "json"),
        ("status",),
        ("why", "PAY-1"),
        ("why", "PAY-48"),
        ("why", "PAY-1", "-f", "json"),
        ("explain", "PAY-2"),
        ("explain", "PAY-2", "-f", "json"),
        ("link", "PAY-48", "KR-REPEAT", "--because", HOSTILE),
        ("explain", "PAY-48"),
        ("why", HOSTILE),
        ("explain", f"{HOSTILE}:PAY-1"),
        ("check", "--work"),
        ("check", "--work", "-f", "json"),
        ("labels", "adopt", "--yes"),
        ("labels", "vanished"),
        ("sync",),
    ],
    ids=lambda words: " ".join(words)[:24].encode("ascii", "replace").decode(),
)
def test_no_command_prints_what_a_terminal_obeys(hostile: Shop, words: tuple[str, ...]) -> None:
    ran = hostile.run(*words)
    assert ran.out + ran.err
    assert is_safe(ran)
    if "json" in words:
        assert ran.json


def test_titles_of_any_script_are_told_as_they_are(hostile: Shop) -> None:
    told = hostile.offline("explain", "PAY-1").out + hostile.offline("explain", "PAY-4").out
    assert any(script in told for script in SCRIPTS)


@given(st.text())
def test_what_is_safe_keeps_every_other_character(text: str) -> None:
    assert not UNSAFE.search(safe(text))
    assert len(safe(text)) == len(text)
    assert all(
        old == new for old, new in zip(text, safe(text), strict=True) if not UNSAFE.match(old)
    )
    assert "\n" not in one_line(text)


@given(st.text())
def test_safe_json_means_the_same(text: str) -> None:
    written = safe_json(json.dumps(text, ensure_ascii=False))
    assert not UNSAFE.search(written)
    assert json.loads(written) == text
