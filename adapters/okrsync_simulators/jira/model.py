"""The values of a simulated Jira: what an issue, its history and the things it names are.

An `Issue` is one version; changing one means making the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from okrsync_simulators.people import Account

NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Project:
    """A project; its key may change, its id does not."""

    id: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class IssueType:
    """A type of issue and its level: 1 epic, 0 standard, -1 sub-task."""

    id: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class StatusCategory:
    """One of the three categories that every status belongs to."""

    id: int
    key: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Status:
    """A status and its category."""

    id: str
    name: str
    category: StatusCategory


@dataclass(frozen=True, slots=True)
class Resolution:
    """Why an issue is no longer worked on."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field; `kind` is the last part of the vendor's type key."""

    id: str
    name: str
    kind: str
    value_type: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One version of an issue."""

    id: str
    project: Project
    number: int
    summary: str
    type: IssueType
    status: Status
    created: datetime
    updated: datetime
    resolution: Resolution | None = None
    resolved: datetime | None = None
    labels: frozenset[str] = frozenset()
    components: tuple[str, ...] = ()
    parent_id: str | None = None
    due: date | None = None
    description: str = ""
    custom: Mapping[str, object] = field(default_factory=lambda: NOTHING)

    @property
    def key(self) -> str:
        """The name that people use, which changes when the issue moves."""
        return f"{self.project.key}-{self.number}"


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """One field's part of a change; `field_id` is missing for some fields."""

    field: str
    field_id: str | None
    from_id: str | None
    from_string: str | None
    to_id: str | None
    to_string: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of an issue's changelog."""

    id: str
    at: datetime
    account: Account
    items: tuple[ChangeItem, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """A label edit as it was asked for, whether it changed anything or not."""

    issue_id: str
    add: tuple[str, ...]
    remove: tuple[str, ...]
    account: Account
    at: datetime
    over_api: bool
