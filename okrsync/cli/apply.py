"""``apply``, ``sync`` and ``undo``: write labels, after somebody agreed or the guard did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from okrsync.cli import completion
from okrsync.cli.options import (
    Format,
    FormatOption,
    ScopeOption,
    TrackerOption,
    YesOption,
    can_ask,
    print_json,
    shell,
)
from okrsync.cli.text import say

if TYPE_CHECKING:
    from okrsync.app.context import Context
    from okrsync.app.passes import Pass


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(apply)
    app.command()(sync)
    app.command()(undo)


def apply(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="A plan written by `plan -o`; applied as it was shown.")
    ] = None,
    approve: Annotated[
        str | None, typer.Option("--approve", help="Apply the waiting plan of this digest.")
    ] = None,
    yes: YesOption = False,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Make a plan true: show it and ask, or take one that was read before.

    With --yes nobody is asked: what the guard lets through is written, the rest waits.
    """
    from okrsync.app.passes import run_approved, run_sync

    _one_of(file, approve, yes=yes)
    with shell(ctx).context() as okr:
        okr.must_write("apply")
        digest = approve if file is None else _digest_in(file)
        if digest is not None:
            made = run_approved(okr, digest)
        elif yes:
            scopes = list(okr.scopes(tracker or (), scope or ()))
            made = run_sync(okr, scopes, kind="apply")
        else:
            _somebody_to_ask("apply", "give --yes, a plan's FILE, or --approve DIGEST")
            scopes = list(okr.scopes(tracker or (), scope or ()))
            made = run_sync(okr, scopes, kind="apply", approve=lambda p: _agreed(okr, p))
        _report(okr, made, output)
    raise typer.Exit(made.exit_code)


def _one_of(file: Path | None, approve: str | None, *, yes: bool) -> None:
    from okrsync.errors import UsageError

    if sum((file is not None, approve is not None, yes)) > 1:
        raise UsageError("give one of FILE, --approve and --yes")


def _somebody_to_ask(what: str, hint: str) -> None:
    from okrsync.errors import UsageError

    if not can_ask():
        raise UsageError(f"{what} would ask, and there is no terminal", hint=hint)


def _digest_in(path: Path) -> str:
    """Return the digest of a plan file, whose lines must still be what that digest names."""
    import json

    from okrsync.core.plan import digest_of
    from okrsync.core.work import ItemRef, LabelEdit
    from okrsync.errors import UsageError

    try:
        head, *lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        edits = [
            LabelEdit(
                ItemRef(line["tracker"], line["id"]),
                add=tuple(line["add"]),
                remove=tuple(line["remove"]),
            )
            for line in lines
        ]
        digest = str(head["digest"])
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is no plan", hint="`okrsync plan -o FILE` writes one") from None
    if digest_of(edits) != digest:
        raise UsageError(
            f"{path} was edited: it is not plan {digest} any more",
            hint="a plan is applied as it was made, or made anew with `okrsync plan -o FILE`",
        )
    return digest


def _agreed(okr: Context, made: Pass) -> bool:
    from okrsync.cli import show_plan

    if made.planned is None:
        return False
    show_plan.print_plan(okr, made.planned.plan)
    show_plan.print_failures(made.pulled)
    show_plan.print_guard(made)
    show_plan.print_totals(made)
    show_plan.print_questions(okr, made)
    return bool(
        typer.prompt("Write these labels? Only 'yes' does", default="no", err=True) == "yes"
    )


def sync(
    ctx: typer.Context,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Pull, plan, and write what the guard lets through; in report mode stop after the guard."""
    from okrsync.app.passes import run_sync

    with shell(ctx).context() as okr:
        made = run_sync(okr, list(okr.scopes(tracker or (), scope or ())))
        _report(okr, made, output)
    raise typer.Exit(made.exit_code)


def _report(okr: Context, made: Pass, output: Format) -> None:
    from okrsync.cli import show_plan

    if output is Format.JSON:
        print_json(show_plan.pass_values(okr, made, with_edits=False))
        return
    show_plan.print_failures(made.pulled)
    if made.applied is None:
        show_plan.print_guard(made)
    show_plan.print_totals(made)
    show_plan.print_questions(okr, made)
    show_plan.print_waiting(made.waiting)
    show_plan.print_applied(made)
    if made.applied is None and not okr.policy.writes and made.planned and not made.planned.empty:
        say("Nothing was written: sync.mode is report.", err=True)


def undo(
    ctx: typer.Context,
    run: Annotated[
        int,
        typer.Argument(
            help="A run's number; `okrsync runs` lists them.", autocompletion=completion.runs
        ),
    ],
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Take a run back on the items that are still as it left them, and hold those."""
    from okrsync.app.passes import run_undo
    from okrsync.cli import proposals

    with shell(ctx).context() as okr:
        okr.must_write("undo")
        ask = "Take these back?"
        made = run_undo(okr, run, approve=lambda made: yes or proposals.agreed(okr, made, ask))
        if output is Format.JSON:
            print_json(proposals.values(okr, made))
        else:
            proposals.print_left(made)
            _report(okr, made, output)
    raise typer.Exit(made.exit_code)
