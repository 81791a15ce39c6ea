"""Types commands for the demo: the real ones, in this process, with what they print shown."""

from __future__ import annotations

import io
import os
import textwrap
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from okrsync.errors import OkrsyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

WIDTH = 110
"""Longer lines are folded."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a command printed, both streams in order, and how it ended."""

    text: str
    code: int


@dataclass(frozen=True, slots=True)
class Terminal:
    """A place to type commands in, beside the demo's settings file."""

    config: Path
    environ: Mapping[str, str]

    def type(
        self,
        *words: str,
        expect: int = 0,
        shorten: Callable[[list[str]], list[str]] = list,
    ) -> Typed:
        """Show a command and what it prints, shortened; its exit code must be *expect*.

        Raises:
            OkrsyncError: it ended otherwise.

        """
        typer.secho(f"$ okrsync {' '.join(words)}", fg="cyan")
        typed = self.run(*words)
        for line in shorten(typed.text.splitlines()):
            typer.echo(_folded(line))
        if typed.code:
            typer.secho(f"  (exit {typed.code})", dim=True)
        if typed.code != expect:
            typer.echo(typed.text, err=True)
            raise OkrsyncError(
                f"the demo stops: `okrsync {' '.join(words)}` ended with {typed.code}, "
                f"and {expect} was due",
                hint="please report this with what was printed",
            )
        return typed

    def run(self, *words: str) -> Typed:
        """Run a command and keep what it prints."""
        from okrsync.cli.main import app, tell

        command = typer.main.get_command(app)
        printed = io.StringIO()
        with _with_variables(self.environ), redirect_stdout(printed), redirect_stderr(printed):
            try:
                code = command.main(
                    ["--config", str(self.config), *words],
                    prog_name="okrsync",
                    standalone_mode=False,
                )
            except OkrsyncError as error:
                code = tell(error)
        return Typed(printed.getvalue(), code if isinstance(code, int) else 0)


def _folded(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent="  ",
        subsequent_indent=f"{indent}    ",
        break_on_hyphens=False,
        break_long_words=False,
    )


@contextmanager
def _with_variables(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def first(count: int) -> Callable[[list[str]], list[str]]:
    """Keep the first lines."""

    def shorten(lines: list[str]) -> list[str]:
        return _with_rest(lines[:count], len(lines) - count)

    return shorten


def last(count: int) -> Callable[[list[str]], list[str]]:
    """Keep the last lines."""

    def shorten(lines: list[str]) -> list[str]:
        left_out = max(len(lines) - count, 0)
        kept = lines[left_out:]
        return [_more(left_out), *kept] if left_out else kept

    return shorten


def of_each_verdict(count: int) -> Callable[[list[str]], list[str]]:
    """Keep the first items of each verdict of a printed plan, and everything around them."""

    def shorten(lines: list[str]) -> list[str]:
        kept: list[str] = []
        seen: dict[str, int] = {}
        left_out = 0
        for block in _blocks(lines):
            verdict = block[-1].strip().partition(":")[0] if len(block) > 1 else ""
            seen[verdict] = seen.get(verdict, 0) + 1
            if not verdict and left_out:
                kept.append(_more(left_out))
                left_out = 0
            if not verdict or seen[verdict] <= count:
                kept += block
            else:
                left_out += len(block)
        return _with_rest(kept, left_out)

    return shorten


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield each line with the indented ones that follow it."""
    block: list[str] = []
    for line in lines:
        if block and not line.startswith(" "):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _with_rest(kept: list[str], left_out: int) -> list[str]:
    return [*kept, _more(left_out)] if left_out > 0 else kept


def _more(lines: int) -> str:
    return f"… {lines} more line{'s' if lines > 1 else ''}"
