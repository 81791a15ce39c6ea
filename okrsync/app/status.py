"""How things stand: what is mirrored, what waits for whom, and how near the limits are.

From the store only; nothing is asked of a tracker and nothing changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.batches import mirrored
from okrsync.app.daemon_note import DaemonStatus, daemon_status
from okrsync.app.planning import judged_items
from okrsync.app.recover import frozen
from okrsync.ports.store import Cause, PlanStatus, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.strategy import Strategy
    from okrsync.core.ledger import Vanishing
    from okrsync.core.work import ItemRef
    from okrsync.ports.store import Run, StoredPlan, Transaction

EXAMPLES = 5
LISTED = 1000
"""How many items of one oddity are looked at; more of them count as that many."""

ODDITIES = {
    "acts": "items about which a person said something",
    "mutes": "items with a verdict that a person took away",
    "found": "items with link labels that came with them",
    "foreign": "items with a verdict that okrsync did not write",
    "disputes": "items with a label that does not stick",
    "hold": "items held as an undo or a purge left them",
}
"""What the ledger can be asked for, and what people call it."""


@dataclass(slots=True, kw_only=True)
class ScopeStatus:
    """One scope."""

    items: int = 0
    pulled: datetime | None = None
    """When a reading last ended well."""
    verdicts: Counter[str] = field(default_factory=Counter)
    left_alone: int = 0
    """Finished too long ago to be touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Items with something worth a look."""

    count: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything `okrsync status` tells."""

    writes: bool
    scopes: Mapping[tuple[str, str], ScopeStatus]
    changed: Mapping[str, Mapping[str, int]]
    """Labels changed in the last 24 hours that nobody approved, by tracker and cause."""
    max_changes: int
    """How many may be, of each."""
    waiting: tuple[StoredPlan, ...]
    unfinished: tuple[str, ...]
    """Keys of items with an open write."""
    questions: tuple[Vanishing, ...]
    keys: Mapping[ItemRef, str]
    """Of everything that is named by its ref here."""
    carried: Mapping[str, int]
    """Goals in force that are gone from the files, and how many labels hold each."""
    oddities: Mapping[str, Oddity]
    runs: tuple[Run, ...]
    daemon: DaemonStatus


def status(ctx: Context, strategy: Strategy, scopes: Sequence[tuple[str, str]]) -> Status:
    """Look at everything that is stored about these scopes."""
    places = _scopes(ctx, strategy, scopes)
    icy = frozen(ctx)
    daemon = daemon_status(ctx)
    trackers = {tracker for tracker, _ in scopes}
    day_ago = ctx.now() - timedelta(hours=24)
    with ctx.store.begin() as tx:
        questions = tuple(one for one in tx.vanishings() if one.tracker in trackers)
        keys = _keys(tx, [*icy, *(ref for one in questions for ref, _ in one.lost)])
        return Status(
            writes=ctx.policy.writes,
            scopes=places,
            changed={
                name: {cause.value: tx.changes_since(name, cause.value, day_ago) for cause in Cause}
                for name in sorted(trackers)
            },
            max_changes=ctx.policy.limits.max_changes,
            waiting=tuple(p for p in tx.plans(PlanStatus.WAITING) if p.why and p.items),
            unfinished=tuple(keys[ref] for ref in sorted(icy)),
            questions=questions,
            keys=keys,
            carried=_carried(ctx, tx, strategy.carried),
            oddities=_oddities(tx, trackers),
            runs=tuple(tx.runs(EXAMPLES)),
            daemon=daemon,
        )


def _scopes(
    ctx: Context, strategy: Strategy, scopes: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], ScopeStatus]:
    found = {place: ScopeStatus() for place in scopes}
    by_fold = {(tracker, scope.casefold()): found[tracker, scope] for tracker, scope in scopes}
    with ctx.store.begin() as tx:
        for place, mark in tx.marks().items():
            if one := by_fold.get((place[0], place[1].casefold())):
                one.pulled = mark.tried
    for page in mirrored(ctx, role=Role.ITEM):
        for it in page:
            place = (it.item.ref.tracker, it.item.scope.casefold())
            if place in by_fold:
                by_fold[place].items += 1
    for judged in judged_items(ctx, strategy, scopes):
        one = by_fold[judged.item.ref.tracker, judged.item.scope.casefold()]
        if judged.alone:
            one.left_alone += 1
        else:
            one.verdicts[judged.judgement.verdict.value] += 1
    return found


def _carried(ctx: Context, tx: Transaction, ids: Iterable[str]) -> dict[str, int]:
    held: Counter[str] = Counter()
    for label, count in tx.held_labels().items():
        held[label.casefold()] += count
    return {goal: held[ctx.vocabulary.label(goal).casefold()] for goal in ids}


def _oddities(tx: Transaction, trackers: Collection[str]) -> dict[str, Oddity]:
    told = {}
    for kind in ODDITIES:
        states = [s for s in tx.states_with(kind, LISTED) if s.ref.tracker in trackers]
        keys = _keys(tx, [state.ref for state in states[:EXAMPLES]])
        told[kind] = Oddity(count=len(states), keys=tuple(keys.values()))
    return told


def _keys(tx: Transaction, refs: Iterable[ItemRef]) -> dict[ItemRef, str]:
    """Name items as people do, and those that are no longer mirrored by their ref."""
    wanted = list(refs)
    known = tx.items(wanted)
    return {ref: known[ref].item.key if ref in known else str(ref) for ref in wanted}
