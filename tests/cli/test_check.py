"""`check` says everything at once, asks nobody, and ends with a code that scripts can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import type_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shop

SOUND = """\
strategy: {id: S-ONE, mission: Errands that take care of themselves}
teams: [{id: payments, name: Payments}]
cycles: [{id: now, from: 2126-10-01, to: 2126-12-31}]
objectives:
  - id: O-TOP
    title: People do their errands here
    level: company
    cycle: now
    strategy: [S-ONE]
    key_results: [{id: KR-TOP, statement: "Shoppers who come back: 31% to 40%"}]
"""
ORPHAN = """\
objectives:
  - {id: O-LOOSE, title: Nobody has to call, team: payments, cycle: now}
"""
BROKEN = """\
objectives:
  - {id: O-LOST, title: Nobody has to call, team: paymnts, cycle: now}
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "okrs").mkdir()
    (tmp_path / "okrs" / "top.yaml").write_text(SOUND)
    return tmp_path


def settings(folder: Path, text: str = "", rules: str = "rules: []\n") -> None:
    (folder / "okrsync.yaml").write_text(text or "timezone: UTC\n")
    (folder / "mapping.yaml").write_text(rules)


def test_goals_that_are_in_order_end_with_0(files: Path) -> None:
    settings(files)
    ran = type_command("check")
    assert (ran.code, ran.out, ran.err) == (0, "no findings\n", "")


def test_no_secret_and_no_tracker_is_needed(shop: Shop) -> None:
    assert shop.offline("check").code == 0


def test_no_store_is_made(files: Path) -> None:
    settings(files)
    type_command("check")
    assert not (files / "var").exists()


def test_a_finding_below_the_failing_level_is_shown_and_ends_with_0(files: Path) -> None:
    settings(files)
    (files / "okrs" / "loose.yaml").write_text(ORPHAN)
    ran = type_command("check")
    assert ran.code == 0
    assert "okrs/loose.yaml:2:" in ran.out
    assert "OKR101" in ran.out


def test_a_finding_at_the_failing_level_ends_with_1(files: Path) -> None:
    settings(files, "lint: {fail_level: warning}\n")
    (files / "okrs" / "loose.yaml").write_text(ORPHAN)
    assert type_command("check").code == 1


def test_mistakes_of_goals_and_mapping_are_told_together(files: Path) -> None:
    settings(files, rules="rules:\n  - {id: one, when: {typ: Bug}, serves: [KR-TOP]}\n")
    (files / "okrs" / "lost.yaml").write_text(BROKEN)
    ran = type_command("check", "--format", "json")
    assert ran.code == 6
    assert [problem["file"] for problem in ran.json["problems"]] == [
        "mapping.yaml",
        "okrs/lost.yaml",
    ]
    assert "OKR103" in ran.json["problems"][1]["message"]


def test_a_mapping_is_not_blamed_for_goals_that_cannot_be_read(files: Path) -> None:
    settings(files, rules="rules:\n  - {id: one, when: {type: Bug}, serves: [O-LOST]}\n")
    (files / "okrs" / "lost.yaml").write_text(BROKEN)
    told = type_command("check", "-f", "json").json["problems"]
    assert {problem["file"] for problem in told} == {"okrs/lost.yaml"}


def test_a_rule_that_serves_no_goal_is_a_mistake(files: Path) -> None:
    settings(files, rules="rules:\n  - {id: one, when: {type: Bug}, serves: [KR-TPO]}\n")
    ran = type_command("check")
    assert ran.code == 6
    assert "mapping.yaml:2:" in ran.out
    assert "did you mean 'KR-TOP'?" in ran.out


def test_a_rule_for_a_tracker_that_nobody_configured_is_a_mistake(
    shop: Shop, tmp_path: Path
) -> None:
    here = shop.beside(tmp_path)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(mapping.read_text().replace("tracker: shop-linear", "tracker: shop-linaer"))
    ran = here.offline("check")
    assert ran.code == 6
    assert "no tracker is called 'shop-linaer'" in ran.out


def test_a_path_selects_what_is_reported_and_references_still_resolve(files: Path) -> None:
    settings(files, "lint: {fail_level: warning}\n")
    (files / "okrs" / "loose.yaml").write_text(ORPHAN)
    assert type_command("check", "okrs/loose.yaml").code == 1
    assert type_command("check", "okrs/top.yaml").out == "no findings\n"


def test_mistakes_elsewhere_are_not_hidden_by_a_path(files: Path) -> None:
    settings(files)
    (files / "okrs" / "lost.yaml").write_text(BROKEN)
    ran = type_command("check", "okrs/top.yaml")
    assert (ran.code, ran.out) == (6, "")
    assert "Mistakes elsewhere" in ran.err


def test_without_settings_a_folder_of_goals_can_be_checked(files: Path) -> None:
    (files / "okrs" / "lost.yaml").write_text(BROKEN)
    ran = type_command("check", "okrs")
    assert ran.code == 6
    assert "okrs/lost.yaml:2:" in ran.out


def test_without_settings_a_file_is_held_against_its_folder(files: Path) -> None:
    (files / "okrs" / "loose.yaml").write_text(ORPHAN)
    ran = type_command("check", "okrs/loose.yaml", "-f", "json")
    assert ran.code == 0
    assert {finding["goal"] for finding in ran.json["findings"]} == {"O-LOOSE"}


def test_mistakes_of_settings_and_goals_are_told_together(files: Path) -> None:
    settings(files, "lint: {fail_levle: warning}\n")
    (files / "okrs" / "lost.yaml").write_text(BROKEN)
    ran = type_command("check", "-f", "json")
    assert (ran.code, ran.err) == (6, "")
    told = [problem["file"].rpartition("/")[2] for problem in ran.json["problems"]]
    assert told == ["okrsync.yaml", "lost.yaml"]


def test_settings_that_are_no_yaml_are_told_alone(files: Path) -> None:
    settings(files, "lint: [\n")
    ran = type_command("check")
    assert ran.code == 6
    assert "okrsync.yaml:" in ran.out
    assert "1 mistake;" in ran.out


def test_a_variable_that_means_nothing_is_told_without_a_file(files: Path) -> None:
    ran = type_command("check", environ={"OKRSYNC_TIMEZNE": "UTC"})
    assert (ran.code, ran.out) == (6, "")
    assert "OKRSYNC_TIMEZNE" in ran.err


def test_a_path_that_is_not_there_is_wrong_usage(files: Path) -> None:
    settings(files)
    assert type_command("check", "nowhere.yaml").code == 2
