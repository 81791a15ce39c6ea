"""How long to wait before trying again, as numbers; and the one loop that does.

The tracker's own `Retry-After` is obeyed exactly and never clamped. Only
`TrackerUnavailableError` is tried again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, TypeVar

from okrsync.errors import TrackerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    random: Random = field(default_factory=Random)

    def reading(self, call: Callable[[], T]) -> T:
        """Call something that may be repeated whatever became of it."""
        return self._loop(call, again=lambda _error: True)

    def writing(self, call: Callable[[], T]) -> T:
        """Call a write: repeated only where the tracker said that nothing was done.

        A label edit that may have taken effect is not sent again: a person may have undone it
        in between, and sending it once more would undo the person.
        """
        return self._loop(call, again=lambda error: not error.maybe_done)

    def _loop(
        self, call: Callable[[], T], *, again: Callable[[TrackerUnavailableError], bool]
    ) -> T:
        for wait in self.backoff.waits():
            try:
                return call()
            except TrackerUnavailableError as error:
                if not again(error):
                    raise
                seconds = self._wait(wait, error.retry_after)
                self.tell(seconds, str(error))
                self.sleep(seconds)
        return call()

    def _wait(self, wait: float, asked: float | None) -> float:
        if asked is not None:
            return asked
        return wait * self.random.uniform(0.5, 1.0)
