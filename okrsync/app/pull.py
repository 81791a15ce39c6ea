"""Bring the mirror and the ledger up to what the trackers show. Nothing is written to a tracker.

A scope is read as a stream. Search reads only raise suspicion; what looks odd is read directly
and judged by `memory.hear`. A scope whose read fails is reported and keeps its old mirror: a
failed read is not an empty read.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.batches import batches, mirrored
from okrsync.app.context import Progress
from okrsync.app.memory import hear
from okrsync.app.recover import recover
from okrsync.core.observe import contradicts
from okrsync.errors import TrackerError
from okrsync.ports.store import MirroredItem, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okrsync.app.context import Context
    from okrsync.core.names import Names
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import Transaction

DEEPEST = 20
"""How many levels of ancestors are followed; a circle ends here at the latest."""


@dataclass(slots=True)
class Pulled:
    """What a pull did, for people and for the record."""

    items: dict[tuple[str, str], int] = field(default_factory=dict)
    failed: dict[tuple[str, str], TrackerError] = field(default_factory=dict)
    gone: int = 0
    read_directly: int = 0
    recovered: int = 0


@contextmanager
def scopes_held(ctx: Context, scopes: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Hold the locks of these scopes, taken in one order so that no two wait for each other."""
    with ExitStack() as stack:
        for tracker, scope in sorted(scopes):
            stack.enter_context(ctx.store.lock(tracker, scope, wait=ctx.policy.lock_wait))
        yield


def pull(ctx: Context, scopes: Sequence[tuple[str, str]], names: Names, *, run: int) -> Pulled:
    """Read these scopes. The caller holds their locks."""
    pulled = Pulled()
    for tracker in sorted({tracker for tracker, _ in scopes}):
        mine = [scope for name, scope in scopes if name == tracker]
        try:
            ctx.tracker(tracker)  # one that cannot be reached is tried once and not once a scope
            pulled.recovered += recover(ctx, tracker, mine, names)
            for scope in mine:
                _pull_or_note(ctx, (tracker, scope), names, run=run, pulled=pulled)
            if any((tracker, scope) in pulled.items for scope in mine):
                _read_ancestors(ctx, tracker, names, run=run)
        except TrackerError as error:
            pulled.failed |= dict.fromkeys(((tracker, scope) for scope in mine), error)
    return pulled


def _pull_or_note(
    ctx: Context, place: tuple[str, str], names: Names, *, run: int, pulled: Pulled
) -> None:
    try:
        pulled.items[place] = _pull_scope(ctx, *place, names, run=run, pulled=pulled)
    except TrackerError as error:
        pulled.items.pop(place, None)
        pulled.failed[place] = error


def _pull_scope(
    ctx: Context, tracker: str, scope: str, names: Names, *, run: int, pulled: Pulled
) -> int:
    count = 0
    for page in batches(ctx.tracker(tracker).pull(scope), 200):
        suspects = _take_search(ctx, page, run=run)
        if suspects:
            pulled.read_directly += len(suspects)
            _read_directly(ctx, tracker, suspects, names, run=run)
        count += len(page)
        ctx.tell(Progress(f"reading {scope} from {tracker}", count))
    with ctx.store.begin() as tx:
        missed = list(tx.not_pulled(tracker, scope, run))
    pulled.gone += _look_for(ctx, tracker, missed, names, run=run)
    return count


def _take_search(ctx: Context, page: Sequence[WorkItem], *, run: int) -> list[ItemRef]:
    """Mirror what a search shows; return what must be read directly."""
    refs = [item.ref for item in page]
    suspects: list[ItemRef] = []
    believable: list[WorkItem] = []
    lagging: list[ItemRef] = []
    with ctx.store.begin() as tx:
        known, states = tx.heads(refs), tx.states(refs)
        for item in page:
            head = known.get(item.ref)
            if head is not None and item.updated < head.updated:
                lagging.append(item.ref)  # the index lags: what we believe is newer
            elif contradicts(states[item.ref], item, ctx.vocabulary):
                suspects.append(item.ref)
            else:
                believable.append(item)
        tx.put_items(
            MirroredItem(item=item, role=Role.ITEM, direct=False, pull=run) for item in believable
        )
        tx.mark_pulled(lagging, run)
        _back_in_scope(tx, [ref for ref in lagging if known[ref].role is not Role.ITEM])
    return suspects


