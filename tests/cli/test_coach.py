"""`coach` for a person with one text, and for programs with many."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import type_command

if TYPE_CHECKING:
    from tests.cli.conftest import Ran

KEYS = "id kind confidence because who does_what by_how_much baseline target unit findings rewrite"


def pipe(text: bytes, monkeypatch: pytest.MonkeyPatch) -> Ran:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    return type_command("coach", "-")


def test_a_person_is_told_what_is_missing_and_gets_a_frame() -> None:
    ran = type_command("coach", "Shoppers pay without calling support")
    assert ran.code == 0
    assert "does not say by how much" in ran.out
    assert "from _ to _" in ran.out


def test_a_good_one_gets_no_frame() -> None:
    ran = type_command("coach", "Shoppers who pay without calling support: 62% to 80%")
    assert "Nothing to add" in ran.out
    assert "frame" not in ran.out


def test_a_program_gets_every_key_also_where_nothing_is_there() -> None:
    told = type_command("coach", "asdf", "-f", "json").json
    assert list(told) == KEYS.split()
    assert (told["who"], told["target"], told["findings"]) == (None, None, [])


def test_each_line_is_answered_by_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b'{"id": "a-1", "text": "Launch the app"}\n\nNPS from 31 to 45\n{"id": 7, "text": ""}\n'
    told = [json.loads(line) for line in pipe(lines, monkeypatch).out.splitlines()]
    assert [(each["id"], each["kind"]) for each in told][:2] == [("a-1", "task"), (None, "outcome")]
    assert told[2]["id"] == 7
    assert all(list(each) == KEYS.split() for each in told)


@pytest.mark.parametrize("line", [b'{"id": 1}', b'{"text": 5}', b'{"text": "a"', b"{nonsense}"])
def test_an_object_that_cannot_be_read_is_told_by_its_line(
    line: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = pipe(b"Launch the app\n" + line + b"\n", monkeypatch)
    assert ran.code == 2
    assert "line 2" in ran.err


def test_bytes_that_are_no_text_do_not_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pipe(b"\xff\xfe Launch\n", monkeypatch).code == 0
