"""Words that a shell offers for arguments: ids and keys with what they mean.

Nothing is ever said on an error: whoever types is not interrupted, only not helped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from okrsync.cli.glimpse import Glimpse

Words = Iterable[tuple[str, str]]


def goals(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the ids of goals."""
    return _offered(ctx, incomplete, lambda seen: seen.goals())


def rules(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the ids of mapping rules."""
    return _offered(ctx, incomplete, lambda seen: seen.rules())


def items(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the keys of items."""
    return _offered(ctx, incomplete, lambda seen: seen.items(incomplete))


def items_and_goals(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer both."""
    return goals(ctx, incomplete) + items(ctx, incomplete)


def runs(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the numbers of runs, the newest first."""
    return _offered(ctx, incomplete, lambda seen: seen.runs())


def trackers(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the names of trackers."""
    return _offered(ctx, incomplete, lambda seen: seen.trackers())


def scopes(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the keys of scopes."""
    return _offered(ctx, incomplete, lambda seen: seen.scopes())


def codes(incomplete: str) -> list[tuple[str, str]]:
    """Offer the codes of the method's rules."""
    from okrsync.lint.rules import ALL

    return _fitting(incomplete, ((rule.code, rule.name) for rule in ALL))


def conditions(incomplete: str) -> list[tuple[str, str]]:
    """Offer the keys of conditions."""
    from okrsync.core.mapping_edits import KEYS

    return _fitting(incomplete, ((f"{key}=", "") for key in (*KEYS, "field.")))


def _offered(
    ctx: typer.Context, incomplete: str, look: Callable[[Glimpse], Words]
) -> list[tuple[str, str]]:
    try:
        from okrsync.cli.glimpse import Glimpse

        return _fitting(incomplete, look(Glimpse(_config(ctx))))
    except Exception:  # noqa: BLE001 - a prompt is no place for errors
        return []


def _fitting(incomplete: str, words: Words) -> list[tuple[str, str]]:
    return [(word, _short(told)) for word, told in words if word.startswith(incomplete)]


def _config(ctx: typer.Context) -> Path | None:
    """Return the settings file named on the line that is being typed."""
    named = ctx.find_root().params.get("config")
    return Path(named) if named else None


def _short(told: str) -> str:
    line = " ".join(told.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
