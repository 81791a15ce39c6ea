"""Whatever the bytes: a document with exact places, or one message a mistake."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.place import Place
from okrsync.documents.read import MAX_BYTES, parse, parse_file
from okrsync.documents.salvage import salvaged
from okrsync.documents.types import FileModel, Name, Whole
from okrsync.documents.validate import validated
from okrsync.errors import ConfigError


def test_values_and_keys_know_where_they_stand():
    document = parse(b"a:\n  - {b: 1}\n  - b: [x,\n        yy]\n", "f.yaml")
    assert document.data == {"a": [{"b": 1}, {"b": ["x", "yy"]}]}
    assert document.place(("a", 1, "b", 1)) == Place("f.yaml", 4, 9)
    assert document.place(("a", 0, "b"), key=True) == Place("f.yaml", 2, 6)


def test_a_path_that_leaves_the_data_ends_where_the_data_does():
    document = parse(b"a:\n  b: word\n", "f.yaml")
    assert document.place(("a", "b", 0, "c")) == Place("f.yaml", 2, 6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("2026-01-01", "2026-01-01"),
        ("3:30", "3:30"),
        ("1_000", "1_000"),
        ("0o17", 15),
        ("true", True),
        ("~", None),
        ("'7'", "7"),
        ("1e3", 1000.0),
        ("9" * 50, "9" * 50),
        ("{a: b:c}", {"a": "b:c"}),
        ("{a: http://x}", {"a": "http://x"}),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text, value):
    assert parse(text.encode(), "f").data == value


def test_a_number_remembers_how_it_was_written():
    data = parse(b"[007, 1.50, 2026]", "f").data
    assert [number.source for number in data] == ["007", "1.50", "2026"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"a: [1\n", "f:2:1: is no YAML: while parsing a flow sequence"),
        (b"a: b: c", "f:1:5: is no YAML: mapping values are not allowed here"),
        (b"a: \xff", "f:1:4: is not UTF-8"),
        (b"a: x\nb: \xc3\x28", "f:2:4: is not UTF-8"),
        ("a: é".encode("utf-16"), "f:1:1: is not UTF-8"),
        (b"a: \x00", "f:1:4: holds a character that YAML forbids (U+0000)"),
        (b"a: *b", "f:1:4: the alias *b has no anchor"),
        (b"&a [*a]", "f:1:5: the alias *a contains itself"),
        (b"a\n---\nb\n", "f:2:1: a second document begins"),
        (b"{[a]: 1}", "f:1:2: a key must be a word"),
        (b"[" * 52 + b"]" * 52, "f:1:52: is nested more than 50 levels deep"),
        (b"[" * 100_000, "f:1:52: is nested more than 50 levels deep"),
        (b'"\\uD800"', "f:1:1: "),
        (b'"\\U00110000"', "f: is no YAML"),
        (b"x" * (MAX_BYTES + 1), "f: is larger than 5 MB"),
    ],
)
def test_what_is_no_yaml_is_told_where_it_goes_wrong(mistakes, text, told):
    (message,) = mistakes(parse, text, "f")
    assert message.startswith(told)


def test_an_alias_bomb_is_refused(mistakes):
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (message,) = mistakes(parse, "\n".join(layers).encode(), "f")
    assert "aliases stand for more than 10000 values" in message


def test_keys_given_twice_and_tags_do_not_hide_the_rest():
    document = parse(b"a: 1\nb: !!python/name:os.system 2\na: 3\n", "f")
    assert document.data == {"a": 1, "b": "2"}
    assert [str(problem).split(" ", 1)[0] for problem in document.problems] == ["f:2:4:", "f:3:1:"]


def test_a_file_that_cannot_be_opened_is_a_mistake(mistakes, tmp_path):
    assert mistakes(parse_file, tmp_path / "none.yaml") == [
        f"{tmp_path}/none.yaml: cannot be read: No such file or directory"
    ]
    assert mistakes(parse_file, tmp_path) == [f"{tmp_path}: cannot be read: Is a directory"]


class _Inner(FileModel):
    count: Whole
    name: Name = ""


class _Outer(FileModel):
    things: tuple[_Inner, ...] = ()


def test_every_mistake_of_a_document_is_told_at_once():
    text = b"things:\n  - {count: x, nam: a}\n  - {name: }\n  - 3\nthing: 1\n"
    model, problems = validated(_Outer, parse(text, "f"))
    assert model is None
    assert [str(problem) for problem in problems] == [
        "f:2:13: 'count' must be a whole number, not 'x'",
        "f:2:16: unknown key 'nam' (did you mean 'name'?)",
        "f:3:5: 'count' is missing here",
        "f:3:12: 'name' must be text, not nothing",
        "f:4:5: an entry of 'things' must be a mapping of keys",
        "f:5:1: unknown key 'thing' (did you mean 'things'?)",
    ]


def test_what_is_salvaged_still_knows_its_places():
    text = b"things:\n  - {name: no count}\n  - {count: 2, nam: x}\n"
    sound = salvaged(_Outer, parse(text, "f"))
    assert sound is not None
    model, document = sound
    assert model.things == (_Inner(count=2),)
    assert document.place(("things", 0, "count")) == Place("f", 3, 13)


@given(st.binary(max_size=200))
def test_no_bytes_lead_to_anything_but_a_document_or_a_refusal(text):
    _read(text)


_TOKENS = [*":-,[]{}#&*!|>'\"%@`?\n\t ab01~.<=\\\r", "\n  ", "\u2028", "é", "\ufeff", "---", "..."]
_TOKENS += ["%YAML 1.1\n", "!!str ", "<<: ", "key: ", "- ", "? ", "&a ", "*a", '"\\uD800"', "|+2\n"]


@given(st.lists(st.sampled_from(_TOKENS), max_size=30).map("".join))
def test_nothing_that_looks_like_yaml_does_either(text):
    _read(text.encode())


def _read(text):
    try:
        document = parse(text, "f")
    except ConfigError as refusal:
        problems = refusal.problems
    else:
        str(document.data).encode()
        model, problems = validated(_Outer, document)
        problems = problems or [model]
    assert problems
