"""Makes trackers ready to be connected, and what reads their webhooks."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from okrsync.app.context import Progress, TrackerSetup
from okrsync.core.backoff import Retry
from okrsync.core.pace import Pace
from okrsync.core.written import GOAL_FIELD
from okrsync.errors import TrackerUnavailableError
from okrsync.plugins import load_trackers
from okrsync.ports.tracker import Connection

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from okrsync.core.clock import Clock
    from okrsync.core.vocabulary import Vocabulary
    from okrsync.ports.store import Store
    from okrsync.ports.telemetry import TrackerWatch
    from okrsync.ports.tracker import Budget, Tracker, TrackerManifest, Webhooks
    from okrsync.settings.tree import Settings


@dataclass(slots=True, kw_only=True)
class Lasting:
    """What stays when settings are read again: the store, the trackers' pace, who watches."""

    store: Store | None = None
    """By default the one that the settings name is opened."""
    watch: TrackerWatch | None = None
    stopping: Callable[[], bool] = field(default=lambda: False)
    """Whether the process is about to end: no wait is sat out any more."""
    paces: dict[str, Pace] = field(default_factory=dict)

    def pace(self, tracker: str) -> Pace:
        """Return the pace that all connections to a tracker share."""
        return self.paces.setdefault(tracker, Pace(time.monotonic))


@dataclass(frozen=True, slots=True)
class Connections:
    """What every tracker's connection shares."""

    clock: Clock
    vocabulary: Vocabulary
    tell: Callable[[Progress], None]
    requests: Counter[str]
    lasting: Lasting = field(default_factory=Lasting)

    def setups(self, settings: Settings) -> dict[str, TrackerSetup]:
        """Make all trackers of the settings ready to be connected."""
        adapters = load_trackers()
        return {
            name: self._setup(name, section.options, adapters[section.adapter])
            for name, section in settings.trackers.items()
        }

    def _setup(self, name: str, options: Any, manifest: TrackerManifest) -> TrackerSetup:
        def connect(with_text: bool) -> Tracker:
            connection = Connection(
                name=name,
                retry=Retry(
                    partial(self._sleep, name),
                    tell=partial(self._waiting, name),
                    tell_work=partial(self._working, name),
                    pace=self.lasting.pace(name),
                ),
                vocabulary=self.vocabulary,
                with_text=with_text,
                count=partial(self._count, name),
                budget=partial(self._budget, name),
                stopping=self.lasting.stopping,
            )
            return manifest.connect(options, connection)

        return TrackerSetup(
            name=name,
            scopes=tuple(options.scopes),
            key_pattern=manifest.key_pattern,
            basis=_basis(options),
            narrowed=getattr(options, "jql", None) is not None,
            goal_field=getattr(options, "fields", {}).get(GOAL_FIELD),
            connect=connect,
        )

    def _count(self, name: str, kind: str) -> None:
        self.requests[f"{name} {kind}"] += 1
        if self.lasting.watch is not None:
            self.lasting.watch.requested(name, kind)

    def _budget(self, name: str, budget: Budget) -> None:
        if self.lasting.watch is not None:
            self.lasting.watch.budget(name, budget)

    def _sleep(self, name: str, seconds: float) -> None:
        """Wait before a request; one that was never sent did nothing."""
        self.clock.sleep(seconds)
        if self.lasting.stopping():
            raise TrackerUnavailableError("okrsync is ending", tracker=name, maybe_done=False)

    def _waiting(self, name: str, seconds: float, why: str) -> None:
        import structlog  # noqa: PLC0415 - takes a while, and commands that only read need none

        log = structlog.get_logger()
        log.warning("tracker.wait", tracker=name, seconds=round(seconds, 1), why=why)
        if self.lasting.watch is not None:
            self.lasting.watch.waiting(name, seconds, why)
            return
        self.tell(Progress(f"waiting {seconds:.0f} s for {name}: {why}", 0))

    def _working(self, name: str, seconds: float, why: str) -> None:
        import structlog  # noqa: PLC0415 - as above

        log = structlog.get_logger()
        log.debug("tracker.works", tracker=name, seconds=round(seconds, 1), why=why)
        if self.lasting.watch is not None:
            self.lasting.watch.working(name, seconds, why)
            return
        self.tell(Progress(f"waiting for {name}: {why}", 0))


def webhooks_of(settings: Settings) -> dict[str, Webhooks]:
    """Return what reads each tracker's webhooks, where it has any and their secret is given."""
    adapters = load_trackers()
    readers = {}
    for name, section in settings.trackers.items():
        make = adapters[section.adapter].webhooks
        reader = None if make is None else make(section.options)
        if reader is not None:
            readers[name] = reader
    return readers


def _basis(options: Any) -> str:
    """Digest what a tracker's settings say; secrets are blanked before that."""
    told = options.model_dump_json().encode()
    return hashlib.blake2b(told, digest_size=8).hexdigest()
