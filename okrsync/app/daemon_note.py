"""What a running daemon notes of itself in the store, so that `status` can tell people.

A note of a moment, perhaps some seconds old, and left behind by a daemon that was killed: whether
one runs now is what the lock of the timetable says, and `someone_holds_it` asks that.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from okrsync.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrsync.app.context import Context
    from okrsync.ports.store import Store, Transaction

TIMETABLE = ("", "timetable")
"""The lock that the one holder of the timetable holds as long as it lives."""
_NOTE = "daemon"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeNote:
    """How the passes over one scope go."""

    tracker: str
    scope: str
    succeeded: datetime | None = None
    """The start of the last pass without an error."""
    failures: int = 0
    """In a row, up to now."""
    why: str = ""
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetNote:
    """What a tracker granted at a moment."""

    tracker: str
    name: str
    remaining: float
    limit: float | None = None
    resets: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookNote:
    """When webhooks of a tracker arrived last, to the minute."""

    tracker: str
    genuine: datetime | None = None
    forged: datetime | None = None
    """Not signed, or not with our secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonNote:
    """How a daemon is."""

    holder: str = ""
    """A word of its own that each holder of the timetable has."""
    pid: int = 0
    started: datetime
    noted: datetime
    scopes: tuple[ScopeNote, ...] = ()
    budgets: tuple[BudgetNote, ...] = ()
    waits: Mapping[str, str] = field(default_factory=dict)
    """Tracker -> why we wait for it, while we do."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Files that cannot be used -> why; what was read before is in force."""
    webhooks: tuple[WebhookNote, ...] = ()

    def says_the_same(self, other: DaemonNote) -> bool:
        """Tell whether nothing but the time of noting is different."""
        return replace(self, noted=other.noted) == other


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonStatus:
    """What the store tells of daemons."""

    runs: bool
    """Whether somebody keeps the timetable now."""
    note: DaemonNote | None
    """Of the one that runs, or of the last one that did."""
    dead_letters: int
    """Items whose webhooks could not be answered."""


def daemon_status(ctx: Context) -> DaemonStatus:
    """Look at what the store tells; needs no goals."""
    runs = someone_holds_it(ctx.store)
    with ctx.store.begin() as tx:
        return DaemonStatus(runs=runs, note=last_note(tx), dead_letters=tx.count_dead_letters())


def save_note(tx: Transaction, note: DaemonNote) -> None:
    """Keep the note in place of the one before."""
    tx.put_note(_NOTE, _plain(asdict(note)))


def last_note(tx: Transaction) -> DaemonNote | None:
    """Return the newest note there is, also of a daemon that is gone."""
    value = tx.note(_NOTE)
    if value is None:
        return None
    try:
        return _built(value)
    except (KeyError, TypeError, ValueError):
        return None  # of another version; the next daemon writes its own


def someone_holds_it(store: Store) -> bool:
    """Tell whether a daemon runs now, on whichever machine."""
    try:
        with store.lock(*TIMETABLE):
            return False
    except RefusedError:
        return True


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _built(value: dict[str, Any]) -> DaemonNote:
    scopes = tuple(ScopeNote(**_times(each, _OF_SCOPES)) for each in value["scopes"])
    budgets = tuple(BudgetNote(**_times(each, ("resets",))) for each in value["budgets"])
    webhooks = tuple(WebhookNote(**_times(e, _OF_WEBHOOKS)) for e in value.get("webhooks", ()))
    told = value | {"scopes": scopes, "budgets": budgets, "webhooks": webhooks}
    return DaemonNote(**_times(told, ("started", "noted")))


_OF_SCOPES = ("succeeded", "next_try")
_OF_WEBHOOKS = ("genuine", "forged")


def _times(value: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    given = {key: value[key] for key in keys if value.get(key) is not None}
    return value | {key: datetime.fromisoformat(text) for key, text in given.items()}
