"""4: labels that went with nobody's word that we can rely on."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.app import people
from okrsync.errors import UsageError
from okrsync.testing import Fault, FaultKind

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


@pytest.mark.paragraph(4)
def test_a_deleted_definition_makes_no_veto_but_a_question(shop_with_definitions: Any) -> None:
    shop = shop_with_definitions
    items = [shop.tracker.create(title="wallet") for _ in range(3)]
    shop.sync()
    shop.tracker.delete_definition("okr:KR-1")
    shop.tracker.change(items[0], title="wallet!")
    shop.sync()
    (vanishing,) = shop.vanishings()
    assert (vanishing.kind.value, vanishing.label) == ("definition", "okr:KR-1")
    assert len(vanishing.lost) == 3
    assert [shop.state(item).acts for item in items] == [(), (), ()]
    assert all("okr:KR-1" not in shop.labels(item) for item in items)


@pytest.mark.paragraph(4)
def test_while_nobody_answers_the_label_is_written_nowhere(shop_with_definitions: Any) -> None:
    shop = shop_with_definitions
    shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.delete_definition("okr:KR-1")
    fresh = shop.tracker.create(title="wallet")
    shop.sync()
    shop.sync()
    assert shop.labels(fresh) == WALLET - {"okr:KR-1"}


@pytest.mark.paragraph(4)
@pytest.mark.parametrize(("word", "comes_back"), [("accident", True), ("people", False)])
def test_the_answer_decides(shop_with_definitions: Any, word: str, comes_back: bool) -> None:
    shop = shop_with_definitions
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.delete_definition("okr:KR-1")
    shop.sync()
    shop.answer(shop.vanishings()[0].id, word)
    assert shop.vanishings() == []
    shop.sync()
    assert ("okr:KR-1" in shop.labels(item)) is comes_back


@pytest.mark.paragraph(4)
def test_an_answer_needs_an_open_question(shop: Any) -> None:
    with pytest.raises(UsageError, match="no open question"):
        shop.answer("V9", "people")


@pytest.mark.paragraph(4)
def test_a_person_who_linked_again_before_the_answer_is_not_overruled_by_it(shop: Any) -> None:
    shop.restart(max_vanished=1)
    items = [shop.tracker.create(title="wallet") for _ in range(3)]
    shop.sync()
    for item in items:
        shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    shop.tracker.person(items[0], add=["okr:H-1"])
    shop.clock.advance(shop.tracker.tick)
    shop.say(people.link, items[1], "H-1", "really")
    shop.sync()
    shop.answer(shop.vanishings()[0].id, "people")
    shop.sync()
    assert ["okr:H-1" in shop.labels(item) for item in items] == [True, True, False]


@pytest.mark.paragraph(4)
def test_a_definition_that_goes_while_we_write_makes_no_veto(shop_with_definitions: Any) -> None:
    shop = shop_with_definitions
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.goals.kill("H-1")
    todo = [lambda: shop.tracker.delete_definition("okr:KR-1")]
    shop.tracker.meanwhile = lambda op: todo.pop()() if op == "apply" and todo else None
    shop.sync()
    assert not todo
    assert shop.state(item).acts == ()
    assert [v.label for v in shop.vanishings()] == ["okr:KR-1"]


@pytest.mark.paragraph(4)
def test_what_is_gained_while_a_definition_vanishes_is_found(
    shop_with_definitions: Any,
) -> None:
    """Labels that are merged: one goes, the other comes, and nobody linked anything."""
    shop = shop_with_definitions
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.delete_definition("okr:KR-1")
    before = shop.tracker.items[item]
    with_other = shop.tracker._labelled(before, before.labels | {"okr:KR-3"})
    shop.tracker.put(with_other)
    shop.sync()
    assert shop.state(item).row("okr:KR-3").origin.value == "found"
    assert shop.state(item).acts == ()


@pytest.mark.paragraph(4)
def test_many_vanished_labels_in_a_day_stop_the_scope_and_make_no_unproven_veto(
    shop_without_history: Any,
) -> None:
    shop = shop_without_history
    shop.restart(max_vanished=2)
    items = [shop.tracker.create(title="wallet") for _ in range(4)]
    shop.sync()
    for item in items[:2]:
        shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    assert [len(shop.state(item).acts) for item in items] == [1, 1, 0, 0]
    shop.tracker.person(items[2], remove=["okr:H-1"])
    shop.sync()
    (vanishing,) = shop.vanishings()
    assert (vanishing.kind.value, vanishing.scope) == ("mass", "PAY")
    assert [len(shop.state(item).acts) for item in items] == [0, 0, 0, 0]
    shop.tracker.change(items[3], title="nothing")
    shop.sync()
    assert shop.labels(items[3]) == WALLET
    shop.tracker.move(items[0], "WEB")
    shop.sync()
    shop.sync()
    assert "okr:H-1" not in shop.labels(items[0])
    shop.answer(vanishing.id, "accident")
    shop.sync()
    assert shop.labels(items[0]) == WALLET
    assert shop.labels(items[3]) == {"okr:unaligned"}


@pytest.mark.paragraph(4)
def test_a_proven_veto_survives_a_day_of_many_losses(shop: Any) -> None:
    shop.restart(max_vanished=1)
    items = [shop.tracker.create(title="wallet") for _ in range(3)]
    shop.sync()
    for item in items:
        shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    assert len(shop.vanishings()) == 1
    assert [shop.judged(item).judgement.own.vetoes for item in items] == [{"H-1"}] * 3


@pytest.mark.paragraph(4)
def test_an_undo_leaves_stopped_items_alone(shop: Any) -> None:
    shop.restart(max_vanished=0)
    items = [shop.tracker.create(title="wallet") for _ in range(2)]
    made = shop.sync()
    shop.tracker.person(items[0], remove=["okr:H-1"])
    shop.sync()
    assert len(shop.vanishings()) == 1
    shop.tracker.move(items[0], "WEB")
    shop.tracker.person(items[0], add=["okr:H-1"])
    shop.pull()
    undone = shop.undo(made.run)
    assert "okr:KR-1" in shop.labels(items[0])
    assert undone.proposal is not None


@pytest.mark.paragraph(4)
def test_a_failing_read_of_definitions_is_no_vanished_definition(
    shop_with_definitions: Any,
) -> None:
    shop = shop_with_definitions
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.tracker.faults.put(Fault(kind=FaultKind.LOST_BEFORE, on="definitions", times=9))
    made = shop.sync()
    assert made.pulled.failed
    assert (shop.state(item).acts, shop.vanishings()) == ((), [])


@pytest.mark.paragraph(2, 4)
def test_a_label_linked_and_lost_with_its_definition_before_we_looked_is_no_veto(
    shop_with_definitions: Any,
) -> None:
    shop = shop_with_definitions
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"], remove=["okr:unaligned"])
    shop.tracker.delete_definition("okr:KR-3")
    shop.sync()
    assert [act.kind.value for act in shop.state(item).acts] == ["link"]
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}
