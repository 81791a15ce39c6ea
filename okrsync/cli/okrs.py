"""``okrs``: the goals as okrsync reads them, and giving up one that is gone from the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion, goal_files, show_goal
from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okrsync.app.goaltree import Branch

okrs = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    show_goal.register(okrs)
    goal_files.register(okrs)
    app.add_typer(okrs, name="okrs", help="Look at goals, and move them.")


@okrs.command()
def tree(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """Draw strategy, objectives, key results and hypotheses, by who is meant to move whom."""
    from okrsync.app.goaltree import goal_tree
    from okrsync.app.strategy import read_strategy

    with shell(ctx).context(online=False) as okr:
        roots = goal_tree(read_strategy(okr))
    if output is Format.JSON:
        print_json([_values(root) for root in roots])
        return
    for root in roots:
        say(_line(root))
        for line in _drawn(root.below, ""):
            say(line)


@okrs.command()
def drop(
    ctx: typer.Context,
    goal: Annotated[
        str,
        typer.Argument(
            help="Id of a goal that is gone from the files.", autocompletion=completion.goals
        ),
    ],
) -> None:
    """Give up a goal that is gone from the files and stays in force because labels hold it."""
    from okrsync.app.strategy import drop_goal

    with shell(ctx).context(online=False) as okr:
        drop_goal(okr, goal)
        label = okr.vocabulary.label(goal)
        with okr.store.begin() as tx:
            held = {fold.casefold(): n for fold, n in tx.held_labels().items()}
    count = held.get(label.casefold(), 0)
    say(f"{goal} is dropped. {count} items carry {label}; the next plan takes off ours.")


def _drawn(branches: Sequence[Branch], indent: str) -> Iterator[str]:
    for branch in branches:
        last = branch is branches[-1]
        yield f"{indent}{'└─' if last else '├─'} {_line(branch)}"
        yield from _drawn(branch.below, indent + ("   " if last else "│  "))


def _line(branch: Branch) -> str:
    notes = [*branch.notes, *(["see there"] if branch.again else [])]
    told = f"  [{'; '.join(notes)}]" if notes else ""
    return f"{branch.id}  {branch.text}{told}"


def _values(branch: Branch) -> dict[str, Any]:
    return {
        "id": branch.id,
        "what": branch.what,
        "text": branch.text,
        "live": branch.live,
        "notes": list(branch.notes),
        "because": branch.because,
        "again": branch.again,
        "below": [_values(each) for each in branch.below],
    }
