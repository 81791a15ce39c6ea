"""``labels purge``: take all of okrsync's labels off, for leaving or for a former prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okrsync.cli.options import (
    Format,
    FormatOption,
    ScopeOption,
    TrackerOption,
    YesOption,
    print_json,
    shell,
)
from okrsync.cli.text import say

if TYPE_CHECKING:
    from okrsync.app.passes import Pass


def purge(
    ctx: typer.Context,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    prefix: Annotated[
        str, typer.Option("--prefix", help="Only labels that begin so: a former labels.prefix.")
    ] = "",
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Take off every label that okrsync wrote, and leave those items bare until `release`.

    What people or other programs put there stays, also where it is one of okrsync's words.
    """
    from okrsync.app.passes import run_purge
    from okrsync.cli import proposals, show_plan

    with shell(ctx).context() as okr:
        okr.must_write("labels purge")
        scopes = list(okr.scopes(tracker or (), scope or ()))
        made = run_purge(
            okr,
            scopes,
            prefix=prefix,
            approve=lambda made: yes or proposals.agreed(okr, made, "Take these labels off?"),
        )
        if output is Format.JSON:
            print_json(proposals.values(okr, made))
        else:
            show_plan.print_failures(made.pulled)
            proposals.print_left(made)
            show_plan.print_applied(made)
            _print_rest(made)
    raise typer.Exit(made.exit_code)


def _print_rest(made: Pass) -> None:
    if made.proposal is not None and not made.proposal.plan.items and not made.pulled.failed:
        say("Nothing to purge: okrsync wrote no such label.")
    elif made.applied is not None and made.applied.done:
        say(
            "These items stay bare until `okrsync release`. Others are still labelled by the next "
            "sync: to stop that, take the scope out of the settings or set `sync.mode: report`.",
            err=True,
        )
