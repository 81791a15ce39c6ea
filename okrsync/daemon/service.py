"""The life of the daemon: waits for its turn, works, follows what changes, and leaves in order.

`run` is the whole of it, in the thread that calls it. It ends when somebody asks: no new work,
what is being written is finished and recorded, then out; whoever hangs is left behind.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog

from okrsync.core.reading import Reading
from okrsync.daemon.awake import Awake
from okrsync.daemon.courier import Courier
from okrsync.daemon.crew import Crew
from okrsync.daemon.desk import Desk
from okrsync.daemon.inspection import Inspector
from okrsync.daemon.lease import Lease
from okrsync.daemon.passing import make_pass
from okrsync.daemon.timetable import Timetable
from okrsync.errors import OkrsyncError, RefusedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from okrsync.app.daemon_note import DaemonNote
    from okrsync.daemon.passing import Workshop
    from okrsync.daemon.stopping import Stopping

TICK = 0.5
"""Seconds between two looks at files, threads and wishes."""
LEAVING = 6.0
"""Seconds that work in hand may take after somebody asked to end."""
NOTED_AFTER, NOTED_AT_LEAST = 3.0, 60.0
"""Seconds after which the note in the store follows what changed, and in any case."""
CHECKED_AFTER = 5.0
"""Seconds after which it is made sure that nobody else has become the holder."""
DONE, FAILED = 0, 5


@dataclass(slots=True, kw_only=True)
class Service:
    """Keeps one store's timetable while it lives."""

    shop: Workshop
    stopping: Stopping
    reload: Event = field(default_factory=Event)
    """Set by whoever wants files to be read again, changed or not."""
    crew: Crew = field(init=False)
    started: datetime = field(init=False)
    _lease: Lease = field(init=False)
    _timetable: Timetable = field(init=False)
    _inspector: Inspector = field(init=False)
    _courier: Courier = field(init=False)
    _ticked: float = field(default_factory=monotonic)
    _noted: tuple[float, DaemonNote | None] = (0.0, None)
    _checked: float = 0.0
    _open: bool = False
    _caught_up: bool = False
    _awake: Awake = field(default_factory=Awake)

    def __post_init__(self) -> None:
        self.crew = Crew(self.shop)
        self.started = self.shop.house.now()
        self._lease = Lease(self.shop.house.fittings.context.store)
        self._inspector = Inspector(self.shop)
        self._courier = Courier(self.shop)
        self._timetable = Timetable(self._wish, self._inspector.want, self._courier.want)

    def run(self) -> int:
        """Work until somebody asks to end; return the exit code."""
        if not self._wait_for_turn():
            return DONE
        try:
            return self._keep()
        finally:
            self._leave()

    def run_once(self) -> int:
        """Make one pass over every scope, trackers side by side; return the worst exit code.

        Raises:
            RefusedError: another okrsync keeps the timetable, and makes such passes.
            ConfigError: there are no goals that could be used.

        """
        with ExitStack() as stack:
            stack.enter_context(self._lease_held())
            self.shop.house.take_goals()
            places = self.shop.house.places()
            trackers = sorted({tracker for tracker, _ in places})
            pool = stack.enter_context(ThreadPoolExecutor(max(len(trackers), 1)))
            codes = list(pool.map(self._once_over, trackers))
        return max((code for each in codes for code in each), default=DONE)

    def delivered(self, tracker: str, outcome: str) -> None:
        """Note what became of a webhook."""
        self.shop.board.delivered(tracker, outcome, self.shop.house.now())

    def ring(self, tracker: str, items: Iterable[str]) -> bool:
        """Ask for items to be looked at; false while this process is not at work."""
        if self.stopping():
            return False
        return self.crew.ring(tracker, items, self.shop.house.now())

    def state(self) -> str:
        """Name the stage of life it is in."""
        if self.stopping():
            return "stopping"
        if not self.shop.board.holds_timetable:
            return "stand-by"
        return "ready" if self._open else "no goals"

    def parts(self) -> dict[str, str]:
        """Tell of each part whether it is well: ``ok``, or what is wrong."""
        silent = monotonic() - self._ticked
        told = {"life": "ok" if silent < NOTED_AT_LEAST else f"silent for {silent:.0f} s"}
        if self._open and not self.stopping():
            alone = (self._inspector.thread, self._courier.thread)
            missing = (thread.name for thread in alone if not thread.is_alive())
            dead = ", ".join([*self.crew.missing(), *missing])
            told["workers"] = f"died: {dead}" if dead else "ok"
            told["timetable"] = "ok" if self._timetable.running else "does not run"
        return told

    def troubles(self) -> dict[str, Any]:
        """Tell what a person should know though the process is well."""
        note = self._note()
        return {
            "refused": dict(note.refused),
            "failing": {f"{s.tracker} {s.scope}": s.why for s in note.scopes if s.failures},
            "waiting": dict(note.waits),
        }

    @contextmanager
    def _lease_held(self) -> Iterator[None]:
        self._lease.take(wait=0)
        try:
            yield
        finally:
            self._lease.give_back()

    def _once_over(self, tracker: str) -> list[int]:
        """Make the passes of one tracker, one after the other."""
        seat, desk = self.shop.seat(), Desk()
        mine = [place for place in self.shop.house.places() if place[0] == tracker]
        codes = [make_pass(self.shop, seat, desk, place, Reading.AUTO).exit_code for place in mine]
        seat.leave()
        return codes

    def _wait_for_turn(self) -> bool:
        """Stand by until the timetable is free; false if somebody asks to end before."""
        log, told = structlog.get_logger(), False
        while not self.stopping():
            self._ticked = monotonic()
            with suppress(RefusedError):
                before = self._lease.take(wait=TICK)
                self._take_over(before)
                return True
            if not told:
                log.info("timetable.standing_by", why="another okrsync keeps it")
                told = True
        return False

    def _take_over(self, before: DaemonNote | None) -> None:
        board = self.shop.board
        board.remember(before.scopes if before else ())
        board.remember_webhooks(before.webhooks if before else ())
        board.keep_only(self.shop.house.places())
        self.shop.house.settle_in()
        board.hold_timetable()
        self._sign(first=True)
        structlog.get_logger().info("timetable.held", process=self._lease.pid)
        if self.shop.house.ready:
            self._open_up()

    def _keep(self) -> int:
        while not self.stopping.wait(TICK):
            self._ticked = monotonic()
            try:
                self._tick()
            except RefusedError as error:
                structlog.get_logger().error("timetable.lost", why=str(error))
                self.stopping.ask()
                return FAILED
            except StoreError as error:
                structlog.get_logger().error("store.failed", why=str(error))
        return DONE

    def _tick(self) -> None:
        house = self.shop.house
        if jump := self._awake.jumped(house.now(), monotonic()):
            structlog.get_logger().warning("clock.jumped", seconds=round(jump))
            self._timetable.wake()
        asked = self.reload.is_set()
        self.reload.clear()
        if house.reload() if asked else house.look():
            self._follow()
        if house.ready and not self._open:
            self._open_up()
        if self._open and not self._caught_up:
            self._catch_up()
        now, (at, note) = monotonic(), self._noted
        changed = note is None or not self._note().says_the_same(note)
        if now - at > (NOTED_AFTER if changed else NOTED_AT_LEAST):
            self._sign()
        elif now - self._checked > CHECKED_AFTER:
            self._lease.check()
            self._checked = now

    def _open_up(self) -> None:
        settings = self.shop.house.fittings.settings
        self.crew.staff(settings.trackers)
        self._timetable.start(settings.sync, settings.zone, settings.report.weekly)
        self._inspector.thread.start()
        self._courier.thread.start()
        self._open = True
        log, scopes = structlog.get_logger(), len(self.shop.house.places())
        log.info("work.begins", scopes=scopes)
        if not scopes:
            log.warning("work.none", why="no tracker is configured; `okrsync init` sets one up")

    def _catch_up(self) -> None:
        """Look for mail that became due while nobody ran, once everything was read since."""
        board, places = self.shop.board, self.shop.house.places()
        read = [board.scope(place).succeeded for place in places]
        if all(at is not None and at >= self.started for at in read):
            self._courier.want()
            self._caught_up = True

    def _follow(self) -> None:
        """Go by what was read anew, at once."""
        self.shop.board.keep_only(self.shop.house.places())
        if self._open:
            settings = self.shop.house.fittings.settings
            self.crew.staff(settings.trackers)
            self._timetable.follow(settings.sync, settings.zone, settings.report.weekly)
            self.crew.hurry()
            self._wish(Reading.AUTO)

    def _wish(self, reading: Reading) -> None:
        self.crew.want(self.shop.house.places(), reading)

    def _note(self) -> DaemonNote:
        return self.shop.board.note(started=self.started, noted=self.shop.house.now())

    def _sign(self, *, first: bool = False) -> None:
        note = self._note()
        self._lease.sign(note, first=first)
        self._noted, self._checked = (monotonic(), note), monotonic()

    def _leave(self) -> None:
        log, deadline = structlog.get_logger(), monotonic() + LEAVING
        self.stopping.ask()
        self._timetable.stop()
        self._inspector.close()
        self._courier.close()
        left = self.crew.go_home(deadline)
        if left:
            log.warning("work.left", threads=left, why="they did not end in time")
        with suppress(OkrsyncError):
            self._sign()
        self._lease.give_back()
        log.info("timetable.given_back")
