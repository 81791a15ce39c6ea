"""When a tracker may be asked again: one for each tracker, shared by all who talk to it.

What the tracker asks of one of us holds for all of us, to the very moment. Only remembers and
counts: `okrsync.core.backoff.Retry` does the waiting.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORGOTTEN_AT_ONCE = 2
"""More than a turn adds, so that what is old is always dropped in the end."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody asks before *until*, in seconds of the pace's own clock."""

    until: float
    why: str


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many in any span of so many seconds."""

    most: int
    seconds: float


class Pace:
    """What was asked of us; safe between threads. *now* tells seconds that only go forward."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._hold: Hold | None = None
        self._turns: dict[str, deque[float]] = {}
        self._lock = Lock()

    def hold(self, seconds: float, why: str) -> None:
        """Let nobody ask for so long; a longer hold stays as it is."""
        with self._lock:
            hold = Hold(self._now() + seconds, why)
            if self._hold is None or self._hold.until < hold.until:
                self._hold = hold

    def held(self) -> Hold | None:
        """Return what keeps everybody waiting now, if anything does."""
        with self._lock:
            hold = self._hold
            return hold if hold is not None and hold.until > self._now() else None

    def left(self, hold: Hold) -> float:
        """Return the seconds until a hold ends."""
        return max(0.0, hold.until - self._now())

    def turn(self, key: str, windows: Sequence[Window]) -> float:
        """Take a turn at *key* and return in how many seconds it comes: at once where it may.

        Whoever takes a turn must wait for it; the next ones are reckoned from then.
        """
        with self._lock:
            now = self._now()
            taken = self._turns.pop(key, None) or deque(maxlen=max(each.most for each in windows))
            at = max([now, *(_free(taken, window) for window in windows)])
            taken.append(at)
            self._turns[key] = taken
            self._forget(now - max(each.seconds for each in windows))
            return at - now

    def _forget(self, before: float) -> None:
        """Drop the keys at which nobody took a turn of late; those used last stand last."""
        for key, taken in list(islice(self._turns.items(), FORGOTTEN_AT_ONCE)):
            if taken[-1] > before:
                return
            del self._turns[key]


def _free(taken: Sequence[float], window: Window) -> float:
    """Return when *window* has room for one more."""
    return taken[-window.most] + window.seconds if len(taken) >= window.most else float("-inf")
