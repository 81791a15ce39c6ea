"""The tasks of bulk edits: what waits in the queue, and what it has done by now.

A task works while simulated time passes, or while it is asked after, as the test says; what it has
done by then is caught up with before every request. Nobody but the test cancels one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from okrsync_simulators.jira.world import JiraWorld

FIRST_TASK_ID = 10_640
VISIBLE = timedelta(days=14)


class Status(StrEnum):
    """How a task stands, in the vendor's words."""

    ENQUEUED = "ENQUEUED"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    DEAD = "DEAD"


@dataclass(slots=True)
class Task:
    """One bulk edit of labels."""

    id: str
    issues: tuple[str, ...]
    option: str
    labels: tuple[str, ...]
    created: datetime
    updated: datetime
    unseen: int
    """How many issues were named that the caller may not see, or that are none."""
    end: Status = Status.COMPLETE
    asked: int = 0
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    ended: bool = False

    @property
    def reached(self) -> int:
        """How many issues it has come to."""
        return len(self.done) + len(self.failed)

    @property
    def status(self) -> Status:
        """How it stands."""
        if self.ended:
            return self.end
        return Status.RUNNING if self.reached else Status.ENQUEUED


class BulkTasks:
    """All tasks, and how tasks go from now on: everything a test may turn is an attribute."""

    def __init__(self, world: JiraWorld) -> None:
        self.seconds = 0.0
        """How long a task takes in simulated time."""
        self.polls = 0
        """How often it must be asked after before it ends."""
        self.index_delay = timedelta(0)
        """By how much search is behind a bulk edit, beside its usual lag."""
        self.stopped = False
        """Whether tasks make no progress at all."""
        self.ends: list[tuple[Status, float]] = []
        """How the next tasks end, and after which share of their issues."""
        self.failures: dict[str, str] = {}
        """Issue id -> why a bulk edit of it fails."""
        self.allowed = True
        """Whether the API user has the global permission to make bulk changes."""
        self._world = world
        self._tasks: dict[str, Task] = {}

    @property
    def all(self) -> Mapping[str, Task]:
        """The tasks by id, those that ended among them."""
        return self._tasks

    def submit(self, issues: Iterable[str], unseen: int, option: str, labels: list[str]) -> Task:
        """Queue a bulk edit."""
        now = self._world.now()
        task = Task(
            id=str(FIRST_TASK_ID + len(self._tasks) + 1),
            issues=tuple(issues),
            option=option,
            labels=tuple(labels),
            created=now,
            updated=now,
            unseen=unseen,
        )
        if self.ends:
            task.end, share = self.ends.pop(0)
            task.issues = task.issues[: int(len(task.issues) * share)]
        self._tasks[task.id] = task
        return task

    def ask(self, task_id: str) -> Task | None:
        """Return a task, which counts that it was asked after."""
        task = self._tasks.get(task_id)
        if task is None or self._world.now() - task.created > VISIBLE:
            return None
        task.asked += 1
        self._work(task)
        return task

    def catch_up(self) -> None:
        """Let every task do what it would have done by now."""
        for task in self._tasks.values():
            self._work(task)

    def finish(self) -> None:
        """Let every task come to its end at once."""
        for task in self._tasks.values():
            self._reach(task, len(task.issues))

    def forget(self) -> None:
        """Forget all tasks."""
        self._tasks.clear()

    def _work(self, task: Task) -> None:
        if not task.ended and not self.stopped:
            self._reach(task, int(len(task.issues) * self._share(task)))

    def _share(self, task: Task) -> float:
        passed = (self._world.now() - task.created).total_seconds()
        by_time = passed / self.seconds if self.seconds else 1.0
        by_asking = task.asked / self.polls if self.polls else 1.0
        return min(1.0, by_time, by_asking)

    def _reach(self, task: Task, count: int) -> None:
        for issue_id in task.issues[task.reached : count]:
            self._edit(task, issue_id)
        if not task.ended and count == len(task.issues):
            task.ended, task.updated = True, self._world.now()

    def _edit(self, task: Task, issue_id: str) -> None:
        world = self._world
        if issue_id not in world.issues:
            task.failed[issue_id] = "The issue was deleted."
        elif issue_id in self.failures:
            task.failed[issue_id] = self.failures[issue_id]
        elif not world.allows_edits(world.issue(issue_id).project):
            task.failed[issue_id] = "You do not have permission to edit this issue."
        else:
            adds = task.option == "ADD"
            world.edit_labels(
                issue_id,
                add=task.labels if adds else (),
                remove=() if adds else task.labels,
                account=BOT,
                over_api=True,
                found_after=self.index_delay,
            )
            task.done.append(issue_id)
        task.updated = world.now()
