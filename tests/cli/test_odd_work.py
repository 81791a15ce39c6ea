"""Odd things in a tracker: many labels, circles of parents, work that goes or moves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Shop


def okr(shop: Shop, key: str) -> set[str]:
    """Return the labels of okrsync's words on an issue in Jira."""
    return {label for label in shop.jira.issue(key).labels if label.startswith("okr:")}


def child_of(shop: Shop, epic: str) -> str:
    """Create an issue below *epic* that only inherits."""
    made = shop.jira.create_issue(project="PAY", summary="Says nothing itself", parent=epic)
    shop.jira.flush_index()
    return shop.jira.issue(made).key


def test_500_labels_of_people_are_read_and_kept(own_shop: Shop) -> None:
    theirs = [f"label-{n}" for n in range(500)]
    issue = own_shop.jira.issue("PAY-1")
    own_shop.jira.person_edits_labels(issue.id, add=theirs)
    own_shop.write_everything()
    labels = own_shop.jira.issue("PAY-1").labels
    assert set(theirs) <= labels
    assert okr(own_shop, "PAY-1") == {"okr:H-ONE-TAP", "okr:KR-CHECKOUT-1", "okr:aligned"}
    assert "501 that are none" in own_shop.offline("explain", "PAY-1").out


def test_a_circle_of_parents_in_the_tracker_ends(own_shop: Shop) -> None:
    epic, child = own_shop.jira.issue("PAY-1"), own_shop.jira.issue(child_of(own_shop, "PAY-1"))
    own_shop.jira.store.put(replace(epic, parent_id=child.id), own_shop.jira.now())
    own_shop.jira.flush_index()
    own_shop.write_everything()
    assert "okr:H-ONE-TAP" in okr(own_shop, child.key)
    told = own_shop.offline("explain", child.key, "-f", "json").json
    assert told["inherited_from"] == "PAY-1"
    assert own_shop.offline("why", "PAY-1").code == 0


def test_an_epic_that_is_deleted_takes_what_it_gave_along(own_shop: Shop) -> None:
    child = child_of(own_shop, "PAY-1")
    own_shop.write_everything()
    assert "okr:H-ONE-TAP" in okr(own_shop, child)
    for one in own_shop.jira.store.children(own_shop.jira.issue("PAY-1").id):
        own_shop.jira.set_parent(one.id, None)
    own_shop.jira.delete(own_shop.jira.issue("PAY-1").id)
    assert own_shop.run("sync").code in {0, 4}
    assert own_shop.offline("explain", child, "-f", "json").json["verdict"] != "aligned"
    assert okr(own_shop, child) == {"okr:unaligned"}
    assert own_shop.offline("why", "PAY-1").code in {0, 2}


def test_an_item_that_moves_after_it_was_linked_keeps_the_link(own_shop: Shop) -> None:
    own_shop.run("pull")
    own_shop.jira.move(own_shop.jira.issue("PAY-48").id, "WEB")
    assert own_shop.offline("link", "PAY-48", "KR-REPEAT", "--because", "it moves").code == 0
    own_shop.run("pull")
    moved = next(
        issue.key
        for issue in own_shop.jira.issues.values()
        if "Receipts and refunds" in issue.summary and issue.key.startswith("WEB-")
    )
    told = own_shop.offline("explain", moved, "-f", "json").json
    assert (told["goals"], told["acts"][0]["because"]) == (["KR-REPEAT"], "it moves")
    assert own_shop.offline("explain", "PAY-48").code == 2
