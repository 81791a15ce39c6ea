"""Jira's own tasks, such as a bulk edit: how one stands, and waiting until it ends.

A task's end says nothing of single issues that could be believed; it only tells for which a direct
read is worth while.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from okrsync.errors import ItemGoneError, TrackerRefusedError, TrackerUnavailableError
from okrsync.ports.tracker import TaskState
from okrsync_jira.dialect import Deployment
from okrsync_jira.failures import LoginRefusedError
from okrsync_jira.session import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from okrsync_jira.session import JiraSession

ENDS = frozenset({"COMPLETE", "FAILED", "CANCELLED", "DEAD"})
FIRST_WAIT, LONGEST_WAIT, GROWTH = 0.5, 5.0, 1.5
STALLED = 120.0
"""Seconds of waiting without any progress after which nobody waits on."""


class StillAtItError(TrackerUnavailableError):
    """The task goes on, and we do not wait for it any longer."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a task stands."""

    status: str
    percent: int = 0
    processed: frozenset[str] = frozenset()
    """Ids of the issues that Jira says it changed."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Id of each issue that Jira says it could not change -> why."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ENDS


def state(session: JiraSession, task: str) -> TaskState:
    """Return how a task stands; Jira forgets them after two weeks, or stops telling us."""
    if session.dialect.deployment is not Deployment.CLOUD:
        return TaskState.UNKNOWN
    try:
        found = progress(session, task)
    except LoginRefusedError:
        raise
    except (ItemGoneError, TrackerRefusedError):
        return TaskState.UNKNOWN
    return TaskState.ENDED if found.ended else TaskState.RUNNING


def progress(session: JiraSession, task: str) -> Progress:
    """Ask once how a task stands."""
    path = f"/bulk/queue/{quote(task, safe='')}"
    answer = session.reading(Call(method="GET", path=path, kind="task"))
    failed = answer.get("failedAccessibleIssues") or {}
    return Progress(
        status=str(answer.get("status")),
        percent=int(answer.get("progressPercent") or 0),
        processed=frozenset(str(each) for each in answer.get("processedAccessibleIssues") or ()),
        failed={str(id_): _joined(reasons) for id_, reasons in failed.items()},
    )


def ended(session: JiraSession, task: str, *, stopping: Callable[[], bool]) -> Progress:
    """Wait for the end of a task and return how it ended.

    Raises:
        StillAtItError: it has not moved for a long time, or okrsync is about to leave.

    """
    waited, wait, before = 0.0, FIRST_WAIT, None
    while not (now := progress(session, task)).ended:
        waited = 0.0 if now != before else waited
        if stopping() or waited > STALLED:
            why = "okrsync is leaving" if stopping() else f"no progress at {now.percent} %"
            message = f"{session.tracker}: Jira's task {task} goes on: {why}"
            raise StillAtItError(message, tracker=session.tracker)
        session.wait_for_work(wait, f"Jira's task {task} is at {now.percent} %")
        waited, wait, before = waited + wait, min(wait * GROWTH, LONGEST_WAIT), now
    return now


def _joined(reasons: Any) -> str:
    return "; ".join(map(str, reasons)) if isinstance(reasons, list) else str(reasons)
