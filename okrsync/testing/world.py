"""The world behind the fake tracker: items, their histories, a search index that lags.

Time is its clock's: every change happens one tick after the one before. It has no people's names
and no exclusive label groups.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from okrsync.core.clock import FixedClock
from okrsync.core.work import Category, History, ItemRef, LabelChange, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def work_item(item_id: str, *, tracker: str = "fake", **given: Any) -> WorkItem:
    """Build an item of which only what matters is given."""
    plain: dict[str, Any] = {
        "ref": ItemRef(tracker, item_id),
        "key": f"{given.get('scope', 'PAY')}-{item_id}",
        "scope": "PAY",
        "title": f"Item {item_id}",
        "type": "Story",
        "status": "To do",
        "category": Category.TODO,
        "created": START,
        "updated": START,
    }
    return WorkItem(**{**plain, **given, "labels": frozenset(given.get("labels", ()))})


@dataclass
class FakeWorld:
    """What is in the tracker, and what people and programs do there."""

    name: str = "fake"
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    lag: int = 0
    """How many of the newest changes a search does not see yet."""
    with_definitions: bool = False
    """Whether labels have definitions with ids, as in Linear."""
    without_history: bool = False
    """Whether histories tell nothing, and say so."""
    tick: timedelta = timedelta(seconds=1)

    def __post_init__(self) -> None:
        self._items: dict[str, WorkItem] = {}
        self._indexed: dict[str, WorkItem] = {}
        self._unindexed: deque[tuple[str, WorkItem | None]] = deque()
        self._histories: dict[str, list[LabelChange]] = {}
        self._hidden: dict[str, WorkItem] = {}
        self._ids_of_labels: dict[str, str] = {}
        self._last_id = 100

    # What there is

    @property
    def items(self) -> Mapping[str, WorkItem]:
        """The items by id, as they are."""
        return self._items

    def labels(self, item_id: str) -> frozenset[str]:
        """Return the labels that an item has."""
        return self._items[item_id].labels

    def defined(self) -> Mapping[str, str]:
        """Return id -> name of every label that is defined."""
        return {label_id: label for label, label_id in self._ids_of_labels.items()}

    def search(
        self, scope: str, *, after: str, limit: int, since: datetime | None = None
    ) -> list[WorkItem]:
        """Return the next items of a scope by id, as the index knows them."""
        found = sorted(
            i
            for i, item in self._indexed.items()
            if item.scope == scope and i > after and (since is None or item.updated >= since)
        )
        return [self._indexed[i] for i in found[:limit]]

    def history(self, item_id: str, since: datetime | None) -> History:
        """Return who changed which labels when, as far as the tracker tells."""
        ref = self._items[item_id].ref
        if self.without_history:
            return History(ref, complete=False)
        changes = self._histories.get(item_id, ())
        return History(ref, tuple(each for each in changes if since is None or each.at >= since))

    # What people and programs do

    def create(self, *, labels: Iterable[str] = (), **given: Any) -> str:
        """Create an item and return its id; its history does not tell of these labels."""
        self._last_id += 1
        now = self._moment()
        times = {"created": now, "updated": now}
        item = work_item(str(self._last_id), tracker=self.name, **{**times, **given})
        self.put(self._labelled(item, frozenset(labels)))
        return item.ref.id

    def put(self, item: WorkItem) -> None:
        """Make this the item of that id, without a trace in its history."""
        self._items[item.ref.id] = item
        self._index(item.ref.id, item)

    def change(self, item_id: str, **fields: Any) -> None:
        """Let somebody change anything but labels."""
        self.put(replace(self._items[item_id], **fields, updated=self._moment()))

    def person(self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Let a person change labels."""
        self.edit(item_id, add, remove, by_us=False)

    def bot(self, item_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Let somebody else who uses our account change labels."""
        self.edit(item_id, add, remove, by_us=True)

    def move(self, item_id: str, scope: str) -> None:
        """Move an item to another scope, where it has another key."""
        self.change(item_id, scope=scope, key=f"{scope}-{item_id}")

    def delete(self, item_id: str) -> None:
        """Delete an item, with its history."""
        del self._items[item_id]
        self._histories.pop(item_id, None)
        self._index(item_id, None)

    def hide(self, item_id: str) -> None:
        """Take our permission to see an item, which goes on without us."""
        self._hidden[item_id] = self._items.pop(item_id)
        self._index(item_id, None)

    def show(self, item_id: str) -> None:
        """Give that permission back."""
        self.put(self._hidden.pop(item_id))

    def clone(self, item_id: str) -> str:
        """Copy an item: the labels come along, their history does not."""
        original = self._items[item_id]
        return self.create(labels=original.labels, scope=original.scope, title=original.title)

    def delete_definition(self, label: str) -> None:
        """Delete a label everywhere; no history and no `updated` tells of it."""
        self._ids_of_labels.pop(label, None)
        for item in list(self._items.values()):
            if label in item.labels:
                self.put(self._labelled(item, item.labels - {label}))

    def flush(self) -> None:
        """Let searches see the truth."""
        self._catch_up(0)

    def edit(
        self, item_id: str, add: Iterable[str], remove: Iterable[str], *, by_us: bool
    ) -> WorkItem:
        """Change labels and return the item; what changes nothing leaves no trace."""
        before = self._items[item_id]
        labels = (before.labels - frozenset(remove)) | frozenset(add)
        if labels == before.labels:
            return before
        now = self._moment()
        self._histories.setdefault(item_id, []).append(
            LabelChange(now, by_us, labels - before.labels, before.labels - labels)
        )
        self.put(replace(self._labelled(before, labels), updated=now))
        return self._items[item_id]

    def _labelled(self, item: WorkItem, labels: frozenset[str]) -> WorkItem:
        if not self.with_definitions:
            return replace(item, labels=labels)
        for label in sorted(labels - self._ids_of_labels.keys()):
            self._last_id += 1
            self._ids_of_labels[label] = f"label-{self._last_id}"
        ids = {label: self._ids_of_labels[label] for label in labels}
        return replace(item, labels=labels, label_ids=ids)

    def _index(self, item_id: str, item: WorkItem | None) -> None:
        self._unindexed.append((item_id, item))
        self._catch_up(self.lag)

    def _catch_up(self, lag: int) -> None:
        while len(self._unindexed) > lag:
            item_id, item = self._unindexed.popleft()
            if item is None:
                self._indexed.pop(item_id, None)
            else:
                self._indexed[item_id] = item

    def _moment(self) -> datetime:
        self.clock.advance(self.tick)
        return self.clock.now()
