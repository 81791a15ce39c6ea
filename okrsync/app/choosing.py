"""Which items a pass must judge: everything, what is unsettled, or a few by name.

An item is settled when its labels were found to be in order, or told to be wrong where nobody has
allowed us to write yet, and nothing about it, or above it, has changed since. That is worth
something only under the same goals, rules, permissions and day: a scope's mark says under which all
of it was judged last. Where it says nothing, as after a crash in the middle, all is judged.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

from okrsync.app.batches import batches, mirrored
from okrsync.app.holding import held
from okrsync.app.spreading import count_spread, spread
from okrsync.app.vanishing import stops
from okrsync.core.reading import Mark
from okrsync.ports.store import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from okrsync.app.context import Context, Policy
    from okrsync.app.strategy import Strategy
    from okrsync.core.work import ItemRef
    from okrsync.ports.store import MirroredItem, Transaction

    Scopes = Collection[tuple[str, str]]

EACH = 200
APPROVED = "approved-trackers"
"""The note that holds the trackers somebody once allowed us to write to."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a tracker's mirror is judged."""

    pages: Callable[[str], Iterator[list[MirroredItem]]]
    """Tracker -> pages of its items."""
    whole: bool = False
    """Whether that is every item."""


def everything(ctx: Context) -> Choice:
    """Choose every item."""
    return Choice(partial(_items_of, ctx, unsettled_only=False), whole=True)


def unsettled(ctx: Context) -> Choice:
    """Choose what changed, and what hangs below it."""
    return Choice(partial(_items_of, ctx, unsettled_only=True))


def _items_of(ctx: Context, tracker: str, *, unsettled_only: bool) -> Iterator[list[MirroredItem]]:
    return mirrored(ctx, tracker=tracker, role=Role.ITEM, unsettled_only=unsettled_only)


def only(ctx: Context, refs: Iterable[ItemRef]) -> Choice:
    """Choose these items, and what hangs below them."""
    with ctx.store.begin() as tx:
        wanted = sorted(tx.below(refs))
        for tracker in {ref.tracker for ref in wanted}:
            count_spread(tx, tracker)

    def pages(tracker: str) -> Iterator[list[MirroredItem]]:
        for batch in batches((ref for ref in wanted if ref.tracker == tracker), EACH):
            with ctx.store.begin() as tx:
                found = tx.items(batch).values()
            yield [one for one in found if one.role is Role.ITEM]

    return Choice(pages)


def choose(ctx: Context, scopes: Scopes, now: str) -> Choice | None:
    """Choose as little as will do for these scopes; None where everything is settled.

    What changed is enough as long as nothing else did, by the signature of *now*. Once an hour
    everything is judged if anything changed, so that findings are never older than that, or if
    anything waits, so that what time allows, or nobody allowed in time, does not wait for ever.
    """
    with ctx.store.begin() as tx:
        marks = tx.marks()
        for tracker in {tracker for tracker, _ in scopes}:
            spread(tx, tracker)
        changed = any(
            tx.items_after(None, 1, tracker=tracker, scope=scope, unsettled_only=True)
            for tracker, scope in scopes
        )
        waits = bool(held(tx, scopes))
    under = {marks[place].settled_under or "" if place in marks else "" for place in scopes}
    if {one.partition("@")[0] for one in under} != {now.partition("@")[0]}:
        return everything(ctx)
    if under == {now}:
        return unsettled(ctx) if changed else None
    return everything(ctx) if changed or waits else None


def writable(ctx: Context, tx: Transaction) -> frozenset[str]:
    """Return the trackers that settings and people allow us to write to."""
    return frozenset(tx.note(APPROVED) or ()) if ctx.policy.writes else frozenset()


def note_judged(ctx: Context, scopes: Iterable[tuple[str, str]], under: str | None) -> None:
    """Note under which signature everything in these scopes was judged; None: judge it again."""
    with ctx.store.begin() as tx:
        marks = tx.marks()
        for place in scopes:
            if place in marks or under is not None:
                mark = marks.get(place, Mark(basis=""))
                tx.put_mark(*place, replace(mark, settled_under=under))


def told_alike(policy: Policy) -> list[object]:
    """Return what a policy says in an order that every process tells alike: sets have none."""
    values = (getattr(policy, field.name) for field in fields(policy))
    return [sorted(value) if isinstance(value, frozenset) else value for value in values]


def signature(ctx: Context, strategy: Strategy) -> str:
    """Digest all that a judgement rests on beside the items; after the ``@`` comes the hour."""
    with ctx.store.begin() as tx:
        stopped, allowed = stops(tx), writable(ctx, tx)
    told = (
        strategy.goals_digest,
        strategy.work_digest,
        ctx.today(),
        told_alike(ctx.policy),
        sorted(stopped.scopes),
        sorted(stopped.labels),
        sorted(allowed),
    )
    digest = hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()
    return f"{digest}@{ctx.now():%Y-%m-%dT%H}"
