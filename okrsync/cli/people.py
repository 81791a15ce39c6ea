"""``link``, ``unlink``, ``unveto``, ``release``: a person's word. No tracker is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okrsync.cli.options import (
    BecauseOption,
    Format,
    FormatOption,
    KeyArgument,
    print_json,
    shell,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from okrsync.app.context import Context
    from okrsync.app.people import Said
    from okrsync.app.strategy import Strategy

GoalArgument = Annotated[str, typer.Argument(help="A goal's id, such as KR-CHECKOUT-1.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (link, unlink, unveto, release):
        app.command()(command)


def link(
    ctx: typer.Context,
    key: KeyArgument,
    goal: GoalArgument,
    because: BecauseOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Say that an item serves a goal; it beats every rule."""
    from okrsync.app import people

    _say(ctx, lambda okr, strategy: people.link(okr, strategy, key, goal, because), output)


def unlink(
    ctx: typer.Context,
    key: KeyArgument,
    goal: GoalArgument,
    because: BecauseOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Withdraw a link; where a rule or an ancestor names the goal too, veto it on this item."""
    from okrsync.app import people

    _say(ctx, lambda okr, strategy: people.unlink(okr, strategy, key, goal, because), output)


def unveto(
    ctx: typer.Context,
    key: KeyArgument,
    goal: GoalArgument,
    because: BecauseOption = "",
    output: FormatOption = Format.TEXT,
) -> None:
    """Lift a veto: let other signals link the item to the goal again."""
    from okrsync.app import people

    _say(ctx, lambda okr, strategy: people.unveto(okr, strategy, key, goal, because), output)


def release(ctx: typer.Context, key: KeyArgument, output: FormatOption = Format.TEXT) -> None:
    """Let okrsync label an item again that an undo left as it is."""
    from okrsync.app import people

    _say(ctx, lambda okr, strategy: people.release(okr, strategy, key), output)


def _say(ctx: typer.Context, say: Callable[[Context, Strategy], Said], output: Format) -> None:
    from okrsync.app.strategy import read_strategy

    with shell(ctx).context(online=False) as okr:
        said = say(okr, read_strategy(okr))
    judgement = said.judged.judgement
    if output is Format.JSON:
        print_json(
            {
                "key": said.key,
                "said": said.words,
                "verdict": judgement.verdict.value,
                "goals": list(judgement.goals),
                "because": judgement.because,
            }
        )
        return
    typer.echo(f"{said.key}: {said.words}. It is {judgement.verdict.value}: {judgement.because}")
    typer.echo("`okrsync plan` shows what that changes in the tracker.", err=True)
