"""``demo``: the whole job in one command, over HTTP, on trackers simulated on this machine.

Nothing leaves the machine, and nothing stays unless a folder is given to keep it in.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from okrsync.ports.simulator import Running

HALF_A_CYCLE = timedelta(days=45)
NAMES = {"jira": "shop-jira", "linear": "shop-linear"}
"""Simulator -> what the demo's settings call that tracker."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(demo)


def demo(
    keep: Annotated[
        Path | None, typer.Option(help="Work in this new folder and leave it there.")
    ] = None,
    pause: Annotated[bool, typer.Option(help="Wait for Enter between the steps.")] = False,
    seed: Annotated[int, typer.Option(help="Of the example company.")] = 1,
) -> None:
    """Show what okrsync does, on two simulated trackers: nothing of yours is touched.

    Goals are read, tickets pulled, a plan approved and written, people overrule it and are
    heard, and everything is taken back. Every claim is checked while it is shown.
    """
    from okrsync.bootstrap.clock import SystemClock
    from okrsync.cli.demo_story import Stage, tell
    from okrsync.cli.simulate import find_simulators, token_variable

    simulators = find_simulators(NAMES)
    today = SystemClock().now().date()
    with ExitStack() as stack:
        folder = stack.enter_context(_folder(keep))
        running = {
            name: stack.enter_context(simulator.open(seed=seed))
            for name, simulator in simulators.items()
        }
        write_files(folder, {**dates(today), **_addresses(running)})
        tokens = {
            token_variable(NAMES[name]): str(one.settings["token"]) for name, one in running.items()
        }
        stage = Stage(
            folder=folder,
            jira=running["jira"].world,
            linear=running["linear"].world,
            environ=tokens,
            pause=pause,
        )
        tell(stage)
    if keep is not None:
        typer.echo(f"The folder {keep} is yours: `okrsync status`, `why`, `explain` and `runs`")
        typer.echo("work in it without the trackers, which are gone now.")


def dates(today: date) -> dict[str, str]:
    """Return the days that the demo's goals need, around *today*."""
    start = today - HALF_A_CYCLE
    days = {
        "today": today,
        "year_start": date(start.year, 1, 1),
        "year_end": date((today + HALF_A_CYCLE).year, 12, 31),
        "last_start": start - 2 * HALF_A_CYCLE,
        "last_end": start - timedelta(days=1),
        "cycle_start": start,
        "cycle_end": today + HALF_A_CYCLE,
    }
    return {name: day.isoformat() for name, day in days.items()}


def write_files(folder: Path, words: Mapping[str, str]) -> None:
    """Write the demo's settings, goals and mapping, with *words* filled in."""
    _copy(files("okrsync.cli") / "demo_files", folder, words)


def _copy(source: Traversable, target: Path, words: Mapping[str, str]) -> None:
    for entry in source.iterdir():
        if entry.is_dir():
            (target / entry.name).mkdir(exist_ok=True)
            _copy(entry, target / entry.name, words)
        elif entry.name.endswith(".yaml"):
            text = entry.read_text(encoding="utf-8")
            for name, word in words.items():
                text = text.replace("{{" + name + "}}", word)
            (target / entry.name).write_text(text, encoding="utf-8")


def _addresses(running: Mapping[str, Running]) -> dict[str, str]:
    return {
        "jira_url": str(running["jira"].settings["url"]),
        "jira_email": str(running["jira"].settings["email"]),
        "linear_url": str(running["linear"].settings["url"]),
    }


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    from okrsync.errors import UsageError

    if keep is None:
        with tempfile.TemporaryDirectory(prefix="okrsync-demo-") as made:
            yield Path(made)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError(f"{keep} is there already", hint="name a folder that is new or empty")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep.resolve()
