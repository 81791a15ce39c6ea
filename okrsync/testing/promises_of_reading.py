"""What a tracker promises where it is read: nothing missed, nothing made up, nobody named."""
# ruff: noqa: D102 (the name of a test is its promise)

from __future__ import annotations

import pytest

from okrsync.core.work import ItemRef
from okrsync.errors import TrackerRefusedError, TrackerUnavailableError
from okrsync.testing.claims import Claims
from okrsync.testing.tracker_world import (
    MANY,
    OTHER,
    OURS,
    TEAM,
    TrackerWorld,
    Trouble,
    defined,
    edit,
    history_of,
    one,
    shown_items,
)


class ReadingPromises(Claims):
    """Check, pull, stamps, read, histories and definitions."""

    @pytest.fixture
    def _history(self) -> None:
        if not self.has_history:
            pytest.skip("this tracker tells no history (has_history)")

    @pytest.fixture
    def _containers(self) -> None:
        if not self.has_containers:
            pytest.skip("nothing holds items in this tracker (has_containers)")

    # check

    def test_check_tells_one_account(self, world: TrackerWorld) -> None:
        account = world.tracker.check()
        assert account.id
        assert world.tracker.check() == account

    def test_wrong_credentials_are_refused_with_a_hint_or_reason(self, world: TrackerWorld) -> None:
        world.fail_next(Trouble.LOCKED_OUT)
        with pytest.raises(TrackerRefusedError) as caught:
            world.tracker.check()
        assert str(caught.value)

    # pull

    def test_pull_yields_every_item_of_the_scope(self, world: TrackerWorld) -> None:
        ids = world.seed(5)
        assert {item.ref.id for item in shown_items(world.tracker, world.scope)} == set(ids)

    def test_a_sighting_is_of_the_item_that_it_shows(self, world: TrackerWorld) -> None:
        world.seed(2)
        seen = list(world.tracker.pull(world.scope))
        assert [each.item().ref.id for each in seen] == [each.id for each in seen]

    def test_what_is_shown_unchanged_has_the_same_digest(self, world: TrackerWorld) -> None:
        world.seed(3, [TEAM])
        assert _digests(world) == _digests(world)

    def test_what_is_shown_changed_has_another_digest(self, world: TrackerWorld) -> None:
        (changed, stays) = world.seed(2, [TEAM])
        before = _digests(world)
        world.person_edits(changed, add=[OURS])
        world.flush_search()
        after = _digests(world)
        assert after[changed] != before[changed]
        assert after[stays] == before[stays]

    def test_pull_tells_ref_scope_and_labels(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [TEAM, OURS])
        (item,) = shown_items(world.tracker, world.scope)
        assert (item.ref, item.scope) == (ItemRef(world.name, item_id), world.scope)
        assert item.labels == {TEAM, OURS}
        assert item.updated.tzinfo is not None
        assert item.created.tzinfo is not None

    def test_pull_leaves_out_what_moved_away(self, world: TrackerWorld) -> None:
        moved, stays = world.seed(2)
        world.move_out(moved)
        assert {item.ref.id for item in shown_items(world.tracker, world.scope)} == {stays}

    def test_a_pull_is_whole_while_people_work(self, world: TrackerWorld) -> None:
        ids = world.seed(7)
        shown: set[str] = set()
        for seen in world.tracker.pull(world.scope):
            shown.add(seen.id)
            for item_id in ids:
                world.person_edits(item_id, add=[f"seen-{len(shown)}"])
            world.flush_search()
        assert shown == set(ids)

    def test_a_pull_that_breaks_in_the_middle_raises(self, world: TrackerWorld) -> None:
        world.seed(5)
        world.fail_next(Trouble.SEARCH_BREAKS)
        with pytest.raises(TrackerUnavailableError):
            list(world.tracker.pull(world.scope))

    def test_a_read_waits_exactly_as_long_as_the_tracker_asks(self, world: TrackerWorld) -> None:
        ids = world.seed(3)
        world.fail_next(Trouble.BUSY_READ)
        assert {item.ref.id for item in shown_items(world.tracker, world.scope)} == set(ids)
        self._assert_waited(world)

    # stamps and time

    def test_stamps_tell_every_item_of_the_scope_as_a_pull_does(self, world: TrackerWorld) -> None:
        ids = world.seed(5)
        world.move_out(ids[0])
        shown = {item.ref.id: item.updated for item in shown_items(world.tracker, world.scope)}
        assert {each.id: each.updated for each in world.tracker.stamps(world.scope)} == shown
        assert shown.keys() == set(ids[1:])

    def test_stamps_since_a_moment_miss_nothing_of_it_or_after(self, world: TrackerWorld) -> None:
        ids = world.seed(6)
        for item_id in ids[2:]:
            world.person_edits(item_id, add=[TEAM])
        world.flush_search()
        updated = {each.id: each.updated for each in world.tracker.stamps(world.scope)}
        for since in updated.values():
            told = {each.id for each in world.tracker.stamps(world.scope, since)}
            assert told >= {item_id for item_id, at in updated.items() if at >= since}

    def test_stamps_are_whole_while_people_work(self, world: TrackerWorld) -> None:
        ids = world.seed(MANY)
        told: set[str] = set()
        for stamp in world.tracker.stamps(world.scope):
            if len(told) % (MANY // 4) == 0:
                for item_id in ids[:: MANY // 10]:
                    world.person_edits(item_id, add=[f"seen-{len(told)}"])
                world.flush_search()
            told.add(stamp.id)
        assert told == set(ids)

    def test_stamps_that_break_in_the_middle_raise(self, world: TrackerWorld) -> None:
        world.seed(MANY)
        world.fail_next(Trouble.SEARCH_BREAKS)
        with pytest.raises(TrackerUnavailableError):
            list(world.tracker.stamps(world.scope))

    def test_the_trackers_clock_is_known_from_its_answers(self, world: TrackerWorld) -> None:
        assert world.tracker.time() is None
        (item_id,) = world.seed(1)
        updated = one(world, item_id).updated
        now = world.tracker.time()
        assert now is not None
        assert now >= updated.replace(microsecond=0)

    # read

    def test_read_tells_the_truth_while_search_lags(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [TEAM])
        world.person_edits(item_id, add=[OURS], remove=[TEAM])
        assert one(world, item_id).labels == {OURS}

    def test_read_leaves_out_what_is_not_there(self, world: TrackerWorld) -> None:
        gone, stays = world.seed(2)
        world.delete(gone)
        read = world.tracker.read([gone, stays, world.missing_id])
        assert [item.ref.id for item in read] == [stays]

    def test_read_takes_any_number_of_ids(self, world: TrackerWorld) -> None:
        ids = world.seed(120)
        assert sorted(item.ref.id for item in world.tracker.read(ids)) == sorted(ids)
        assert list(world.tracker.read([])) == []

    def test_an_item_that_moved_keeps_its_id(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1)
        before = one(world, item_id)
        world.move_out(item_id)
        after = one(world, item_id)
        assert after.ref == before.ref
        assert after.key != before.key
        assert after.scope != world.scope

    def test_a_change_of_labels_moves_updated_on(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1)
        before = one(world, item_id)
        world.person_edits(item_id, add=[TEAM])
        assert one(world, item_id).updated >= before.updated

    def test_no_value_names_a_person(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1)
        world.person_edits(item_id, add=[TEAM])
        told = repr([one(world, item_id), list(world.tracker.histories([item_id]))])
        assert [name for name in world.people if name in told] == []

    # containers

    @pytest.mark.usefixtures("_containers")
    def test_everything_above_an_item_can_be_read_by_its_ref(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1)
        world.hold(item_id)
        held, wanted = set(), set(one(world, item_id).containers)
        assert wanted
        while wanted:
            read = list(world.tracker.read([ref.id for ref in wanted]))
            assert {each.ref for each in read} == wanted
            assert all(each.title and not each.scope and not each.labels for each in read)
            held |= wanted
            wanted = {ref for each in read for ref in each.containers} - held

    @pytest.mark.usefixtures("_containers")
    def test_what_holds_items_is_never_pulled(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1)
        world.hold(item_id)
        assert {item.ref.id for item in shown_items(world.tracker, world.scope)} == {item_id}

    # histories

    @pytest.mark.usefixtures("_history")
    def test_a_history_tells_who_changed_what_in_order(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [TEAM])
        world.person_edits(item_id, add=[OURS])
        world.own_account_edits(item_id, add=[OTHER])
        world.person_edits(item_id, remove=[OURS])
        changes = history_of(world, item_id).changes
        assert [(each.by_us, each.added, each.removed) for each in changes] == [
            (False, {OURS}, frozenset()),
            (True, {OTHER}, frozenset()),
            (False, frozenset(), {OURS}),
        ]
        assert [each.at for each in changes] == sorted(each.at for each in changes)

    @pytest.mark.usefixtures("_history")
    def test_a_history_includes_the_moment_it_is_asked_from(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1)
        for label in (TEAM, OURS, OTHER):
            world.person_edits(item_id, add=[label])
        changes = history_of(world, item_id).changes
        told = next(iter(world.tracker.histories([item_id], since=changes[1].at)))
        assert told.changes == tuple(each for each in changes if each.at >= changes[1].at)

    @pytest.mark.usefixtures("_history")
    def test_each_item_that_is_there_has_one_history(self, world: TrackerWorld) -> None:
        changed, quiet, gone = world.seed(3)
        world.person_edits(changed, add=[TEAM])
        world.delete(gone)
        told = list(world.tracker.histories([changed, quiet, gone, world.missing_id]))
        assert sorted(each.ref.id for each in told) == sorted([changed, quiet])
        assert {each.ref.id: each.changes for each in told}[quiet] == ()

    @pytest.mark.usefixtures("_history")
    def test_our_own_edits_are_ours_in_the_history(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [TEAM])
        self._apply(world, edit(world, item_id, add=[OURS], remove=[TEAM]))
        self._assert_ours_alone(world, item_id, added=OURS, removed=TEAM)

    # definitions

    def test_definitions_are_told_if_labels_have_any(self, world: TrackerWorld) -> None:
        world.seed(1, [TEAM])
        told = world.tracker.definitions()
        if self.labels_have_definitions:
            assert told is not None
            assert TEAM in told.values()
        else:
            assert told is None

    def test_definitions_are_read_afresh(self, world: TrackerWorld) -> None:
        if not self.labels_have_definitions:
            pytest.skip("labels have no definition here (labels_have_definitions)")
        (item_id,) = world.seed(1)
        assert OURS not in defined(world)
        self._apply(world, edit(world, item_id, add=[OURS]))
        assert OURS in defined(world)
        assert world.tracker.definitions()[one(world, item_id).label_ids[OURS]] == OURS  # type: ignore[index]


def _digests(world: TrackerWorld) -> dict[str, bytes]:
    return {seen.id: seen.digest for seen in world.tracker.pull(world.scope)}
