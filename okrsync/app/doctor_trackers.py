"""Look at one tracker: whether it knows us, what we see and may do there, and how near limits are.

A tracker whose adapter offers no `Survey` is only asked what every tracker can be asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.doctor_values import Cause, Code, Grade, Seen, well
from okrsync.core.place import did_you_mean
from okrsync.errors import OkrsyncError, TrackerRefusedError, TrackerUnavailableError
from okrsync.ports.survey import Right

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from okrsync.core.clock import Clock
    from okrsync.ports.survey import Lack, Misfit, Reached, Survey, VisibleScope
    from okrsync.ports.tracker import Budget, Tracker

TOLERATED = timedelta(seconds=60)
"""How far clocks may be apart: schedules and the age of a webhook are reckoned on ours."""
SCARCE = 0.1
"""The share of an allowance below which a pass may have to wait."""
MANY_SCOPES = 20
"""A hint may name no more scopes than that."""

Place = tuple[str, str]
"""The site, and a scope's own id there: what two names for one scope share."""

_RIGHTS = {
    Right.EDIT: (Code.EDIT_DENIED, Grade.ERROR),
    Right.LABELS: (Code.LABELS_OFF_SCREEN, Grade.ERROR),
    Right.SILENT: (Code.NOTIFIES, Grade.WARNING),
    Right.BULK: (Code.NO_BULK, Grade.ADVICE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How to look at a configured tracker. Nothing is opened before it is used."""

    name: str
    scopes: tuple[str, ...]
    connect: Callable[[], Tracker]
    survey: Callable[[], Survey] | None = None
    webhooks: bool = False
    """Whether a secret for webhooks is set."""
    budgets: Mapping[str, Budget] = field(default_factory=dict)
    """Filled by the answers that come while we look."""


def examine_tracker(
    door: Door, labels: Sequence[str], clock: Clock, places: dict[str, Place]
) -> Iterator[Seen]:
    """Look at a tracker; *places* is told where its scopes really are, by name."""
    sound = True
    try:
        for seen in _surveyed(door, labels, clock, places):
            sound = sound and seen.grade is not Grade.ERROR
            yield seen
        if sound:
            yield from _connected(door, clock)
    except OkrsyncError as error:
        yield _failure(door, error)
    yield from _budgets(door)


def _surveyed(
    door: Door, labels: Sequence[str], clock: Clock, places: dict[str, Place]
) -> Iterator[Seen]:
    if door.survey is None:
        return
    survey = door.survey()
    try:
        reached = _reach(survey)
        if reached.section:
            yield _wrong_address(door, reached)
            return
        yield from _clock(door, survey.time(), clock)
        visible = {scope.key: scope for scope in survey.scopes(door.scopes)}
        places |= {key: (reached.site, scope.id) for key, scope in visible.items()}
        yield from _invisible(door, survey, visible)
        yield from (_lack(door, lack) for lack in survey.lacks(sorted(visible)))
        yield from (_misfit(door, misfit) for misfit in survey.misfits(labels))
    finally:
        survey.close()


def _reach(survey: Survey) -> Reached:
    try:
        return survey.reach()
    except TrackerRefusedError as refusal:
        raise _StrangerError(str(refusal), tracker=refusal.tracker, hint=refusal.hint) from refusal


class _StrangerError(TrackerRefusedError):
    """The tracker does not know us."""


def _connected(door: Door, clock: Clock) -> Iterator[Seen]:
    """Ask what every tracker can be asked: it also knows of fields that are not there."""
    tracker = door.connect()
    try:
        tracker.check()
        if door.survey is None:
            yield from _clock(door, tracker.time(), clock)
    finally:
        tracker.close()
    yield well(Code.LOGIN, door.name, f"knows us and shows {', '.join(door.scopes)}")


def _failure(door: Door, error: OkrsyncError) -> Seen:
    code, remedy = Code.REFUSED, "See the message of the tracker."
    if isinstance(error, _StrangerError):
        code = Code.LOGIN
    elif isinstance(error, TrackerUnavailableError):
        code, remedy = Code.UNREACHABLE, "Check `url`, proxies, firewalls and the tracker's status."
    return Seen(
        code=code,
        grade=Grade.ERROR,
        about=door.name,
        message=str(error),
        remedy=error.hint or remedy,
    )


def _wrong_address(door: Door, reached: Reached) -> Seen:
    told = " and ".join(f"`{key}: {value}`" for key, value in reached.section.items())
    return Seen(
        code=Code.WRONG_ADDRESS,
        grade=Grade.ERROR,
        about=door.name,
        message=reached.why,
        remedy=f"Set {told} under trackers.{door.name}.",
        cause=Cause.FILES,
    )


def _invisible(door: Door, survey: Survey, visible: Mapping[str, VisibleScope]) -> Iterator[Seen]:
    missing = [scope for scope in door.scopes if scope not in visible]
    shown = [scope.key for scope in survey.scopes()] if missing else []
    for scope in missing:
        yield Seen(
            code=Code.SCOPE_INVISIBLE,
            grade=Grade.ERROR,
            about=f"{door.name} {scope}",
            message="the account sees nothing of that key",
            remedy=_where_to_look(scope, shown),
        )


def _where_to_look(scope: str, shown: Sequence[str]) -> str:
    close = did_you_mean(scope, shown)
    listed = ", ".join(sorted(shown)[:MANY_SCOPES]) or "nothing at all"
    hint = f"{close[0].upper()}{close[1:]} " if close else ""
    return f"{hint}It sees {listed}; let it see {scope}, or correct `scopes`."


def _lack(door: Door, lack: Lack) -> Seen:
    code, grade = _RIGHTS[lack.right]
    about = f"{door.name} {lack.scope}".rstrip()
    return Seen(code=code, grade=grade, about=about, message=lack.message, remedy=lack.remedy)


def _misfit(door: Door, misfit: Misfit) -> Seen:
    return Seen(
        code=Code.LABEL_MISFIT,
        grade=Grade.ERROR,
        about=door.name,
        message=f"{misfit.label} cannot be written: {misfit.message}",
        remedy=misfit.remedy,
    )


def _clock(door: Door, theirs: datetime | None, clock: Clock) -> Iterator[Seen]:
    if theirs is None:
        return
    apart = clock.now() - theirs
    if abs(apart) > TOLERATED:
        way = "ahead of" if apart > timedelta() else "behind"
        seconds = abs(apart).total_seconds()
        yield Seen(
            code=Code.CLOCK,
            grade=Grade.WARNING,
            about=door.name,
            message=f"this machine's clock is {seconds:.0f} s {way} the tracker's",
            remedy="Let this machine keep its time by NTP.",
        )


def _budgets(door: Door) -> Iterator[Seen]:
    for budget in sorted(door.budgets.values(), key=lambda each: each.name):
        if budget.remaining < budget.limit * SCARCE:
            yield _scarce(door, budget)


def _scarce(door: Door, budget: Budget) -> Seen:
    full = f" It is full again at {budget.resets:%H:%M} UTC." if budget.resets else ""
    return Seen(
        code=Code.QUOTA,
        grade=Grade.WARNING,
        about=door.name,
        message=f"{budget.remaining} of {budget.limit} {budget.name} are left",
        remedy=f"Let other programs use another account, or raise `sync.every`.{full}",
    )
