"""Mapping rules are looked at, tried and changed without opening a file, and say what it means."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.cli.options import Shell

if TYPE_CHECKING:
    from tests.cli.conftest import Shop


def mapping(shop: Shop) -> str:
    return (shop.folder / "mapping.yaml").read_text()


def test_every_rule_is_listed_in_order_with_its_counts(shop: Shop) -> None:
    told = shop.offline("map", "list", "-f", "json").json
    rules = {each["rule"]: each for each in told["rules"]}
    assert list(rules)[:3] == ["keep-the-shop-open", "bumps", "talking-to-people"]
    assert rules["wallet"]["matched"] > 0
    assert told["unmatched"] + sum(rule["decides"] for rule in rules.values()) == told["items"]
    text = shop.offline("map", "list").out.splitlines()
    assert len(text) == len(rules) + 1
    assert f"matches {rules['wallet']['matched']}" in text[3]


def test_what_an_earlier_rule_takes_is_counted_and_named(own_shop: Shop) -> None:
    own_shop.run("pull")
    file = own_shop.folder / "mapping.yaml"
    file.write_text(
        f"{mapping(own_shop)}  - id: all\n    when: {{scope: PAY}}\n    serves: KR-REPEAT\n"
    )
    listed = own_shop.offline("map", "list", "-f", "json").json["rules"][-1]
    assert listed["matched"] == listed["decides"] + listed["taken_by_earlier"]
    assert listed["taken_by_earlier"] == sum(listed["takers"].values())
    assert listed["takers"]["wallet"] > 0


def test_counts_are_compared_with_those_of_a_week_ago(own_shop: Shop) -> None:
    own_shop.run("pull")
    shell = Shell(config=own_shop.folder / "okrsync.yaml")
    with shell.context(online=False) as okr, okr.store.begin() as tx:
        tx.put_snapshot("rules", okr.today() - timedelta(days=8), {"wallet": 1})
    told = own_shop.offline("map", "list", "-f", "json").json
    wallet = next(each for each in told["rules"] if each["rule"] == "wallet")
    assert wallet["matched_before"] == 1
    text = own_shop.offline("map", "list").out
    assert f"{wallet['matched'] - 1:+d} since last week" in text


def test_a_pass_over_everything_counts_for_the_day(own_shop: Shop) -> None:
    own_shop.run("plan")
    with Shell(config=own_shop.folder / "okrsync.yaml").context(online=False) as okr:
        with okr.store.begin() as tx:
            day, counts = tx.snapshot("rules", okr.today())
        assert day == okr.today()
    listed = own_shop.offline("map", "list", "-f", "json").json["rules"]
    assert {each["rule"]: each["matched"] for each in listed if each["matched"]} == counts


def test_a_saved_rule_says_which_items_it_takes_and_what_they_would_be_without(shop: Shop) -> None:
    told = shop.offline("map", "test", "WALLET", "-f", "json").json
    assert told["takes"] == len(told["examples"]) > 0
    assert {each["rule"] for each in told["examples"]} == {"wallet"}
    assert all(each["title"] and each["url"] for each in told["examples"])
    assert {"from": "unaligned", "to": "aligned"}.items() <= told["verdicts"][0].items()


def test_rules_are_tested_before_they_are_saved(shop: Shop, tmp_path) -> None:
    before = mapping(shop)
    file = tmp_path / "new.yaml"
    file.write_text("rules: [{id: wallet, when: {scope: PAY}, serves: KR-REPEAT}]")
    told = shop.offline("map", "test", "--file", str(file), "--limit", "3", "-f", "json").json
    assert len(told["examples"]) == 3
    assert told["takes"] > 3
    assert {each["rule"] for each in told["taken_from"]} >= {"wallet", None}
    assert mapping(shop) == before
    text = shop.offline("map", "test", "--file", str(file), "--limit", "1").out
    assert "instead of" in text or "more (--limit)" in text


def test_rules_that_could_never_match_beside_the_saved_ones_are_refused(
    shop: Shop, tmp_path
) -> None:
    file = tmp_path / "new.yaml"
    file.write_text("rules: [{id: late, when: {type: Incident, scope: PAY}, serves: KR-REPEAT}]")
    ran = shop.offline("map", "test", "--file", str(file))
    assert ran.code == 6
    assert "'late' can never match: 'keep-the-shop-open' before it takes all of it" in ran.err


def test_coverage_counts_every_open_item_once_a_view(shop: Shop) -> None:
    told = shop.offline("map", "coverage", "-f", "json").json
    for view in ("by_signal", "by_verdict"):
        assert sum(told[view].values()) == told["items"]
    for view in ("by_scope", "by_team"):
        assert sum(sum(each["verdicts"].values()) for each in told[view]) == told["items"]
    assert 0 < told["unmapped"] <= told["by_verdict"]["unaligned"]


def test_the_command_of_a_cluster_maps_exactly_that_cluster(own_shop: Shop) -> None:
    own_shop.run("pull")
    told = own_shop.offline("map", "coverage", "--top", "1", "-f", "json").json
    assert {each["by"] for each in told["clusters"]} >= {"project", "label"}
    for cluster in told["clusters"]:
        command = shlex.split(cluster["command"].replace("GOAL", "KR-REPEAT"))
        ran = own_shop.offline(*command[1:], "--yes", "-f", "json")
        assert ran.code == 0
        sources = {each["rule"]: each["items"] for each in ran.json["taken_from"]}
        assert sources.get(None, 0) >= cluster["items"]
        own_shop.offline("map", "rm", command[3], "--yes")


def test_a_rule_is_added_with_its_diff_and_what_it_means(own_shop: Shop) -> None:
    own_shop.run("pull")
    before = mapping(own_shop)
    words = ["map", "add", "sel", "--when", "scope=WEB", "--when", "type=Story"]
    ran = own_shop.offline(*words, "--serves", "kr-repeat", "--before", "coming-back", "--yes")
    assert ran.code == 0
    assert "+    serves: [KR-REPEAT]" in ran.out
    assert "items would change: " in ran.out
    after = mapping(own_shop)
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        "  - id: sel",
        "    when: {scope: WEB, type: Story}",
    ]
    assert [each["rule"] for each in _listed(own_shop)].index("sel") == 8


def _listed(shop: Shop) -> list[dict[str, object]]:
    return list(shop.offline("map", "list", "-f", "json").json["rules"])


def test_rules_are_changed_moved_and_removed(own_shop: Shop) -> None:
    own_shop.run("pull")
    first = mapping(own_shop)
    assert own_shop.offline("map", "set", "wallet", "--disable", "--yes").code == 0
    assert {each["rule"]: each["enabled"] for each in _listed(own_shop)}["wallet"] is False
    assert own_shop.offline("map", "set", "wallet", "--enable", "--yes").code == 0
    moved = own_shop.offline("map", "move", "builds", "--before", "bumps", "--yes")
    assert (moved.code, _listed(own_shop)[1]["rule"]) == (0, "builds")
    own_shop.offline("map", "move", "builds", "--after", "activation", "--yes")
    assert mapping(own_shop).replace("    enabled: true\n", "") == first
    assert own_shop.offline("map", "rm", "builds", "--yes").code == 0
    assert "builds" not in mapping(own_shop)


def test_without_a_terminal_nobody_is_asked_and_nothing_saved(own_shop: Shop) -> None:
    before = mapping(own_shop)
    ran = own_shop.offline("map", "rm", "wallet")
    assert (ran.code, mapping(own_shop)) == (2, before)
    assert "hint: give --yes" in ran.err
    assert "-  - id: wallet" in ran.out


def test_what_cannot_be_meant_is_refused_by_name(own_shop: Shop) -> None:
    before = mapping(own_shop)
    for words, told in (
        (("add", "x", "--when", "type=Bug"), "a rule decides one thing"),
        (("add", "x", "--serves", "KR-REPEAT"), "a rule needs a condition"),
        (("add", "x", "--when", "type=Bug", "--serves", "KR-REPAET"), "no goal is called"),
        (("add", "wallet", "--when", "type=Bug", "--serves", "KR-REPEAT"), "there is a rule"),
        (("move", "wallet"), "where to?"),
        (("set", "wallet"), "nothing is to be changed"),
        (("rm", "walet"), "no mapping rule is called 'walet'"),
        (("test",), "say which rules to test"),
    ):
        ran = own_shop.offline("map", *words)
        assert (ran.code, ran.err.startswith(f"okrsync: {told}")) == (2, True), ran.err
    ran = own_shop.offline("map", "add", "x", "--when", "tracker=no", "--exempt", "so", "--yes")
    assert (ran.code, "no tracker is called 'no'" in ran.err) == (6, True)
    assert mapping(own_shop) == before
