"""What an adapter declares of its tracker, and the two steps that both halves of the suite take."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from okrsync.ports.tracker import EditOutcome, EditResult
from okrsync.testing.tracker_world import history_of

if TYPE_CHECKING:
    from okrsync.core.work import LabelEdit
    from okrsync.testing.tracker_world import TrackerWorld


class Claims:
    """Class attributes to set where a tracker is unlike the most ordinary one."""

    labels_have_definitions: ClassVar[bool] = False
    """Whether `Tracker.definitions` tells them (Linear) or is ``None`` (Jira)."""
    has_history: ClassVar[bool] = True
    has_containers: ClassVar[bool] = False
    """Whether things that are no items hold items there, such as Linear's projects."""
    refused_label: ClassVar[str | None] = None
    """A label that the tracker cannot hold, if there is one."""

    def _apply(self, world: TrackerWorld, *edits: LabelEdit) -> list[EditResult]:
        """Apply *edits*, let tasks end, and make sure that every edit was answered once."""
        results = list(world.tracker.apply(edits))
        world.finish_tasks()
        assert sorted(each.edit for each in results) == sorted(edits)
        for each in results:
            assert (each.task is not None) == (each.outcome is EditOutcome.UNFINISHED)
        return results

    def _assert_waited(self, world: TrackerWorld) -> None:
        assert world.waits == [world.asked_wait]

    def _assert_ours_alone(
        self, world: TrackerWorld, item_id: str, *, added: str, removed: str
    ) -> None:
        """Make sure that all the item's history is one swap by us; some need two steps for it."""
        changes = history_of(world, item_id).changes
        assert all(each.by_us for each in changes)
        assert sorted(label for each in changes for label in each.added) == [added]
        assert sorted(label for each in changes for label in each.removed) == [removed]
