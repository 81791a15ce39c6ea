"""``check``: goals and mapping, held against their formats and the method. Nothing is asked.

With ``--work`` also what was last pulled; only then a store is opened.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli.check_work import Wanted, work_checked
from okrsync.cli.options import (
    ScopeOption,
    TrackerOption,
    print_json,
    shell,
    spare_the_collector,
)
from okrsync.cli.text import say
from okrsync.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okrsync.app.check import Checked, Checking
    from okrsync.cli.options import Shell
    from okrsync.core.goals import Goals
    from okrsync.core.place import Place
    from okrsync.lint.rule import Rule
    from okrsync.settings.tree import Settings

FINDINGS, UNUSABLE = 1, 6


class CheckFormat(StrEnum):
    """How findings are written on stdout."""

    FULL = "full"
    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(check)


def check(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...", help="Report on these files or folders only.", exists=True
        ),
    ] = None,
    output: Annotated[
        CheckFormat,
        typer.Option("--format", "-f", help="For people or for programs; text is full."),
    ] = CheckFormat.FULL,
    select: Annotated[
        list[str] | None,
        typer.Option(help="Try these rules only: codes, beginnings of codes, names; repeatable."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Leave these rules out; repeatable.")
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count what each rule found.")
    ] = False,
    changed_since: Annotated[
        str | None,
        typer.Option(metavar="REV", help="Only goals that say something else than in git at REV."),
    ] = None,
    work: Annotated[
        bool, typer.Option("--work", help="Also look at what was last pulled; remember findings.")
    ] = False,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    new: Annotated[
        bool, typer.Option("--new", help="With --work: only what came within the last week.")
    ] = False,
) -> None:
    """Check goals and mapping, offline: formats, references, and the method's rules.

    Without settings, PATH is a file or folder of OKRs. References are looked up in all of them.
    """
    spare_the_collector()
    if not work and (tracker or scope or new):
        raise UsageError("--tracker, --scope and --new go with --work")
    rules = _rules(select, ignore)
    known = shell(ctx)
    if work and known.file() is None:
        raise UsageError("--work needs settings: they name trackers and store")
    try:
        settings, folder = known.settings(secrets_needed=False)
    except ConfigError as error:
        _write(_of_broken_settings(known, error), output, statistics=statistics)
        raise typer.Exit(UNUSABLE) from None
    asked = _Asked(paths or [], () if work else rules, changed_since)
    everything = _checked(known, settings, folder, asked)
    inside = _below(paths, folder) if paths else None
    shown = everything.only(inside) if inside else everything
    if not work or everything.unread or everything.problems:
        _write(shown, output, statistics=statistics)
        _stop_if_unusable(everything, shown)
        _stop_if_failing(shown, settings)
        return
    wanted = Wanted(
        trackers=tracker or (),
        scopes=scope or (),
        only_new=new,
        inside=inside,
        goals=everything.changed,
    )
    with work_checked(known, rules, wanted) as findings:
        shown = replace(shown, findings=findings)
        _write(shown, output, statistics=statistics)
        _stop_if_failing(shown, settings)


def _stop_if_unusable(everything: Checked, shown: Checked) -> None:
    if everything.unread and not shown.problems:
        say(
            "Mistakes elsewhere keep the rules from being tried; `okrsync check` names them all.",
            err=True,
        )
    if everything.unread or shown.problems:
        raise typer.Exit(UNUSABLE)


def _stop_if_failing(shown: Checked, settings: Settings) -> None:
    from okrsync.lint.engine import failing
    from okrsync.lint.rule import Severity

    if failing(shown.findings, Severity(settings.lint.fail_level)):
        raise typer.Exit(FINDINGS)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for."""

    paths: list[Path]
    rules: Sequence[Rule]
    since: str | None


def _rules(select: list[str] | None, ignore: list[str] | None) -> Sequence[Rule]:
    from okrsync.lint.select import chosen

    try:
        return chosen(_words(select), _words(ignore))
    except ValueError as error:
        raise UsageError(str(error), hint="`okrsync rule` lists all rules") from None


def _words(given: list[str] | None) -> list[str]:
    return [word.strip() for each in given or () for word in each.split(",") if word.strip()]


def _checked(known: Shell, settings: Settings, folder: Path, asked: _Asked) -> Checked:
    from okrsync.app.check import check as checked
    from okrsync.bootstrap.check import checking, checking_of

    configured = (settings.okrs.path, settings.mapping.path)
    inside = all(_is_configured(path, folder, configured) for path in asked.paths)
    if known.file() is not None and inside:
        wired = checking(settings, folder)
        goals_at = settings.okrs.path and folder / settings.okrs.path
    else:
        goals_at = _around(asked.paths or [settings.okrs.path or folder / "okrs"]).resolve()
        wired = checking_of(goals_at, settings, folder)
    found = checked(wired, asked.rules)
    if asked.since is None:
        return found
    if goals_at is None:
        raise UsageError("--changed-since needs goals in files")
    return found.changed_since(_goals_then(asked.since, goals_at, settings))


