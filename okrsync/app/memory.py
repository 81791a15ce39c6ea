"""Take direct reads into the memory: mirror, ledger, and labels that vanished in numbers.

Nothing here writes to a tracker. The caller holds the lock of the scopes concerned.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.vanishing import lose
from okrsync.core.names import follow_renames
from okrsync.core.observe import Evidence, contradicts, observe, vanished_definitions
from okrsync.ports.store import MirroredItem, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.core.ledger import Intent, ItemState
    from okrsync.core.names import Names
    from okrsync.core.observe import Learnt, Loss
    from okrsync.core.work import History, ItemRef, WorkItem

HISTORY_MARGIN = timedelta(seconds=5)
"""How much further back histories are asked for, so that clock rounding loses nothing."""


@dataclass(slots=True)
class Heard:
    """What a batch of direct reads brought to light."""

    states: dict[ItemRef, ItemState] = field(default_factory=dict)
    found: list[tuple[ItemRef, str]] = field(default_factory=list)
    lost: list[tuple[ItemRef, Loss]] = field(default_factory=list)


def hear(
    ctx: Context,
    tracker: str,
    items: Sequence[WorkItem],
    names: Names,
    *,
    run: int,
    role_of: Mapping[ItemRef, Role] | None = None,
) -> Heard:
    """Apply rules 0 to 4 to direct reads of one tracker's items, and remember the result."""
    refs = [item.ref for item in items]
    with ctx.store.begin() as tx:
        states = {r: follow_renames(s, names) for r, s in tx.states(refs).items()}
        mirrored = tx.items(refs)
    puzzling = [item for item in items if contradicts(states[item.ref], item, ctx.vocabulary)]
    known = {r: states[r].known_at or _seen_at(mirrored.get(r)) for r in refs}
    evidence = _evidence(ctx, tracker, puzzling, states, known)
    learnt: dict[ItemRef, tuple[WorkItem, Learnt]] = {}
    for item in items:
        proof = evidence.get(item.ref, Evidence(seen_at=known[item.ref]))
        learnt[item.ref] = (item, observe(states[item.ref], item, names, proof))
    return _remember(
        ctx, tracker, learnt, mirrored, before=states, names=names, run=run, role_of=role_of or {}
    )


def _seen_at(mirrored: MirroredItem | None) -> datetime | None:
    return None if mirrored is None else mirrored.item.updated


def _evidence(
    ctx: Context,
    tracker: str,
    items: Sequence[WorkItem],
    states: Mapping[ItemRef, ItemState],
    known: Mapping[ItemRef, datetime | None],
) -> dict[ItemRef, Evidence]:
    """Fetch what explains contradictions: histories in bulk, definitions after the items."""
    if not items:
        return {}
    with ctx.store.begin() as tx:
        intents = tx.intents_of([item.ref for item in items])
    histories = histories_of(ctx, tracker, [i.ref for i in items if known[i.ref]], known)
    definitions = None
    if any(row.label_id for item in items for row in states[item.ref].rows):
        definitions = ctx.tracker(tracker).definitions()
    return {
        item.ref: Evidence(
            history=histories.get(item.ref),
            intents=intents.get(item.ref, ()),
            undefined=vanished_definitions(states[item.ref], definitions),
            seen_at=known[item.ref],
        )
        for item in items
    }


def histories_of(
    ctx: Context,
    tracker: str,
    refs: Iterable[ItemRef],
    since: Mapping[ItemRef, datetime | None],
) -> dict[ItemRef, History]:
    """Read the histories of these items from a little before the earliest moment asked for."""
    wanted = list(refs)
    if not wanted:
        return {}
    moments = [moment for ref in wanted if (moment := since.get(ref)) is not None]
    start = min(moments) - HISTORY_MARGIN if len(moments) == len(wanted) else None
    read = ctx.tracker(tracker).histories([ref.id for ref in wanted], start)
    return {history.ref: history for history in read}


def _remember(
    ctx: Context,
    tracker: str,
    learnt: Mapping[ItemRef, tuple[WorkItem, Learnt]],
    mirrored: Mapping[ItemRef, MirroredItem],
    *,
    before: Mapping[ItemRef, ItemState],
    names: Names,
    run: int,
    role_of: Mapping[ItemRef, Role],
) -> Heard:
    heard = Heard()
    late: list[Intent] = []
    items = []
    for ref, (item, lesson) in learnt.items():
        heard.states[ref] = lesson.state
        heard.found += [(ref, label) for label in lesson.found]
        heard.lost += [(ref, loss) for loss in lesson.lost]
        late += lesson.late
        items.append(_mirror(item, mirrored.get(ref), run=run, role=role_of.get(ref)))
    with ctx.store.begin() as tx:
        tx.put_items(items)
        tx.put_states(state for ref, state in heard.states.items() if state != before[ref])
        tx.put_intents(late)
        if heard.lost:
            scopes = {ref: item.scope for ref, (item, _) in learnt.items()}
            changed = lose(ctx, tx, tracker, scopes, heard.lost, names=names)
            heard.states.update(changed)
    return heard


def _mirror(
    item: WorkItem, known: MirroredItem | None, *, run: int, role: Role | None
) -> MirroredItem:
    if known is None:
        return MirroredItem(item=item, role=role or Role.ITEM, direct=True, pull=run)
    return replace(known, item=item, direct=True, role=role or known.role)
