"""``dead``: items whose webhooks could not be answered, and trying them once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okrsync.app.context import Context
    from okrsync.core.work import ItemRef
    from okrsync.ports.store import DeadLetter, Transaction

dead = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(dead, name="dead", help="Items whose webhooks could not be answered.")


@dead.command("list")
def list_letters(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """List them, oldest first. A pass over their scope that succeeds clears them, too."""
    with shell(ctx).context(online=False) as okr, okr.store.begin() as tx:
        letters = tx.dead_letters()
        keys = _keys(tx, letters)
    if output is Format.JSON:
        print_json([_values(letter, keys) for letter in letters])
        return
    for letter in letters:
        say(
            f"{letter.id:>5}  {letter.ref.tracker} {keys[letter.ref]}  since "
            f"{letter.since:%Y-%m-%d %H:%M}, tried {letter.tries} times: {letter.why}"
        )
    say("  okrsync dead retry ID|--all" if letters else "No dead letters.")


@dead.command()
def retry(
    ctx: typer.Context,
    letter: Annotated[int | None, typer.Argument(help="Its number in the list.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Try all of them.")] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Read the items now, and write what is due; what succeeds leaves the list."""
    from okrsync.errors import UsageError

    if (letter is None) is not everything:
        raise UsageError("say which one, or --all", hint="`okrsync dead list` numbers them")
    with shell(ctx).context() as okr:
        with okr.store.begin() as tx:
            known = tx.dead_letters()
            keys = _keys(tx, known)
        chosen = [each for each in known if everything or each.id == letter]
        if not chosen and not everything:
            raise UsageError(f"there is no dead letter {letter}", hint="`okrsync dead list`")
        tried = {each: _tried(okr, each) for each in chosen}
    if output is Format.JSON:
        print_json([_values(each, keys) | {"error": why} for each, why in tried.items()])
    else:
        for each, why in tried.items():
            say(f"{each.ref.tracker} {keys[each.ref]}: {why or 'done'}")
        if not tried:
            say("No dead letters.")
    raise typer.Exit(5 if any(tried.values()) else 0)


def _tried(okr: Context, letter: DeadLetter) -> str | None:
    """Answer the bell once more; return what is wrong now, if anything is."""
    from dataclasses import replace

    from okrsync.app.bells import run_items
    from okrsync.errors import OkrsyncError

    why = None
    try:
        list(okr.scopes([letter.ref.tracker]))  # or say that it is configured no more
        made = run_items(okr, letter.ref.tracker, (letter.ref.id,))
        why = next((str(error) for error in made.pulled.failed.values()), None)
        if made.applied is not None and made.applied.failed:
            why = made.applied.failed[0][1]
    except OkrsyncError as error:
        why = str(error)
    with okr.store.begin() as tx:
        if why is None:
            tx.drop_dead_letters([letter.ref])
        else:
            tx.put_dead_letters([replace(letter, tries=letter.tries + 1, at=okr.now(), why=why)])
    return why


def _keys(tx: Transaction, letters: Sequence[DeadLetter]) -> Mapping[ItemRef, str]:
    refs = [letter.ref for letter in letters]
    known = tx.items(refs)
    return {ref: known[ref].item.key if ref in known else ref.id for ref in refs}


def _values(letter: DeadLetter, keys: Mapping[ItemRef, str]) -> dict[str, Any]:
    return {
        "id": letter.id,
        "tracker": letter.ref.tracker,
        "item": letter.ref.id,
        "key": keys[letter.ref],
        "since": letter.since,
        "tried": letter.at,
        "tries": letter.tries,
        "why": letter.why,
    }