def _goals_then(revision: str, path: Path, settings: Settings) -> Goals | None:
    """Return the goals as they were; None if there were none that could be used."""
    from okrsync.bootstrap.check import checking_of
    from okrsync.cli.revisions import as_of

    with as_of(revision, path) as there:
        if there is None:
            return None
        then: Checking = checking_of(there, settings, there)
        try:
            return then.goal_source.read().goals
        except ConfigError:
            return None


def _of_broken_settings(known: Shell, error: ConfigError) -> Checked:
    """Return the mistakes of unusable settings, and with them those of goals and mapping.

    Raises:
        ConfigError: the settings have no place in a file to tell.

    """
    from okrsync.app.check import Checked
    from okrsync.app.check import check as checked
    from okrsync.bootstrap.check import checking

    file = known.file()
    if file is None or not error.problems:
        raise error
    sources = _plain_sources(file)
    more = checked(checking(sources, file.parent)).problems if sources else ()
    return Checked((*error.problems, *more), unread=True)


def _plain_sources(file: Path) -> Settings | None:
    """Return default settings that read from the files the broken ones name, if they tell."""
    from okrsync.documents.read import parse_file
    from okrsync.settings.load import load

    try:
        data = parse_file(file).data
    except ConfigError:
        return None
    named = {}
    for section in ("okrs", "mapping"):
        given = data.get(section, {}) if isinstance(data, dict) else None
        if not isinstance(given, dict) or given.get("source", "yaml") != "yaml":
            return None
        if "path" in given:
            named[f"OKRSYNC_{section.upper()}__PATH"] = str(given["path"])
    try:
        return load(None, environ=named, adapters={}, folder=file.parent)
    except ConfigError:
        return None


def _is_configured(path: Path, folder: Path, configured: tuple[Path | None, ...]) -> bool:
    """Tell whether the settings know the files at *path*."""
    wanted = path.resolve()
    roots = [(folder / each).resolve() for each in configured if each is not None]
    return any(wanted.is_relative_to(root) or root.is_relative_to(wanted) for root in roots)


def _around(paths: list[Path]) -> Path:
    """Return the folder that holds all of *paths*."""
    folders = [path.parent if path.is_file() else path for path in paths]
    return Path(os.path.commonpath([folder.resolve() for folder in folders]))


def _below(paths: list[Path], folder: Path) -> Callable[[Place], bool]:
    wanted = [path.resolve() for path in paths]

    def is_below(place: Place) -> bool:
        file = (folder / place.file).resolve()
        return any(file.is_relative_to(path) for path in wanted)

    return is_below


def _write(shown: Checked, output: CheckFormat, *, statistics: bool) -> None:
    from okrsync import __version__
    from okrsync.lint import formats
    from okrsync.lint.sarif import as_sarif

    if output is CheckFormat.JSON:
        print_json(_values(shown, statistics=statistics))
        return
    if output is CheckFormat.SARIF:
        print_json(as_sarif(shown.findings, shown.problems, version=__version__))
        return
    for line in _lines(shown, output, statistics=statistics):
        say(line)
    if output is CheckFormat.GITHUB and not shown.unread:
        say(formats.summary(shown.findings), err=True)


def _lines(shown: Checked, output: CheckFormat, *, statistics: bool) -> Iterator[str]:
    from okrsync.lint import formats

    if output is CheckFormat.GITHUB:
        problems, told = formats.problems_as_github, formats.as_github
    else:
        full = output in {CheckFormat.FULL, CheckFormat.TEXT}
        problems = formats.problems_as_text
        told = formats.as_full if full else formats.as_concise
    if statistics:
        told = formats.as_statistics
    yield from problems(shown.problems)
    if not shown.unread:
        yield from told(shown.findings)


def _values(shown: Checked, *, statistics: bool) -> dict[str, Any]:
    from okrsync.lint import formats

    values = {
        "usable": not shown.problems and not shown.unread,
        "problems": formats.problems_as_values(shown.problems),
        "findings": formats.as_values(shown.findings),
    }
    if statistics:
        counted = formats.statistics(shown.findings)
        values["statistics"] = [
            dict(zip(("code", "name", "count"), each, strict=True)) for each in counted
        ]
    return values
