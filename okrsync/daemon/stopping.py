"""The wish to end, as everything that waits or works for long sees it.

A wait ends at once, and long work ends at its next step: pages and batches that are done stay
done. Nothing is cut off in the middle of a write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from okrsync.errors import StoppedError

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync.app.context import Progress
    from okrsync.core.clock import Clock


@dataclass(frozen=True, slots=True)
class Stopping:
    """Asked once, by anybody; seen by everybody."""

    _asked: Event = field(default_factory=Event)

    def __call__(self) -> bool:
        """Tell whether somebody asked."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask everything to end."""
        self._asked.set()

    def wait(self, seconds: float) -> bool:
        """Wait, or less if somebody asks; tell whether somebody asked."""
        return self._asked.wait(seconds)

    def step(self, progress: Progress) -> None:
        """Take a step of long work, or end it here.

        Raises:
            StoppedError: somebody asked; the steps before this one are done and recorded.

        """
        if progress.what and self():
            raise StoppedError("okrsync was asked to end")


@dataclass(frozen=True, slots=True)
class WakefulClock:
    """A clock whose waits end when somebody asks everything to end."""

    clock: Clock
    stopping: Stopping

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait, or less."""
        self.stopping.wait(seconds)
