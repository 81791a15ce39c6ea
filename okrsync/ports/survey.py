"""What a tracker can be asked beside the work: who we are, what we see, what we may do there.

Optional: an adapter that offers it in `TrackerManifest.survey` makes `okrsync init` and
`okrsync doctor` tell more. Nothing here changes anything in a tracker. As everywhere, only errors
from `okrsync.errors` are raised, every call has a time-out, and no person is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A key of the tracker's section in okrsync.yaml that `okrsync init` asks for."""

    key: str
    text: str
    """As a person is asked."""
    needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A site that knows us."""

    site: str
    """What stays the same however the site is addressed: two trackers with one are one place."""
    section: Mapping[str, str] = field(default_factory=dict)
    """Keys of the settings as they must be for this to work, where they are not so yet."""
    why: str = ""
    """What is wrong with those keys as they are."""


@dataclass(frozen=True, slots=True, order=True)
class VisibleScope:
    """A scope that our account sees: a Jira project, a Linear team."""

    key: str
    name: str
    id: str = ""
    """The tracker's own, that a renamed scope keeps."""


class Right(StrEnum):
    """What our account may need to be allowed."""

    EDIT = "edit"
    """Without it no label is written."""
    LABELS = "labels"
    """The labels are on the screen that editing needs, where a tracker has such."""
    SILENT = "silent"
    """To edit without notifying people."""
    BULK = "bulk"
    """To edit many items at once."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A right that we do not have in a scope."""

    right: Right
    scope: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """A label of ours whose definition in the tracker keeps us from writing it."""

    label: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PlannedInitiative:
    """Something that looks like a goal: what people wrote, and the projects below it."""

    name: str
    text: str = ""
    projects: tuple[str, ...] = ()


class Survey(Protocol):
    """Looks around in one tracker. The settings' own scopes do not matter here."""

    def reach(self) -> Reached:
        """Find out whether the tracker knows us, and by which keys of the settings.

        Raises:
            TrackerError: it does not, or cannot be reached; the hint says what to do.

        """

    def scopes(self, keys: Sequence[str] = ()) -> Iterator[VisibleScope]:
        """Yield the scopes that our account sees, or those of these *keys* among them."""

    def lacks(self, scopes: Sequence[str]) -> Iterator[Lack]:
        """Yield the rights that we do not have in these scopes, as far as the tracker tells."""

    def misfits(self, labels: Sequence[str]) -> Iterator[Misfit]:
        """Yield the labels of ours that their definitions keep from being written."""

    def initiatives(self) -> Iterator[PlannedInitiative]:
        """Yield the initiatives that are not over; none where a tracker knows no such thing."""

    def time(self) -> datetime | None:
        """Return the tracker's own clock as its newest answer told it."""

    def close(self) -> None:
        """Give back sockets. May be called more than once."""
