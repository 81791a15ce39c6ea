"""Notices that the machine slept, or that somebody set its clock.

Waits of a process stand still while its machine sleeps, so what was to be done meanwhile would come
as much later. The time of day and the time that waits are measured in then move apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

JUMP = 10.0
"""Seconds by which both must differ: clocks that are put right bit by bit are no sleep."""


@dataclass(slots=True)
class Awake:
    """Told both times now and then."""

    _apart: float | None = None

    def jumped(self, now: datetime, waited: float) -> float:
        """Return by how many seconds the clock jumped since the last time, or 0."""
        apart = now.timestamp() - waited
        before, self._apart = self._apart, apart
        jump = 0.0 if before is None else apart - before
        return jump if abs(jump) > JUMP else 0.0
