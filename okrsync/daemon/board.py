"""What is known of how things go: shown by /healthz and metrics, noted in the store for `status`.

Only what a watcher asks. Nothing decides by it but how long a scope that fails is left alone.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock, get_ident
from typing import TYPE_CHECKING

from okrsync.app.daemon_note import BudgetNote, DaemonNote, ScopeNote, WebhookNote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from okrsync.ports.telemetry import Place, Telemetry
    from okrsync.ports.tracker import Budget

GENUINE = frozenset({"rung", "ignored", "duplicate"})
"""What becomes of webhooks that the tracker signed."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """One thread's trouble with a tracker."""

    seconds: float
    why: str
    asks_again: bool = False

    def __str__(self) -> str:
        return f"asks again: {self.why}" if self.asks_again else f"{self.seconds:.0f} s: {self.why}"


class Board:
    """Written by every part, read by whoever watches; safe from any thread."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._lock = Lock()
        self._scopes: dict[Place, ScopeNote] = {}
        self._budgets: dict[tuple[str, str], BudgetNote] = {}
        self._waits: dict[tuple[str, int], _Wait] = {}
        self._at_work: Counter[str] = Counter()
        self._counted: set[Place] = set()
        self._refused: dict[str, str] = {}
        self._webhooks: dict[str, WebhookNote] = {}
        self.holds_timetable = False
        self.changes = 0
        """Counts passes that read or changed anything."""

    def remember(self, notes: Iterable[ScopeNote]) -> None:
        """Take over what a daemon before us noted of its passes."""
        notes = list(notes)
        for note in notes:
            if note.succeeded is not None:
                self._telemetry.fresh((note.tracker, note.scope), note.succeeded)
        with self._lock:
            self._scopes = {
                (note.tracker, note.scope): replace(note, failures=0, why="", next_try=None)
                for note in notes
            }

    def keep_only(self, places: Collection[Place]) -> None:
        """Forget scopes that are no longer configured."""
        with self._lock:
            self._scopes = {p: note for p, note in self._scopes.items() if p in places}
            self._counted.intersection_update(places)
        self._telemetry.keep_only(places)

    def scope(self, place: Place) -> ScopeNote:
        """Return how the passes over a scope go."""
        with self._lock:
            return self._scopes.get(place, ScopeNote(tracker=place[0], scope=place[1]))

    def succeeded(self, place: Place, started: datetime) -> None:
        """Note a pass without an error."""
        note = self.scope(place)
        self._put(replace(note, succeeded=started, failures=0, why="", next_try=None))
        self._telemetry.fresh(place, started)

    def counted(self, place: Place, items: int) -> None:
        """Note how many items of a scope are known."""
        with self._lock:
            self._counted.add(place)
        self._telemetry.items(place, items)

    def has_counted(self, place: Place) -> bool:
        """Tell whether that is known of a scope since we live, or since it is configured."""
        with self._lock:
            return place in self._counted

    def noticed(self, *, change: bool) -> None:
        """Note whether a pass read or changed anything."""
        with self._lock:
            self.changes += change

    def failed(self, place: Place, why: str) -> int:
        """Note a pass that failed; return how many did in a row."""
        note = self.scope(place)
        self._put(replace(note, failures=note.failures + 1, why=why))
        return note.failures + 1

    def tried_again_at(self, place: Place, at: datetime) -> None:
        """Note when a scope that fails is tried again."""
        self._put(replace(self.scope(place), next_try=at))

    def hold_timetable(self) -> None:
        """Note that this process keeps the timetable now."""
        self.holds_timetable = True
        self._telemetry.holding(holds=True)

    def refused(self) -> dict[str, str]:
        """Return the files that cannot be used, and why."""
        with self._lock:
            return dict(self._refused)

    def requested(self, tracker: str, kind: str) -> None:
        """Note a request; after a wait only the next one shows that there was an answer."""
        place = (tracker, get_ident())
        with self._lock:
            known = self._waits.pop(place, None)
            if known is not None and not known.asks_again:
                self._waits[place] = replace(known, asks_again=True)
        self._telemetry.requested(tracker, kind)

    @contextmanager
    def at_work(self, tracker: str) -> Iterator[None]:
        """Note that this thread works with a tracker: afterwards it waits for nothing any more.

        Whose helpers wait is not known: their waits are over when nobody is at work.
        """
        with self._lock:
            self._at_work[tracker] += 1
        try:
            yield
        finally:
            with self._lock:
                self._at_work[tracker] -= 1
                me, alone = (tracker, get_ident()), not self._at_work[tracker]
                over = [key for key in self._waits if key == me or (alone and key[0] == tracker)]
                for key in over:
                    del self._waits[key]

    def waiting(self, tracker: str, seconds: float, why: str) -> None:
        """Note a wait that begins."""
        self.working(tracker, seconds, why)
        self._telemetry.waiting(tracker, seconds)

    def working(self, tracker: str, seconds: float, why: str) -> None:
        """Note a wait for the tracker's own work, which is no retry."""
        with self._lock:
            self._waits[tracker, get_ident()] = _Wait(seconds, why)

    def budget(self, tracker: str, budget: Budget) -> None:
        """Note what a tracker still grants."""
        note = BudgetNote(
            tracker=tracker,
            name=budget.name,
            remaining=budget.remaining,
            limit=budget.limit,
            resets=budget.resets,
        )
        with self._lock:
            self._budgets[tracker, budget.name] = note
        self._telemetry.budget(tracker, budget.name, budget.remaining)

    def refuse(self, what: str, why: str) -> bool:
        """Note that files cannot be used; tell whether that is news."""
        with self._lock:
            news = self._refused.get(what) != why
            self._refused[what] = why
        self._telemetry.refused(what, refused=True)
        return news

    def accept(self, what: str) -> bool:
        """Note that files can be used; tell whether they could not before."""
        with self._lock:
            news = self._refused.pop(what, None) is not None
        self._telemetry.refused(what, refused=False)
        return news

    def remember_webhooks(self, notes: Iterable[WebhookNote]) -> None:
        """Take over what a daemon before us noted of webhooks."""
        with self._lock:
            self._webhooks = {note.tracker: note for note in notes} | self._webhooks

    def delivered(self, tracker: str, outcome: str, at: datetime) -> None:
        """Note what became of a webhook."""
        minute = at.replace(second=0, microsecond=0)
        with self._lock:
            known = self._webhooks.get(tracker, WebhookNote(tracker=tracker))
            if outcome in GENUINE:
                self._webhooks[tracker] = replace(known, genuine=minute)
            elif outcome == "forged":
                self._webhooks[tracker] = replace(known, forged=minute)
        self._telemetry.webhook(tracker, outcome)

    def note(self, *, started: datetime, noted: datetime) -> DaemonNote:
        """Return everything as a value."""
        with self._lock:
            return DaemonNote(
                started=started,
                noted=noted,
                scopes=tuple(self._scopes[place] for place in sorted(self._scopes)),
                budgets=tuple(self._budgets[key] for key in sorted(self._budgets)),
                waits={tracker: str(wait) for (tracker, _), wait in self._waits.items()},
                refused=dict(self._refused),
                webhooks=tuple(self._webhooks[name] for name in sorted(self._webhooks)),
            )

    def _put(self, note: ScopeNote) -> None:
        with self._lock:
            self._scopes[note.tracker, note.scope] = note
