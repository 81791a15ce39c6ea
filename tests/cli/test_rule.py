"""`rule` explains what `check` says, from the same values."""

from __future__ import annotations

from okrsync.lint.rules import ALL
from tests.cli.conftest import type_command


def test_every_rule_is_listed_with_its_severity() -> None:
    lines = type_command("rule").out.splitlines()
    assert [line.split()[:2] for line in lines] == [[r.code, r.severity.value] for r in ALL]


def test_a_rule_is_explained_by_code_or_name() -> None:
    ran = type_command("rule", "kr201")
    assert ran.code == 0
    assert "Launch the new payment page" in ran.out
    assert ran.out == type_command("rule", "task").out


def test_programs_get_the_same() -> None:
    told = type_command("rule", "KR211", "-f", "json").json
    assert (told["code"], told["severity"]) == ("KR211", "error")
    assert len(type_command("rule", "-f", "json").json) == len(ALL)


def test_an_unknown_code_is_a_wrong_word() -> None:
    ran = type_command("rule", "orphn")
    assert ran.code == 2
    assert "orphan" in ran.err
