"""A tracker in memory that keeps every promise of the port, and misbehaves where a test asks it to.

It passes the conformance suite, so that tests which stand on it stand on something.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from okrsync.core.backoff import Retry
from okrsync.errors import TrackerRefusedError, TrackerUnavailableError
from okrsync.ports.tracker import Account, EditOutcome, EditResult, Sighting, Stamp, TaskState
from okrsync.testing.faults import Crash, Fault, FaultKind, Faults
from okrsync.testing.world import FakeWorld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from okrsync.core.work import History, ItemRef, LabelEdit, WorkItem

T = TypeVar("T")


def _nothing(_operation: str) -> None:
    """Let nobody get in between."""


@dataclass
class FakeTracker(FakeWorld):
    """A complete tracker; everything a test may turn or look at is an attribute."""

    retry: Retry | None = None
    """How it waits; by default on its own clock."""
    page_size: int = 2
    unfinished: bool = False
    """Whether edits become tasks that end only when `finish_task` is called."""
    meanwhile: Callable[[str], None] = _nothing
    """Called before every request with the method's name: here people get in between."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.faults = Faults()
        self.requests: Counter[str] = Counter()
        self.writes: list[LabelEdit] = []
        """Every edit that arrived, in order, also those whose answer was lost."""
        self.tasks: dict[str, LabelEdit] = {}
        """Tasks that are still at it."""
        self.looked_at = 0
        """How many sightings were looked at closely."""
        self.closed = 0
        self._ended: set[str] = set()

    def finish_task(self, task: str) -> None:
        """Let a task do what it was asked for, and end."""
        edit = self.tasks.pop(task)
        if edit.ref.id in self.items:
            self.edit(edit.ref.id, edit.add, edit.remove, by_us=True)
        self._ended.add(task)

    def lose_task(self, task: str) -> None:
        """Let a task go without a trace, having done nothing."""
        del self.tasks[task]

    # The port

    def check(self) -> Account:
        """Tell who we are."""
        return self._reading("check", lambda: Account(id="account-of-okrsync"))

    def pull(self, scope: str) -> Iterator[Sighting]:
        """Search, page by page, in the order of the ids."""
        for item in self._found("pull", partial(self.search, scope)):
            yield Sighting(item.ref.id, _digest(item), partial(self._looked_at, item))

    def read(self, ids: Sequence[str]) -> Iterator[WorkItem]:
        """Read, page by page."""
        for page in self._pages(ids):
            yield from self._reading("read", partial(self._present, page, self.items.__getitem__))

    def histories(self, ids: Sequence[str], since: datetime | None = None) -> Iterator[History]:
        """Tell who changed labels, page by page."""
        tell = partial(self.history, since=since)
        for page in self._pages(ids):
            yield from self._reading("histories", partial(self._present, page, tell))

    def stamps(self, scope: str, since: datetime | None = None) -> Iterator[Stamp]:
        """Search likewise, and tell less."""
        for item in self._found("stamps", partial(self.search, scope, since=since)):
            yield Stamp(item.ref.id, item.updated)

    def time(self) -> datetime | None:
        """Tell the time of its clock, once it was asked anything."""
        return self.clock.now() if self.requests else None

    def definitions(self) -> Mapping[str, str] | None:
        """Tell which labels are defined, if labels have definitions here."""
        if not self.with_definitions:
            return None
        return self._reading("definitions", self.defined)

    def apply(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Make the edits one by one."""
        for edit in edits:
            yield self._answer(edit)

    def lasting(self, edits: Sequence[LabelEdit]) -> frozenset[ItemRef]:
        """Tell that all edits become tasks, where they do."""
        return frozenset(edit.ref for edit in edits if self.unfinished)

    def task(self, task: str) -> TaskState:
        """Tell how a task stands."""
        if task in self.tasks:
            return TaskState.RUNNING
        return TaskState.ENDED if task in self._ended else TaskState.UNKNOWN

    def close(self) -> None:
        """Count how often it was closed."""
        self.closed += 1

    # How it answers

    def _looked_at(self, item: WorkItem) -> WorkItem:
        self.looked_at += 1
        return item

    def _found(
        self, operation: str, search: Callable[..., Sequence[WorkItem]]
    ) -> Iterator[WorkItem]:
        last, more = "", True
        while more:
            asked = partial(search, after=last, limit=self.page_size)
            page = self._reading(operation, asked)
            yield from page
            more = len(page) == self.page_size
            last = page[-1].ref.id if page else last

    def _answer(self, edit: LabelEdit) -> EditResult:
        land = partial(self._suffering, "apply", partial(self._land, edit))
        try:
            return self._retry().writing(land)
        except TrackerUnavailableError as error:
            outcome = EditOutcome.UNKNOWN if error.maybe_done else EditOutcome.FAILED
            return EditResult(edit=edit, outcome=outcome, message=str(error))
        except TrackerRefusedError as error:
            return EditResult(edit=edit, outcome=EditOutcome.REFUSED, message=str(error))

    def _land(self, edit: LabelEdit) -> EditResult:
        if edit.ref.id not in self.items:
            return EditResult(edit=edit, outcome=EditOutcome.GONE)
        if bad := next((label for label in edit.add if " " in label), None):
            raise TrackerRefusedError(f"the label {bad!r} has a space in it", tracker=self.name)
        self.writes.append(edit)
        if self.unfinished:
            task = f"task-{len(self.writes)}"
            self.tasks[task] = edit
            return EditResult(edit=edit, outcome=EditOutcome.UNFINISHED, task=task)
        after = self.edit(edit.ref.id, edit.add, edit.remove, by_us=True)
        return EditResult(edit=edit, outcome=EditOutcome.DONE, after=after)

    def _present(self, ids: Sequence[str], tell: Callable[[str], T]) -> list[T]:
        return [tell(item_id) for item_id in ids if item_id in self.items]

    def _pages(self, ids: Sequence[str]) -> Iterator[Sequence[str]]:
        distinct = list(dict.fromkeys(ids))
        starts = range(0, len(distinct), self.page_size)
        return (distinct[at : at + self.page_size] for at in starts)

    def _retry(self) -> Retry:
        return self.retry or Retry(sleep=self.clock.sleep)

    def _reading(self, operation: str, call: Callable[[], T]) -> T:
        return self._retry().reading(partial(self._suffering, operation, call))

    def _suffering(self, operation: str, call: Callable[[], T]) -> T:
        self.meanwhile(operation)
        self.requests[operation] += 1
        fault = self.faults.take(operation)
        if fault is None:
            return call()
        if fault.kind in {FaultKind.LOST_AFTER, FaultKind.CRASH_AFTER}:
            call()
        raise self._error(fault)

    def _error(self, fault: Fault) -> BaseException:
        match fault.kind:
            case FaultKind.LIMIT:
                return TrackerUnavailableError(
                    "asked us to wait",
                    tracker=self.name,
                    retry_after=fault.seconds,
                    maybe_done=False,
                )
            case FaultKind.LOST_BEFORE | FaultKind.LOST_AFTER:
                return TrackerUnavailableError("the connection broke", tracker=self.name)
            case FaultKind.REFUSED:
                return TrackerRefusedError("said no", tracker=self.name)
            case FaultKind.CRASH_BEFORE | FaultKind.CRASH_AFTER:
                return Crash(fault.on)


def _digest(item: WorkItem) -> bytes:
    told = repr((replace(item, labels=frozenset()), sorted(item.labels)))
    return hashlib.blake2b(told.encode(), digest_size=16).digest()
