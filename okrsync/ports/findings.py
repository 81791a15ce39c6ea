"""A finding as the store remembers it: the same one tomorrow, whatever its words are by then.

Codes and severities are words of the rules here; what they mean is the business of
`okrsync.lint`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from okrsync.core.work import NO_WORK, Amount

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync.core.place import Place

FLICKER = timedelta(days=30)
"""A finding that comes back within this time was never really gone and keeps its age."""


class Change(StrEnum):
    """What became of a finding since some moment."""

    NEW = "new"
    FIXED = "fixed"
    PERSISTING = "persisting"


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """What makes a finding the same one: its rule, what it is about, and a second thing."""

    tracker: str
    """Empty where it is about goals."""
    subject: str
    """An item's id; of a goal, team or the like the case-folded id."""
    code: str
    other: str = ""
    """What tells apart findings of one rule about one subject: another goal, a label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFinding:
    """A finding as it reads today."""

    identity: Identity
    name: str
    """What people call its subject: a goal's id, an item's key."""
    severity: str
    message: str
    action: str
    place: Place
    scope: str = ""
    """Of an item: the scope it is in."""
    title: str = ""
    url: str | None = None
    teams: tuple[str, ...] = ()
    confidence: float | None = None
    amount: Amount = NO_WORK
    """The open work that could stop, where it is about stopping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFinding:
    """A finding with its age."""

    seen: SeenFinding
    first_seen: datetime
    last_seen: datetime
    gone_since: datetime | None = None

    def change(self, since: datetime) -> Change | None:
        """Tell what became of it since then; None if that is nobody's concern any more."""
        if self.gone_since is None:
            return Change.NEW if self.first_seen >= since else Change.PERSISTING
        fixed = self.first_seen < since <= self.gone_since
        return Change.FIXED if fixed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a round looked at: only there can a finding that was not seen be gone."""

    codes: frozenset[str]
    scopes: frozenset[tuple[str, str]] = frozenset()
    """Tracker and scope."""
    whole: bool = False
    """These are all scopes there are: an item outside them is not looked after any more."""
