"""`status` and `labels` tell what waits for a person, with the command that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shop


def test_a_plan_that_waits_is_shown_with_the_command_that_lets_it_go(own_shop: Shop) -> None:
    digest = own_shop.run("sync", "-f", "json").json["waiting"][0]["digest"]
    told = own_shop.offline("status", "-f", "json").json["waiting"]
    assert [plan["digest"] for plan in told] == [digest]
    assert told[0]["command"] == f"okrsync apply --approve {digest}"
    assert f"okrsync apply --approve {digest}" in own_shop.offline("status").out


def test_runs_are_listed_with_what_they_did_and_nothing_that_they_did_not(own_shop: Shop) -> None:
    digest = own_shop.run("sync", "-f", "json").json["waiting"][0]["digest"]
    own_shop.run("apply", "--approve", digest)
    applied, synced = own_shop.offline("runs").out.splitlines()[:2]
    assert f"waiting {digest}" in synced
    assert "added " in applied
    assert " 0" not in applied.partition("exit 0")[2]


def test_before_the_first_pull_everything_is_empty_and_said(own_shop: Shop) -> None:
    ran = own_shop.offline("status")
    assert (ran.code, ran.err) == (0, "")
    assert "shop-jira PAY: 0 items, never pulled" in ran.out
    assert "No runs yet" in ran.out


def test_scopes_are_counted_by_verdict(shop: Shop) -> None:
    told = shop.offline("status", "-f", "json").json
    assert [(one["tracker"], one["scope"]) for one in told["scopes"]] == [
        ("shop-jira", "PAY"),
        ("shop-jira", "WEB"),
        ("shop-linear", "GRO"),
        ("shop-linear", "OPS"),
    ]
    for one in told["scopes"]:
        assert one["items"] == sum(one["verdicts"].values()) + one["left_alone"]
        assert one["pulled"] is not None
    assert told["mode"] == "write"
    assert told["waiting"] == told["questions"] == told["unfinished"] == []


def test_a_scope_can_be_chosen_and_a_wrong_one_is_refused(shop: Shop) -> None:
    told = shop.offline("status", "--scope", "PAY", "-f", "json").json
    assert [one["scope"] for one in told["scopes"]] == ["PAY"]
    assert shop.offline("status", "--scope", "NOWHERE").code == 2


def test_after_a_lost_store_adopting_brings_everything_back(shop: Shop, tmp_path: Path) -> None:
    lost = shop.beside(tmp_path)
    adopted = lost.run("labels", "adopt", "--yes", "-f", "json")
    assert adopted.code == 0
    assert adopted.json["adopted"] == len(adopted.json["items"]) > 200
    writers = {who for item in adopted.json["items"] for who in item["writers"].values()}
    assert writers == {"okrsync's account"}
    assert lost.run("plan", "-f", "json").json["edits"] == []
    assert lost.offline("runs", "-f", "json").json[1]["kind"] == "adopt"


def test_adopting_says_first_what_the_next_plan_takes_off(own_shop: Shop) -> None:
    jira = own_shop.jira
    key = next(issue.key for issue in jira.issues.values() if issue.type.name == "Incident")
    jira.person_edits_labels(jira.issue(key).id, add=["okr:weak"])
    own_shop.run("pull")
    ran = own_shop.run("labels", "adopt", "--yes")
    assert ran.code == 0
    assert key in ran.out
    assert "okr:weak: written by another account" in ran.out
    assert "the next plan takes off okr:weak" in ran.out
    assert "okr:weak" in jira.labels(key)


def test_adopting_a_persons_word_offers_the_command_that_keeps_it(own_shop: Shop) -> None:
    own_shop.run("pull")
    jira = own_shop.jira
    key = next(issue.key for issue in jira.issues.values() if issue.type.name == "Incident")
    jira.person_edits_labels(jira.issue(key).id, add=["okr:KR-REPEAT"])
    ran = own_shop.run("labels", "adopt", "--yes")
    assert f"okrsync link {key} KR-REPEAT" in ran.out


def test_nobody_there_to_ask_is_wrong_usage(shop: Shop) -> None:
    ran = shop.run("labels", "adopt")
    assert (ran.code, ran.out) == (2, "")
    assert "--yes" in ran.err


def test_report_mode_adopts_nothing(shop: Shop, tmp_path: Path) -> None:
    reading = shop.beside(tmp_path)
    file = tmp_path / "okrsync.yaml"
    file.write_text(file.read_text().replace("mode: write", "mode: report"))
    assert reading.run("labels", "adopt", "--yes").code == 4


def test_a_deleted_label_definition_becomes_a_question_that_can_be_answered(own_shop: Shop) -> None:
    own_shop.write_everything()
    own_shop.linear.delete_label("okr:KR-ACTIVATION")
    own_shop.run("pull")
    listed = own_shop.offline("labels", "vanished", "-f", "json").json
    assert [(one["label"], one["tracker"]) for one in listed] == [
        ("okr:KR-ACTIVATION", "shop-linear")
    ]
    question = listed[0]["id"]
    assert f"okrsync labels vanished {question} people|accident" in own_shop.offline("status").out
    assert own_shop.offline("labels", "vanished", question, "maybe").code == 2
    assert own_shop.offline("labels", "vanished", question, "accident").code == 0
    assert own_shop.offline("labels", "vanished").out == "No open question.\n"
    edits = own_shop.offline("plan", "--offline", "-f", "json").json["edits"]
    assert {tuple(edit["add"]) for edit in edits} == {("okr:KR-ACTIVATION",)}


def test_a_question_that_nobody_asked_is_wrong_usage(shop: Shop) -> None:
    assert shop.offline("labels", "vanished", "V77", "people").code == 2
