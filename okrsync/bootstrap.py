"""The one place that joins ports to things, and the only one that reads the wall clock."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from okrsync.app.context import Context, Policy, Progress, TrackerSetup
from okrsync.core.backoff import Backoff, Retry
from okrsync.core.guard import Limits
from okrsync.core.pace import Pace
from okrsync.core.vocabulary import Vocabulary
from okrsync.core.written import GOAL_FIELD
from okrsync.errors import ConfigError, TrackerUnavailableError
from okrsync.lint.policy import Policy as LintPolicy
from okrsync.lint.rule import Limits as Thresholds
from okrsync.lint.rule import Severity
from okrsync.plugins import load_goal_sources, load_trackers
from okrsync.ports.tracker import Connection
from okrsync.settings.tree import SourceSettings
from okrsync.wording import reader as wording_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from okrsync.app.check import Checking
    from okrsync.app.doctor import Patient
    from okrsync.app.doctor_trackers import Door
    from okrsync.app.learning import Learning
    from okrsync.app.mailing import PostOffice
    from okrsync.core.clock import Clock
    from okrsync.core.goals import Goals
    from okrsync.ports.goals import GoalSource, GoalSourceManifest, GoalStore, MappingSource
    from okrsync.ports.mailer import Mailer
    from okrsync.ports.mapping_editor import MappingEditor
    from okrsync.ports.store import Store
    from okrsync.ports.telemetry import TrackerWatch
    from okrsync.ports.tracker import Budget, Tracker, TrackerManifest, Webhooks
    from okrsync.settings.tree import Settings


LONGEST_LOOK = 5.0
"""Seconds that somebody waits who only wants to know how things are."""


def _silent(_progress: Progress) -> None:
    """Say nothing."""


def _unheard(_budget: Budget) -> None:
    """Note nothing."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


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


def build(
    settings: Settings,
    folder: Path,
    *,
    clock: Clock | None = None,
    tell: Callable[[Progress], None] = _silent,
    requests: Counter[str] | None = None,
    lasting: Lasting | None = None,
) -> Context:
    """Wire everything for *settings*; *folder* is where the settings file lies.

    *requests*, if given, counts what is sent to the trackers, by ``tracker kind``.
    *lasting* is what a process that wires more than once has once.

    Raises:
        ConfigError: a section names something that is not installed.

    """
    from okrsync.storage import open_store  # noqa: PLC0415 - takes a while, and `check` has none

    clock = clock or SystemClock()
    vocabulary = Vocabulary(prefix=settings.labels.prefix, group=settings.labels.linear_group)
    sources, adapters = load_goal_sources(), load_trackers()
    lasting = lasting or Lasting()
    counted = Counter() if requests is None else requests
    wiring = _Wiring(clock, vocabulary, tell, counted, lasting)
    return Context(
        store=lasting.store or open_store(settings.store),
        goal_source=_goal_source(settings.okrs, sources, folder),
        mapping_source=_mapping_source(settings.mapping, sources, folder),
        setups={
            name: wiring.setup(name, section.options, adapters[section.adapter])
            for name, section in settings.trackers.items()
        },
        reader=wording_reader(),
        clock=clock,
        policy=policy_of(settings),
        rules=rules_of(settings),
        thresholds=goal_limits(settings),
        vocabulary=vocabulary,
        tell=tell,
    )


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


def checking(settings: Settings, folder: Path, *, clock: Clock | None = None) -> Checking:
    """Wire what `okrsync check` needs: neither store nor tracker is opened."""
    from okrsync.app.check import Checking  # noqa: PLC0415 - the rules take a while

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


def looking(
    name: str,
    vocabulary: Vocabulary | None = None,
    *,
    budget: Callable[[Budget], None] = _unheard,
) -> Connection:
    """Return a connection for somebody who wants to know how things are, and not to wait."""
    retry = Retry(partial(_impatient, name), Backoff(tries=2, first=1.0))
    vocabulary = vocabulary or Vocabulary()
    return Connection(name=name, retry=retry, vocabulary=vocabulary, budget=budget)


