"""`check --work` looks at what was last pulled, tells its age, and never goes to a tracker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import type_command
from tests.lint.sarif_schema import SARIF

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shop


def test_findings_about_work_name_item_link_command_and_age(shop: Shop) -> None:
    ran = shop.offline("check", "--work", "--select", "WI401")
    assert ran.code == 0
    (line, do, see, age) = ran.out.splitlines()[:4]
    key = re.fullmatch(r"([A-Z]+-\d+): WI401 warning: .* \[new\]", line)
    assert key
    assert f'okrsync link {key[1]} GOAL --because "…"' in do
    assert see.strip().startswith("see: ")
    assert key[1] in see
    assert re.fullmatch(r" {4}first seen \d{4}-\d\d-\d\d, 0 days", age)


def test_rules_about_work_are_not_tried_without_it(shop: Shop) -> None:
    assert "WI4" not in shop.offline("check").out


@pytest.mark.parametrize("output", ["full", "concise", "json", "github", "sarif"])
def test_every_format_tells_of_the_same_findings(shop: Shop, output: str) -> None:
    ran = shop.offline("check", "--work", "--select", "WI403,HY307", "-f", output)
    told = shop.offline("check", "--work", "--select", "WI403,HY307", "-f", "json").json["findings"]
    assert told
    if output == "sarif":
        Draft202012Validator(SARIF).validate(ran.json)
        assert len(ran.json["runs"][0]["results"]) == len(told)
    elif output != "json":
        assert all(each["message"] in ran.out for each in told)


def test_a_scope_shows_goals_and_its_own_items_only(shop: Shop) -> None:
    ran = shop.offline("check", "--work", "--tracker", "shop-jira", "--scope", "PAY", "-f", "json")
    items = [each["item"] for each in ran.json["findings"] if each["item"]]
    assert items
    assert {(item["tracker"], item["scope"]) for item in items} == {("shop-jira", "PAY")}
    assert "PF501" not in {each["code"] for each in ran.json["findings"]}


def test_a_path_selects_goals_and_leaves_work_alone(shop: Shop) -> None:
    path = str(shop.folder / "okrs" / "teams.yaml")
    found = shop.offline("check", "--work", path, "-f", "json").json["findings"]
    assert {each["file"] for each in found if not each["item"] and each["file"]} == {
        "okrs/teams.yaml"
    }
    assert any(each["item"] for each in found)


def test_what_came_this_week_can_be_asked_for_alone(shop: Shop) -> None:
    found = shop.offline("check", "--work", "--new", "-f", "json").json["findings"]
    assert found
    assert all(each["new"] for each in found)


def test_the_failing_level_ends_with_1(own_shop: Shop) -> None:
    own_shop.run("pull")
    settings = own_shop.folder / "okrsync.yaml"
    settings.write_text(settings.read_text() + "\nlint: {severity: {WI401: error}}\n")
    assert own_shop.offline("check").code == 0
    assert own_shop.offline("check", "--work").code == 1


def test_an_empty_mirror_is_said_and_is_no_empty_tracker(own_shop: Shop) -> None:
    ran = own_shop.offline("check", "--work")
    assert ran.code == 0
    assert "Never pulled: " in ran.err
    assert "PF502" not in ran.out


def test_words_that_go_with_work_are_refused_without_it(shop: Shop) -> None:
    assert shop.offline("check", "--new").code == 2
    assert shop.offline("check", "--scope", "PAY").code == 2


def test_work_needs_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "okrs").mkdir()
    assert type_command("check", "--work").code == 2
