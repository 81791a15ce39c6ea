"""What the daemon runs with at present: settings, the wiring made of them, goals and mapping.

Replaced as a whole when files change and can be used; refused, and said once, when they cannot.
The store and the address it listens on stay for the life of the process: to change those it is
started again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING

import structlog

from okrsync.daemon.inforce import InForce
from okrsync.errors import ConfigError, OkrsyncError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from okrsync.app.context import Context
    from okrsync.app.mailing import PostOffice
    from okrsync.daemon.board import Board
    from okrsync.ports.telemetry import Place
    from okrsync.ports.tracker import Webhooks
    from okrsync.settings.tree import Settings

SETTINGS, GOALS = "settings", "goals and mapping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fittings:
    """One reading of the settings, and everything that was made of it."""

    settings: Settings
    context: Context
    webhooks: Mapping[str, Webhooks]
    files: tuple[Path, ...]
    """What is looked at for changes."""
    office: PostOffice | None = None
    """What mails reports, if the settings name a mail server."""


class House:
    """Holds what is in force; safe from any thread."""

    def __init__(self, furnish: Callable[[], Fittings], board: Board) -> None:
        self._furnish = furnish
        self._board = board
        self._lock = RLock()
        self._goals = InForce()
        self.generation = 0
        """Another number means that connections must be made anew."""
        self.fittings = furnish()
        self._seen = self._signature()

    @property
    def ready(self) -> bool:
        """Whether there are goals to work with."""
        return self._goals.filled

    def has(self, place: Place) -> bool:
        """Tell whether a scope is configured."""
        return place in self.places()

    def places(self) -> list[Place]:
        """List every configured scope."""
        return list(self.fittings.context.scopes())

    def now(self) -> datetime:
        """Return the present."""
        return self.fittings.context.now()

    def lend(self, fork: Context) -> Context:
        """Return a context for one piece of work, with the goals in force now.

        Raises:
            ConfigError: there are none.

        """
        return self._goals.lend(fork)

    def settle_in(self) -> None:
        """Take over the goals the files hold, or else those that were last in force."""
        with self._lock:
            seen = self._signature()
            if seen != self._seen:  # while this process stood by
                self._take_settings()
            self._seen = self._signature()
            self._take_goals()
            if not self.ready and self._goals.restore(self.fittings.context):
                structlog.get_logger().warning("goals.kept", why="the last good ones are in force")

    def take_goals(self) -> None:
        """Take over the goals the files hold, as a command does.

        Raises:
            ConfigError: they cannot be used.

        """
        self._goals.refresh(self.fittings.context)

    def look(self) -> bool:
        """Take over files that changed since the last look; tell whether anything is new."""
        with self._lock:
            seen = self._signature()
            if seen == self._seen:
                return False
            return self.reload()

    def reload(self) -> bool:
        """Read everything again, changed or not; tell whether anything is new."""
        with self._lock:
            self._seen = self._signature()
            new = self._take_settings()
            new = self._take_goals() or new
            if new:
                self.generation += 1
            return new

    def _take_settings(self) -> bool:
        try:
            fresh = self._furnish()
            _refuse_moves(self.fittings.settings, fresh.settings)
        except ConfigError as error:
            self._refuse(SETTINGS, error)
            return False
        if self._board.accept(SETTINGS):
            structlog.get_logger().info("files.accepted", what=SETTINGS)
        changed = told(fresh.settings) != told(self.fittings.settings)
        if changed:
            structlog.get_logger().info("files.taken", what=SETTINGS)
        self.fittings = fresh
        return changed

    def _take_goals(self) -> bool:
        log = structlog.get_logger()
        try:
            changed = self._goals.refresh(self.fittings.context)
        except (ConfigError, StoreError) as error:
            self._refuse(GOALS, error)
            return False
        if self._board.accept(GOALS):
            log.info("files.accepted", what=GOALS)
        if changed:
            log.info("files.taken", what=GOALS)
        return changed

    def _refuse(self, what: str, error: OkrsyncError) -> None:
        """Say once why files cannot be used; what was in force stays."""
        why = _why(error)
        in_force = "the old" if what == SETTINGS or self.ready else "none"
        if self._board.refuse(what, why):
            structlog.get_logger().error("files.refused", what=what, why=why, in_force=in_force)

    def _signature(self) -> object:
        return [(path, *_state(path)) for file in self.fittings.files for path in _below(file)]


def told(settings: Settings) -> str:
    """Return everything the settings say, secrets too: to compare, never to show."""
    sections = {name: section.options for name, section in settings.trackers.items()}
    secrets = {
        (name, key): value.get_secret_value()
        for name, options in sections.items()
        for key, value in options
        if hasattr(value, "get_secret_value")
    }
    token = settings.web.token.get_secret_value() if settings.web.token else None
    return repr((settings.model_dump(), {n: dict(o) for n, o in sections.items()}, secrets, token))


def _why(error: OkrsyncError) -> str:
    """Say it in one line: the first mistake, and how many there are."""
    problems = error.problems if isinstance(error, ConfigError) else ()
    if len(problems) == 1:
        return str(problems[0])
    return f"{error}: {problems[0]}" if problems else str(error)


def _refuse_moves(old: Settings, new: Settings) -> None:
    """Refuse what cannot change while the process runs."""
    fixed = {
        "store": (old.store, new.store),
        "web.host": (old.web.host, new.web.host),
        "web.port": (old.web.port, new.web.port),
    }
    for name, (before, now) in fixed.items():
        if before != now:
            raise ConfigError(f"{name} cannot change while okrsync runs; start it again")


def _below(path: Path) -> Iterator[Path]:
    yield path
    with suppress(OSError):  # what cannot be looked at is told when it is read
        if path.is_dir():
            yield from sorted(path.rglob("*.y*ml"))


def _state(path: Path) -> tuple[int, ...]:
    """Return what changes when a file does; following links, as those in containers are."""
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
