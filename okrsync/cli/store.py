"""``db``: the store's schema."""

from __future__ import annotations

import typer

from okrsync.cli.options import shell

db = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(db, name="db", help="Look after the store.")


@db.command()
def upgrade(ctx: typer.Context) -> None:
    """Bring the store to this version's schema; safe to repeat."""
    from okrsync.storage import open_store

    settings, _ = shell(ctx).settings(secrets_needed=False)
    store = open_store(settings.store)
    try:
        before, after = store.upgrade()
    finally:
        store.close()
    if before == after:
        typer.echo(f"The store is up to date (schema {after}).")
    else:
        typer.echo(f"The store went from {_told(before)} to schema {after}.")


def _told(revision: str | None) -> str:
    return "nothing" if revision is None else f"schema {revision}"
