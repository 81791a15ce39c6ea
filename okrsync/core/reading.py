"""How much of a scope must be read, and from when on: values and arithmetic, no input or output.

Three ways of reading heal each other. *Changes* asks what was updated since the watermark and costs
next to nothing; a *sweep* compares the (id, updated) of everything and finds what was moved,
deleted, hidden or missed; a *full* read fetches every item and finds what a tracker changes without
moving `updated` on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FULL_EVERY = timedelta(days=7)
INSTANT = timedelta(seconds=2)
"""How precisely trackers tell their own time (HTTP's Date has whole seconds), and some more."""


class Reading(StrEnum):
    """How a scope is read."""

    AUTO = "auto"
    """For people who ask now and then: nothing that stamps can show is missed."""
    CHANGES = "changes"
    SWEEP = "sweep"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a scope has been read. All moments of the tracker are in its own time."""

    basis: str
    """Digest of what was asked for; with another one everything must be read again."""
    watermark: datetime | None = None
    """What was updated before this moment has been read; None until a full read ended."""
    began: datetime | None = None
    """The tracker's time when the last reading began, as far as the tracker tells it."""
    swept: datetime | None = None
    """When everything was last compared or read, in our time."""
    read: datetime | None = None
    """When everything was last read, in our time."""
    tried: datetime | None = None
    """When a reading last ended well, in our time."""
    settled_under: str | None = None
    """Digest of goals, rules and day under which every item was judged last."""


def due(mark: Mark | None, asked: Reading, *, basis: str, now: datetime) -> Reading:
    """Say how a scope must be read; never less than *asked*."""
    if mark is None or mark.watermark is None or mark.basis != basis:
        return Reading.FULL
    if asked is not Reading.AUTO:
        return asked
    stale = mark.read is None or now - mark.read >= FULL_EVERY
    return Reading.FULL if stale else Reading.SWEEP


def is_news(updated: datetime, known: datetime | None, mark: Mark) -> bool:
    """Tell whether a stamp may hide a change of an item believed to be as of *known*.

    Equal moments prove nothing where the item changed about when it was read: a second change
    in the same instant would look the same.
    """
    if known is None or updated > known:
        return True
    fresh = mark.began is None or updated >= mark.began - INSTANT
    return updated == known and fresh


def moved_on(
    mark: Mark | None,
    how: Reading,
    *,
    basis: str,
    newest: datetime | None,
    began: datetime | None,
    now: datetime,
) -> Mark:
    """Return the mark after a reading that came to its end.

    *newest* is the latest `updated` that was seen, *began* the tracker's own time when the reading
    began. The watermark is the smaller of the two: what an index shows late, or what changes
    while pages are turned, is asked for again. It never moves back.
    """
    known = mark if mark is not None and mark.basis == basis else Mark(basis=basis)
    reached = min((moment for moment in (newest, began) if moment is not None), default=None)
    if newest is None:  # an empty scope, or nothing new: nothing proves that the index is current
        reached = known.watermark or began
    if known.watermark is not None and reached is not None:
        reached = max(known.watermark, reached)
    whole = how is Reading.FULL
    return replace(
        known,
        watermark=reached,
        began=began,
        swept=now if whole or how is Reading.SWEEP else known.swept,
        read=now if whole else known.read,
        tried=now,
    )
