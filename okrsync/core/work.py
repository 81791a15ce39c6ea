"""Work as the trackers hold it: items, their histories, and the edits we ask for.

No field of any value here names a person. A label is its exact spelling.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


HOLDING = ("project", "milestone", "initiative")
"""The kinds of containers, nearest to the items first; their refs begin with the kind's name."""


class ItemRef(NamedTuple):
    """An item's identity for ever: the configured tracker's name and the tracker's own id.

    Containers that only pass on what they are linked to (a Linear project) have an id with
    a prefix out of `HOLDING`, such as ``project:6f2c…``. A tuple, because it is the key of so much.
    """

    tracker: str
    id: str

    def __str__(self) -> str:
        return f"{self.tracker}:{self.id}"

    @property
    def distance(self) -> int:
        """How far from the items such a container is; 0 also for what has no prefix."""
        kind = self.id.partition(":")[0]
        return HOLDING.index(kind) if kind in HOLDING else 0


class Category(StrEnum):
    """What a status means, the same over all trackers. Cancelled is not done."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nobody is expected to work on such an item any more."""
        return self is Category.DONE or self is Category.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One item as read at one moment."""

    ref: ItemRef
    key: str
    """What people call it; changes when it moves."""
    scope: str
    """The Jira project key or Linear team key it is in now; empty for containers."""
    title: str
    type: str
    status: str
    category: Category
    updated: datetime
    created: datetime
    labels: frozenset[str] = frozenset()
    label_ids: Mapping[str, str] = field(default_factory=dict)
    """Label -> the tracker's id of its definition, where labels have definitions (Linear)."""
    text: str | None = None
    """The description as plain text, at most 32 kB; absent where nothing asks for it."""
    parent: ItemRef | None = None
    containers: tuple[ItemRef, ...] = ()
    """What directly holds the item beside its parents, nearest first: Linear project and the like.
    What holds a container is told by that container."""
    projects: tuple[str, ...] = ()
    """Every name the item's project answers to: Jira key and name, Linear project name."""
    milestone: str | None = None
    initiatives: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    team: str | None = None
    """The tracker's own team field, never a person."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Configured custom fields by the name used in the settings, their values as text."""
    due: date | None = None
    estimate: float | None = None
    resolved: datetime | None = None
    """When it was done or cancelled; never derived from ``updated``."""
    url: str | None = None
    """Where people open it."""

    @property
    def ups(self) -> tuple[ItemRef, ...]:
        """What is directly above it: its parent, then what holds it."""
        return (*(() if self.parent is None else (self.parent,)), *self.containers)


@dataclass(frozen=True, slots=True, order=True)
class Amount:
    """How much work: items, and the sum of their estimates as far as they have any."""

    items: int = 0
    estimate: float = 0.0


NO_WORK = Amount()


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One entry of an item's history: which labels somebody added and removed, and when.

    A label whose name the tracker lost with its definition is told by its id.
    """

    at: datetime
    by_us: bool
    """Whether the entry is of the account okrsync uses; many use one account for both."""
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class History:
    """The label changes of one item, oldest first.

    *complete* is false where the tracker does not tell everything since *since*; presence
    and absence then speak for what is missing.
    """

    ref: ItemRef
    changes: tuple[LabelChange, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, order=True)
class LabelEdit:
    """Labels to add to and remove from one item; all others are left alone."""

    ref: ItemRef
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many labels change."""
        return len(self.add) + len(self.remove)
