"""Take direct reads into the memory: mirror, ledger, and labels that vanished in numbers.

Nothing here writes to a tracker. The caller holds the lock of the scopes concerned.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.journal import late_entry
from okrsync.app.vanishing import lose
from okrsync.core.names import follow_renames
from okrsync.core.observe import Evidence, contradicts, observe, vanished_definitions
from okrsync.core.replay import history_needed
from okrsync.ports.store import MirroredItem, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.core.ledger import ItemState
    from okrsync.core.names import Names
    from okrsync.core.observe import Learnt, Loss
    from okrsync.core.work import History, ItemRef, WorkItem

HISTORY_MARGIN = timedelta(seconds=5)
"""How much further back histories are asked for, so that clock rounding loses nothing."""
ROUNDS = 3
"""How often items are read again that change faster than they can be looked at."""


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
    caught = {item.ref: item for item in items}
    evidence: dict[ItemRef, Evidence] = {}
    if puzzling:
        puzzles = [item.ref for item in puzzling]
        caught, evidence = _evidence(ctx, tracker, caught, puzzles, states=states, known=known)
    learnt: dict[ItemRef, tuple[WorkItem, Learnt]] = {}
    for ref, item in caught.items():
        proof = evidence.get(ref, Evidence(seen_at=known[ref]))
        learnt[ref] = (item, observe(states[ref], item, names, proof))
    return _remember(
        ctx, tracker, learnt, mirrored, before=states, names=names, run=run, role_of=role_of or {}
    )


def _seen_at(mirrored: MirroredItem | None) -> datetime | None:
    return None if mirrored is None else mirrored.item.updated


def _evidence(
    ctx: Context,
    tracker: str,
    items: Mapping[ItemRef, WorkItem],
    puzzles: Sequence[ItemRef],
    *,
    states: Mapping[ItemRef, ItemState],
    known: Mapping[ItemRef, datetime | None],
) -> tuple[dict[ItemRef, WorkItem], dict[ItemRef, Evidence]]:
    """Fetch what explains contradictions: histories in bulk, definitions after the items.

    Returns the items as they were when their histories were read.
    """
    with ctx.store.begin() as tx:
        intents = tx.intents_of(puzzles)
    since = {
        ref: history_needed(moment, intents[ref])
        for ref in puzzles
        if (moment := known[ref]) is not None
    }
    told = histories_of(ctx, tracker, since, since)
    caught, histories = caught_up(ctx, tracker, items, told, since)
    definitions = definitions_for(ctx, tracker, [states[ref] for ref in puzzles])
    evidence = {
        ref: Evidence(
            history=histories.get(ref),
            intents=intents.get(ref, ()),
            undefined=vanished_definitions(states[ref], definitions),
            seen_at=known[ref],
        )
        for ref in puzzles
    }
    return caught, evidence


def definitions_for(
    ctx: Context, tracker: str, states: Iterable[ItemState]
) -> Mapping[str, str] | None:
    """Read the definitions, if a label on one of these items is known to have one."""
    if any(row.label_id for state in states for row in state.rows):
        return ctx.tracker(tracker).definitions()
    return None


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


def caught_up(
    ctx: Context,
    tracker: str,
    items: Mapping[ItemRef, WorkItem],
    histories: Mapping[ItemRef, History],
    since: Mapping[ItemRef, datetime | None],
) -> tuple[dict[ItemRef, WorkItem], dict[ItemRef, History]]:
    """Return items and histories that tell of one moment; each history was read after its item.

    Items that changed between being read and having their history read are read once more, and
    then their history too: else a label that came in between would look as if somebody had taken
    it away, and one that went in between as if nobody had. *since* is where the histories begin.
    """
    items, histories = dict(items), dict(histories)
    for _ in range(ROUNDS):
        behind = [ref for ref, told in histories.items() if _behind(items[ref], told, ctx)]
        again = ctx.tracker(tracker).read([ref.id for ref in behind]) if behind else ()
        fresh = {item.ref: item for item in again if item != items[item.ref]}
        if not fresh:  # what a history says and an item does not show went with its definition
            break
        items |= fresh
        histories |= histories_of(ctx, tracker, fresh, since)
    return items, histories


def _behind(item: WorkItem, history: History, ctx: Context) -> bool:
    vocabulary = ctx.vocabulary
    there: dict[str, bool] = {}
    for change in history.changes:
        there |= dict.fromkeys(vocabulary.of(change.removed), False)
        there |= dict.fromkeys(vocabulary.of(change.added), True)
    return any((label in item.labels) is not stays for label, stays in there.items())


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
    late = [(late, item) for item, lesson in learnt.values() for late in lesson.late]
    items = []
    for ref, (item, lesson) in learnt.items():
        heard.states[ref] = lesson.state
        heard.found += [(ref, label) for label in lesson.found]
        heard.lost += [(ref, loss) for loss in lesson.lost]
        items.append(_mirror(item, mirrored.get(ref), run=run, role=role_of.get(ref)))
    with ctx.store.begin() as tx:
        tx.put_items(items)
        tx.put_states(state for ref, state in heard.states.items() if state != before[ref])
        tx.put_intents(one.intent for one, _ in late)
        now = ctx.now()
        tx.add_entries(late_entry(one, item, ctx.vocabulary, now) for one, item in late)
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
