"""``runs``: what okrsync did, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion
from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import say

if TYPE_CHECKING:
    from okrsync.ports.store import Entry, Run


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(runs)


def runs(
    ctx: typer.Context,
    run: Annotated[
        int | None,
        typer.Argument(help="Show what this run changed.", autocompletion=completion.runs),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    output: FormatOption = Format.TEXT,
) -> None:
    """List runs, or what one of them changed."""
    from okrsync.errors import UsageError

    with shell(ctx).context(online=False) as okr, okr.store.begin() as tx:
        if run is None:
            _print_runs(list(tx.runs(limit)), output)
            return
        found = tx.run(run)
        if found is None:
            raise UsageError(f"there is no run {run}", hint="`okrsync runs` lists them")
        _print_entries(found, list(tx.entries_of(run)), output)


def _print_runs(found: list[Run], output: Format) -> None:
    if output is Format.JSON:
        print_json([_values(run) for run in found])
        return
    for run in found:
        end = "has not ended" if run.exit_code is None else f"exit {run.exit_code}"
        told = ", ".join(_told(key, value) for key, value in run.summary.items() if value)
        say(f"{run.id:>5}  {run.started:%Y-%m-%d %H:%M}  {run.kind:<6} {end}  {told}")
    if not found:
        say("No runs yet.")


def _told(key: str, value: Any) -> str:
    return f"{key} {' '.join(value) if isinstance(value, list) else value}"


def _values(run: Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "kind": run.kind,
        "started": run.started.isoformat(),
        "ended": run.ended.isoformat() if run.ended else None,
        "exit_code": run.exit_code,
        "summary": dict(run.summary),
    }


def _print_entries(run: Run, entries: list[Entry], output: Format) -> None:
    if output is Format.JSON:
        print_json(_values(run) | {"changes": [_change(entry) for entry in entries]})
        return
    for entry in entries:
        signs = [f"-{label}" for label in entry.removed] + [f"+{label}" for label in entry.added]
        say(f"{entry.ref.tracker} {entry.key}  {' '.join(signs)}  ({entry.because})")
    say(f"Run {run.id} changed {len(entries)} items.")


def _change(entry: Entry) -> dict[str, Any]:
    return {
        "tracker": entry.ref.tracker,
        "id": entry.ref.id,
        "key": entry.key,
        "at": entry.at.isoformat(),
        "before": list(entry.before),
        "after": list(entry.after),
        "added": list(entry.added),
        "removed": list(entry.removed),
        "because": entry.because,
    }
