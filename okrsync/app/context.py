"""What every use case needs, wired by bootstrap."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from okrsync.core.guard import Limits
from okrsync.core.vocabulary import Vocabulary
from okrsync.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from okrsync.core.clock import Clock
    from okrsync.core.goals import Waiver
    from okrsync.ports.goals import GoalSource, MappingSource
    from okrsync.ports.store import Store
    from okrsync.ports.tracker import Tracker
    from okrsync.wording import KeyResultReader


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSetup:
    """A configured tracker and how to reach it."""

    name: str
    scopes: tuple[str, ...]
    connect: Callable[[bool], Tracker]
    """Told whether descriptions are needed."""
    key_pattern: str = r"{scope}-\d+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the settings say about how okrsync behaves."""

    writes: bool = False
    """``sync.mode: write``."""
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    done_within: timedelta = timedelta(days=30)
    limits: Limits = field(default_factory=Limits)
    max_vanished: int = 20
    link_kinds: frozenset[str] = frozenset({"key_results", "hypotheses"})
    planning_cycles: int = 2
    waivers: tuple[Waiver, ...] = ()
    lock_wait: float = 30.0
    """Seconds to wait for another okrsync that holds a scope."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of long work, for people who wait."""

    what: str
    done: int
    of: int | None = None


RESTING = Progress("", 0)
"""Told when long work ends, or stops because somebody is asked."""


def _silent(_progress: Progress) -> None:
    """Say nothing."""


@dataclass(slots=True, kw_only=True)
class Context:
    """The wired application. Trackers are connected and checked when first needed."""

    store: Store
    goal_source: GoalSource
    mapping_source: MappingSource
    setups: Mapping[str, TrackerSetup]
    reader: KeyResultReader
    clock: Clock
    policy: Policy = field(default_factory=Policy)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    tell: Callable[[Progress], None] = _silent
    reads_text: bool = False
    """Whether some rule looks at descriptions; set by reading the mapping."""
    _connected: dict[str, Tracker] = field(default_factory=dict)

    def now(self) -> datetime:
        """Return the present in UTC."""
        return self.clock.now().astimezone(UTC)

    def today(self) -> date:
        """Return the day it is where the organisation is."""
        return self.now().astimezone(self.policy.timezone).date()

    def tracker(self, name: str) -> Tracker:
        """Return a live, checked connection.

        Raises:
            TrackerError: it cannot be reached, or we are not who we should be.

        """
        if name not in self._connected:
            tracker = self.setups[name].connect(self.reads_text)
            try:
                tracker.check()
            except BaseException:
                tracker.close()
                raise
            self._connected[name] = tracker
        return self._connected[name]

    def scopes(
        self, trackers: Iterable[str] = (), scopes: Iterable[str] = ()
    ) -> Iterator[tuple[str, str]]:
        """Yield tracker and scope of everything configured that these names select.

        Raises:
            UsageError: a name selects nothing.

        """
        wanted, only = list(trackers), {scope.casefold() for scope in scopes}
        for name in wanted:
            if name not in self.setups:
                known = ", ".join(sorted(self.setups)) or "none"
                raise UsageError(f"no tracker is called {name!r}", hint=f"configured: {known}")
        chosen = [
            (setup.name, scope)
            for setup in self.setups.values()
            for scope in setup.scopes
            if (not wanted or setup.name in wanted) and (not only or scope.casefold() in only)
        ]
        missing = only - {scope.casefold() for _, scope in chosen}
        if missing:
            raise UsageError(f"no configured scope is called {', '.join(sorted(missing))}")
        yield from sorted(chosen)

    def must_write(self, what: str) -> None:
        """Refuse *what* unless the settings allow writing.

        Raises:
            RefusedError: ``sync.mode`` is ``report``.

        """
        if not self.policy.writes:
            raise RefusedError(
                f"{what} would write, and sync.mode is report",
                hint="set `sync: {mode: write}` or OKRSYNC_SYNC__MODE=write",
            )

    def close(self) -> None:
        """Give back connections."""
        for tracker in self._connected.values():
            tracker.close()
        self._connected.clear()
        self.store.close()
