"""What goes wrong in a fake tracker, as data: a test queues it, a request meets it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Crash(BaseException):
    """okrsync was killed here. Not an `Exception`, so that nobody handles it by accident."""


class FaultKind(StrEnum):
    """What happens to the request."""

    LIMIT = "limit"
    """The tracker does nothing and asks to wait `Fault.seconds`."""
    LOST_BEFORE = "lost-before"
    """The connection breaks before the request arrives; the client cannot know."""
    LOST_AFTER = "lost-after"
    """The request takes effect and the connection breaks before the answer."""
    REFUSED = "refused"
    """The tracker says no."""
    CRASH_BEFORE = "crash-before"
    """okrsync dies before the request arrives."""
    CRASH_AFTER = "crash-after"
    """The request takes effect and okrsync dies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong with requests of one kind (a method's name), some times."""

    kind: FaultKind
    on: str
    after: int = 0
    """How many such requests it lets through first; a pull makes one for each page."""
    times: int = 1
    seconds: float = 7.0


class Faults:
    """The faults that wait for their requests."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def put(self, *faults: Fault) -> None:
        """Queue *faults* behind those that wait."""
        self._waiting.extend(faults)

    def take(self, operation: str) -> Fault | None:
        """Return what the next request of *operation* meets, and count it."""
        for at, fault in enumerate(self._waiting):
            if fault.on != operation:
                continue
            if fault.after:
                self._waiting[at] = replace(fault, after=fault.after - 1)
                return None
            left = replace(fault, times=fault.times - 1)
            self._waiting[at : at + 1] = [left] if left.times else []
            return fault
        return None
