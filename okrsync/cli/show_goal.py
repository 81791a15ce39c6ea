"""``okrs show``: one goal with everything that is written about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion
from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.goal_card import Card


def register(okrs: typer.Typer) -> None:
    """Add the command of this file."""
    okrs.command()(show)


def show(
    ctx: typer.Context,
    goal: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Id of a goal, or a former one.",
            autocompletion=completion.goals,
        ),
    ],
    output: FormatOption = Format.TEXT,
) -> None:
    """Show one goal: what it says, its check-ins, evidence and decisions, and what is around it."""
    from okrsync.app.goal_card import card
    from okrsync.bootstrap.goals import goal_source

    settings, folder = shell(ctx).settings(secrets_needed=False)
    found = card(goal_source(settings, folder).read().goals, goal)
    if output is Format.JSON:
        print_json(_values(found))
        return
    say(f"{found.goal.id}  {found.goal.text}")
    for line in _lines(_values(found), "  "):
        say(line)


def _values(card: Card) -> dict[str, Any]:
    from okrsync.core.goaledits import placeless

    return {
        "what": card.what,
        "place": str(card.goal.place),
        **placeless(card.goal),
        "moved_by": list(card.moved_by),
        "tested_by": list(card.tested_by),
        "stands_on": list(card.stands_on),
    }


def _lines(values: dict[str, Any], indent: str) -> Iterator[str]:
    """Draw what says something, a line each; entries of lists of their own below their name."""
    for key, value in values.items():
        if value in (None, "", [], {}):
            continue
        name = key.replace("_", " ")
        if isinstance(value, list) and isinstance(value[0], dict):
            yield f"{indent}{name}:"
            yield from (f"{indent}  - {_inline(each)}" for each in value)
        else:
            yield f"{indent}{name}: {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        said = {key: each for key, each in value.items() if each not in (None, "", [], {})}
        return ", ".join(f"{key.replace('_', ' ')} {_inline(each)}" for key, each in said.items())
    if isinstance(value, list):
        return "; ".join(map(_inline, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
