"""What was written under a former prefix stays ours: it goes by plan, and counts as vocabulary."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.core.vocabulary import Vocabulary
from okrsync.ports.store import Cause

pytestmark = pytest.mark.paragraph(10, 11)


def with_another_prefix(shop: Any) -> None:
    shop.ctx.vocabulary = Vocabulary(prefix="goal/")


def test_labels_of_a_former_prefix_stay_ours_and_are_replaced_by_plan(shop: Any) -> None:
    item = shop.tracker.create(title="wallet", labels={"mine"})
    shop.sync()
    with_another_prefix(shop)
    shop.sync()
    assert shop.tracker.labels(item) == {"mine", "goal/H-1", "goal/KR-1", "goal/aligned"}
    assert shop.plan().planned.empty


def test_a_changed_prefix_is_a_change_of_the_vocabulary_and_not_of_work(shop: Any) -> None:
    shop.tracker.create(title="wallet")
    shop.sync()
    shop.plan()
    with_another_prefix(shop)
    made = shop.plan().planned
    assert {edit.cause for edit in shop.edits(made.plan.id).values()} == {Cause.GOALS}


def test_nobody_is_heard_where_a_label_of_a_former_prefix_goes(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    with_another_prefix(shop)
    shop.tracker.person(item, remove=["okr:H-1"], add=["okr:KR-3"])
    shop.sync()
    assert shop.tracker.labels(item) == {"okr:KR-3", "goal/H-1", "goal/KR-1", "goal/aligned"}
    assert shop.state(item).acts == ()
    assert shop.plan().planned.empty