def patient(settings: Settings, folder: Path, *, clock: Clock | None = None) -> Patient:
    """Wire what `okrsync doctor` looks at; nothing is opened, made or waited for."""
    from okrsync.app.doctor import Patient  # noqa: PLC0415
    from okrsync.storage import open_store  # noqa: PLC0415
    from okrsync.storage.look import disk_of, look  # noqa: PLC0415

    clock = clock or SystemClock()
    checked = checking(settings, folder, clock=clock)
    vocabulary = Vocabulary(prefix=settings.labels.prefix, group=settings.labels.linear_group)
    adapters, ringing = load_trackers(), webhooks_of(settings)
    return Patient(
        checking=checked,
        doors=[
            _door(name, section.options, adapters[section.adapter], vocabulary, name in ringing)
            for name, section in settings.trackers.items()
        ],
        look_at_store=lambda: look(settings.store),
        look_at_disk=lambda store: disk_of(store.path) if store.path else None,
        open_store=lambda: open_store(settings.store),
        vocabulary=vocabulary,
        link_kinds=frozenset(settings.labels.links),
        clock=clock,
        mailer=mailer_of(settings),
    )


def _door(
    name: str, options: Any, manifest: TrackerManifest, vocabulary: Vocabulary, rings: bool
) -> Door:
    from okrsync.app.doctor_trackers import Door  # noqa: PLC0415

    budgets: dict[str, Budget] = {}

    def heard(budget: Budget) -> None:
        budgets[budget.name] = budget

    connection = looking(name, vocabulary, budget=heard)
    survey = manifest.survey
    return Door(
        name=name,
        scopes=tuple(options.scopes),
        connect=lambda: manifest.connect(options, connection),
        survey=None if survey is None else lambda: survey(options, connection),
        webhooks=rings,
        budgets=budgets,
    )


def _impatient(name: str, seconds: float) -> None:
    if seconds > LONGEST_LOOK:
        told = f"it asks us to wait for {seconds:.0f} s: our allowance is used up"
        raise TrackerUnavailableError(told, tracker=name, maybe_done=False)
    time.sleep(seconds)


def checking_of(
    path: Path, settings: Settings, folder: Path, *, clock: Clock | None = None
) -> Checking:
    """Wire the same for OKR files at *path* that no settings name: there is no mapping then."""
    from okrsync.app.check import Checking  # noqa: PLC0415

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


def goal_source(settings: Settings, folder: Path) -> GoalSource:
    """Open the goals alone."""
    return _goal_source(settings.okrs, load_goal_sources(), folder)


def goals_in(path: Path, folder: Path) -> GoalSource:
    """Open the OKR files at *path*, which no settings need to name."""
    manifest = _manifest("okrs", SourceSettings(), load_goal_sources())
    return manifest.open_goals({"path": path}, folder)


def goal_store(settings: Settings, folder: Path) -> GoalStore | None:
    """Open where `okrs import` puts goals; nothing, if the goals' source takes none in."""
    manifest = _manifest("okrs", settings.okrs, load_goal_sources())
    return manifest.keep_goals and manifest.keep_goals(settings.okrs.options, folder)


def goal_files(goals: Goals) -> Mapping[str, bytes]:
    """Return the content of OKR files, by name, that load to equal goals."""
    write = _manifest("okrs", SourceSettings(), load_goal_sources()).write_goals
    if write is None:
        raise ConfigError("the installed source 'yaml' cannot write OKR files")
    return write(goals)


def mapping_editor(settings: Settings, folder: Path) -> MappingEditor:
    """Return what changes mapping rules.

    Raises:
        ConfigError: their source can only be read.

    """
    edit = _manifest("mapping", settings.mapping, load_goal_sources()).edit_mapping
    if edit is None:
        raise ConfigError(f"mapping: the source {settings.mapping.source!r} can only be read")
    return edit(settings.mapping.options, folder)


def mapping_at(path: Path, folder: Path) -> MappingSource:
    """Return the mapping rules in a file that no settings name."""
    return _mapping_source(SourceSettings(), load_goal_sources(), folder, {"path": path})


def learning(settings: Settings, folder: Path, *, clock: Clock | None = None) -> Learning:
    """Wire what check-ins, decisions and evidence need.

    Raises:
        ConfigError: the goals' source can only be read.

    """
    from okrsync.app.learning import Learning  # noqa: PLC0415

    manifest = _manifest("okrs", settings.okrs, load_goal_sources())
    if manifest.edit_goals is None:
        raise ConfigError(f"okrs: the source {settings.okrs.source!r} can only be read")
    return Learning(
        goal_source=manifest.open_goals(settings.okrs.options, folder),
        editor=manifest.edit_goals(settings.okrs.options, folder),
        today=(clock or SystemClock()).now().astimezone(settings.zone).date(),
    )


