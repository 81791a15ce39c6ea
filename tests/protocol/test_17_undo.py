"""17: a run can be taken back, where nothing happened since, and stays taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from okrsync.app import people
from okrsync.core.ledger import Origin
from okrsync.errors import RefusedError, UsageError
from okrsync.testing import Fault, FaultKind

pytestmark = pytest.mark.paragraph(17)

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}
SEARCH = {"okr:KR-3", "okr:aligned"}


def reasons(made: Any) -> list[str]:
    """Return why items were left as they are."""
    return [why for _, why in made.proposal.left]


def labelled_then_retitled(shop: Any) -> tuple[str, int]:
    """Return an item whose link labels a second run swapped, and that run."""
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.change(item, title="search")
    run = shop.sync().run
    assert shop.labels(item) == SEARCH
    return item, run


def test_an_undo_adds_what_the_run_removed_and_removes_what_it_added(shop: Any) -> None:
    item, run = labelled_then_retitled(shop)
    made = shop.undo(run)
    assert shop.labels(item) == WALLET
    assert (made.applied.added, made.applied.removed, reasons(made)) == (2, 1, [])
    assert shop.state(item).ours == WALLET


def test_only_the_run_that_is_named_is_taken_back(shop: Any) -> None:
    first = shop.tracker.create(title="wallet")
    run = shop.sync().run
    second = shop.tracker.create(title="wallet")
    shop.sync()
    shop.undo(run)
    assert (shop.labels(first), shop.labels(second)) == (set(), WALLET)


def test_an_undo_can_be_undone(shop: Any) -> None:
    item, run = labelled_then_retitled(shop)
    again = shop.undo(run).run
    shop.undo(again)
    assert shop.labels(item) == SEARCH


def test_items_that_are_not_as_the_run_left_them_are_reported_and_left(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    other = shop.tracker.create(title="search")
    run = shop.sync().run
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.pull()
    made = shop.undo(run)
    assert made.proposal.left == [(shop.tracker.items[item].key, "its labels changed since")]
    assert (shop.labels(item), shop.labels(other)) == (WALLET | {"okr:KR-3"}, set())


def test_what_changed_after_the_last_pull_is_left_too(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    run = shop.sync().run
    shop.tracker.person(item, remove=["okr:KR-1"])
    made = shop.undo(run)
    assert [why for _, why in made.applied.moved] == ["its labels changed since the plan"]
    assert shop.labels(item) == {"okr:H-1", "okr:aligned"}


def test_other_labels_may_have_changed(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    run = shop.sync().run
    shop.tracker.person(item, add=["urgent"])
    shop.undo(run)
    assert shop.tracker.labels(item) == {"urgent"}


def test_an_undo_creates_no_vetoes_and_no_mutes(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.undo(shop.sync().run)
    shop.pull()
    state = shop.state(item)
    assert (state.acts, state.mutes, state.rows) == ((), frozenset(), ())
    assert "H-1" in shop.judged(item).judgement.goals


def test_an_item_is_held_while_its_desired_labels_stay_the_same(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.undo(shop.sync().run)
    shop.clock.advance(timedelta(days=40))
    shop.tracker.change(item, title="wallet for all")
    for _ in range(2):
        made = shop.sync()
        assert shop.labels(item) == set()
        assert made.planned.empty


def test_the_hold_ends_when_its_desired_labels_change(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.undo(shop.sync().run)
    shop.tracker.change(item, title="search")
    shop.sync()
    assert shop.labels(item) == SEARCH
    shop.tracker.change(item, title="wallet")
    shop.sync()
    assert shop.labels(item) == WALLET


def test_the_hold_ends_with_release(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.undo(shop.sync().run)
    shop.say(people.release, item)
    shop.sync()
    assert shop.labels(item) == WALLET
    with pytest.raises(UsageError, match="is not held"):
        shop.say(people.release, item)


def test_a_veto_changes_what_is_desired_only_after_the_hold_has_looked(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.undo(shop.sync().run)
    shop.say(people.unlink, item, "H-1", "not this one")
    assert shop.judged(item).judgement.desired == {"okr:unaligned"}
    shop.sync()
    assert shop.labels(item) == set()
    assert shop.state(item).hold is not None


def test_a_veto_from_before_the_undo_ends_no_hold(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.sync()
    shop.goals.kill("H-1")
    shop.undo(shop.sync().run)
    for _ in range(2):
        shop.sync()
        assert shop.labels(item) == {"okr:H-1", "okr:aligned"}


def test_items_that_were_left_are_not_held(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    run = shop.sync().run
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.pull()
    shop.undo(run)
    assert shop.state(item).hold is None


def test_an_undo_that_the_tracker_refuses_holds_nothing(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    run = shop.sync().run
    shop.tracker.faults.put(Fault(kind=FaultKind.REFUSED, on="apply"))
    made = shop.undo(run)
    assert [why for _, why in made.applied.refused] == ["said no"]
    assert (shop.labels(item), shop.state(item).hold) == (WALLET, None)


def test_an_undo_adds_nothing_that_a_person_vetoed_and_reports_the_item_whole(shop: Any) -> None:
    item, run = labelled_then_retitled(shop)
    shop.tracker.person(item, add=["okr:KR-1"])
    shop.pull()
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.pull()
    assert "KR-1" in shop.judged(item).judgement.own.vetoes
    made = shop.undo(run)
    assert reasons(made) == ["a person took okr:KR-1 away since"]
    assert shop.labels(item) == SEARCH


def test_an_undo_adds_no_verdict_that_a_person_muted(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    good = shop.goals.hypotheses
    shop.goals.kill("H-1")
    run = shop.sync().run
    assert "okr:stale" in shop.labels(item)
    shop.goals.hypotheses = good
    shop.sync()
    shop.tracker.person(item, remove=["okr:aligned"])
    shop.sync()
    shop.tracker.person(item, add=["okr:stale"])
    shop.sync()
    assert shop.state(item).mutes == {"okr:aligned"}
    made = shop.undo(run)
    assert len(reasons(made)) == 1
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:stale"}


def test_an_undo_removes_nothing_that_is_not_ours_now_and_reports_the_item_whole(
    shop: Any,
) -> None:
    item = shop.tracker.create(title="wallet")
    run = shop.sync().run
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.pull()
    shop.tracker.person(item, add=["okr:KR-1"])
    shop.pull()
    row = shop.state(item).row("okr:KR-1")
    assert row is not None
    assert row.origin is Origin.THEIRS
    made = shop.undo(run)
    assert reasons(made) == ["okr:KR-1 is not ours any more"]
    assert shop.labels(item) == WALLET


def test_a_toggle_that_nobody_pulled_makes_the_row_theirs_before_the_undo(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    run = shop.sync().run
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.tracker.person(item, add=["okr:H-1"])
    made = shop.undo(run)
    assert [why for _, why in made.applied.moved] == ["somebody else added a label of ours again"]
    assert shop.labels(item) == WALLET


def test_an_item_that_left_our_scopes_is_reported(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    run = shop.sync().run
    shop.tracker.move(item, "OPS")
    shop.pull()
    assert reasons(shop.undo(run)) == ["it is in no scope of ours any more"]
    assert shop.labels(item) == WALLET


def test_an_undo_needs_a_run_that_changed_something_and_the_right_to_write(shop: Any) -> None:
    run = shop.sync().run
    with pytest.raises(UsageError, match="changed no label"):
        shop.undo(run)
    with pytest.raises(UsageError, match="there is no run 999"):
        shop.undo(999)
    shop.restart(writes=False)
    with pytest.raises(RefusedError, match=r"sync\.mode is report"):
        shop.undo(run)


def test_what_a_later_run_wrote_again_is_not_taken_back_by_an_old_undo(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    first = shop.sync().run
    shop.undo(first)
    shop.say(people.release, item)
    shop.sync()
    before = shop.labels(item)
    made = shop.undo(first)
    assert shop.labels(item) == before
    assert made.proposal.left
    assert made.exit_code == 4
