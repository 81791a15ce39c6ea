"""Look at what is on our side: goals and mapping, the store and its disk, and who rang lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.check import check
from okrsync.app.daemon_note import last_note
from okrsync.app.doctor_values import Cause, Code, Grade, Seen, well
from okrsync.errors import ConfigError, OkrsyncError
from okrsync.ports.health import StoreState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from okrsync.app.check import Checking
    from okrsync.app.daemon_note import DaemonNote, WebhookNote
    from okrsync.core.goals import Goals
    from okrsync.core.place import Problem
    from okrsync.ports.health import Disk, StoreLook
    from okrsync.ports.store import Store

MEGABYTE = 1024 * 1024
TOO_LITTLE, LITTLE = 100 * MEGABYTE, 1024 * MEGABYTE
"""Bytes on the disk of the store."""


def examine_goals(checking: Checking, goals: list[Goals]) -> Iterator[Seen]:
    """Read goals and mapping; those that can be used are put into *goals*."""
    try:
        checked = check(checking, ())
    except OkrsyncError as error:
        yield _of_files(Code.GOALS, "goals", str(error), error.hint or "okrsync check")
        return
    if checked.problems:
        yield _mistakes("goals", Code.GOALS, checked.problems)
    elif checked.goals is not None and not checked.goals.order:
        told = "there are none, so every item is unaligned"
        yield _of_files(Code.NO_GOALS, "goals", told, "Write OKRs where `okrs` says.")
    if checked.goals is not None:
        goals.append(checked.goals)
        if not checked.problems and checked.goals.order:
            yield well(Code.GOALS, "goals", f"{len(checked.goals.order)} goals can be used")


def settings_mistakes(error: ConfigError) -> Seen:
    """Say that the settings cannot be used."""
    if not error.problems:
        return _of_files(Code.SETTINGS, "settings", str(error), error.hint or "okrsync init")
    return _mistakes("settings", Code.SETTINGS, error.problems)


def settings_used(trackers: Sequence[str]) -> Seen:
    """Say that the settings can be used, and whether they name anything to work on."""
    if trackers:
        return well(Code.SETTINGS, "settings", f"can be used; trackers: {', '.join(trackers)}")
    return Seen(
        code=Code.SETTINGS,
        grade=Grade.WARNING,
        about="settings",
        message="no tracker is configured",
        remedy="okrsync init",
        cause=Cause.FILES,
    )


def examine_store(
    look: Callable[[], StoreLook], disk: Callable[[StoreLook], Disk | None]
) -> Iterator[Seen]:
    """Look at the store, and at the disk it is on."""
    try:
        found = look()
    except OkrsyncError as error:
        remedy = error.hint or "Check `store` in okrsync.yaml."
        yield _outside(Code.STORE, Grade.ERROR, "store", str(error), remedy)
        return
    match found.state:
        case StoreState.OLDER:
            told = f"{found.name} is of an older okrsync (schema {found.schema})"
            yield _outside(Code.STORE_OLDER, Grade.ERROR, "store", told, "okrsync db upgrade")
        case StoreState.NEWER:
            told = f"{found.name} is of a newer okrsync (schema {found.schema})"
            remedy = "Use that okrsync, or a copy of the store from before its upgrade."
            yield _outside(Code.STORE_NEWER, Grade.ERROR, "store", told, remedy)
        case StoreState.NEW:
            yield well(Code.STORE, "store", f"{found.name} will be made when it is first needed")
        case StoreState.CURRENT:
            yield well(Code.STORE, "store", f"{found.name} can be used (schema {found.schema})")
    yield from _disk(disk, found)


def examine_webhooks(
    trackers: Iterable[str], look: Callable[[], StoreLook], open_store: Callable[[], Store]
) -> Iterator[Seen]:
    """Tell of trackers with a secret for webhooks whether any came that it fits."""
    try:
        note = _daemon_note(open_store) if look().state is StoreState.CURRENT else None
    except OkrsyncError:
        return  # what is wrong with the store is told already
    known = {each.tracker: each for each in note.webhooks} if note else {}
    for tracker in trackers:
        yield _webhook(tracker, known.get(tracker), ran=note is not None)


def _daemon_note(open_store: Callable[[], Store]) -> DaemonNote | None:
    store = open_store()
    try:
        with store.begin() as tx:
            return last_note(tx)
    finally:
        store.close()


def _webhook(tracker: str, note: WebhookNote | None, *, ran: bool) -> Seen:
    if not ran:
        told, remedy = "no webhook has arrived: no daemon has run yet", "okrsync run"
        return _outside(Code.WEBHOOK_SILENT, Grade.ADVICE, tracker, told, remedy)
    genuine = note.genuine if note else None
    forged = note.forged if note else None
    if forged and (genuine is None or forged > genuine):
        told = f"the last webhook ({forged:%Y-%m-%d %H:%M} UTC) was not signed with our secret"
        remedy = "Set the same secret in the tracker's webhook and in `webhook_secret_file`."
        return _outside(Code.WEBHOOK_FORGED, Grade.WARNING, tracker, told, remedy)
    if genuine is None:
        told = "a webhook secret is set and no webhook has ever arrived"
        remedy = f"Create a webhook to https://YOUR-HOST/webhooks/{tracker} in the tracker."
        return _outside(Code.WEBHOOK_SILENT, Grade.WARNING, tracker, told, remedy)
    told = f"the last webhook arrived at {genuine:%Y-%m-%d %H:%M} UTC"
    return well(Code.WEBHOOK_SILENT, tracker, told)


def _disk(disk: Callable[[StoreLook], Disk | None], store: StoreLook) -> Iterator[Seen]:
    try:
        found = disk(store)
    except OSError as error:
        told = f"the store's disk cannot be asked: {error.strerror or error}"
        yield _outside(Code.DISK, Grade.ERROR, "store", told, "Check `store` in okrsync.yaml.")
        return
    if found is None:
        return
    if not found.writable:
        told = f"{found.folder} cannot be written"
        remedy = "Give the account that runs okrsync write access to the file and its directory."
        yield _outside(Code.DISK, Grade.ERROR, "store", told, remedy)
    if found.free < LITTLE:
        grade = Grade.ERROR if found.free < TOO_LITTLE else Grade.WARNING
        told = f"{found.free // MEGABYTE} MB are left on the disk of {found.folder}"
        yield _outside(Code.DISK, grade, "store", told, "Free some space, or move the store.")


def _mistakes(about: str, code: Code, problems: tuple[Problem, ...]) -> Seen:
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    first = problems[0]
    remedy = first.hint or "Correct it."
    if more:
        remedy += " `okrsync check` names them all."
    return _of_files(code, about, f"{first.place}: {first.message}{more}", remedy)


def _of_files(code: Code, about: str, message: str, remedy: str) -> Seen:
    grade = Grade.WARNING if code is Code.NO_GOALS else Grade.ERROR
    return Seen(
        code=code, grade=grade, about=about, message=message, remedy=remedy, cause=Cause.FILES
    )


def _outside(code: Code, grade: Grade, about: str, message: str, remedy: str) -> Seen:
    return Seen(code=code, grade=grade, about=about, message=message, remedy=remedy)
