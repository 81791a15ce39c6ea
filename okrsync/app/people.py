"""What people say with commands: link, unlink, unveto, release. The store changes, no tracker.

The newest explicit word about a goal on an item wins (LABELS.md 2, 6, 17).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okrsync.app.batches import mirrored
from okrsync.app.items import find_item
from okrsync.app.judging import Bench
from okrsync.app.pull import scopes_held
from okrsync.app.vanishing import stops
from okrsync.core.ledger import Act, ActKind
from okrsync.core.names import follow_renames
from okrsync.core.place import did_you_mean
from okrsync.core.signals import SignalKind
from okrsync.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.goals import Goal
    from okrsync.core.ledger import ItemState
    from okrsync.ports.store import MirroredItem, Transaction


@dataclass(frozen=True, slots=True)
class Said:
    """What was understood and what it makes of the item."""

    key: str
    words: str
    judged: Judged


def link(ctx: Context, strategy: Strategy, key: str, goal_id: str, because: str) -> Said:
    """Say that an item serves a goal."""
    goal = known_goal(strategy, goal_id)

    def say(state: ItemState, _judged: Judged) -> tuple[ItemState, str]:
        return said(ctx, state, ActKind.LINK, goal.id, because), f"{goal.id} is linked"

    return _say(ctx, strategy, key, say)


def unlink(ctx: Context, strategy: Strategy, key: str, goal_id: str, because: str) -> Said:
    """Withdraw a link; where another signal names the goal, it is vetoed on this item."""
    goal = known_goal(strategy, goal_id)

    def say(state: ItemState, judged: Judged) -> tuple[ItemState, str]:
        named = any(signal.goal == goal.id for signal in judged.judgement.own.signals)
        if not named and goal.id not in judged.inherits:
            raise UsageError(f"nothing links {key} to {goal.id}")
        vetoed = _named_without(judged, goal.id)
        words = f"{goal.id} is vetoed here" if vetoed else f"{goal.id} is no longer linked"
        return unlinked(ctx, state, judged, goal.id, because), words

    return _say(ctx, strategy, key, say)


def unlinked(
    ctx: Context, state: ItemState, judged: Judged, goal: str, because: str = ""
) -> ItemState:
    """Return the state of an item of which somebody says that it does not serve *goal*."""
    withdrawn = said(ctx, state, ActKind.UNLINK, goal, because)
    if not _named_without(judged, goal):
        return withdrawn
    return said(ctx, withdrawn, ActKind.VETO, goal, because)


def _named_without(judged: Judged, goal: str) -> bool:
    """Tell whether the goal would still be named if nobody had linked it."""
    own = judged.judgement.own
    others = [signal for signal in own.signals if signal.kind is not SignalKind.EXPLICIT]
    if any(signal.goal == goal for signal in others):
        return True
    linked = [signal for signal in own.signals if signal.kind is SignalKind.EXPLICIT]
    silent = not others and own.exempt is None
    only = all(signal.goal == goal for signal in linked)
    return silent and only and goal in judged.inherits


def unveto(ctx: Context, strategy: Strategy, key: str, goal_id: str, because: str) -> Said:
    """Lift a veto without linking."""
    goal = known_goal(strategy, goal_id)

    def say(state: ItemState, judged: Judged) -> tuple[ItemState, str]:
        if goal.id not in judged.judgement.own.vetoes:
            raise UsageError(f"nobody vetoed {goal.id} on {key}")
        lifted = said(ctx, state, ActKind.UNVETO, goal.id, because)
        return lifted, f"the veto of {goal.id} is lifted"

    return _say(ctx, strategy, key, say)


def release(ctx: Context, strategy: Strategy, key: str) -> Said:
    """Let okrsync label an item again that an undo or a purge left as it is."""

    def say(state: ItemState, _judged: Judged) -> tuple[ItemState, str]:
        if state.hold is None:
            raise UsageError(f"{key} is not held")
        return replace(state, hold=None), "it is no longer held"

    return _say(ctx, strategy, key, say)


def release_all(ctx: Context, scopes: Collection[tuple[str, str]]) -> int:
    """Release every held item of these scopes; return how many there were."""
    released = 0
    with scopes_held(ctx, scopes):
        for tracker in sorted({tracker for tracker, _ in scopes}):
            wanted = {scope.casefold() for name, scope in scopes if name == tracker}
            for page in mirrored(ctx, tracker=tracker):
                released += _release(ctx, [it for it in page if it.item.scope.casefold() in wanted])
    return released


def _release(ctx: Context, page: Sequence[MirroredItem]) -> int:
    with ctx.store.begin() as tx:
        states = tx.states([known.item.ref for known in page]).values()
        held = [replace(state, hold=None) for state in states if state.hold is not None]
        tx.put_states(held)
    return len(held)


def said(ctx: Context, state: ItemState, kind: ActKind, goal: str, because: str = "") -> ItemState:
    """Return the state of an item about which somebody says this now."""
    act = Act(at=state.said_at(ctx.now()), kind=kind, goal=goal, because=because)
    return replace(state, acts=(*state.acts, act))


def known_goal(strategy: Strategy, goal_id: str) -> Goal:
    """Return the goal a person names.

    Raises:
        UsageError: there is none; the hint names the nearest.

    """
    goal = strategy.goals.goal(goal_id)
    if goal is None:
        ids = [known.id for known in strategy.goals.by_fold.values()]
        raise UsageError(f"no goal is called {goal_id!r}", hint=did_you_mean(goal_id, ids))
    return goal


def _say(
    ctx: Context,
    strategy: Strategy,
    key: str,
    say: Callable[[ItemState, Judged], tuple[ItemState, str]],
) -> Said:
    with ctx.store.begin() as tx:
        place = find_item(ctx, tx, key).item
    with scopes_held(ctx, [(place.ref.tracker, place.scope)]), ctx.store.begin() as tx:
        found = tx.items([place.ref])[place.ref]
        if found.item.scope != place.scope:  # another okrsync saw it move while we waited
            raise RefusedError(f"{key} is in {found.item.scope} now", hint="say it again")
        state = follow_renames(tx.states([place.ref])[place.ref], strategy.names)
        changed, words = say(state, _judge(ctx, tx, strategy, found, state))
        tx.put_states([changed])
        return Said(found.item.key, words, _judge(ctx, tx, strategy, found, changed))


def _judge(
    ctx: Context, tx: Transaction, strategy: Strategy, found: MirroredItem, state: ItemState
) -> Judged:
    return Bench(ctx, strategy, stops(tx)).one(tx, found.item, state)
