"""What the conformance suite needs of a tracker to try: power over it, and over its failures."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from okrsync.core.work import History, ItemRef, LabelEdit, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync.ports.tracker import Tracker

TEAM = "team-a"
"""A label of other people's."""
OURS = "okr:KR-1"
OTHER = "okr:KR-2"


class Trouble(StrEnum):
    """What a world can be asked to do to the tracker's client."""

    BUSY_READ = "busy-read"
    """The next search is told to wait for `TrackerWorld.asked_wait` seconds."""
    BUSY_WRITE = "busy-write"
    """The next label edit is told to, and is not done."""
    SEARCH_BREAKS = "search-breaks"
    """Searches fail for good after the first page of two."""
    WRITE_LOST = "write-lost"
    """The connection breaks before the next label edit arrives."""
    SERVER_ERROR = "server-error"
    """The next label edit is answered with a 5xx, and was not done."""
    ANSWER_LOST = "answer-lost"
    """The next label edit takes effect, and the connection breaks before the answer."""
    WRITES_DOWN = "writes-down"
    """No label edit arrives any more."""
    TASKS_HANG = "tasks-hang"
    """Tasks of the tracker make no progress until `TrackerWorld.finish_tasks`."""
    LOCKED_OUT = "locked-out"
    """From now on the credentials are wrong."""


MANY = 260
"""More items than any tracker shows on one page, however little is asked of each."""


class TrackerWorld(Protocol):
    """A tracker that listens, the adapter that is connected to it, and power over both."""

    tracker: Tracker
    """Its `Connection` has a `Retry` that appends to *waits* where it would sleep."""
    name: str
    """The name in every `ItemRef`."""
    scope: str
    waits: list[float]
    asked_wait: float
    """In seconds."""
    missing_id: str
    """An id of the right form that no item has."""
    people: Sequence[str]
    """Names, mail addresses and ids of those who act here; none may show in what is read."""

    def seed(self, count: int, labels: Iterable[str] = ()) -> list[str]:
        """Create items in the scope and return their ids; a search sees them."""

    def person_edits(
        self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        """Let a person change labels; a search need not see it."""

    def own_account_edits(
        self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        """Let somebody change labels with the account that okrsync uses."""

    def labels(self, item_id: str) -> frozenset[str]:
        """Return the labels an item has in truth."""

    def writes(self, item_id: str) -> int:
        """Count the label edits of an item that took effect through the tracker's API."""

    def move_out(self, item_id: str) -> None:
        """Move an item out of the scope; a search sees it."""

    def hold(self, item_id: str) -> None:
        """Put an item into a container of each kind; only needed where `has_containers` is set."""

    def delete(self, item_id: str) -> None:
        """Take an item away for good; a search need not see it."""

    def flush_search(self) -> None:
        """Let searches see everything."""

    def fail_next(self, trouble: Trouble) -> None:
        """Prepare a failure."""

    def finish_tasks(self) -> None:
        """Let everything that the tracker is still at come to its end."""


def edit(
    world: TrackerWorld, item_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> LabelEdit:
    """Build an edit of one item."""
    return LabelEdit(ItemRef(world.name, item_id), tuple(add), tuple(remove))


def one(world: TrackerWorld, item_id: str) -> WorkItem:
    """Read one item as it is now."""
    (item,) = world.tracker.read([item_id])
    return item


def shown_items(tracker: Tracker, scope: str) -> Iterator[WorkItem]:
    """Look closely at all that a pull shows."""
    return (seen.item() for seen in tracker.pull(scope))


def history_of(world: TrackerWorld, item_id: str) -> History:
    """Read the whole history of one item."""
    (history,) = world.tracker.histories([item_id])
    return history


def defined(world: TrackerWorld) -> frozenset[str]:
    """Return the names of the labels that are defined."""
    return frozenset((world.tracker.definitions() or {}).values())
