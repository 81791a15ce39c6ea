"""What `okrsync init` asks: each question has an option that answers it, and nobody is asked twice.

Where nobody is there to answer, the option that is missing is named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import typer

from okrsync.cli.options import can_ask
from okrsync.cli.text import one_line, say
from okrsync.core.place import did_you_mean
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from okrsync.ports.survey import VisibleScope
    from okrsync.ports.tracker import TrackerManifest

TRACKER_NAME = re.compile(r"[a-z0-9-]+")
MOST_SHOWN = 40


def adapter(given: str | None) -> TrackerManifest:
    """Return the adapter that was named."""
    from okrsync.plugins import load_trackers

    installed = load_trackers()
    named = given or _asked("--tracker", f"Which tracker ({', '.join(sorted(installed))})")
    if named not in installed:
        hint = did_you_mean(named, installed) or f"installed: {', '.join(sorted(installed))}"
        raise UsageError(f"there is no adapter {named!r}", hint=hint)
    return installed[named]


def tracker_name(name: str) -> str:
    """Return what the tracker is called in the settings, if it can be called that."""
    if not TRACKER_NAME.fullmatch(name):
        raise UsageError(
            f"a tracker cannot be called {name!r}", hint="small letters, digits and hyphens"
        )
    return name


def section(manifest: TrackerManifest, given: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of the tracker's section that were given or are answered."""
    for key in given:
        if key not in manifest.settings.model_fields:
            raise UsageError(f"--{key} means nothing to {manifest.name}")
    answers = dict(given)
    for question in manifest.questions:
        if question.key in answers or not (question.needed or can_ask()):
            continue
        answer = _asked(f"--{question.key}", question.text, default=None if question.needed else "")
        if answer:
            answers[question.key] = answer
    return answers


def token(name: str, file: Path | None, environ: Mapping[str, str]) -> str:
    """Return the token; where only a person knows it, it is asked for without being shown."""
    from okrsync.settings.environment import variable_of
    from okrsync.settings.secrets import bare, read_secret

    variable = variable_of(("trackers", name, "token"))
    try:
        if file is not None:
            return read_secret(file, key="token")
        if variable in environ:
            return bare(environ[variable], key="token")
        if not can_ask():
            raise UsageError("there is no token", hint=f"set {variable}, or give --token-file")
        say(f"{variable} is not set. The token is used for this look and kept nowhere.", err=True)
        return bare(typer.prompt("Token", hide_input=True, err=True), key="token")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"the token cannot be used: it {error}") from None


def scopes(given: Sequence[str], visible: Sequence[VisibleScope]) -> tuple[VisibleScope, ...]:
    """Return the scopes that were named, out of those that can be seen."""
    by_fold = {scope.key.casefold(): scope for scope in visible}
    if not visible:
        raise UsageError("the account sees no project or team", hint="give it access to one")
    if not given and not can_ask():
        raise UsageError("which --scope?", hint=f"visible: {_listed(visible)}")
    if not given:
        for scope in visible[:MOST_SHOWN]:
            say(f"  {scope.key:<10} {one_line(scope.name)}", err=True)
        only = visible[0].key if len(visible) == 1 else None
        given = _asked("--scope", "Which of these (keys, commas between)", default=only).split(",")
    chosen = {}
    for key in filter(None, (each.strip() for each in given)):
        if key.casefold() not in by_fold:
            keys = [scope.key for scope in visible]
            hint = did_you_mean(key, keys) or f"visible: {_listed(visible)}"
            raise UsageError(f"the account sees no {key!r}", hint=hint)
        found = by_fold[key.casefold()]
        chosen[found.key] = found
    if not chosen:
        raise UsageError("no scope was named", hint=f"visible: {_listed(visible)}")
    return tuple(chosen.values())


def _listed(visible: Sequence[VisibleScope]) -> str:
    more = ", …" if len(visible) > MOST_SHOWN else ""
    return ", ".join(scope.key for scope in visible[:MOST_SHOWN]) + more


def _asked(option: str, text: str, *, default: str | None = None) -> str:
    if not can_ask():
        raise UsageError(f"{option} is needed", hint="nobody is here to be asked")
    answer: str = typer.prompt(text, default=default, show_default=bool(default), err=True)
    return answer.strip()