def post_office(settings: Settings) -> PostOffice | None:
    """Return what mails reports; nothing where no mail server is given.

    Raises:
        ConfigError: an address is none, or the sender is missing.

    """
    from okrsync.app.mailing import PostOffice, Recipient  # noqa: PLC0415
    from okrsync.mail.message import Composer, address_of  # noqa: PLC0415 - the layout takes a while
    from okrsync.reports.weeks import Weekly  # noqa: PLC0415

    given = settings.report
    mailer = mailer_of(settings)
    if mailer is None:
        return None
    if given.sender is None:
        raise ConfigError("report.from is missing: nobody would know who writes")
    sender = address_of(given.sender, key="report.from")
    readers = {
        (each.about, address_of(address).addr_spec)
        for each in given.recipients
        for address in each.to
    }
    return PostOffice(
        mailer=mailer,
        sender=sender.addr_spec,
        compose=Composer(sender),
        recipients=[Recipient(*reader) for reader in sorted(readers)],
        weekly=Weekly.read(given.weekly, settings.zone),
        quiet=given.quiet,
    )


def mailer_of(settings: Settings) -> Mailer | None:
    """Return the mail server, which is not connected to before it is used."""
    from okrsync.mail.smtp import Server, SmtpMailer  # noqa: PLC0415

    smtp = settings.report.smtp
    if smtp is None:
        return None
    return SmtpMailer(
        Server(
            host=smtp.host,
            port=smtp.port,
            security=smtp.security,
            username=smtp.username,
            password=smtp.password.get_secret_value() if smtp.password else None,
        )
    )


def rules_of(settings: Settings) -> LintPolicy:
    """Return what the settings made of the method's rules."""
    given = settings.lint
    return LintPolicy(
        severities={code: Severity(word) for code, word in given.severity.items()},
        by_team={
            team: {code: Severity(word) for code, word in codes.items()}
            for team, codes in given.teams.items()
        },
        waivers=settings.waivers,
    )


def goal_limits(settings: Settings) -> Thresholds:
    """Return from where on the rules that count or measure speak."""
    given, thresholds = settings.lint, settings.lint.thresholds
    return Thresholds(
        objectives_per_team=given.objectives_per_team,
        key_results_per_objective=given.key_results_per_objective,
        planning_cycles=given.planning_cycles,
        check_in_days=thresholds.OKR113.days,
        off_track_below=thresholds.OKR117,
        trivial_percent=thresholds.KR208,
        decide_days=thresholds.HY303.days,
        evidence_days=thresholds.HY305.days,
        window_days=thresholds.HY309.days,
        aligned_percent=thresholds.PF501,
        key_results_at_once=thresholds.PF503,
        flat_percent=thresholds.PF505,
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
        overlap=sync.overlap,
        retention=sync.retention,
        mentions=sync.mentions,
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
    lasting: Lasting = field(default_factory=Lasting)

    def setup(self, name: str, options: Any, manifest: TrackerManifest) -> TrackerSetup:
        """Make one tracker ready to be connected."""

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


def _basis(options: Any) -> str:
    """Digest what a tracker's settings say; secrets are blanked before that."""
    told = options.model_dump_json().encode()
    return hashlib.blake2b(told, digest_size=8).hexdigest()


def _goal_source(
    section: SourceSettings, sources: Mapping[str, GoalSourceManifest], folder: Path
) -> GoalSource:
    return _manifest("okrs", section, sources).open_goals(section.options, folder)


def _mapping_source(
    section: SourceSettings,
    sources: Mapping[str, GoalSourceManifest],
    folder: Path,
    options: Mapping[str, Any] | None = None,
) -> MappingSource:
    manifest = _manifest("mapping", section, sources)
    if manifest.open_mapping is None:
        raise ConfigError(f"mapping: the source {section.source!r} holds no mapping rules")
    return manifest.open_mapping(section.options if options is None else options, folder)


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
