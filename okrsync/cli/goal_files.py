"""``okrs import`` and ``okrs export``: goals from files into the database, and out of it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli.options import Format, FormatOption, YesOption, can_ask, print_json, shell
from okrsync.cli.text import say
from okrsync.errors import ConfigError, RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrsync.app.goal_import import Import

_SUFFIXES = {".yaml", ".yml"}


def register(okrs: typer.Typer) -> None:
    """Add the commands of this file."""
    okrs.command("import")(import_goals)
    okrs.command("export")(export_goals)


def import_goals(
    ctx: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder of OKR files, or one.", exists=True)
    ],
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Put the goals of OKR files into the database, in the place of all that is there."""
    from okrsync.app.goal_import import carry_out, prepare
    from okrsync.bootstrap.goals import goal_source, goal_store, goals_in

    settings, folder = shell(ctx).settings(secrets_needed=False)
    database = goal_store(settings, folder)
    if database is None:
        raise ConfigError(
            f"okrs: the source is {settings.okrs.source!r}, which takes in no goals",
            hint="set `okrs: {source: database}`",
        )
    here = Path.cwd()
    wanted = prepare(goals_in(here / path, here), goal_source(settings, folder))
    written = not wanted.difference.none and (yes or _agreed(wanted))
    if written:
        carry_out(wanted, database)
    if output is Format.JSON:
        print_json(_values(wanted, written=written))
    else:
        _tell(wanted, written=written)


def export_goals(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Where to write; made if missing.", file_okay=False),
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files of the same names.")
    ] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Write the goals as OKR files that load to the same goals, one an owner, without comments."""
    from okrsync.bootstrap.goals import goal_files, goal_source

    settings, home = shell(ctx).settings(secrets_needed=False)
    files = goal_files(goal_source(settings, home).read().goals)
    _refuse_others(folder, files, force=force)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text)
    if output is Format.JSON:
        print_json({"written": [str(folder / name) for name in files]})
        return
    for name in files:
        say(str(folder / name))


def _agreed(wanted: Import) -> bool:
    if not can_ask():
        raise UsageError(
            "this would ask before it replaces goals, and there is no terminal", hint="give --yes"
        )
    _show(wanted, err=True)
    question = "Replace the goals in the database by these? Only 'yes' does"
    return bool(typer.prompt(question, default="no", err=True) == "yes")


def _tell(wanted: Import, *, written: bool) -> None:
    if wanted.difference.none:
        say("The database holds exactly these goals already.")
        return
    _show(wanted)
    say("They are in the database now." if written else "Nothing was written.")


def _show(wanted: Import, *, err: bool = False) -> None:
    if wanted.unusable is not None:
        say(f"What is there cannot be compared: {wanted.unusable}.", err=err)
    signs = {"added": "+", "changed": "~", "removed": "-"}
    for how, sign in signs.items():
        for what, name in getattr(wanted.difference, how):
            say(f"{sign} {what} {name}", err=err)
    if wanted.difference.moved:
        say("~ the order of goals", err=err)


def _values(wanted: Import, *, written: bool) -> dict[str, Any]:
    def named(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
        return [{"what": what, "id": name} for what, name in pairs]

    found = wanted.difference
    return {
        "written": written,
        "added": named(found.added),
        "changed": named(found.changed),
        "removed": named(found.removed),
        "moved": found.moved,
    }


def _refuse_others(folder: Path, files: Mapping[str, bytes], *, force: bool) -> None:
    """Refuse to overwrite, and to write beside other OKR files: goals would be there twice."""
    there = sorted(
        file.relative_to(folder).as_posix()
        for file in (folder.rglob("*") if folder.is_dir() else ())
        if file.suffix in _SUFFIXES
    )
    kept = [name for name in there if name not in files]
    if there and not force:
        raise RefusedError(
            f"{folder} holds {', '.join(there[:3])} already",
            hint="name another folder, or give --force to overwrite files of the same names",
        )
    if kept:
        raise RefusedError(
            f"{folder} holds {', '.join(kept[:3])}, which would say the same goals twice",
            hint="name another folder, or take these files away",
        )
