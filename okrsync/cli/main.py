"""The entry point: commands by group, known errors as one line and their own exit code."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from okrsync import __version__
from okrsync.cli import (
    apply,
    check,
    coach,
    config,
    dead,
    demo,
    doctor,
    explain,
    init,
    labels,
    learning,
    okrs,
    people,
    pull,
    report,
    rule,
    runs,
    simulate,
    status,
    store,
    why,
)
from okrsync.cli import map as mapping
from okrsync.cli import run as daemon
from okrsync.cli.options import Format, Shell
from okrsync.cli.text import say
from okrsync.errors import ConfigError, OkrsyncError

app = typer.Typer(
    name="okrsync",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(show: bool) -> None:
    if show:
        say(f"okrsync {__version__}")
        raise typer.Exit


@app.callback()
def main(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Settings file; else OKRSYNC_CONFIG, ./okrsync.yaml."),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more on stderr.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Keep OKRs and the tickets that are meant to serve them honestly connected."""
    del version
    ctx.obj = Shell(config=config, verbose=verbose)


for group in (
    init,
    check,
    rule,
    coach,
    pull,
    apply,
    people,
    labels,
    why,
    explain,
    runs,
    status,
    daemon,
    dead,
    okrs,
    learning,
    report,
    mapping,
    config,
    store,
    doctor,
    simulate,
    demo,
):
    group.register(app)


def run() -> None:
    """Run the command line; a known error is told in one line with a hint, never a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot draw shows question marks
    code: int | str | None = 0
    try:
        app()
    except OkrsyncError as error:
        code = tell(error)
    except OSError as error:
        code = _tell_system(error)
    except SystemExit as ended:
        code = _end(ended)
    raise SystemExit(code)


def _end(ended: SystemExit) -> int | str | None:
    """Return the exit code; that the reader of our output went away is nobody's mistake."""
    if type(sys.stdout).__name__ == "PacifyFlushWrapper":  # what typer puts there then
        return 0
    if ended.code == 130:
        say("okrsync: interrupted; what was done stays done and is recorded", err=True)
    try:
        sys.stdout.flush()
    except OSError as error:
        return _tell_system(error)
    return ended.code


def _tell_system(error: OSError) -> int:
    """Say which file or device failed; a path that somebody gave was wrong usage."""
    if isinstance(error, BrokenPipeError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for the exit
        return 0
    where = f"{error.filename}: " if error.filename else ""
    say(f"okrsync: {where}{error.strerror or error}", fg="red", err=True)
    if not error.filename:  # the output itself; what is left of it cannot be written either
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return 5
    return 2


def tell(error: OkrsyncError) -> int:
    """Say what went wrong on stderr; return the exit code."""
    if isinstance(error, ConfigError):
        for problem in error.problems:
            say(str(problem), err=True)
    say(f"okrsync: {error}", fg="red", err=True)
    if error.hint:
        say(f"hint: {error.hint}", err=True)
    return error.exit_code


__all__ = ["Format", "app", "run", "tell"]

if __name__ == "__main__":
    run()
