"""`labels purge` over HTTP: shown first, approved once, and nothing of others is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Shop


def ours(shop: Shop) -> dict[str, set[str]]:
    """Return okrsync's words on every item, by key."""
    found = {issue.key: set(issue.labels) for issue in shop.jira.issues.values()}
    for issue in shop.linear.index.current():
        found[issue.identifier] = set(shop.linear.labels(issue.id))
    told = {key: {x for x in labels if x.startswith("okr:")} for key, labels in found.items()}
    return {key: labels for key, labels in told.items() if labels}


def test_a_scope_and_then_everything_is_purged_and_stays_so_until_release(own_shop: Shop) -> None:
    own_shop.write_everything()
    before = ours(own_shop)
    own_shop.jira.person_edits_labels(own_shop.jira.issue("PAY-48").id, add=["okr:KR-REPEAT"])
    made = own_shop.run("labels", "purge", "--scope", "PAY", "--yes")
    assert made.code == 0, made.err
    assert "stay bare until `okrsync release`" in made.err
    assert ours(own_shop) == {
        key: labels for key, labels in before.items() if not key.startswith("PAY-")
    } | {"PAY-48": {"okr:KR-REPEAT"}}
    rest = own_shop.run("labels", "purge", "--yes", "-f", "json")
    assert rest.json["applied"]["removed"] == rest.json["labels"]
    assert ours(own_shop) == {"PAY-48": {"okr:KR-REPEAT"}}
    assert own_shop.run("plan", "-f", "json").json["items"] == 0
    assert own_shop.offline("explain", "PAY-1", "-f", "json").json["held_until_release"]
    assert own_shop.offline("release", "PAY-1").code == 0
    told = own_shop.offline("release", "--tracker", "shop-linear", "-f", "json").json
    assert told["released"] == len([key for key in before if key[:3] in {"GRO", "OPS"}])
    assert own_shop.run("plan", "-f", "json").json["items"] == told["released"] + 1


def test_without_a_terminal_it_waits_for_its_digest(own_shop: Shop) -> None:
    own_shop.write_everything()
    before = ours(own_shop)
    asked = own_shop.run("labels", "purge", "--tracker", "shop-linear")
    assert (asked.code, ours(own_shop)) == (2, before)
    digest = asked.err.split("--approve ")[1].split("`")[0]
    assert own_shop.run("apply", "--approve", digest).code == 0
    assert {key[:3] for key in ours(own_shop)} == {"PAY", "WEB"}


def test_there_may_be_nothing_to_purge(own_shop: Shop) -> None:
    ran = own_shop.run("labels", "purge", "--yes")
    assert (ran.code, ran.out) == (0, "Nothing to purge: okrsync wrote no such label.\n")


def test_report_mode_refuses(own_shop: Shop) -> None:
    file = own_shop.folder / "okrsync.yaml"
    file.write_text(file.read_text("utf-8").replace("mode: write", "mode: report"), "utf-8")
    assert own_shop.run("labels", "purge", "--yes").code == 4


def test_release_wants_to_know_which(own_shop: Shop) -> None:
    assert own_shop.offline("release").code == 2
    assert own_shop.offline("release", "PAY-1", "--scope", "PAY").code == 2
