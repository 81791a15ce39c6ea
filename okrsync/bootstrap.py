"""The one place that joins ports to things, and the only one that reads the wall clock."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from okrsync import lint
from okrsync.app.check import Checking
from okrsync.app.context import Context, Policy, Progress, TrackerSetup
from okrsync.core.backoff import Retry
from okrsync.core.guard import Limits
from okrsync.core.vocabulary import Vocabulary
from okrsync.errors import ConfigError
from okrsync.plugins import load_goal_sources, load_trackers
from okrsync.ports.tracker import Connection
from okrsync.settings.tree import SourceSettings
from okrsync.wording import reader as wording_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from okrsync.core.clock import Clock
    from okrsync.ports.goals import GoalSource, GoalSourceManifest, MappingSource
    from okrsync.ports.tracker import Tracker, TrackerManifest
    from okrsync.settings.tree import Settings


def _silent(_progress: Progress) -> None:
    """Say nothing."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def build(
    settings: Settings,
    folder: Path,
    *,
    clock: Clock | None = None,
    tell: Callable[[Progress], None] = _silent,
    requests: Counter[str] | None = None,
) -> Context:
    """Wire everything for *settings*; *folder* is where the settings file lies.

    *requests*, if given, counts what is sent to the trackers, by ``tracker kind``.

    Raises:
        ConfigError: a section names something that is not installed.

    """
    from okrsync.storage import open_store  # noqa: PLC0415 - takes a while, and `check` has none

    clock = clock or SystemClock()
    vocabulary = Vocabulary(prefix=settings.labels.prefix, group=settings.labels.linear_group)
    sources, adapters = load_goal_sources(), load_trackers()
    wiring = _Wiring(clock, vocabulary, tell, Counter() if requests is None else requests)
    return Context(
        store=open_store(settings.store),
        goal_source=_goal_source(settings.okrs, sources, folder),
        mapping_source=_mapping_source(settings.mapping, sources, folder),
        setups={
            name: wiring.setup(name, section.options, adapters[section.adapter])
            for name, section in settings.trackers.items()
        },
        reader=wording_reader(),
        clock=clock,
        policy=policy_of(settings),
        vocabulary=vocabulary,
        tell=tell,
    )


def checking(settings: Settings, folder: Path, *, clock: Clock | None = None) -> Checking:
    """Wire what `okrsync check` needs: neither store nor tracker is opened."""
    folder = folder.absolute()  # as the paths in settings are, so that files are told short
    clock = clock or SystemClock()
    vocabulary = Vocabulary(prefix=settings.labels.prefix, group=settings.labels.linear_group)
    sources, adapters = load_goal_sources(), load_trackers()
    wiring = _Wiring(clock, vocabulary, _silent, Counter())
    return Checking(
        goal_source=_goal_source(settings.okrs, sources, folder),
        mapping_source=_mapping_source(settings.mapping, sources, folder),
        setups={
            name: wiring.setup(name, section.options, adapters[section.adapter])
            for name, section in settings.trackers.items()
        },
        prefix=settings.labels.prefix,
        rules=rules_of(settings),
        limits=goal_limits(settings),
        reader=wording_reader(),
        today=clock.now().astimezone(settings.zone).date(),
    )


def checking_of(
    path: Path, settings: Settings, folder: Path, *, clock: Clock | None = None
) -> Checking:
    """Wire the same for OKR files at *path* that no settings name: there is no mapping then."""
    manifest = _manifest("okrs", SourceSettings(), load_goal_sources())
    return Checking(
        goal_source=manifest.open_goals({"path": path}, folder),
        mapping_source=None,
        setups={},
        prefix=settings.labels.prefix,
        rules=rules_of(settings),
        limits=goal_limits(settings),
        reader=wording_reader(),
        today=(clock or SystemClock()).now().astimezone(settings.zone).date(),
    )


def rules_of(settings: Settings) -> lint.Policy:
    """Return what the settings made of the method's rules."""
    given = settings.lint
    return lint.Policy(
        severities={code: lint.Severity(word) for code, word in given.severity.items()},
        by_team={
            team: {code: lint.Severity(word) for code, word in codes.items()}
            for team, codes in given.teams.items()
        },
        waivers=settings.waivers,
    )


def goal_limits(settings: Settings) -> lint.Limits:
    """Return from where on the rules that count or measure speak."""
    given, thresholds = settings.lint, settings.lint.thresholds
    return lint.Limits(
        objectives_per_team=given.objectives_per_team,
        key_results_per_objective=given.key_results_per_objective,
        planning_cycles=given.planning_cycles,
        check_in_days=thresholds.OKR113.days,
        off_track_below=thresholds.OKR117,
        trivial_percent=thresholds.KR208,
        decide_days=thresholds.HY303.days,
        evidence_days=thresholds.HY305.days,
    )


def policy_of(settings: Settings) -> Policy:
    """Return what the settings say about how okrsync behaves."""
    sync = settings.sync
    return Policy(
        writes=sync.mode == "write",
        timezone=settings.zone,
        done_within=sync.done_within,
        limits=Limits(max_changes=sync.max_changes, max_change_percent=sync.max_change_percent),
        max_vanished=sync.max_vanished,
        link_kinds=frozenset(settings.labels.links),
        planning_cycles=settings.lint.planning_cycles,
        waivers=settings.waivers,
    )


@dataclass(frozen=True, slots=True)
class _Wiring:
    """What every tracker's connection shares."""

    clock: Clock
    vocabulary: Vocabulary
    tell: Callable[[Progress], None]
    requests: Counter[str]

    def setup(self, name: str, options: Any, manifest: TrackerManifest) -> TrackerSetup:
        """Make one tracker ready to be connected."""

        def connect(with_text: bool) -> Tracker:
            connection = Connection(
                name=name,
                retry=Retry(self.clock.sleep, tell=partial(self._waiting, name)),
                vocabulary=self.vocabulary,
                with_text=with_text,
                count=partial(self._count, name),
            )
            return manifest.connect(options, connection)

        return TrackerSetup(
            name=name,
            scopes=tuple(options.scopes),
            key_pattern=manifest.key_pattern,
            connect=connect,
        )

    def _count(self, name: str, kind: str) -> None:
        self.requests[f"{name} {kind}"] += 1

    def _waiting(self, name: str, seconds: float, why: str) -> None:
        import structlog  # noqa: PLC0415 - takes a while, and commands that only read need none

        log = structlog.get_logger()
        log.warning("tracker.wait", tracker=name, seconds=round(seconds, 1), why=why)
        self.tell(Progress(f"waiting {seconds:.0f} s for {name}: {why}", 0))


def _goal_source(
    section: SourceSettings, sources: Mapping[str, GoalSourceManifest], folder: Path
) -> GoalSource:
    return _manifest("okrs", section, sources).open_goals(section.options, folder)


def _mapping_source(
    section: SourceSettings, sources: Mapping[str, GoalSourceManifest], folder: Path
) -> MappingSource:
    manifest = _manifest("mapping", section, sources)
    if manifest.open_mapping is None:
        raise ConfigError(f"mapping: the source {section.source!r} holds no mapping rules")
    return manifest.open_mapping(section.options, folder)


def _manifest(
    what: str, section: SourceSettings, sources: Mapping[str, GoalSourceManifest]
) -> GoalSourceManifest:
    if section.source not in sources:
        installed = ", ".join(sorted(sources)) or "none"
        raise ConfigError(
            f"{what}: the source {section.source!r} is not part of this okrsync",
            hint=f"installed: {installed}",
        )
    return sources[section.source]
