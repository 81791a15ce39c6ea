"""``db``: the store's schema."""

from __future__ import annotations

import typer

from okrsync.cli.options import shell
from okrsync.cli.text import say

db = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(db, name="db", help="Look after the store.")


@db.command()
def upgrade(ctx: typer.Context) -> None:
    """Bring the store to this version's schema; safe to repeat."""
    from okrsync.bootstrap.goals import goal_store
    from okrsync.storage import open_store

    settings, folder = shell(ctx).settings(secrets_needed=False)
    store = open_store(settings.store)
    try:
        _tell("The store", *store.upgrade())
    finally:
        store.close()
    goals = goal_store(settings, folder)
    if goals is not None:
        _tell("The goals' database", *goals.upgrade())


def _tell(what: str, before: str | None, after: str) -> None:
    if before == after:
        say(f"{what} is up to date (schema {after}).")
    else:
        say(f"{what} went from {_told(before)} to schema {after}.")


def _told(revision: str | None) -> str:
    return "nothing" if revision is None else f"schema {revision}"
