"""Any item can be asked for its reason, offline, and the answer names everything that was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Shop


def test_the_sentence_climbs_from_the_item_to_the_strategy(shop: Shop) -> None:
    key = shop.carrying("okr:H-ONE-TAP")
    told = shop.offline("why", key, "-f", "json").json
    assert told["verdict"] == "aligned"
    assert told["chain"] == [
        "H-ONE-TAP",
        "KR-CHECKOUT-1",
        "O-CHECKOUT",
        "KR-REPEAT",
        "O-COMPANY",
        "S-SHOP",
    ]
    assert told["sentence"].startswith(f"{key} “")
    assert told["sentence"].count(".") == 1


def test_people_come_before_numbers(shop: Shop) -> None:
    told = shop.offline("why", shop.carrying("okr:H-ONE-TAP")).out
    assert told.index("shoppers will pay at the first try") < told.index("from 58 to 75 percent")


def test_the_stories_of_the_parents_are_told(shop: Shop) -> None:
    told = shop.offline("why", shop.carrying("okr:H-ONE-TAP")).out
    assert "because “Who had to call orders again half as often”" in told


def test_work_on_a_killed_hypothesis_is_told_so_and_what_to_do(shop: Shop) -> None:
    told = shop.offline("why", shop.carrying("okr:H-COUPON-WALL"), "-f", "json").json
    assert told["verdict"] == "stale"
    assert "H-COUPON-WALL was killed on" in told["sentence"]
    assert "We learnt: “" in told["sentence"]
    assert told["todo"].startswith("Say no to it, or:")
    assert "okrsync decide H-COUPON-WALL persevere --because …" in told["todo"]


def test_work_for_a_task_is_told_to_be_weak(shop: Shop) -> None:
    told = shop.offline("why", shop.carrying("okr:KR-CHECKOUT-2")).out
    assert "reads as a task, not as an outcome: such work is weak." in told


def test_work_without_a_goal_gets_the_command_that_gives_it_one(shop: Shop) -> None:
    key = shop.carrying("okr:unaligned")
    told = shop.offline("why", key).out
    assert "serves no goal: nothing links it to a goal." in told
    assert f"okrsync link {key} " in told


def test_a_goal_is_asked_for_its_reason_too(shop: Shop) -> None:
    told = shop.offline("why", "kr-checkout-1", "-f", "json").json
    assert (told["goal"], told["live"], told["item"]) == ("KR-CHECKOUT-1", True, None)
    assert told["chain"] == ["KR-CHECKOUT-1", "O-CHECKOUT", "KR-REPEAT", "O-COMPANY", "S-SHOP"]
    assert told["sentence"].startswith("We want to help shoppers pay at the first try")
    story = {step["id"]: step["because"] for step in told["steps"]}
    assert story["KR-REPEAT"] == "Who had to call orders again half as often"


def test_every_goal_of_the_company_can_be_said_aloud(shop: Shop) -> None:
    begins = {"H-": "We test", "B-": "We find out", "KR": "We want to help", "O-": "We want “"}
    for goal in ("H-ONE-TAP", "H-COUPON-WALL", "B-PHONE", "KR-BUILD", "O-GROWTH", "O-COMPANY"):
        sentence = shop.offline("why", goal, "-f", "json").json["sentence"]
        assert sentence.startswith(begins[goal[:2]])
        assert ",," not in sentence
        assert "S-SHOP" in sentence


def test_a_goal_that_is_not_live_says_why(shop: Shop) -> None:
    told = shop.offline("why", "H-LISTING", "-f", "json").json
    assert told["live"] is False
    assert told["sentence"].endswith("It is not live: the cycle of H-LISTING does not run.")


def test_a_hypothesis_is_not_said_twice(shop: Shop) -> None:
    told = shop.offline("why", "H-ONE-TAP").out
    assert told.count("pay at the first try and without a call") == 1


def test_every_kind_of_signal_is_told_with_its_fact_or_why_it_is_silent(shop: Shop) -> None:
    told = shop.offline("explain", shop.carrying("okr:H-ONE-TAP"), "-f", "json").json
    heard = {each["kind"]: each for each in told["heard"]}
    assert list(heard) == ["explicit", "field", "mention", "rule", "found"]
    assert heard["rule"]["goals"] == ["H-ONE-TAP"]
    assert heard["field"]["because"] == "no field for goals is configured"


def test_what_would_change_the_verdict_is_told_as_commands(shop: Shop) -> None:
    key = shop.carrying("okr:H-ONE-TAP")
    told = shop.offline("explain", key, "-f", "json").json
    assert told["changes"][0] == {
        "reach": "item",
        "does": "say that it does not serve H-ONE-TAP",
        "steps": [f"okrsync unlink {key} H-ONE-TAP --because …"],
        "verdict": "unaligned",
    }
    assert f"okrsync unlink {key} H-ONE-TAP" in shop.offline("explain", key).out


def test_an_edit_of_a_goal_is_told_with_its_place(shop: Shop) -> None:
    told = shop.offline("explain", shop.carrying("okr:KR-CHECKOUT-2"), "-f", "json").json
    step = next(each for each in told["changes"] if each["reach"] == "goal")["steps"][0]
    assert step.startswith("write KR-CHECKOUT-2 as an outcome: who does what by how much (")
    assert step.endswith(".yaml:21:13)")


def test_exempt_work_is_told_why_and_left_in_peace(shop: Shop) -> None:
    told = shop.offline("why", shop.carrying("okr:exempt"), "-f", "json").json
    assert "needs no outcome: " in told["sentence"]
    assert told["todo"] is None


def test_every_rule_is_tried_in_order_and_the_fact_is_named(shop: Shop) -> None:
    told = shop.offline("explain", shop.carrying("okr:H-ONE-TAP"), "-f", "json").json
    rules = [each["rule"] for each in told["rules"]]
    matched = {each["rule"]: each["because"] for each in told["rules"] if each["matched"]}
    assert rules[:4] == ["keep-the-shop-open", "bumps", "talking-to-people", "wallet"]
    assert "label is 'one-tap'" in matched["wallet"]


def test_what_is_inherited_says_from_where(shop: Shop) -> None:
    below = next(
        issue
        for issue in shop.jira.issues.values()
        if issue.parent_id and "one-tap" not in issue.labels and "okr:H-ONE-TAP" in issue.labels
    )
    told = shop.offline("explain", below.key, "-f", "json").json
    assert told["signals"] == []
    assert told["inherited_from"] in [up["key"] for up in told["above"]]
    assert f"{told['inherited_from']}" in told["because"]


def test_labels_say_whose_they_are_since_when_and_by_which_run(shop: Shop) -> None:
    told = shop.offline("explain", shop.carrying("okr:weak"), "-f", "json").json
    assert {label["whose"] for label in told["labels"]} == {"ours"}
    assert {label["run"] for label in told["labels"]} == {told["journal"][0]["run"]}
    assert all(label["since"] for label in told["labels"])


def test_the_text_holds_the_same(shop: Shop) -> None:
    ran = shop.offline("explain", shop.carrying("okr:weak"))
    assert (ran.code, ran.err) == (0, "")
    for words in ("Verdict: weak", "okrsync wrote it", "new-page (KR-CHECKOUT-2): yes", "run "):
        assert words in ran.out


def test_a_key_that_nobody_knows_is_wrong_usage(shop: Shop) -> None:
    for command in ("why", "explain"):
        ran = shop.offline(command, "PAY-99999")
        assert (ran.code, ran.out) == (2, "")
        assert "okrsync pull" in ran.err


def test_a_persons_removal_and_word_are_explained(own_shop: Shop) -> None:
    own_shop.write_everything()
    jira = own_shop.jira
    key = next(
        issue.key
        for issue in jira.issues.values()
        if "okr:H-ONE-TAP" in issue.labels and not jira.store.children(issue.id)
    )
    jira.person_edits_labels(jira.issue(key).id, remove=["okr:H-ONE-TAP"])
    own_shop.run("pull")
    told = own_shop.offline("explain", key, "-f", "json").json
    assert told["vetoed"] == ["H-ONE-TAP"]
    assert [act["kind"] for act in told["acts"]] == ["veto"]
    assert told["next"] == {
        "add": ["okr:unaligned"],
        "remove": ["okr:KR-CHECKOUT-1", "okr:aligned"],
    }
    assert f"okrsync unveto {key} H-ONE-TAP" in own_shop.offline("why", key).out


def test_a_verdict_that_a_person_took_away_is_told_as_withheld(own_shop: Shop) -> None:
    own_shop.write_everything()
    key = own_shop.carrying("okr:exempt")
    own_shop.jira.person_edits_labels(own_shop.jira.issue(key).id, remove=["okr:exempt"])
    own_shop.run("pull")
    told = own_shop.offline("explain", key, "-f", "json").json
    assert told["muted"] == ["okr:exempt"]
    assert told["withheld"] == [{"label": "okr:exempt", "why": "a person took this verdict away"}]
