"""10: a plan as such: what is in it, what is never in it, and what its digest stands for."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from okrsync.app import people
from okrsync.core.ledger import Origin
from okrsync.core.plan import digest_of
from okrsync.core.work import ItemRef, LabelEdit

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


def one_edit(shop: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Plan, and return what would be added to the only item and removed from it."""
    (edit,) = shop.edits(shop.plan().planned.plan.id).values()
    return edit.add, edit.remove


@pytest.mark.paragraph(10)
def test_what_is_desired_and_not_there_is_added(shop: Any) -> None:
    shop.tracker.create(title="wallet", labels=["okr:KR-1"])
    assert one_edit(shop) == (("okr:H-1", "okr:aligned"), ())


@pytest.mark.paragraph(10)
def test_what_is_ours_and_no_longer_desired_is_removed(shop: Any) -> None:
    shop.tracker.create(title="wallet")
    shop.sync()
    shop.mapping.rules = []
    assert one_edit(shop) == (("okr:unaligned",), ("okr:H-1", "okr:KR-1", "okr:aligned"))


@pytest.mark.paragraph(10)
def test_nothing_else_is_ever_removed(shop: Any) -> None:
    """Not what was found, not a person's, not an unknown id's, not other people's labels."""
    others = {"okr:KR-404", "okr:KR-2", "team-a"}
    item = shop.tracker.create(title="wallet", labels=others)
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    assert shop.tracker.labels(item) == {*others, "okr:KR-3", "okr:aligned"}
    shop.mapping.rules = []
    shop.say(people.unlink, item, "KR-3", "")
    shop.sync()
    assert shop.tracker.labels(item) >= {*others, "okr:KR-3"}


@pytest.mark.paragraph(10)
def test_a_plan_writes_nothing(shop: Any) -> None:
    shop.tracker.create(title="wallet")
    shop.plan()
    assert shop.tracker.writes == []


@pytest.mark.paragraph(10)
def test_planning_after_applying_gives_an_empty_plan(shop: Any) -> None:
    for title in ("wallet", "page", "search", "upkeep", "nothing"):
        shop.tracker.create(title=title)
    shop.sync()
    assert shop.plan().planned.empty


@pytest.mark.paragraph(10)
def test_what_is_there_in_another_case_is_not_written_beside_it(shop: Any) -> None:
    shop.tracker.create(title="search", labels=["OKR:kr-3"])
    assert one_edit(shop) == (("okr:aligned",), ())


@pytest.mark.paragraph(10)
def test_what_somebody_else_added_before_our_row_began_does_not_make_it_theirs(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.tracker.person(item, remove=["okr:KR-3"])
    shop.clock.advance(shop.tracker.tick * 60)
    shop.tracker.change(item, title="search")
    shop.sync()
    assert "okr:KR-3" in shop.state(item).ours
    shop.mapping.rules = []
    made = shop.sync()
    assert made.applied.moved == []
    assert shop.labels(item) == {"okr:unaligned"}


@pytest.mark.paragraph(10)
@pytest.mark.parametrize("account", ["person", "bot"])
def test_a_label_that_somebody_took_away_and_put_back_unseen_is_theirs_and_the_item_is_moved(
    shop: Any, account: str
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    act = getattr(shop.tracker, account)
    act(item, remove=["okr:KR-1"])
    act(item, add=["okr:KR-1"])
    shop.mapping.rules = []
    made = shop.sync()
    assert [edit.ref.id for edit, _ in made.applied.moved] == [item]
    assert shop.labels(item) == WALLET
    assert shop.state(item).row("okr:KR-1").origin is Origin.THEIRS
    shop.sync()
    assert shop.labels(item) == {"okr:KR-1", "okr:aligned"}


@pytest.mark.paragraph(10)
def test_a_verdict_that_a_person_took_away_and_put_back_unseen_is_not_ours_to_remove(
    shop: Any,
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:aligned"])
    shop.tracker.person(item, add=["okr:aligned"])
    shop.goals.kill("H-1")
    made = shop.sync()
    assert len(made.applied.moved) == 1
    assert "okr:aligned" in shop.labels(item)
    assert "okr:aligned" not in shop.state(item).ours


@pytest.mark.paragraph(10)
def test_without_a_history_presence_alone_keeps_a_label_ours(shop_without_history: Any) -> None:
    shop = shop_without_history
    item = shop.tracker.create(title="wallet")
    shop.sync()
    assert shop.state(item).row("okr:H-1").origin is Origin.OURS
    shop.mapping.rules = []
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


@pytest.mark.paragraph(10)
def test_two_companies_alike_get_the_same_plan_whatever_the_order_of_reading(
    open_shop: Any,
) -> None:
    shops = [open_shop(), open_shop()]
    for shop in shops:
        for title in ("wallet", "page", "search", "wallet"):
            shop.tracker.create(title=title)
    shops[1].tracker.page_size = 3
    for item in list(reversed(shops[1].tracker.items.values())):
        shops[1].tracker.put(item)
    one, two = (shop.plan().planned.plan for shop in shops)
    assert one.digest == two.digest
    edits = [
        list(shop.edits(plan.id).values()) for shop, plan in zip(shops, (one, two), strict=True)
    ]
    assert edits[0] == edits[1]


def edit(item: str = "1", add: tuple[str, ...] = ("a",), remove: tuple[str, ...] = ()) -> LabelEdit:
    return LabelEdit(ItemRef("fake", item), add=add, remove=remove)


@pytest.mark.paragraph(10)
def test_the_digest_is_the_same_in_every_order() -> None:
    edits = [edit("1", add=("a", "b")), edit("2", remove=("a",)), edit("10")]
    turned = [edit("1", add=("b", "a")), *edits[1:]]
    assert len({digest_of(order) for order in (*permutations(edits), *permutations(turned))}) == 1


@pytest.mark.paragraph(10)
@pytest.mark.parametrize(
    "other",
    [
        [edit("2")],
        [edit(add=("b",))],
        [edit(add=("a", "b"))],
        [edit(add=(), remove=("a",))],
        [edit(remove=("b",))],
        [edit(), edit("2")],
        [LabelEdit(ItemRef("other", "1"), add=("a",))],
        [],
    ],
)
def test_the_digest_covers_items_additions_and_removals(other: list[LabelEdit]) -> None:
    assert digest_of(other) != digest_of([edit()])


@pytest.mark.paragraph(10)
def test_the_digest_covers_nothing_else(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    digest = shop.plan().planned.plan.digest
    shop.tracker.change(item, title="the wallet", key="PAY-7000")
    assert shop.plan().planned.plan.digest == digest
