"""What okrsync tells those who watch it from outside, in numbers. Never a key, a title or a person.

Whoever counts must be quick, must not raise, and may be called from any thread. The words given
are names from the settings, codes, and closed sets, so that their number stays small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from okrsync.ports.tracker import Budget

Place = tuple[str, str]
"""Tracker and scope."""


class Telemetry(Protocol):
    """Takes what happened."""

    def passed(self, place: Place, outcome: str, seconds: float) -> None:
        """Count a pass over a scope, or over single items (scope ``items``)."""

    def fresh(self, place: Place, at: datetime) -> None:
        """Note when a scope was last read and made true without an error."""

    def items(self, place: Place, count: int) -> None:
        """Note how many items of a scope are known."""

    def keep_only(self, places: Collection[Place]) -> None:
        """Say nothing more of scopes that are configured no longer."""

    def read(self, place: Place, items: int) -> None:
        """Count items that were read."""

    def edited(self, tracker: str, change: str, labels: int) -> None:
        """Count labels that took effect through us; *change* is ``added`` or ``removed``."""

    def requested(self, tracker: str, kind: str) -> None:
        """Count one request to a tracker."""

    def waiting(self, tracker: str, seconds: float) -> None:
        """Count a try that is repeated after a wait of so many seconds."""

    def budget(self, tracker: str, name: str, remaining: float) -> None:
        """Note what a tracker still grants before it makes us wait."""

    def webhook(self, tracker: str, outcome: str) -> None:
        """Count a delivery; *tracker* is a configured one, or empty."""

    def dead_letters(self, count: int) -> None:
        """Note how many items wait for a person after their bells failed for good."""

    def plans_waiting(self, count: int) -> None:
        """Note how many plans wait for a person's approval."""

    def findings(self, by_code: Mapping[str, int]) -> None:
        """Note how many findings are open; codes not named have none."""

    def verdicts(self, by_team: Mapping[tuple[str, str], int]) -> None:
        """Note how many items have which verdict, by team; pairs not named have none."""

    def refused(self, what: str, refused: bool) -> None:
        """Note whether files of this kind cannot be used, and older ones are in force."""

    def holding(self, holds: bool) -> None:
        """Note whether this process holds the timetable or stands by."""


class TrackerWatch(Protocol):
    """Takes what happens on the way to trackers, as it happens."""

    def requested(self, tracker: str, kind: str) -> None:
        """Hear of a request that was sent."""

    def waiting(self, tracker: str, seconds: float, why: str) -> None:
        """Hear of a wait that begins because the tracker cannot be asked now."""

    def working(self, tracker: str, seconds: float, why: str) -> None:
        """Hear of a wait for work that the tracker accepted."""

    def budget(self, tracker: str, budget: Budget) -> None:
        """Hear what a tracker still grants."""
