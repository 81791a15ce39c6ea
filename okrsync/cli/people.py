"""``link``, ``unlink``, ``unveto``, ``release``: a person's word. No tracker is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okrsync.cli import completion
from okrsync.cli.options import (
    BecauseOption,
    Format,
    FormatOption,
    KeyArgument,
    ScopeOption,
    TrackerOption,
    print_json,
    shell,
)
from okrsync.cli.text import say
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from okrsync.app.context import Context
    from okrsync.app.people import Said
    from okrsync.app.strategy import Strategy

GoalArgument = Annotated[
    str,
    typer.Argument(help="A goal's id, such as KR-CHECKOUT-1.", autocompletion=completion.goals),
]


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


def release(
    ctx: typer.Context,
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="[KEY]",
            help="An item's key, such as PAY-12.",
            autocompletion=completion.items,
        ),
    ] = None,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Let okrsync label items again that an undo or a purge left as they are.

    One item by its KEY, or every held one of the trackers or scopes named.
    """
    from okrsync.app import people

    if key is not None and not tracker and not scope:
        _say(ctx, lambda okr, strategy: people.release(okr, strategy, key), output)
        return
    if key is not None or not (tracker or scope):
        raise UsageError("say which items: KEY, or --tracker or --scope")
    with shell(ctx).context(online=False) as okr:
        count = people.release_all(okr, list(okr.scopes(tracker or (), scope or ())))
    if output is Format.JSON:
        print_json({"released": count})
    else:
        say(f"{count} items are no longer held.")


def _say(ctx: typer.Context, word: Callable[[Context, Strategy], Said], output: Format) -> None:
    from okrsync.app.strategy import read_strategy

    with shell(ctx).context(online=False) as okr:
        said = word(okr, read_strategy(okr))
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
    say(f"{said.key}: {said.words}. It is {judgement.verdict.value}: {judgement.because}")
    say("`okrsync plan` shows what that changes in the tracker.", err=True)
