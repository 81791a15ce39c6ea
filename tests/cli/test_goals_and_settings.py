"""Looking at goals, settings and the store changes nothing and shows no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
from ruamel.yaml import YAML

from tests.cli.conftest import type_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Shop


def branches(roots: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for root in roots:
        yield root
        yield from branches(root["below"])


def test_the_tree_hangs_teams_below_the_company_and_guesses_below_key_results(shop: Shop) -> None:
    ran = shop.offline("okrs", "tree")
    lines = ran.out.splitlines()
    assert (ran.code, ran.err) == (0, "")
    assert lines[0].startswith("S-SHOP")
    assert lines[1].startswith("└─ O-COMPANY")
    at = next(
        n for n, line in enumerate(lines) if "├─ KR-CHECKOUT-1" in line and "of O-" not in line
    )
    assert "H-ONE-TAP" in lines[at + 1]


def test_the_tree_tells_what_is_not_live_and_what_is_no_outcome(shop: Shop) -> None:
    roots = shop.offline("okrs", "tree", "-f", "json").json
    whole = {branch["id"]: branch for branch in branches(roots) if not branch["again"]}
    assert whole["H-ONE-TAP"]["live"]
    assert not whole["H-COUPON-WALL"]["live"]
    assert not whole["KR-LISTED"]["live"]
    assert "task" in whole["KR-CHECKOUT-2"]["notes"]
    assert "system" in whole["KR-BUILD"]["notes"]


def test_every_goal_is_in_the_tree_once_as_a_whole(own_shop: Shop) -> None:
    (own_shop.folder / "okrs" / "loose.yaml").write_text(
        "hypotheses: [{id: H-LOOSE, statement: We believe in nothing yet}]\n"
        "objectives: [{id: O-LOOSE, title: Nobody waits, team: growth, cycle: now}]\n"
    )
    roots = own_shop.offline("okrs", "tree", "-f", "json").json
    assert [root["id"] for root in roots] == ["S-SHOP", "O-LOOSE", "H-LOOSE"]
    whole = [branch["id"] for branch in branches(roots) if not branch["again"]]
    goals = {"O-COMPANY", "O-GROWTH", "O-CHECKOUT", "O-LISTING", "O-CALM-DEPLOYS", "O-LOOSE"}
    goals |= {"KR-REPEAT", "KR-CHECKOUT-1", "KR-CHECKOUT-2", "KR-ACTIVATION", "KR-LISTED"}
    goals |= {"KR-BUILD", "H-ONE-TAP", "H-COUPON-WALL", "H-LISTING", "H-LOOSE", "B-PHONE"}
    assert sorted(whole) == sorted({*goals, "S-SHOP"})


def test_a_goal_that_is_still_in_the_files_cannot_be_dropped(shop: Shop) -> None:
    ran = shop.offline("okrs", "drop", "KR-REPEAT")
    assert (ran.code, ran.out) == (2, "")
    assert "not a goal that vanished" in ran.err


def test_a_goal_that_vanished_stays_in_force_until_it_is_dropped(own_shop: Shop) -> None:
    own_shop.write_everything()
    teams, mapping = own_shop.folder / "okrs" / "teams.yaml", own_shop.folder / "mapping.yaml"
    teams.write_text(teams.read_text().partition("\nhypotheses:")[0] + "\n")
    mapping.write_text(mapping.read_text().replace("serves: [H-LISTING]", "serves: [KR-LISTED]"))
    assert own_shop.offline("status", "-f", "json").json["carried"].keys() == {"H-LISTING"}
    ran = own_shop.offline("okrs", "drop", "H-LISTING")
    assert ran.code == 0
    assert "carry okr:H-LISTING" in ran.out
    edits = own_shop.offline("plan", "--offline", "-f", "json").json["edits"]
    assert {tuple(edit["remove"]) for edit in edits} == {("okr:H-LISTING",)}


def test_settings_are_shown_with_their_origin(shop: Shop) -> None:
    told = {leaf["path"]: leaf for leaf in shop.offline("config", "show", "-f", "json").json}
    assert told["sync.mode"]["value"] == "write"
    assert "okrsync.yaml" in told["sync.mode"]["origin"]
    assert told["sync.every"]["origin"] == "default"


def test_no_secret_is_ever_shown(shop: Shop) -> None:
    for ran in (shop.run("config", "show"), shop.run("config", "show", "-f", "json")):
        assert ran.code == 0
        assert not any(token in ran.out + ran.err for token in shop.tokens.values())


def test_the_schemas_hold_for_the_demos_files(shop: Shop) -> None:
    read = YAML(typ="safe")
    for kind, file in (("settings", "okrsync.yaml"), ("mapping", "mapping.yaml")):
        schema = type_command("config", "schema", kind).json
        jsonschema.validate(read.load(shop.folder / file), schema)


def test_an_unknown_schema_is_wrong_usage() -> None:
    ran = type_command("config", "schema", "mappings")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'mapping'?" in ran.err


def test_an_upgrade_says_from_where_to_where(tmp_path: Path) -> None:
    (tmp_path / "okrsync.yaml").write_text("store: sqlite:///x.db\n")
    config = ("--config", str(tmp_path / "okrsync.yaml"))
    first = type_command(*config, "db", "upgrade")
    second = type_command(*config, "db", "upgrade")
    assert (first.code, second.code) == (0, 0)
    assert "from nothing to schema" in first.out
    assert "up to date" in second.out
