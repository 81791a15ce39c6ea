"""``pull`` and ``plan``: read the trackers, say what would change, write nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from okrsync.cli.options import (
    Format,
    FormatOption,
    ScopeOption,
    TrackerOption,
    print_json,
    shell,
)
from okrsync.cli.text import say

if TYPE_CHECKING:
    from datetime import date

    from okrsync.app.context import Context
    from okrsync.app.passes import Pass


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(pull)
    app.command()(plan)


def pull(
    ctx: typer.Context,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Read the trackers into the mirror, and hear what people changed."""
    from okrsync.app.passes import run_pull
    from okrsync.cli import show_plan

    with shell(ctx).context() as okr:
        made = run_pull(okr, list(okr.scopes(tracker or (), scope or ())))
        if output is Format.JSON:
            print_json(show_plan.pass_values(okr, made))
        else:
            for (name, place), count in made.pulled.items.items():
                say(f"{name} {place}: {count} items")
            show_plan.print_failures(made.pulled)
    raise typer.Exit(made.exit_code)


def plan(
    ctx: typer.Context,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write the plan to a file for `apply FILE`.")
    ] = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 3 if changes are pending.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Plan from the mirror only.")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Plan as if it were this day (YYYY-MM-DD).")
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show what would change and why, and change nothing."""
    from okrsync.app.passes import run_plan
    from okrsync.cli import show_plan

    day = _day(as_of)
    with shell(ctx).context(online=not offline) as okr:
        scopes = list(okr.scopes(tracker or (), scope or ()))
        made = run_plan(okr, scopes, offline=offline, as_of=day)
        if made.planned is None:
            raise typer.Exit(made.exit_code)
        if out is not None:
            _write(okr, made, out)
        if output is Format.JSON:
            print_json(show_plan.pass_values(okr, made))
        else:
            show_plan.print_plan(okr, made.planned.plan)
            show_plan.print_failures(made.pulled)
            show_plan.print_guard(made)
            show_plan.print_totals(made)
            show_plan.print_questions(okr, made)
        pending = exit_code and not made.planned.empty
    raise typer.Exit(made.exit_code or (3 if pending else 0))


def _day(text: str | None) -> date | None:
    from datetime import date

    from okrsync.errors import UsageError

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of {text!r} is no day", hint="write it as 2027-01-15") from None


def _write(okr: Context, made: Pass, path: Path) -> None:
    from okrsync.cli import show_plan

    if made.planned is None:
        return
    head = {"okrsync_plan": 1, "digest": made.planned.plan.digest}
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        for edit in show_plan.edits_of(okr, made.planned.plan):
            file.write(json.dumps(show_plan.edit_value(edit), ensure_ascii=False) + "\n")
    say(f"plan {made.planned.plan.digest} written to {path}", err=True)
