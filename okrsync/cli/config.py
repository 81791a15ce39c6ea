"""``config``: what the settings come to, and what one may write in the files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import say

if TYPE_CHECKING:
    from okrsync.settings.show import Shown

config = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(config, name="config", help="Look at the settings.")


@config.command("show")
def show(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """List every setting with its value and where that comes from; secrets are blanked."""
    from okrsync.settings.show import show as shown

    settings, _ = shell(ctx).settings(secrets_needed=False)
    leaves = shown(settings)
    if output is Format.JSON:
        print_json([{"path": x.path, "value": x.value, "origin": x.origin} for x in leaves])
        return
    widest = max(len(leaf.path) for leaf in leaves)
    for leaf in leaves:
        say(f"{leaf.path:<{widest}}  {_value(leaf)}  ({leaf.origin})")


def _value(leaf: Shown) -> str:
    if isinstance(leaf.value, str):
        return leaf.value
    return json.dumps(leaf.value, ensure_ascii=False, default=str)


@config.command("schema")
def schema(
    kind: Annotated[str, typer.Argument(help="settings, okrs or mapping.")] = "settings",
) -> None:
    """Print the JSON Schema of a file, for editors."""
    from okrsync.plugins import load_goal_sources, load_trackers
    from okrsync.settings.schema import json_schema

    adapters = {name: manifest.settings for name, manifest in load_trackers().items()}
    sources = {
        name: make
        for manifest in load_goal_sources().values()
        for name, make in manifest.schemas.items()
    }
    print_json(json_schema(kind, adapters=adapters, sources=sources))
