"""How long to wait before trying again, as numbers; and the one place that waits.

The tracker's own `Retry-After` is obeyed exactly and never clamped, and what it asked of one of us
all of us obey who share a `Pace`. Only `TrackerUnavailableError` is tried again. Only our own
back-off is jittered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, TypeVar

from okrsync.errors import TrackerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okrsync.core.pace import Pace, Window

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Backoff:
    """Double the wait from *first* up to *longest* seconds, *tries* tries in all."""

    tries: int = 6
    first: float = 1.0
    longest: float = 60.0

    def waits(self) -> Iterator[float]:
        """Yield the waits between tries in seconds, without jitter: one fewer than the tries."""
        for n in range(self.tries - 1):
            yield min(self.first * 2**n, self.longest)


def _silent(_seconds: float, _why: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Calls until it works, the waits run out, or an error comes that no wait can mend."""

    sleep: Callable[[float], None]
    backoff: Backoff = Backoff()
    tell: Callable[[float, str], None] = _silent
    """Told the wait in seconds and why, before each wait."""
    tell_work: Callable[[float, str], None] = _silent
    """Told the same of a wait for work that the tracker accepted and does at its own pace."""
    random: Random = field(default_factory=Random)
    pace: Pace | None = None
    """What holds for everybody who talks to the same tracker; without it each waits alone."""

    def reading(self, call: Callable[[], T]) -> T:
        """Call something that may be repeated whatever became of it."""
        return self._loop(call, again=lambda _error: True)

    def writing(self, call: Callable[[], T]) -> T:
        """Call a write: repeated only where the tracker said that nothing was done.

        A label edit that may have taken effect is not sent again: a person may have undone it
        in between, and sending it once more would undo the person.
        """
        return self._loop(call, again=lambda error: not error.maybe_done)

    def wait(self, seconds: float, why: str) -> None:
        """Wait, and say why."""
        self.tell(seconds, why)
        self.sleep(seconds)

    def wait_for_work(self, seconds: float, why: str) -> None:
        """Wait for what the tracker is at, and say so: it refused nothing."""
        self.tell_work(seconds, why)
        self.sleep(seconds)

    def hold(self, seconds: float, why: str) -> None:
        """Let everybody who shares the pace wait for so long before the next call."""
        if self.pace is not None:
            self.pace.hold(seconds, why)

    def turn(self, key: str, windows: Sequence[Window], why: str) -> None:
        """Wait until *windows* leave room for one more call at *key*, and take it."""
        if self.pace is not None and (seconds := self.pace.turn(key, windows)) > 0:
            self.wait(seconds, why)

    def _loop(
        self, call: Callable[[], T], *, again: Callable[[TrackerUnavailableError], bool]
    ) -> T:
        for wait in self.backoff.waits():
            try:
                return self._once(call)
            except TrackerUnavailableError as error:
                if not again(error):
                    raise
                self._back_off(wait, error)
        return self._once(call)

    def _once(self, call: Callable[[], T]) -> T:
        self._heed()
        try:
            return call()
        except TrackerUnavailableError as error:
            if error.retry_after is not None:
                self.hold(error.retry_after, str(error))
            raise

    def _back_off(self, wait: float, error: TrackerUnavailableError) -> None:
        if error.retry_after is None:
            self.wait(wait * self.random.uniform(0.5, 1.0), str(error))
        elif self.pace is None:
            self.wait(error.retry_after, str(error))
        # Otherwise it was told to the pace, and is heeded before the next try.

    def _heed(self) -> None:
        """Wait as everybody does; again if meanwhile somebody was told to wait longer."""
        waited_for = float("-inf")
        while self.pace is not None and (hold := self.pace.held()) and hold.until > waited_for:
            self.wait(self.pace.left(hold), hold.why)
            waited_for = hold.until
