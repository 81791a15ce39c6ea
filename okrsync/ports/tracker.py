"""What okrsync needs from a tracker, and nothing more.

Public: third parties implement it and prove it with `okrsync.testing.TrackerConformance`. A change
that would break an adapter raises `SPI_VERSION`. Every method raises only errors from
`okrsync.errors`; a library's exceptions never leave an adapter, and every call has a time-out.
Adapters translate and decide nothing: which labels to write, and whether, is not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from okrsync.core.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pydantic import BaseModel

    from okrsync.core.backoff import Retry
    from okrsync.core.work import History, ItemRef, LabelEdit, WorkItem
    from okrsync.ports.survey import Question, Survey

SPI_VERSION = 3


class EditOutcome(StrEnum):
    """What became of one edit."""

    DONE = "done"
    """The tracker took it."""
    UNFINISHED = "unfinished"
    """A task of the tracker is still at it; `EditResult.task` names the task."""
    UNKNOWN = "unknown"
    """The connection failed after sending: it may have taken effect or not."""
    GONE = "gone"
    """There is no such item for us any more."""
    REFUSED = "refused"
    """The tracker said no and nothing changed; `EditResult.message` says why."""
    FAILED = "failed"
    """It was certainly not done and may be tried in another pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditResult:
    """The answer to one `LabelEdit`."""

    edit: LabelEdit
    outcome: EditOutcome
    after: WorkItem | None = None
    """The item as the tracker's own response to the write shows it, where it does."""
    task: str | None = None
    lasting: bool = False
    """Whether a task that we know no id of may still be at it; only with `UNKNOWN`."""
    message: str = ""


class TaskState(StrEnum):
    """How a tracker's own task stands. Its end says nothing of single items."""

    RUNNING = "running"
    ENDED = "ended"
    UNKNOWN = "unknown"
    """The tracker does not know it (any more)."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are to the tracker: an opaque id, never shown, and the profile's time zone."""

    id: str
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """What tells whether an item changed."""

    id: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item as a search showed it, not looked at closely yet."""

    id: str
    digest: bytes
    """Of all that `item` is made of. Two sightings of one item with equal digests give equal items;
    an adapter that comes to read the same answer differently must make other digests of it."""
    item: Callable[[], WorkItem]
    """Looks closely, and asks the tracker nothing. Raises only errors from `okrsync.errors`."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of an allowance, as the tracker's newest answer told it."""

    name: str
    """``requests``, ``complexity``, or the kind of requests that it is for."""
    limit: int
    remaining: int
    resets: datetime | None = None
    """When all of it is there again, where the tracker says so."""


class Tracker(Protocol):
    """A live connection to one tracker. Safe to use from one thread at a time.

    Several connections to one tracker may be used at the same time; what they share is the pace of
    their `Retry` alone.
    """

    def check(self) -> Account:
        """Make sure that we are who the settings say, and not anonymous.

        Raises:
            TrackerRefusedError: the credentials are wrong, expired or anonymous, or a scope
                cannot be seen; the hint says what to do.

        """

    def pull(self, scope: str) -> Iterator[Sighting]:
        """Yield every item of *scope* as a search shows it, page by page.

        The same item may come more than once, and the search may lag. An error in the middle is
        raised, never swallowed: an incomplete read must not look like a small scope.
        """

    def read(self, ids: Sequence[str]) -> Iterator[WorkItem]:
        """Yield these items (or containers) as they truly are now; what is not there is left out.

        Any number of ids, in or outside the configured scopes; order is free.
        """

    def histories(self, ids: Sequence[str], since: datetime | None = None) -> Iterator[History]:
        """Yield one `History` for each id: every label change at or after *since*, oldest first.

        *since* is tracker time; without it, the whole history. Of an item that is gone nothing
        is yielded.
        """

    def stamps(self, scope: str, since: datetime | None = None) -> Iterator[Stamp]:
        """Yield what tells which items of *scope* changed, as a search shows it, at little cost.

        With *since*, which is tracker time, all that were updated at or after it, and perhaps some
        from before. The same item may come more than once, and the search may lag. An error in the
        middle is raised; and the read is whole also while people work.
        """

    def time(self) -> datetime | None:
        """Return the tracker's own clock as its newest answer told it; nothing before the first."""

    def definitions(self) -> Mapping[str, str] | None:
        """Read afresh which label definitions can be used: id -> name.

        ``None`` where labels have no definition, as in Jira.
        """

    def apply(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Make a batch of edits and yield one result for each, in any order, as they come.

        Only the labels named change. Each edit is sent at most once unless the tracker said that
        it did nothing. An edit that cannot be decided yields `UNKNOWN`, and the rest goes on;
        an edit not reached because the tracker is down yields `FAILED`.
        """

    def lasting(self, edits: Sequence[LabelEdit]) -> frozenset[ItemRef]:
        """Return whose edits, given to `apply` together now, may go on after their answer.

        They may become a task of the tracker that a lost answer or a crash does not end. Nothing
        is asked of the tracker.
        """

    def task(self, task: str) -> TaskState:
        """Ask how a task that an `UNFINISHED` result named stands."""

    def close(self) -> None:
        """Give back sockets and threads. May be called more than once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What an adapter gets beside its own settings."""

    name: str
    """The tracker's name in the settings; every `ItemRef` carries it."""
    retry: Retry
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    with_text: bool = False
    """Whether descriptions are needed; without it they are not even asked for."""
    count: Callable[[str], None] = field(default=lambda _kind: None)
    """Told the kind of every request sent, such as ``search`` or ``write``."""
    budget: Callable[[Budget], None] = field(default=lambda _budget: None)
    """Told what is left of an allowance, whenever an answer says so."""
    stopping: Callable[[], bool] = field(default=lambda: False)
    """Whether okrsync is about to leave: nobody waits any more for what can end without us."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a webhook rings a bell for. It carries no facts: items are read directly."""

    id: str | None
    """By which a repeated delivery is known, where the tracker gives one."""
    items: tuple[str, ...]
    """Ids as `Tracker.read` takes them, of containers too; none for what concerns no item."""
    event: str
    """The tracker's name for what happened."""


class Webhooks(Protocol):
    """Reads a tracker's webhooks. Pure; the names of headers are in lower case."""

    def authentic(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether the tracker signed *body* with our secret, in constant time."""

    def delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Return what an authentic webhook is about.

        Raises:
            ValueError: it is not to be understood; the reason quotes nothing of the body.

        """


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerManifest:
    """What an entry point of the group ``okrsync.trackers`` must point at."""

    name: str
    spi: int
    settings: type[BaseModel]
    """A pydantic model of the tracker's section in okrsync.yaml, without ``adapter``."""
    connect: Callable[[Any, Connection], Tracker]
    """Opens no socket yet; `Tracker.check` does."""
    key_pattern: str
    """A regular expression with ``{scope}`` in it that all keys match: ``{scope}-\\d+``."""
    webhooks: Callable[[Any], Webhooks | None] | None = None
    """Reads webhooks by the settings' secret; returns nothing where there is none."""
    survey: Callable[[Any, Connection], Survey] | None = None
    """Looks around for `init` and `doctor`; opens no socket before it is asked something."""
    questions: tuple[Question, ...] = ()
    """What `init` asks for beside the token and the scopes."""
