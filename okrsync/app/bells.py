"""A pass over a few items for which a webhook rang: read directly, judged, written.

The webhook carried no fact but the items' ids. What is not known to belong to a scope is left to
the next pass where a scope is narrowed by a query, which a single item cannot be held against.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.ancestors import read_ancestors
from okrsync.app.choosing import only
from okrsync.app.passes import PASS, Pass, apply_fresh, run_of
from okrsync.app.planning import make_plan
from okrsync.app.pull import scopes_held
from okrsync.app.recover import recover
from okrsync.app.scope_reading import read_directly, role_in
from okrsync.core.work import ItemRef
from okrsync.errors import TrackerError
from okrsync.ports.store import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okrsync.app.context import Context


def run_items(ctx: Context, tracker: str, ids: Sequence[str]) -> Pass:
    """Bring these items up to date, with all that hangs below them.

    What the guard refuses is not stored: it stays unsettled, and the next pass asks for it.

    Raises:
        TrackerError: the tracker cannot be read; nothing was changed.
        RefusedError: another okrsync holds a scope of theirs for too long.

    """
    with run_of(ctx, PASS) as made:
        places = _places(ctx, tracker, [ItemRef(tracker, id_) for id_ in dict.fromkeys(ids)])
        scopes = sorted({(tracker, scope) for scope in places.values() if scope})
        with scopes_held(ctx, scopes):
            try:
                _read(ctx, made, tracker, list(places), [scope for _, scope in scopes])
            except TrackerError as error:
                made.pulled.failed |= dict.fromkeys(scopes or [(tracker, "")], error)
                raise
            everywhere = list(ctx.scopes([tracker]))
            choice = only(ctx, places)
            made.planned = make_plan(ctx, made.strategy, everywhere, run=made.run, choice=choice)
        apply_fresh(ctx, made)
    return made


def _places(ctx: Context, tracker: str, refs: Iterable[ItemRef]) -> dict[ItemRef, str]:
    """Return those items that concern us, each with the scope it is in; containers have none."""
    with ctx.store.begin() as tx:
        known = tx.items(refs)
    places = {ref: one.item.scope for ref, one in known.items()}
    if ctx.setups[tracker].narrowed:
        return places
    scopes = ctx.setups[tracker].scopes
    strangers = [ref.id for ref in refs if ref not in known]
    for item in ctx.tracker(tracker).read(strangers) if strangers else ():
        if role_in(item, scopes) is Role.ITEM:
            places[item.ref] = item.scope
    return places


def _read(
    ctx: Context, made: Pass, tracker: str, refs: Sequence[ItemRef], scopes: Sequence[str]
) -> None:
    names = made.strategy.names
    made.pulled.recovered += recover(ctx, tracker, scopes, names)
    with ctx.store.begin() as tx:
        before = tx.heads(refs)
    read_directly(ctx, tracker, refs, names, run=made.run)
    with ctx.store.begin() as tx:
        after = tx.heads(refs)
    made.pulled.read_directly += sum(before.get(ref) != head for ref, head in after.items())
    read_ancestors(ctx, tracker, names, run=made.run, again=False, fresh=True)
