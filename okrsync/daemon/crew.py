"""The workers: for each tracker some that make passes and one that answers bells.

No tracker waits for another, and a bell does not wait for a pass over a large scope. All threads
are daemons of the process: one that hangs in an answer that never comes cannot keep it alive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from okrsync.daemon.desk import Desk
from okrsync.daemon.passing import answer, make_pass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime

    from okrsync.core.reading import Reading
    from okrsync.daemon.passing import Workshop
    from okrsync.ports.telemetry import Place

AT_ONCE = 2
"""Passes over scopes of one tracker at the same time."""


@dataclass(frozen=True, slots=True)
class _Team:
    """The workers of one tracker, and their desk."""

    desk: Desk
    threads: list[Thread] = field(default_factory=list)


class Crew:
    """Hands out work; safe from any thread."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._lock = Lock()
        self._teams: dict[str, _Team] = {}
        self._leaving: list[Thread] = []

    def staff(self, trackers: Collection[str]) -> None:
        """Have workers for exactly these trackers."""
        with self._lock:
            for name in set(self._teams) - set(trackers):
                team = self._teams.pop(name)
                team.desk.close()
                self._leaving += team.threads
            for name in set(trackers) - set(self._teams):
                self._teams[name] = self._hired(name)
            self._leaving = [thread for thread in self._leaving if thread.is_alive()]

    def want(self, places: Iterable[Place], reading: Reading) -> None:
        """Ask for passes over these scopes."""
        for tracker, scope in places:
            team = self._teams.get(tracker)
            if team is not None:
                team.desk.want(scope, reading)

    def hurry(self) -> None:
        """Let what was left alone after failures be tried again at once."""
        for team in list(self._teams.values()):
            team.desk.hurry()

    def ring(self, tracker: str, items: Iterable[str], at: datetime) -> bool:
        """Ask for these items to be looked at; false if nobody works here."""
        team = self._teams.get(tracker)
        if team is None:
            return False
        team.desk.ring(items, at)
        return True

    def missing(self) -> list[str]:
        """Name the workers that died, which none ever should."""
        teams = list(self._teams.values())
        return [each.name for team in teams for each in team.threads if not each.is_alive()]

    def go_home(self, deadline: float) -> list[str]:
        """Send everybody home; name those that are still at work at *deadline* (monotonic)."""
        self.staff(())
        for thread in self._leaving:
            thread.join(max(0.0, deadline - monotonic()))
        return [thread.name for thread in self._leaving if thread.is_alive()]

    def _hired(self, tracker: str) -> _Team:
        team = _Team(Desk())
        for name, work in self._jobs(tracker, team.desk):
            thread = Thread(target=work, name=f"{name} of {tracker}", daemon=True)
            team.threads.append(thread)
            thread.start()
        return team

    def _jobs(self, tracker: str, desk: Desk) -> Iterator[tuple[str, Callable[[], None]]]:
        for number in range(1, AT_ONCE + 1):
            yield f"passes {number}", lambda: self._make_passes(tracker, desk)
        yield "bells", lambda: self._answer_bells(tracker, desk)

    def _make_passes(self, tracker: str, desk: Desk) -> None:
        seat = self._shop.seat()
        while (taken := desk.next_pass()) is not None:
            scope, reading = taken
            try:
                if self._shop.house.has((tracker, scope)):
                    make_pass(self._shop, seat, desk, (tracker, scope), reading)
            finally:
                desk.done(scope)
        seat.leave()

    def _answer_bells(self, tracker: str, desk: Desk) -> None:
        seat = self._shop.seat()
        while (bells := desk.next_bells()) is not None:
            answer(self._shop, seat, desk, tracker, bells)
        seat.leave()
