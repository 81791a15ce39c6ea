"""``check``: goals and mapping, held against their formats and the method. Nothing is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.errors import ConfigError

if TYPE_CHECKING:
    from okrsync.app.check import Checked
    from okrsync.cli.options import Shell
    from okrsync.core.place import Place
    from okrsync.settings.tree import Settings

FINDINGS, UNUSABLE = 1, 6


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(check)


def check(
    ctx: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(help="Report on this file or folder only.", exists=True)
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Check goals and mapping, offline: formats, references, and the method's rules.

    Without settings, PATH is a file or folder of OKRs. References are looked up in all of them.
    """
    from okrsync.lint import Severity, failing

    known = shell(ctx)
    try:
        settings, folder = known.settings(secrets_needed=False)
    except ConfigError as error:
        _tell_all(known, error, output)
        raise typer.Exit(UNUSABLE) from None
    everything = _checked(known, settings, folder, path)
    shown = everything if path is None else everything.only(_below(path, folder))
    if output is Format.JSON:
        print_json(_values(shown))
    else:
        _print(shown)
    if everything.unread and not shown.problems:
        typer.echo(
            "Mistakes elsewhere keep the rules from being tried; `okrsync check` names them all.",
            err=True,
        )
    if everything.unread or shown.problems:
        raise typer.Exit(UNUSABLE)
    if failing(shown.findings, Severity(settings.lint.fail_level)):
        raise typer.Exit(FINDINGS)


def _checked(known: Shell, settings: Settings, folder: Path, path: Path | None) -> Checked:
    from okrsync import bootstrap
    from okrsync.app.check import check as checked

    configured = (settings.okrs.path, settings.mapping.path)
    has_settings = known.file() is not None
    if has_settings and (path is None or _is_configured(path, folder, configured)):
        return checked(bootstrap.checking(settings, folder))
    path = path or settings.okrs.path or folder / "okrs"
    where = path.parent if path.is_file() else path
    return checked(bootstrap.checking_of(where.resolve(), settings, folder))


def _tell_all(known: Shell, error: ConfigError, output: Format) -> None:
    """Tell the mistakes of unusable settings, and with them those of goals and mapping.

    Raises:
        ConfigError: the settings have no place in a file to tell.

    """
    from dataclasses import replace

    from okrsync import bootstrap
    from okrsync.app.check import Checked
    from okrsync.app.check import check as checked

    file = known.file()
    if file is None or not error.problems:
        raise error
    shown = Checked(error.problems, unread=True)
    sources = _plain_sources(file)
    if sources is not None:
        more = checked(bootstrap.checking(sources, file.parent)).problems
        shown = replace(shown, problems=(*shown.problems, *more))
    if output is Format.JSON:
        print_json(_values(shown))
    else:
        _print(shown)


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


def _below(path: Path, folder: Path) -> Any:
    wanted = path.resolve()

    def is_below(place: Place) -> bool:
        return (folder / place.file).resolve().is_relative_to(wanted)

    return is_below


def _print(shown: Checked) -> None:
    from okrsync.lint.formats import as_text

    for problem in shown.problems:
        typer.echo(f"{problem.place}: error: {problem.message}{_hint(problem.hint)}")
    if shown.problems:
        many = "s" if len(shown.problems) > 1 else ""
        typer.echo(f"{len(shown.problems)} mistake{many}; nothing can be used until mended")
    if not shown.unread:
        for line in as_text(shown.findings):
            typer.echo(line)


def _hint(hint: str | None) -> str:
    return f" ({hint})" if hint else ""


def _values(shown: Checked) -> dict[str, Any]:
    from okrsync.lint.formats import as_values

    return {
        "usable": not shown.problems and not shown.unread,
        "problems": [
            {
                "message": problem.message,
                "file": problem.place.file,
                "line": problem.place.line,
                "column": problem.place.column,
                "hint": problem.hint,
            }
            for problem in shown.problems
        ],
        "findings": as_values(shown.findings),
    }
