"""``doctor``: what keeps okrsync from working, one line each, with what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import one_line, say
from okrsync.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.doctor import Patient
    from okrsync.app.doctor_values import Seen
    from okrsync.cli.options import Shell

COLOURS = {"ok": "green", "advice": "cyan", "warning": "yellow", "error": "red"}


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(doctor)


def doctor(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """Look at settings, goals, store and trackers; say what is wrong, and what mends it.

    Reads only. Ends with 6 if files must be edited, 5 if a tracker, the store or the machine
    fails, 1 if there are only warnings.
    """
    from okrsync.app.doctor import exit_code

    found = []
    for seen in _examined(shell(ctx)):
        found.append(seen)
        if output is Format.TEXT:
            _print(seen)
    if output is Format.JSON:
        print_json([_value(seen) for seen in found])
    raise typer.Exit(exit_code(found))


def _examined(words: Shell) -> Iterator[Seen]:
    from okrsync.app.doctor import examine
    from okrsync.app.doctor_house import settings_mistakes, settings_used

    try:
        patient = _patient(words, secrets_needed=True)
    except ConfigError as error:
        yield settings_mistakes(error)
        yield from _without_secrets(words)
    else:
        yield settings_used([door.name for door in patient.doors])
        yield from examine(patient)


def _without_secrets(words: Shell) -> Iterator[Seen]:
    """Look at what needs no secret, which may be all that the settings lack."""
    from dataclasses import replace

    from okrsync.app.doctor import examine

    try:
        patient = _patient(words, secrets_needed=False)
    except ConfigError:
        return
    yield from examine(replace(patient, doors=()))


def _patient(words: Shell, *, secrets_needed: bool) -> Patient:
    from okrsync.bootstrap.doctor import patient

    settings, folder = words.settings(secrets_needed=secrets_needed)
    return patient(settings, folder)


def _print(seen: Seen) -> None:
    remedy = f" -> {seen.remedy}" if seen.remedy else ""
    say(f"{seen.grade.value:<7} ", nl=False, fg=COLOURS[seen.grade.value])
    say(one_line(f"{seen.about}: {seen.message}{remedy}"))


def _value(seen: Seen) -> dict[str, str | None]:
    return {
        "code": seen.code.value,
        "grade": seen.grade.value,
        "about": seen.about,
        "message": seen.message,
        "remedy": seen.remedy or None,
        "cause": seen.cause.value,
    }
