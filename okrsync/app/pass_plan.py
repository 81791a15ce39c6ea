"""The planning step of a pass: as little is judged as will do, and what is refused is put aside.

Planning and what follows from it happen under the locks of the scopes; writing comes later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from okrsync.app.choosing import choose, everything, note_judged, signature, writable
from okrsync.app.findings import Watch
from okrsync.app.holding import held, hold
from okrsync.app.mapping_counts import DailyCount
from okrsync.app.outliving import outlive
from okrsync.app.planning import Planned, make_plan, store_refused, unsettle_going

if TYPE_CHECKING:
    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.passes import Pass

Scopes = Sequence[tuple[str, str]]


def plan_pass(
    ctx: Context,
    made: Pass,
    scopes: Scopes,
    *,
    remember: bool = True,
    thorough: bool = True,
    keep: bool = True,
    refuse: bool = False,
) -> None:
    """Plan what was read; a scope whose read failed is left out.

    A plan that is not *thorough* leaves out what is settled; there is none if all is. Its edits
    are only counted unless *keep* is true. With *refuse* nobody is asked: what the guard refuses is
    stored, and settled until there is a reason to judge it again.
    """
    readable = [place for place in scopes if place not in made.pulled.failed]
    under = signature(ctx, made.strategy)
    choice = choose(ctx, readable, under)
    if thorough:
        choice = everything(ctx)
    if choice is None:
        return
    plan = partial(
        make_plan, ctx, made.strategy, readable, run=made.run, choice=choice, settle=refuse
    )
    if not remember:
        made.planned = plan(remember=False)
        return
    if refuse:
        note_judged(ctx, readable, None)  # whoever dies on the way leaves it to be judged anew
    looking = _looking(ctx, made, readable) if choice.whole else None
    made.planned = plan(watch=looking.look_at if looking else None, keep=keep)
    if refuse:
        _refuse(ctx, made, made.planned, readable, whole=choice.whole)
    note_judged(ctx, readable, under)
    if looking is not None:
        looking.close()


def _refuse(ctx: Context, made: Pass, fresh: Planned, scopes: Scopes, *, whole: bool) -> None:
    """Store what the guard refuses and remember that it waits; the rest is to be looked after."""
    unsettle_going(ctx, fresh)
    made.waiting = store_refused(ctx, fresh, run=made.run)
    with ctx.store.begin() as tx:
        allowed = writable(ctx, tx)
        waiting = {group: why for group, why in fresh.waiting.items() if group.tracker in allowed}
        hold(tx, scopes, waiting if whole else held(tx, scopes) | waiting)
    if whole:
        outlive(ctx, scopes, but=[plan.id for plan in made.waiting])


@dataclass(frozen=True, slots=True)
class _Looking:
    """Who looks at every item while all of them are judged."""

    watch: Watch
    daily: DailyCount
    scopes: Scopes

    def look_at(self, judged: Judged) -> None:
        self.watch.look_at(judged)
        self.daily.look_at(judged)

    def close(self) -> None:
        self.watch.close(self.scopes)
        self.daily.close()


def _looking(ctx: Context, made: Pass, scopes: Scopes) -> _Looking:
    watch, daily = Watch(ctx, made.strategy), DailyCount(ctx, made.strategy, scopes)
    return _Looking(watch, daily, scopes)
