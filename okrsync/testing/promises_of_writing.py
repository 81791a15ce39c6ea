"""What a tracker promises where it is written: only what was asked, once, and the truth of it."""
# ruff: noqa: D102 (the name of a test is its promise)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okrsync.ports.tracker import EditOutcome, EditResult, TaskState
from okrsync.testing.claims import Claims
from okrsync.testing.tracker_world import (
    OTHER,
    OURS,
    TEAM,
    TrackerWorld,
    Trouble,
    edit,
    one,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class WritingPromises(Claims):
    """Apply, lasting and task."""

    # apply

    def test_only_the_labels_named_change(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [TEAM, OTHER])
        (result,) = self._apply(world, edit(world, item_id, add=[OURS], remove=[OTHER]))
        assert world.labels(item_id) == {TEAM, OURS}
        assert result.outcome in {EditOutcome.DONE, EditOutcome.UNFINISHED}

    def test_a_label_a_person_adds_meanwhile_survives(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [OTHER])
        swap = edit(world, item_id, add=[OURS], remove=[OTHER])
        one(world, item_id)
        world.person_edits(item_id, add=[TEAM])
        self._apply(world, swap)
        assert world.labels(item_id) == {TEAM, OURS}

    def test_twice_is_once(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [TEAM])
        swap = edit(world, item_id, add=[OURS], remove=[TEAM])
        first = self._apply(world, swap)
        second = self._apply(world, swap)
        assert world.labels(item_id) == {OURS}
        assert [each.outcome for each in first] == [each.outcome for each in second]
        if self.has_history:
            self._assert_ours_alone(world, item_id, added=OURS, removed=TEAM)

    def test_every_edit_gets_one_answer(self, world: TrackerWorld) -> None:
        ids = world.seed(60)
        edits = [edit(world, item_id, add=[OURS]) for item_id in ids]
        results = self._apply(world, *edits)
        assert sorted(each.edit for each in results) == sorted(edits)
        assert {world.labels(item_id) for item_id in ids} == {frozenset({OURS})}
        assert {world.writes(item_id) for item_id in ids} == {1}
        assert self._apply(world) == []

    def test_an_item_that_is_gone_is_told_and_stops_nobody(self, world: TrackerWorld) -> None:
        first, gone, last = world.seed(3)
        world.delete(gone)
        results = self._apply(
            world,
            edit(world, first, add=[OURS]),
            edit(world, gone, add=[OURS]),
            edit(world, world.missing_id, add=[OURS]),
            edit(world, last, add=[OTHER], remove=[OURS]),
        )
        outcomes = {each.edit.ref.id: each.outcome for each in results}
        assert {outcomes[gone], outcomes[world.missing_id]} == {EditOutcome.GONE}
        assert (world.labels(first), world.labels(last)) == (frozenset({OURS}), frozenset({OTHER}))

    def test_a_refused_edit_changes_nothing_and_stops_nobody(self, world: TrackerWorld) -> None:
        if self.refused_label is None:
            pytest.skip("this tracker refuses no label (refused_label)")
        bad, good = world.seed(2, [TEAM])
        results = self._apply(
            world,
            edit(world, bad, add=[OURS, self.refused_label], remove=[TEAM]),
            edit(world, good, add=[OURS]),
        )
        outcomes = {each.edit.ref.id: each for each in results}
        assert outcomes[bad].outcome is EditOutcome.REFUSED
        assert outcomes[bad].message
        assert (world.labels(bad), world.labels(good)) == (
            frozenset({TEAM}),
            frozenset({TEAM, OURS}),
        )

    def test_the_item_in_an_answer_is_as_it_is_now(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [TEAM])
        (result,) = self._apply(world, edit(world, item_id, add=[OURS]))
        if result.after is not None:
            assert result.after.labels == world.labels(item_id)
            assert result.after.ref == result.edit.ref
        assert one(world, item_id).labels == {TEAM, OURS}

    def test_a_write_waits_exactly_as_long_as_the_tracker_asks(self, world: TrackerWorld) -> None:
        (item_id,) = world.seed(1, [OURS])
        world.fail_next(Trouble.BUSY_WRITE)
        (result,) = self._apply(world, edit(world, item_id, add=[OTHER], remove=[OURS]))
        assert result.outcome in {EditOutcome.DONE, EditOutcome.UNFINISHED}
        assert (world.labels(item_id), world.writes(item_id)) == (frozenset({OTHER}), 1)
        self._assert_waited(world)

    def test_a_write_whose_answer_is_lost_is_unknown_and_not_repeated(
        self, world: TrackerWorld
    ) -> None:
        lost, fine = world.seed(2)
        world.fail_next(Trouble.ANSWER_LOST)
        results = self._apply(
            world, edit(world, lost, add=[OURS]), edit(world, fine, add=[OURS, OTHER])
        )
        self._assert_one_unknown(world, results)
        assert (world.labels(lost), world.labels(fine)) == (
            frozenset({OURS}),
            frozenset({OURS, OTHER}),
        )
        assert (world.writes(lost), world.writes(fine)) == (1, 1)

    @pytest.mark.parametrize("trouble", [Trouble.WRITE_LOST, Trouble.SERVER_ERROR])
    def test_a_write_that_may_not_have_arrived_is_unknown_and_not_repeated(
        self, world: TrackerWorld, trouble: Trouble
    ) -> None:
        lost, fine = world.seed(2)
        world.fail_next(trouble)
        results = self._apply(
            world, edit(world, lost, add=[OURS]), edit(world, fine, add=[OURS, OTHER])
        )
        unknown = self._assert_one_unknown(world, results)
        assert (world.labels(unknown), world.writes(unknown)) == (frozenset(), 0)

    def test_a_tracker_that_is_down_is_told_for_every_edit(self, world: TrackerWorld) -> None:
        ids = world.seed(8)
        world.fail_next(Trouble.WRITES_DOWN)
        results = self._apply(world, *(edit(world, item_id, add=[OURS]) for item_id in ids))
        outcomes = {each.outcome for each in results}
        assert outcomes <= {EditOutcome.UNKNOWN, EditOutcome.FAILED}
        assert {world.writes(item_id) for item_id in ids} == {0}

    # many at once

    def test_many_equal_edits_change_only_the_labels_named(self, world: TrackerWorld) -> None:
        ids = world.seed(60, [TEAM, OTHER])
        world.person_edits(ids[0], add=["of-a-person"])
        results = self._apply(
            world, *(edit(world, item_id, add=[OURS], remove=[OTHER]) for item_id in ids)
        )
        assert {each.outcome for each in results} <= {EditOutcome.DONE, EditOutcome.UNFINISHED}
        assert world.labels(ids[0]) == {TEAM, OURS, "of-a-person"}
        assert {world.labels(item_id) for item_id in ids[1:]} == {frozenset({TEAM, OURS})}
        if self.has_history:
            self._assert_ours_alone(world, ids[1], added=OURS, removed=OTHER)

    def test_many_edits_whose_answer_is_lost_are_not_repeated(self, world: TrackerWorld) -> None:
        ids = world.seed(60)
        world.fail_next(Trouble.ANSWER_LOST)
        results = self._apply(world, *(edit(world, item_id, add=[OURS]) for item_id in ids))
        assert EditOutcome.UNKNOWN in {each.outcome for each in results}
        assert {world.writes(item_id) for item_id in ids} == {1}
        assert world.waits == []

    def test_what_may_go_on_after_its_answer_is_told_before(self, world: TrackerWorld) -> None:
        ids = world.seed(60)
        edits = [edit(world, item_id, add=[OURS]) for item_id in ids]
        world.fail_next(Trouble.TASKS_HANG)
        lasting = world.tracker.lasting(edits)
        results = list(world.tracker.apply(edits))
        unfinished = {each.edit.ref for each in results if each.task}
        assert unfinished <= lasting <= {each.ref for each in edits}
        running = {world.tracker.task(each.task) for each in results if each.task}
        assert running <= {TaskState.RUNNING}
        world.finish_tasks()
        assert {world.labels(item_id) for item_id in ids} == {frozenset({OURS})}

    # tasks

    def test_a_task_nobody_knows_is_unknown(self, world: TrackerWorld) -> None:
        assert world.tracker.task("no-such-task") is TaskState.UNKNOWN

    def test_an_unfinished_edit_names_a_task_that_ends(self, world: TrackerWorld) -> None:
        ids = world.seed(60)
        edits = [edit(world, item_id, add=[OURS]) for item_id in ids]
        tasks = {each.task for each in world.tracker.apply(edits) if each.task}
        world.finish_tasks()
        assert {world.tracker.task(task) for task in tasks} <= {TaskState.ENDED}
        assert {world.labels(item_id) for item_id in ids} == {frozenset({OURS})}

    def _assert_one_unknown(self, world: TrackerWorld, results: Sequence[EditResult]) -> str:
        """Return the id of the one item whose edit could not be decided."""
        unknown = [each for each in results if each.outcome is EditOutcome.UNKNOWN]
        assert len(unknown) == 1
        assert len(results) == len(unknown) + sum(
            each.outcome in {EditOutcome.DONE, EditOutcome.UNFINISHED} for each in results
        )
        assert world.waits == []
        return unknown[0].edit.ref.id