def _back_in_scope(tx: Transaction, refs: Iterable[ItemRef]) -> None:
    tx.put_items(replace(known, role=Role.ITEM) for known in tx.items(refs).values())


def _read_directly(
    ctx: Context, tracker: str, refs: Sequence[ItemRef], names: Names, *, run: int
) -> None:
    items = list(ctx.tracker(tracker).read([ref.id for ref in refs]))
    scopes = ctx.setups[tracker].scopes
    roles = {item.ref: role_in(item, scopes) for item in items}
    hear(ctx, tracker, items, names, run=run, role_of=roles)
    with ctx.store.begin() as tx:
        tx.mark_pulled([item.ref for item in items], run)
        _unreachable(tx, set(refs) - {item.ref for item in items})


def role_in(item: WorkItem, scopes: Iterable[str]) -> Role:
    """Tell whether an item is ours to judge: in a configured scope, whatever it was before."""
    inside = item.scope.casefold() in {scope.casefold() for scope in scopes}
    return Role.ITEM if inside else Role.ANCESTOR


def _unreachable(tx: Transaction, refs: Iterable[ItemRef]) -> None:
    known = tx.items(refs)
    tx.put_items(replace(item, role=Role.UNREACHABLE) for item in known.values())


def _look_for(
    ctx: Context, tracker: str, missed: Sequence[MirroredItem], names: Names, *, run: int
) -> int:
    """Read directly what the search no longer shows.

    Not there: unreachable, which is no proof of deletion. Still there: moved, or the search has
    reasons not to show it; either way it is not ours to write while it is not shown.
    """
    for batch in batches(missed, 200):
        refs = [known.item.ref for known in batch]
        items = list(ctx.tracker(tracker).read([ref.id for ref in refs]))
        hear(ctx, tracker, items, names, run=run, role_of={i.ref: Role.ANCESTOR for i in items})
        with ctx.store.begin() as tx:
            _unreachable(tx, set(refs) - {item.ref for item in items})
    return len(missed)


def _read_ancestors(ctx: Context, tracker: str, names: Names, *, run: int) -> None:
    """Read every ancestor that no scope shows, and theirs, so that what they say is inherited."""
    seen: set[ItemRef] = set()
    wanted = _ancestors_missing(ctx, tracker)
    for _ in range(DEEPEST):
        wanted -= seen
        if not wanted:
            return
        seen |= wanted
        found: dict[ItemRef, WorkItem] = {}
        for batch in batches(sorted(wanted), 200):
            for item in ctx.tracker(tracker).read([ref.id for ref in batch]):
                found[item.ref] = item
        _hear_ancestors(ctx, tracker, found, wanted, names, run=run)
        wanted = _unknown(ctx, {up for item in found.values() for up in ups(item)})


def _hear_ancestors(
    ctx: Context,
    tracker: str,
    found: Mapping[ItemRef, WorkItem],
    wanted: Iterable[ItemRef],
    names: Names,
    *,
    run: int,
) -> None:
    for batch in batches(found.values(), 200):
        roles = {item.ref: Role.ANCESTOR for item in batch}
        hear(ctx, tracker, batch, names, run=run, role_of=roles)
    with ctx.store.begin() as tx:
        _unreachable(tx, set(wanted) - set(found))


def ups(item: WorkItem) -> tuple[ItemRef, ...]:
    """Return what is directly above an item."""
    return (*(() if item.parent is None else (item.parent,)), *item.containers)


def _ancestors_missing(ctx: Context, tracker: str) -> set[ItemRef]:
    wanted: set[ItemRef] = set()
    for page in mirrored(ctx, tracker=tracker):
        wanted |= {it.item.ref for it in page if it.role is Role.ANCESTOR}
        wanted |= _unknown(ctx, {up for it in page for up in ups(it.item)})
    return wanted


def _unknown(ctx: Context, refs: set[ItemRef]) -> set[ItemRef]:
    with ctx.store.begin() as tx:
        known = tx.heads(refs)
    return {ref for ref in refs if ref not in known or known[ref].role is Role.ANCESTOR}
