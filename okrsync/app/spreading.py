"""Lets what hangs below something that changed be judged anew, also by passes under way.

A pass keeps in memory what is above its items. Another one may hear meanwhile that something there
changed, and unsettle what hangs below it; if the first went on by what it keeps, it would settle
that again with the old word. So every spread is counted, and who keeps ancestors compares counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okrsync.ports.store import Transaction


def spread(tx: Transaction, tracker: str) -> None:
    """Unsettle all that hangs below what is unsettled."""
    if tx.unsettle_below(tracker):
        count_spread(tx, tracker)


def count_spread(tx: Transaction, tracker: str) -> None:
    """Note that something changed that others may keep in memory."""
    tx.put_note(_note(tracker), spreads(tx, tracker) + 1)


def spreads(tx: Transaction, tracker: str) -> int:
    """Return how often that was noted."""
    return int(tx.note(_note(tracker)) or 0)


def _note(tracker: str) -> str:
    return f"spreads {tracker}"
