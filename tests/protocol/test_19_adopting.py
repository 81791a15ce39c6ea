"""19: labels become ours when a person agrees to exactly what was shown."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.app import people
from okrsync.app.adopting import Adoptions, plan_adoption, run_adoption
from okrsync.core.ledger import Origin
from okrsync.errors import RefusedError

pytestmark = pytest.mark.paragraph(19)

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


def show(shop: Any) -> Adoptions:
    """Show what an adoption would do."""
    return plan_adoption(shop.ctx, shop.strategy(), shop.places)


def adopt(shop: Any, *, say: Any = lambda _found: True) -> int:
    """Adopt everything, and return of how many items."""
    _, done = run_adoption(shop.ctx, shop.strategy(), shop.places, approve=say)
    return int(done)


def origins(shop: Any, item: str) -> set[Origin]:
    return {row.origin for row in shop.state(item).rows}


def test_after_a_lost_store_our_labels_are_found_and_adopting_makes_them_ours(
    shop: Any, open_shop: Any
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    again = open_shop(trackers=[shop.tracker], clock=shop.clock)
    again.sync()
    assert (origins(again, item), again.state(item).foreign) == ({Origin.FOUND}, {"okr:aligned"})
    assert adopt(again) == 1
    assert (again.state(item).ours, again.state(item).foreign) == (WALLET, frozenset())
    assert again.sync().planned.empty
    again.tracker.change(item, title="search")
    again.sync()
    assert again.labels(item) == {"okr:KR-3", "okr:aligned"}


def test_an_adoption_changes_nothing_in_the_tracker(shop: Any) -> None:
    item = shop.tracker.create(title="search", labels=["okr:KR-1", "okr:stale"])
    shop.sync()
    before, written = shop.labels(item), len(shop.tracker.writes)
    adopt(shop)
    assert (shop.labels(item), len(shop.tracker.writes)) == (before, written)


def test_it_says_what_will_be_removed_next_and_the_next_plan_removes_just_that(shop: Any) -> None:
    item = shop.tracker.create(title="search", labels=["okr:stale", "okr:KR-3"])
    shop.sync()
    (one,) = show(shop).items
    assert one.labels == ("okr:KR-3", "okr:stale")
    assert one.removed_next == ("okr:stale",)
    adopt(shop)
    (edit,) = shop.edits(shop.plan().planned.plan.id).values()
    assert edit.remove == one.removed_next
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}


def test_a_foreign_verdict_is_ours_to_replace_once_adopted(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, add=["okr:stale"])
    shop.sync()
    assert "okr:stale" in shop.labels(item)
    adopt(shop)
    shop.sync()
    assert shop.labels(item) == WALLET


def test_an_unknown_id_of_another_tool_is_taken_over_and_goes(shop: Any) -> None:
    item = shop.tracker.create(title="search", labels=["okr:their-old-goal"])
    shop.sync()
    assert "okr:their-old-goal" in shop.labels(item)
    adopt(shop)
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}


def test_where_a_label_was_a_persons_word_the_word_is_named_and_a_link_keeps_it(
    shop: Any,
) -> None:
    kept, gone = (shop.tracker.create(title="nothing") for _ in range(2))
    shop.sync()
    for item in (kept, gone):
        shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    assert [(one.words, one.removed_next) for one in show(shop).items] == [
        (("KR-3",), ("okr:KR-3", "okr:aligned")),
        (("KR-3",), ("okr:KR-3", "okr:aligned")),
    ]
    adopt(shop)
    shop.say(people.link, kept, "KR-3", "as its label said")
    shop.sync()
    assert shop.labels(kept) == {"okr:KR-3", "okr:aligned"}
    assert shop.labels(gone) == {"okr:unaligned"}
    assert shop.state(gone).mutes == frozenset()


def test_it_says_who_put_a_label_there(shop: Any) -> None:
    item = shop.tracker.create(title="nothing", labels=["okr:KR-2"])
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.tracker.bot(item, add=["okr:KR-1"])
    shop.pull()
    (one,) = show(shop).items
    assert one.writers == {
        "okr:KR-1": "okrsync's account",
        "okr:KR-2": "no record",
        "okr:KR-3": "another account",
    }


def test_a_persons_earlier_entry_does_not_take_the_adopted_label_back(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    adopt(shop)
    made = shop.sync()
    assert (made.applied.moved, shop.labels(item)) == ([], {"okr:unaligned"})


def test_a_person_who_adds_it_again_after_the_adoption_takes_it_back(shop: Any) -> None:
    item = shop.tracker.create(title="nothing", labels=["okr:KR-3"])
    shop.sync()
    adopt(shop)
    shop.tracker.person(item, remove=["okr:KR-3"])
    shop.pull()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    row = shop.state(item).row("okr:KR-3")
    assert row.origin is Origin.THEIRS


def test_labels_that_are_ours_already_are_no_part_of_it(shop: Any) -> None:
    shop.tracker.create(title="wallet")
    shop.sync()
    assert show(shop).items == []


def test_without_a_yes_nothing_becomes_ours(shop: Any) -> None:
    item = shop.tracker.create(title="search", labels=["okr:stale"])
    shop.sync()
    before = shop.state(item)
    assert adopt(shop, say=lambda _found: False) == 0
    assert shop.state(item) == before


def test_an_item_that_changed_since_it_was_shown_is_left_alone(shop: Any) -> None:
    moved = shop.tracker.create(title="search", labels=["okr:stale"])
    same = shop.tracker.create(title="search", labels=["okr:stale"])
    shop.sync()

    def yes_while_somebody_adds_one(_found: Adoptions) -> bool:
        shop.tracker.person(moved, add=["okr:KR-1"])
        shop.pull()
        return True

    assert adopt(shop, say=yes_while_somebody_adds_one) == 1
    assert "okr:stale" in shop.state(same).ours
    assert shop.state(moved).foreign == {"okr:stale"}


def test_the_digest_names_exactly_the_items_and_labels_that_were_shown(shop: Any) -> None:
    item = shop.tracker.create(title="search", labels=["okr:stale"])
    shop.sync()
    first = show(shop).digest
    assert show(shop).digest == first
    shop.tracker.person(item, add=["okr:KR-1"])
    shop.pull()
    assert show(shop).digest != first


def test_other_labels_and_other_scopes_are_no_part_of_it(shop: Any) -> None:
    shop.tracker.create(title="search", labels=["urgent"], scope="WEB")
    shop.tracker.create(title="search", labels=["okr:stale"], scope="WEB")
    inside = shop.tracker.create(title="search", labels=["okr:stale", "urgent"], scope="PAY")
    shop.sync()
    found = plan_adoption(shop.ctx, shop.strategy(), [(shop.tracker.name, "PAY")])
    assert [(one.ref.id, one.labels) for one in found.items] == [(inside, ("okr:stale",))]


def test_report_mode_adopts_nothing(shop: Any) -> None:
    shop.tracker.create(title="search", labels=["okr:stale"])
    shop.restart(writes=False)
    shop.sync()
    with pytest.raises(RefusedError, match=r"sync\.mode is report"):
        adopt(shop)
