"""What every use case needs, wired by bootstrap."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from okrsync.core.guard import Limits
from okrsync.core.vocabulary import Vocabulary
from okrsync.errors import RefusedError, UsageError
from okrsync.lint.policy import Policy as RulePolicy
from okrsync.lint.rule import Limits as Thresholds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from okrsync.core.clock import Clock
    from okrsync.core.goals import Waiver
    from okrsync.lint.rule import Reader
    from okrsync.ports.goals import GoalSource, MappingSource
    from okrsync.ports.store import Store
    from okrsync.ports.tracker import Tracker


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSetup:
    """A configured tracker and how to reach it."""

    name: str
    scopes: tuple[str, ...]
    connect: Callable[[bool], Tracker]
    """Told whether descriptions are needed."""
    key_pattern: str = r"{scope}-\d+"
    basis: str = ""
    """Digest of the settings that decide what a scope shows."""
    narrowed: bool = False
    """Whether a query leaves some items of a scope out."""
    goal_field: str | None = None
    """What people call the custom field that names goals, if one is configured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the settings say about how okrsync behaves."""

    writes: bool = False
    """``sync.mode: write``."""
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    done_within: timedelta = timedelta(days=30)
    limits: Limits = field(default_factory=Limits)
    max_vanished: int = 20
    overlap: timedelta = timedelta(minutes=10)
    """How far back from its mark the reading of changes begins."""
    mentions: bool = True
    """Whether goal ids in titles and descriptions count."""
    link_kinds: frozenset[str] = frozenset({"key_results", "hypotheses"})
    planning_cycles: int = 2
    waivers: tuple[Waiver, ...] = ()
    retention: timedelta = timedelta(days=400)
    """How long findings that are gone, and snapshots, are kept."""
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
    reader: Reader
    clock: Clock
    policy: Policy = field(default_factory=Policy)
    rules: RulePolicy = field(default_factory=RulePolicy)
    """What the settings made of the method's rules."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    """From where on these rules speak."""
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    tell: Callable[[Progress], None] = _silent
    reads_text: bool = False
    """Whether a rule or mentions look at descriptions; set by reading the mapping."""
    _connected: dict[str, Tracker] = field(default_factory=dict)
    _forked: bool = False

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

    def basis(self, name: str) -> str:
        """Return the digest of what is asked of a tracker's scopes."""
        return f"{self.setups[name].basis}{'+text' if self.reads_text else ''}"

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

    def fork(self) -> Context:
        """Return a context for another thread: the same store, connections of its own."""
        return replace(self, _connected={}, _forked=True)

    def disconnect(self) -> None:
        """Give back the connections to trackers; the next use makes and checks new ones."""
        for tracker in self._connected.values():
            tracker.close()
        self._connected.clear()

    def close(self) -> None:
        """Give back connections; a fork leaves the store, which is not its own, open."""
        self.disconnect()
        if not self._forked:
            self.store.close()
