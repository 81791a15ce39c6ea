"""Which scopes were ever read whole: an empty mirror says nothing, an empty scope does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.app.context import Context


def never_read(ctx: Context, scopes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the scopes of which the mirror holds nothing because nobody read them."""
    with ctx.store.begin() as tx:
        marks = tx.marks()
        read = {place for place, mark in marks.items() if mark.read is not None}
        return [
            (tracker, scope)
            for tracker, scope in scopes
            if (tracker, scope) not in read
            and not tx.items_after(None, 1, tracker=tracker, scope=scope)
        ]
