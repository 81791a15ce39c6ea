"""Plans that were stored to be approved wait only as long as they are what waits.

Once all of a scope was judged anew, or done with a larger plan, what was stored of it before is
replaced, so that nobody is asked for what is done. What waits by itself is in `holding`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from okrsync.app.batches import planned
from okrsync.app.choosing import writable
from okrsync.app.holding import held
from okrsync.ports.store import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from okrsync.app.context import Context
    from okrsync.ports.store import StoredPlan

    Places = Collection[tuple[str, str]]

SYNC = "sync"
"""The purpose of plans that follow from goals and rules."""


def outlive(ctx: Context, judged: Places, *, but: Collection[int] = ()) -> None:
    """End what waits of these scopes, *but* those plans: all of it was judged anew.

    A plan that concerns other scopes, too, goes on waiting while something of it does.
    """
    with ctx.store.begin() as tx:
        plans = tx.plans(PlanStatus.WAITING)
    for plan in plans:
        if plan.purpose != SYNC or not plan.why or plan.id in but:
            continue
        if not _waits(ctx, plan, _places(ctx, plan) - _folded(judged)):
            with ctx.store.begin() as tx:
                tx.put_plan(replace(plan, status=PlanStatus.REPLACED))


def _waits(ctx: Context, plan: StoredPlan, places: Places) -> bool:
    """Tell whether anything of a plan waits in these scopes; where we may not write, it does."""
    with ctx.store.begin() as tx:
        allowed = writable(ctx, tx)
        groups = held(tx, places)
    refused = any(group.cause == plan.cause.value for group in groups)
    return refused or any(tracker not in allowed for tracker, _ in places)


def _places(ctx: Context, plan: StoredPlan) -> set[tuple[str, str]]:
    edits = (edit for page in planned(ctx, plan.id) for edit in page)
    return _folded((edit.ref.tracker, edit.scope) for edit in edits)


def _folded(places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(tracker, scope.casefold()) for tracker, scope in places}
