"""``init``: from nothing to settings, mapping and goals that work, in a few questions.

The tracker is looked at while we ask, and nothing is changed there. Tokens are neither shown nor
written, and files that are there already are left alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli.options import shell
from okrsync.cli.text import say
from okrsync.errors import ConfigError, TrackerUnavailableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okrsync.app.init import Suggestion
    from okrsync.ports.survey import PlannedInitiative, Survey, VisibleScope
    from okrsync.ports.tracker import Tracker, TrackerManifest

MOST_CORRECTIONS = 3
UNDECIDED = "UNDECIDED"
"""Stands for the scopes in the settings by which we find out which there are."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(init)


def init(
    ctx: typer.Context,
    tracker: Annotated[
        str | None, typer.Option("--tracker", "-t", help="jira, linear, or any installed adapter.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What to call it in the settings; default: the adapter.")
    ] = None,
    url: Annotated[str | None, typer.Option(help="Address of the tracker.")] = None,
    email: Annotated[str | None, typer.Option(help="Jira Cloud: e-mail of the account.")] = None,
    auth: Annotated[str | None, typer.Option(help="Linear: key or bearer.")] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="File that holds the token; else a variable does.")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", "-s", help="Jira project or Linear team; repeatable."),
    ] = None,
    from_linear_initiatives: Annotated[
        bool,
        typer.Option("--from-linear-initiatives", help="Make objectives of Linear's initiatives."),
    ] = False,
    folder: Annotated[Path, typer.Option(help="Where to write.")] = Path(),
) -> None:
    """Write settings, mapping and goals for a tracker of yours, after a few questions."""
    from okrsync.app.init import Chosen
    from okrsync.app.init_files import files
    from okrsync.bootstrap.clock import SystemClock
    from okrsync.cli import init_questions as ask

    _refuse_to_overwrite(folder)
    manifest = ask.adapter("linear" if from_linear_initiatives and not tracker else tracker)
    called = ask.tracker_name(name or manifest.name)
    given = {"url": url, "email": email, "auth": auth}
    answers = ask.section(manifest, {key: value for key, value in given.items() if value})
    token = ask.token(called, token_file, shell(ctx).variables)
    visit = _Visit(manifest, called, answers, token)
    places = ask.scopes(scope or [], visit.scopes())
    initiatives = visit.initiatives() if from_linear_initiatives else ()
    zone, suggestions = visit.look([place.key for place in places])
    chosen = Chosen(
        name=called,
        adapter=manifest.name,
        section=visit.section,
        token_file=None if token_file is None else _from(folder, token_file),
        scopes=places,
        timezone=zone,
        today=SystemClock().now().date(),
        initiatives=initiatives,
    )
    _write(folder, files(chosen, suggestions))
    _judge(folder)
    _say_what_is_next(folder, called, token_needed=token_file is None)


@dataclass(slots=True)
class _Visit:
    """A look at the tracker, with whatever settings turn out to be right."""

    manifest: TrackerManifest
    name: str
    section: dict[str, str]
    token: str

    def scopes(self) -> list[VisibleScope]:
        """Make sure that we are known, and return what we see."""
        self._settle()
        survey = self._survey()
        try:
            return sorted(survey.scopes())
        finally:
            survey.close()

    def initiatives(self) -> tuple[PlannedInitiative, ...]:
        """Return what looks like goals."""
        survey = self._survey()
        try:
            found = sorted(survey.initiatives(), key=lambda each: each.name.casefold())
        finally:
            survey.close()
        if not found:
            raise UsageError(
                f"{self.manifest.name} shows no initiatives",
                hint="an OAuth token needs initiative:read; Jira has none that okrsync could read",
            )
        return tuple(found)

    def look(self, scopes: Sequence[str]) -> tuple[str, list[Suggestion]]:
        """Return the account's time zone, and rules that what is there suggests."""
        from okrsync.app.init import look_around

        tracker = self._tracker(scopes)
        try:
            zone = tracker.check().time_zone
            say(f"Looking at what is in {', '.join(scopes)} …", err=True)
            try:
                return zone, look_around(tracker, scopes)
            except TrackerUnavailableError as error:
                say(f"No rules are suggested: {error}", err=True)
                return zone, []
        finally:
            tracker.close()

    def _settle(self) -> None:
        """Find out who we are, and correct the settings by what the tracker says."""
        for _ in range(MOST_CORRECTIONS):
            survey = self._survey()
            try:
                reached = survey.reach()
            finally:
                survey.close()
            if not reached.section:
                return
            say(reached.why, err=True)
            self.section |= reached.section
        raise UsageError("the tracker leads us in circles", hint="check the address")

    def _survey(self) -> Survey:
        from okrsync.bootstrap.looking import looking

        if self.manifest.survey is None:
            raise UsageError(
                f"{self.manifest.name} cannot be set up by questions",
                hint="write okrsync.yaml by hand; `okrsync config schema` tells its keys",
            )
        return self.manifest.survey(self._options([UNDECIDED]), looking(self.name))

    def _tracker(self, scopes: Sequence[str]) -> Tracker:
        from okrsync.bootstrap.looking import looking

        return self.manifest.connect(self._options(scopes), looking(self.name))

    def _options(self, scopes: Sequence[str]) -> Any:
        from pydantic import ValidationError

        given = {**self.section, "token": self.token, "scopes": list(scopes)}
        try:
            return self.manifest.settings.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            key = ".".join(str(step) for step in first["loc"])
            raise UsageError(f"{key} {first['msg'].removeprefix('Value error, ')}") from None


def _refuse_to_overwrite(folder: Path) -> None:
    from okrsync.app.init_files import GOALS, MAPPING, SETTINGS

    goals = (folder / GOALS).parent
    there = [folder / name for name in (SETTINGS, MAPPING) if (folder / name).exists()]
    there += [goals] if goals.exists() and (not goals.is_dir() or any(goals.iterdir())) else []
    if there:
        raise UsageError(
            f"{', '.join(map(str, there))} is there already, and nothing is overwritten",
            hint="choose another --folder",
        )


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        say(f"Written: {path}")


def _judge(folder: Path) -> None:
    """Hold what was written against the method, as `okrsync check` does."""
    from okrsync.app.check import check
    from okrsync.app.init_files import SETTINGS
    from okrsync.bootstrap.check import checking
    from okrsync.lint import formats
    from okrsync.plugins import load_trackers
    from okrsync.settings.load import load

    adapters = {name: manifest.settings for name, manifest in load_trackers().items()}
    settings = load(folder / SETTINGS, environ={}, adapters=adapters, secrets_needed=False)
    checked = check(checking(settings, folder.resolve()))
    if checked.problems:
        raise ConfigError("what was written cannot be used", problems=checked.problems)
    for line in formats.as_concise(checked.findings):
        say(line)


def _say_what_is_next(folder: Path, name: str, *, token_needed: bool) -> None:
    from okrsync.app.init_files import SETTINGS
    from okrsync.settings.environment import variable_of

    where = "" if folder.resolve() == Path.cwd() else f" --config {folder / SETTINGS}"
    variable = variable_of(("trackers", name, "token"))
    if token_needed and variable not in os.environ:
        say(f"The token was written nowhere. Before you go on: export {variable}=…")
    say("Next:")
    say(f"  okrsync{where} doctor   # does everything work?")
    say(f"  okrsync{where} plan     # what would change, and why; nothing is written")


def _from(folder: Path, file: Path) -> str:
    """Name a file as the settings in *folder* do: relative to them where it is inside."""
    whole, base = file.resolve(), folder.resolve()
    return str(whole.relative_to(base)) if whole.is_relative_to(base) else str(whole)
