"""9: work that ended long ago, and what is only looked at, keeps the labels it has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from okrsync.core.work import Category

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


@pytest.mark.paragraph(9)
@pytest.mark.parametrize("category", [Category.DONE, Category.CANCELLED])
def test_what_ended_within_done_within_is_labelled_and_what_ended_before_is_not(
    shop: Any, category: Category
) -> None:
    month = timedelta(days=30)
    now = shop.clock.now()
    given = {"title": "wallet", "category": category}
    fresh = shop.tracker.create(**given, resolved=now - month + timedelta(hours=1))
    old = shop.tracker.create(**given, resolved=now - month - timedelta(hours=1))
    shop.sync()
    assert (shop.labels(fresh), shop.labels(old)) == (WALLET, set())


@pytest.mark.paragraph(9)
def test_labels_stay_as_they_are_once_the_work_ended_long_ago(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.change(item, category=Category.DONE, resolved=shop.clock.now())
    shop.sync()
    shop.clock.advance(timedelta(days=31))
    shop.goals.kill("H-1")
    made = shop.sync()
    assert made.planned.empty
    assert shop.labels(item) == WALLET


@pytest.mark.paragraph(9)
def test_a_change_that_bumps_updated_brings_nothing_back(shop: Any) -> None:
    resolved = shop.clock.now() - timedelta(days=60)
    item = shop.tracker.create(title="wallet", category=Category.DONE, resolved=resolved)
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3", "team-a"])
    shop.sync()
    assert shop.tracker.labels(item) == {"okr:KR-3", "team-a"}


@pytest.mark.paragraph(9)
def test_what_is_opened_again_is_labelled_again(shop: Any) -> None:
    resolved = shop.clock.now() - timedelta(days=60)
    item = shop.tracker.create(title="wallet", category=Category.DONE, resolved=resolved)
    shop.sync()
    shop.tracker.change(item, category=Category.DOING, resolved=None)
    shop.sync()
    assert shop.labels(item) == WALLET


@pytest.mark.paragraph(9)
def test_work_under_way_is_labelled_however_long_nothing_happened(shop: Any) -> None:
    item = shop.tracker.create(title="wallet", category=Category.DOING)
    shop.clock.advance(timedelta(days=40))
    shop.sync()
    assert shop.labels(item) == WALLET


@pytest.mark.paragraph(9)
def test_what_is_left_alone_still_passes_on_what_it_says(shop: Any) -> None:
    resolved = shop.clock.now() - timedelta(days=60)
    epic = shop.tracker.create(title="wallet", category=Category.DONE, resolved=resolved)
    item = shop.tracker.create(title="a", parent=shop.tracker.items[epic].ref)
    shop.sync()
    assert (shop.labels(epic), shop.labels(item)) == (set(), WALLET)


@pytest.mark.paragraph(9)
def test_an_ancestor_that_was_ours_keeps_its_labels_when_it_leaves_the_scopes(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet")
    item = shop.tracker.create(title="a", parent=shop.tracker.items[epic].ref)
    shop.sync()
    shop.tracker.move(epic, "OPS")
    shop.goals.kill("H-1")
    shop.sync()
    shop.sync()
    assert shop.labels(epic) == WALLET
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:stale"}


@pytest.mark.paragraph(9)
def test_an_ancestor_outside_every_scope_is_only_looked_at(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet", scope="OPS")
    item = shop.tracker.create(title="a", parent=shop.tracker.items[epic].ref)
    shop.sync()
    assert (shop.labels(epic), shop.labels(item)) == (set(), WALLET)


@pytest.mark.paragraph(9)
def test_an_item_that_left_the_scopes_is_labelled_afresh_when_it_is_back(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.move(item, "OPS")
    shop.goals.kill("H-1")
    shop.sync()
    assert shop.labels(item) == WALLET
    shop.tracker.move(item, "WEB")
    shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:stale"}


@pytest.mark.paragraph(9)
def test_what_ended_nobody_knows_when_is_left_alone(shop: Any) -> None:
    item = shop.tracker.create(title="wallet", category=Category.DONE, resolved=None)
    shop.sync()
    assert shop.labels(item) == set()
