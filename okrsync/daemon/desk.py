"""What is to be done for one tracker: passes over scopes, and items somebody rang for.

Wishes merge: a scope is wanted at most once, an item is rung for at most once, and what comes in
while a pass is under way is done after it. One pass a scope at a time. Nothing here does
anything; workers come and take.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Condition
from time import monotonic
from typing import TYPE_CHECKING

from okrsync.core.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

GATHER = 0.06
"""Seconds that bells wait for others, so that a storm of them becomes one pass."""
AT_ONCE = 100
"""Items looked at in one pass."""

_STRENGTH = (Reading.CHANGES, Reading.AUTO, Reading.SWEEP, Reading.FULL)


@dataclass(frozen=True, slots=True)
class Bell:
    """Somebody said that this item changed; how, is found out by reading it."""

    item: str
    since: datetime
    due: float
    """Not before this moment of the monotonic clock."""
    tries: int = 0
    why: str = ""
    """What went wrong last time."""


class Desk:
    """The wishes about one tracker; safe from any thread, and never blocks for long."""

    def __init__(self, moment: Callable[[], float] = monotonic) -> None:
        self._moment = moment
        self._changed = Condition()
        self._wanted: dict[str, Reading] = {}
        self._not_before: dict[str, float] = {}
        self._busy: set[str] = set()
        self._bells: dict[str, Bell] = {}
        self._closed = False

    def want(self, scope: str, reading: Reading) -> None:
        """Ask for a pass; of two wishes the one that reads more stays."""
        with self._changed:
            others = self._wanted.get(scope, reading)
            self._wanted[scope] = max(others, reading, key=_STRENGTH.index)
            self._changed.notify_all()

    def put_off(self, scope: str, seconds: float) -> None:
        """Let no pass over this scope begin for so long."""
        with self._changed:
            self._not_before[scope] = self._moment() + seconds

    def hurry(self) -> None:
        """Forget what was put off: something changed that may have mended it."""
        with self._changed:
            self._not_before.clear()
            self._changed.notify_all()

    def next_pass(self) -> tuple[str, Reading] | None:
        """Wait for a scope that is wanted and take it; nothing if the desk was closed."""
        with self._changed:
            while not self._closed:
                scope = self._due_scope()
                if scope is not None:
                    self._busy.add(scope)
                    return scope, self._wanted.pop(scope)
                self._changed.wait(self._until_due())
        return None

    def done(self, scope: str) -> None:
        """Say that the pass over this scope has ended."""
        with self._changed:
            self._busy.discard(scope)
            self._changed.notify_all()

    def ring(self, items: Iterable[str], at: datetime) -> None:
        """Ask for these items to be looked at as soon as possible."""
        with self._changed:
            due = self._moment() + GATHER
            for item in items:
                known = self._bells.get(item, Bell(item, at, due))
                self._bells[item] = replace(known, due=min(known.due, due))
            self._changed.notify_all()

    def ring_again(
        self, bells: Iterable[Bell], seconds: float, why: str, *, counted: bool = True
    ) -> None:
        """Put back bells that nothing came of, not to be looked at for so long."""
        with self._changed:
            due = self._moment() + seconds
            for bell in bells:
                fresh = self._bells.get(bell.item)
                again = replace(bell, due=due, tries=bell.tries + counted, why=why)
                self._bells[bell.item] = again if fresh is None else replace(again, due=fresh.due)
            self._changed.notify_all()

    def next_bells(self) -> list[Bell] | None:
        """Wait for bells that are due and take them; nothing if the desk was closed."""
        with self._changed:
            while not self._closed:
                now = self._moment()
                due = [bell for bell in self._bells.values() if bell.due <= now][:AT_ONCE]
                if due:
                    for bell in due:
                        del self._bells[bell.item]
                    return due
                self._changed.wait(_first(bell.due - now for bell in self._bells.values()))
        return None

    def close(self) -> None:
        """Send the workers home; what is wanted stays here and is lost with the desk."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def waiting(self) -> int:
        """Count the bells that nobody has taken."""
        with self._changed:
            return len(self._bells)

    def _due_scope(self) -> str | None:
        now = self._moment()
        free = (scope for scope in self._wanted if scope not in self._busy)
        return next((scope for scope in free if self._not_before.get(scope, now) <= now), None)

    def _until_due(self) -> float | None:
        now = self._moment()
        free = (scope for scope in self._wanted if scope not in self._busy)
        return _first(self._not_before.get(scope, now) - now for scope in free)


def _first(seconds: Iterable[float]) -> float | None:
    return max(0.0, first) if (first := min(seconds, default=None)) is not None else None
