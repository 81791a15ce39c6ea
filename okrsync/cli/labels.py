"""``labels``: make labels ours, take them off, answer what became of those that vanished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

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
from okrsync.cli.purge import purge
from okrsync.cli.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.app.adopting import Adoption, Adoptions
    from okrsync.app.context import Context
    from okrsync.core.ledger import Vanishing

labels = typer.Typer(no_args_is_help=True)
labels.command()(purge)

SHOWN = 5
"""How many items of a question are listed."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(labels, name="labels", help="Whose labels are whose.")


@labels.command()
def adopt(
    ctx: typer.Context,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Make labels ours that okrsync finds and did not write: after a lost store, for example.

    Nothing changes in a tracker. What becomes ours may be removed by the next plan: that is
    said first.
    """
    from okrsync.app.adopting import run_adoption
    from okrsync.app.passes import run_pull
    from okrsync.cli import show_plan

    with shell(ctx).context() as okr:
        okr.must_write("labels adopt")
        if not yes:
            _somebody_to_ask()
        scopes = list(okr.scopes(tracker or (), scope or ()))
        made = run_pull(okr, scopes)
        if made.exit_code:
            show_plan.print_failures(made.pulled)
            raise typer.Exit(made.exit_code)
        found: list[Adoption] = []

        def approve(plan: Adoptions) -> bool:
            found.extend(plan.items)
            if output is Format.TEXT:
                _print_adoption(plan.items)
            return yes or _agreed()

        run, done = run_adoption(okr, made.strategy, scopes, approve=approve)
    if output is Format.JSON:
        print_json({"run": run, "adopted": done, "items": [_values(one) for one in found]})
    elif not found:
        say("Nothing to adopt: every label of okrsync's words is ours already.")
    else:
        say(f"Run {run}: labels of {done} of {len(found)} items are ours now.")


def _somebody_to_ask() -> None:
    from okrsync.errors import UsageError

    if not can_ask():
        raise UsageError(
            "labels adopt would ask, and there is no terminal", hint="--yes answers beforehand"
        )


def _agreed() -> bool:
    question = "Make these labels okrsync's own? Only 'yes' does"
    return bool(typer.prompt(question, default="no", err=True) == "yes")


def _print_adoption(items: Sequence[Adoption]) -> None:
    for one in items:
        say(f"{one.ref.tracker} ", nl=False)
        say(one.key, bold=True)
        for label in one.labels:
            say(f"  {label}: written by {one.writers[label]}")
        if one.removed_next:
            say(f"  the next plan takes off {', '.join(one.removed_next)}", fg="red")
        for goal in one.words:
            say(f"  a person's word; to keep it: okrsync link {one.key} {goal}")
    if items:
        count = sum(len(one.labels) for one in items)
        say(f"{count} labels of {len(items)} items would become okrsync's own.")
        say("Adopting itself writes nothing to a tracker.", err=True)


def _values(one: Adoption) -> dict[str, Any]:
    return {
        "tracker": one.ref.tracker,
        "id": one.ref.id,
        "key": one.key,
        "labels": list(one.labels),
        "writers": dict(one.writers),
        "removed_next": list(one.removed_next),
        "words": list(one.words),
    }


@labels.command()
def vanished(
    ctx: typer.Context,
    question: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The question, such as V1.")
    ] = None,
    answer: Annotated[
        str | None, typer.Argument(metavar="[people|accident]", help="What it was.")
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List labels that went without anybody's word, or say what it was: people or accident.

    After *people* they stay off, as if each had been removed by hand; after *accident* the next
    plan writes them again.
    """
    from okrsync.app.strategy import read_strategy
    from okrsync.app.vanishing import answer as answered

    with shell(ctx).context(online=False) as okr:
        if question is None:
            _print_questions(okr, output)
            return
        word = _word(answer)
        done = answered(okr, question, word, read_strategy(okr).names)
    if output is Format.JSON:
        print_json({"id": done.id, "answer": done.answer, "labels": len(done.lost)})
    else:
        say(f"{done.id}: {_meaning(word)} ({len(done.lost)} labels).")


def _word(answer: str | None) -> str:
    from okrsync.errors import UsageError

    if answer not in {"people", "accident"}:
        told = "no answer was given" if answer is None else f"{answer!r} is no answer"
        raise UsageError(told, hint="say people or accident")
    return answer


def _meaning(word: str) -> str:
    if word == "people":
        return "people took them off, so they stay off"
    return "it was an accident, so the next plan writes them again"


def _print_questions(okr: Context, output: Format) -> None:
    with okr.store.begin() as tx:
        open_now = list(tx.vanishings())
        known = tx.items({ref for one in open_now for ref, _ in one.lost})
    keys = {ref: found.item.key for ref, found in known.items()}
    if output is Format.JSON:
        print_json([question_values(one, keys) for one in open_now])
        return
    for one in open_now:
        what = f"the label {one.label}" if one.label else f"{len(one.lost)} labels in {one.scope}"
        say(f"{one.id}: {one.tracker}: {what} vanished, {one.since:%Y-%m-%d %H:%M}")
        for ref, label in one.lost[:SHOWN]:
            say(f"  {keys.get(ref, ref.id)} lost {label}")
        if len(one.lost) > SHOWN:
            say(f"  … and {len(one.lost) - SHOWN} more")
        say(f"  okrsync labels vanished {one.id} people|accident")
    if not open_now:
        say("No open question.")


def question_values(one: Vanishing, keys: Any) -> dict[str, Any]:
    """Return an open question as JSON values."""
    return {
        "id": one.id,
        "kind": one.kind.value,
        "tracker": one.tracker,
        "scope": one.scope,
        "label": one.label,
        "since": one.since,
        "lost": [{"key": keys.get(ref, ref.id), "label": label} for ref, label in one.lost],
        "command": f"okrsync labels vanished {one.id} people|accident",
    }
