"""When a batch of writes sends no more: the tracker is evidently down, or okrsync is leaving.

What is not sent is certainly not done, and a later pass finds it to do again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

IN_A_ROW = 3
"""After so many writes in a row that came to nothing, the tracker counts as down."""


class Patience:
    """Watches how the writes of one batch go."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping
        self._failures = 0
        self._down = ""

    @property
    def reason(self) -> str:
        """Why no more should be sent, if so."""
        if self._down:
            return f"not sent: {self._down}"
        return "not sent: okrsync is about to leave" if self._stopping() else ""

    def went_well(self) -> None:
        """Note that the tracker answers."""
        self._failures = 0

    def failed(self, why: str, *, hopeless: bool = False) -> None:
        """Note a write of which nobody knows what became; *hopeless* if no other fares better."""
        self._failures += 1
        if hopeless or self._failures >= IN_A_ROW:
            self._down = self._down or why
