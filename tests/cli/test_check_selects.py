"""`check` on part of the goals, by part of the rules, in every format."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import type_command

if TYPE_CHECKING:
    from pathlib import Path

TOP = """\
strategy: {id: S-ONE, mission: Errands that take care of themselves}
teams: [{id: payments, name: Payments}]
cycles: [{id: then, from: 2126-10-01, to: 2126-12-31}]
objectives:
  - id: O-TOP
    title: People do their errands here
    level: company
    cycle: then
    strategy: [S-ONE]
    key_results: [{id: KR-TOP, statement: "Shoppers who come back: 31% to 40%"}]
"""
TEAM = """\
objectives:
  - id: O-PAY
    title: Paying is easy
    team: payments
    cycle: then
    key_results:
      - {id: KR-PAY, statement: "Shoppers pay without calling support"}
      - {id: KR-TEST, statement: "Launch the new payment page"}
"""
OTHER = TEAM.replace("O-PAY", "O-SEND").replace("KR-", "KR-S-").replace("then", "later")
ALL_CODES = ["OKR101", "KR204", "KR201"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "okrs").mkdir()
    (tmp_path / "okrs" / "top.yaml").write_text(TOP)
    (tmp_path / "okrs" / "team.yaml").write_text(TEAM)
    return tmp_path


def codes(*words: str) -> list[str]:
    return [
        each["code"]
        for each in type_command("check", "okrs", *words, "-f", "json").json["findings"]
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ALL_CODES),
        (("--select", "KR2"), ["KR204", "KR201"]),
        (("--select", "task,orphan"), ["OKR101", "KR201"]),
        (("--select", "KR", "--ignore", "kr204"), ["KR201"]),
        (("--ignore", "KR", "--ignore", "OKR"), []),
    ],
)
def test_rules_are_chosen_by_code_beginning_or_name(
    files: Path, words: tuple[str, ...], expected: list[str]
) -> None:
    assert codes(*words) == expected


def test_a_rule_that_does_not_exist_cannot_be_chosen(files: Path) -> None:
    ran = type_command("check", "okrs", "--select", "KR999")
    assert ran.code == 2
    assert "KR999" in ran.err


def test_several_files_are_held_against_all_that_holds_them(files: Path) -> None:
    ran = type_command("check", "okrs/team.yaml", "okrs/top.yaml", "-f", "json")
    assert [each["code"] for each in ran.json["findings"]] == ALL_CODES
    assert type_command("check", "okrs/top.yaml").out == "no findings\n"


def test_statistics_count_by_rule(files: Path) -> None:
    told = type_command("check", "okrs", "--statistics").out.splitlines()
    assert [line.split() for line in told] == [
        ["1", "KR201", "task"],
        ["1", "KR204", "no-target"],
        ["1", "OKR101", "orphan"],
    ]
    counted = type_command("check", "okrs", "--statistics", "-f", "json").json["statistics"]
    assert counted[0] == {"code": "KR201", "name": "task", "count": 1}


@pytest.mark.parametrize("word", ["full", "text"])
def test_text_is_full(files: Path, word: str) -> None:
    assert type_command("check", "okrs", "-f", word).out == type_command("check", "okrs").out


def test_github_reads_workflow_commands_and_nothing_else(files: Path) -> None:
    ran = type_command("check", "okrs", "-f", "github")
    assert all(
        line.startswith("::warning file=okrs/team.yaml,line=") for line in ran.out.splitlines()
    )
    assert ran.err == "3 warnings\n"


def test_sarif_is_told_also_where_goals_are_unusable(files: Path) -> None:
    (files / "okrs" / "team.yaml").write_text(TEAM.replace("payments", "paymnts"))
    ran = type_command("check", "okrs", "-f", "sarif")
    assert ran.code == 6
    (result,) = json.loads(ran.out)["runs"][0]["results"]
    assert result["ruleId"] == "unusable"
    assert "OKR103" in result["message"]["text"]


@pytest.fixture
def committed(files: Path) -> Path:
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Goals"]):
        who = ["-c", "user.name=t", "-c", "user.email=t@shop.example", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=files, check=True)  # noqa: S607
    return files


def edit(files: Path, old: str, new: str) -> None:
    file = files / "okrs" / "team.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("cycle: then", "cycle:   then  # as ever", []),
        ("objectives:", "# Moved down.\n\n\nobjectives:", []),
        ("pay without calling", "buy without calling", ["OKR101", "KR204"]),
        ("title: Paying is easy", "title: Paying is a joy", ALL_CODES),
    ],
)
def test_only_goals_that_say_something_else_are_told(
    committed: Path, old: str, new: str, expected: list[str]
) -> None:
    edit(committed, old, new)
    assert codes("--changed-since", "HEAD") == expected


def test_files_that_git_did_not_have_are_new(committed: Path) -> None:
    assert codes("--changed-since", "HEAD") == []
    (committed / "okrs" / "send.yaml").write_text(OTHER.replace("later", "then"))
    found = type_command("check", "okrs", "--changed-since", "HEAD", "-f", "json").json["findings"]
    assert {each["goal"] for each in found} == {"O-SEND", "KR-S-PAY", "KR-S-TEST"}


def test_changes_are_seen_below_the_settings_too(committed: Path) -> None:
    (committed / "okrsync.yaml").write_text("timezone: UTC\n")
    (committed / "mapping.yaml").write_text("rules: []\n")
    edit(committed, "pay without calling", "buy without calling")
    found = type_command("check", "--changed-since", "HEAD", "-f", "json").json["findings"]
    assert {each["goal"] for each in found} == {"O-PAY", "KR-PAY"}


def test_a_revision_that_git_does_not_know_is_a_wrong_word(committed: Path) -> None:
    ran = type_command("check", "okrs", "--changed-since", "no-such-branch")
    assert ran.code == 2
    assert "--changed-since" in ran.err


def test_without_git_nothing_can_be_compared(files: Path) -> None:
    assert type_command("check", "okrs", "--changed-since", "HEAD").code == 2
