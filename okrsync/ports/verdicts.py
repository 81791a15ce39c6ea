"""What items were last judged to be, and before that: what a report tells as changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync.core.work import ItemRef

UNSETTLED = timedelta(days=6)
"""An item that changes again within this time is told as one change, from what it was at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicted:
    """An item's verdict and goals as of now, and why."""

    ref: ItemRef
    verdict: str
    goals: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """The newest change of an item's verdict or goals."""

    now: Verdicted
    verdict_before: str
    goals_before: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The same with what people call the item, and whose it is."""

    key: str
    title: str
    url: str | None
    team: str | None
    verdict_before: str
    verdict: str
    goals_before: tuple[str, ...]
    goals: tuple[str, ...]
    because: str
