"""``why``: the one sentence from a ticket or a goal up to the strategy. From the mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion
from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import one_line, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.judging import Judged
    from okrsync.app.smallest_change import Change
    from okrsync.app.story import Step


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(why)


def why(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="KEY",
            help="An item's key, such as PAY-12, or a goal's id.",
            autocompletion=completion.items_and_goals,
        ),
    ],
    output: FormatOption = Format.TEXT,
) -> None:
    """Say in one sentence how an item or a goal leads to the strategy, or why it does not."""
    from okrsync.app.explain import asked_about
    from okrsync.app.strategy import read_strategy
    from okrsync.app.why import lives, why_goal
    from okrsync.app.why import why as told

    with shell(ctx).context(online=False) as okr:
        strategy = read_strategy(okr)
        asked = asked_about(okr, strategy, what)
    if asked.judged is not None:
        said, todo = told(strategy, asked.judged), _todo(asked.judged, asked.changes)
        values = _item_values(asked.judged)
    elif asked.goal is not None:
        said, todo = why_goal(strategy, asked.goal), []
        live = lives(asked.goal, strategy.court.outlook)
        values = {"goal": asked.goal.id, "live": live, "item": asked.also or None}
    if output is Format.JSON:
        print_json({**values, **_values(said.sentence, said.steps, todo)})
        return
    _print(said.sentence, todo)
    if asked.also:
        say(f"An item is called that too: {asked.also}", err=True)


def _print(sentence: str, todo: list[str]) -> None:
    say(one_line(sentence))
    for line in todo:
        say(line)


def _todo(judged: Judged, changes: tuple[Change, ...]) -> list[str]:
    """Say what could be done about work that serves no live outcome."""
    if judged.judgement.verdict.value in {"aligned", "exempt"}:
        return []
    lines = ["Say no to it, or:"]
    lines += [line for change in changes for line in told_change(change)]
    if not changes:
        lines = [f"Say no to it, or say what it is for: okrsync link {judged.item.key} GOAL"]
    return lines


def told_change(change: Change) -> Iterator[str]:
    """Write what somebody could do, step by step, and what comes of it."""
    yield f"  {change.does}: {change.verdict.value}"
    yield from (f"    {step}" for step in change.steps)


def change_values(change: Change) -> dict[str, Any]:
    """Return the same as JSON values."""
    return {
        "reach": change.reach.value,
        "does": change.does,
        "steps": list(change.steps),
        "verdict": change.verdict.value,
    }


def _item_values(judged: Judged) -> dict[str, Any]:
    return {
        "tracker": judged.item.ref.tracker,
        "key": judged.item.key,
        "url": judged.item.url,
        "verdict": judged.judgement.verdict.value,
    }


def _values(sentence: str, steps: tuple[Step, ...], todo: list[str]) -> dict[str, Any]:
    return {
        "sentence": sentence,
        "chain": [step.id for step in steps],
        "steps": [
            {"id": step.id, "what": step.what, "text": step.text, "because": step.because or None}
            for step in steps
        ],
        "todo": "\n".join(todo) or None,
    }
