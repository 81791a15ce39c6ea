"""The values that a Linear workspace is made of, each one replaced whole when it changes.

Names and nullability follow Linear's own; what no sync client reads is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


class StateType(StrEnum):
    """What a workflow state means, whatever a team calls it."""

    TRIAGE = "triage"
    BACKLOG = "backlog"
    UNSTARTED = "unstarted"
    STARTED = "started"
    COMPLETED = "completed"
    CANCELED = "canceled"
    DUPLICATE = "duplicate"


class ProjectStatus(StrEnum):
    """How far a project is; each has one status of its own type's name."""

    BACKLOG = "backlog"
    PLANNED = "planned"
    STARTED = "started"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Team:
    """Owns issues, states and, if it wants to, labels."""

    id: str
    key: str
    name: str
    created_at: datetime
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A column of one team's board."""

    id: str
    name: str
    type: StateType
    team_id: str
    position: float
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Label:
    """The definition of a label, of the workspace (no team) or of one team."""

    id: str
    name: str
    created_at: datetime
    updated_at: datetime
    color: str = "#bec2c8"
    description: str | None = None
    is_group: bool = False
    parent_id: str | None = None
    team_id: str | None = None
    inherited_from_id: str | None = None
    archived_at: datetime | None = None
    retired_at: datetime | None = None
    last_applied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stretch of one project."""

    id: str
    name: str
    project_id: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """Gathers issues of any team."""

    id: str
    name: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    content: str | None = None
    status: ProjectStatus = ProjectStatus.STARTED
    archived_at: datetime | None = None
    trashed: bool | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """Gathers projects, and may stand below another initiative."""

    id: str
    name: str
    created_at: datetime
    updated_at: datetime
    project_ids: tuple[str, ...] = ()
    parent_id: str | None = None
    description: str | None = None
    content: str | None = None
    archived_at: datetime | None = None
    trashed: bool | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A unit of work; its id stays when its team, and with it its identifier, changes."""

    id: str
    identifier: str
    number: int
    title: str
    team_id: str
    state_id: str
    created_at: datetime
    updated_at: datetime
    label_ids: tuple[str, ...] = ()
    description: str | None = None
    parent_id: str | None = None
    project_id: str | None = None
    milestone_id: str | None = None
    due: date | None = None
    estimate: float | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    canceled_at: datetime | None = None
    archived_at: datetime | None = None
    trashed: bool | None = None
    previous_identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What somebody (or an automation, then without an actor) changed on an issue."""

    id: str
    issue_id: str
    created_at: datetime
    actor_id: str | None
    added_label_ids: tuple[str, ...] = ()
    removed_label_ids: tuple[str, ...] = ()
    from_state_id: str | None = None
    to_state_id: str | None = None
    from_team_id: str | None = None
    to_team_id: str | None = None
    archived: bool | None = None
    trashed: bool | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A change that came in through the API: what a test asks about."""

    at: datetime
    operation: str
    issue_id: str | None
    added: frozenset[str]
    removed: frozenset[str]
