"""What many commands share: the shell's own options, formats, wiring, progress."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion
from okrsync.cli.text import safe_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from okrsync.app.context import Context, Progress
    from okrsync.settings.tree import Settings


class Format(StrEnum):
    """How a result is written on stdout."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", "-f", help="For people or for scripts.", show_default=True)
]
TrackerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tracker",
        "-t",
        help="Only this tracker; repeatable.",
        autocompletion=completion.trackers,
    ),
]
ScopeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--scope", "-s", help="Only this scope; repeatable.", autocompletion=completion.scopes
    ),
]
BecauseOption = Annotated[str, typer.Option("--because", help="Why; kept with the link.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
KeyArgument = Annotated[
    str, typer.Argument(help="An item's key, such as PAY-12.", autocompletion=completion.items)
]


@dataclass(slots=True)
class Shell:
    """What was said before the command's name."""

    config: Path | None = None
    verbose: bool = False
    environ: Mapping[str, str] | None = None
    """For tests; by default the process's own."""

    def file(self) -> Path | None:
        """Find the settings file.

        Raises:
            ConfigError: the one that was named is not there.

        """
        from okrsync.errors import ConfigError
        from okrsync.settings.load import find

        path = self.config or find(Path.cwd(), self.variables)
        if path is not None and not path.is_file():
            raise ConfigError(f"there is no settings file {path}")
        return path

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment."""
        return os.environ if self.environ is None else self.environ

    def settings(self, *, secrets_needed: bool = True) -> tuple[Settings, Path]:
        """Load the settings; return them with the folder they are relative to."""
        from okrsync.plugins import load_trackers
        from okrsync.settings.load import load

        path = self.file()
        models = {name: manifest.settings for name, manifest in load_trackers().items()}
        settings = load(
            path,
            environ=self.variables,
            adapters=models,
            folder=Path.cwd(),
            secrets_needed=secrets_needed,
        )
        return settings, (path.parent if path else Path.cwd()).resolve()

    @contextmanager
    def context(self, *, online: bool = True) -> Iterator[Context]:
        """Wire the application for one command, with progress on stderr."""
        from okrsync.bootstrap.whole import build

        if online:  # it takes a while, and only conversations with trackers are logged
            from okrsync import logs

            logs.configure(verbose=self.verbose)
        settings, folder = self.settings(secrets_needed=online)
        with progress() as tell:
            ctx = build(settings, folder, tell=tell)
            spare_the_collector()
            try:
                yield ctx
            finally:
                ctx.close()


def spare_the_collector() -> None:
    """Let the garbage collector look rarely: values in streams make no circles to be found.

    A pass over many items otherwise spends a fifth of its time on going through them.
    """
    import gc

    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def shell(ctx: typer.Context) -> Shell:
    """Return what was said before the command's name."""
    return ctx.ensure_object(Shell)


@contextmanager
def progress() -> Iterator[Callable[[Progress], None]]:
    """Show long work on stderr, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    status = console.status("")

    def tell(step: Progress) -> None:
        if not step.what:
            status.stop()
            return
        total = f" of {step.of}" if step.of else ""
        count = f" {step.done}{total}" if step.done else ""
        status.update(f"{step.what}{count}")
        status.start()

    try:
        yield tell
    finally:
        status.stop()


def print_json(value: Any) -> None:
    """Write a result for scripts."""
    typer.echo(safe_json(json.dumps(value, ensure_ascii=False, indent=2, default=str)))


def can_ask() -> bool:
    """Tell whether there is somebody to answer a question."""
    return sys.stdin.isatty()
