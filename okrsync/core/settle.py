"""Close an intent with what really came of it (LABELS.md 14 to 16).

The result is what a direct read shows. Where that is not exactly what was asked for, or labels
were removed, the item's history says who did what: our entries are ours, others are people's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.core.ledger import Dispute, IntentOutcome
from okrsync.core.replay import Tape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from okrsync.core.ledger import Intent, ItemState
    from okrsync.core.names import Names
    from okrsync.core.replay import Late
    from okrsync.core.work import History, WorkItem

DISPUTED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What an intent came to."""

    state: ItemState
    intent: Intent
    added: tuple[str, ...] = ()
    """What took effect through us."""
    removed: tuple[str, ...] = ()
    late: tuple[Late, ...] = ()
    """Writes of other, closed intents that were seen to have arrived."""
    disputed: tuple[str, ...] = ()
    undefined: frozenset[str] = frozenset()
    """Labels that went with their definition."""


def as_asked(intent: Intent, item: WorkItem, names: Names) -> bool:
    """Tell whether an item looks exactly as the intent wanted it."""
    wanted = (set(intent.before) | set(intent.add)) - set(intent.remove)
    named = (*intent.before, *intent.add, *intent.remove)
    return names.vocabulary.of(item.labels, named) == wanted


def needs_history(intent: Intent, item: WorkItem, names: Names, *, acknowledged: bool) -> bool:
    """Tell whether presence and absence alone cannot say who did what."""
    return not acknowledged or bool(intent.remove) or not as_asked(intent, item, names)


def settle(
    state: ItemState,
    intent: Intent,
    item: WorkItem,
    names: Names,
    *,
    history: History | None,
    intents: Sequence[Intent],
    acknowledged: bool,
    now: datetime,
    undefined: frozenset[str] = frozenset(),
) -> Settled:
    """Close *intent* from a direct read after the write.

    *intents* are the item's other intents. *acknowledged* tells whether the tracker said that it
    made the edit; only then can a missing label be in dispute. *undefined* are labels of rows
    whose definition has vanished.
    """
    named = {*state.believed, *intent.add, *intent.remove}
    there = names.vocabulary.of(item.labels, named)
    tape = Tape(names, state, label_ids=item.label_ids)
    if history is not None:
        tape.play(history.changes, [*intents, intent], since=intent.since)
    elif as_asked(intent, item, names):
        _take_at_face_value(tape, intent)
    unclear = needs_history(intent, item, names, acknowledged=acknowledged)
    told = not unclear if history is None else history.complete
    disputed = _disputed(tape, intent, there) if acknowledged and told else ()
    undefined &= tape.believed - there
    for label in undefined:
        tape.lose(label)
    _reconcile(tape, intent, there, item.updated, acknowledged=acknowledged, told=told)
    known = max([item.updated, *(c.at for c in (history.changes if history else ()))])
    added = {label for label in intent.add if (intent.id, label) in tape.landed_add}
    removed = {label for label in intent.remove if (intent.id, label) in tape.landed_remove}
    closed = replace(
        intent,
        closed=now,
        settled_at=max(item.updated, tape.landed_at.get(intent.id, item.updated)),
        after=tuple(sorted((there | added) - removed)),
        outcome=IntentOutcome.DONE if acknowledged else IntentOutcome.RECOVERED,
        task=None,
    )
    settled = tape.state(known)
    disputes = {d.label: d for d in settled.disputes if d.until > now}
    disputes |= {x: Dispute(label=x, until=now + DISPUTED_FOR) for x in disputed}
    return Settled(
        state=replace(settled, disputes=tuple(disputes[x] for x in sorted(disputes))),
        intent=closed,
        added=tuple(sorted(added)),
        removed=tuple(sorted(removed)),
        late=tuple(late for number, late in tape.late.items() if number != intent.id),
        disputed=disputed,
        undefined=undefined,
    )


def _take_at_face_value(tape: Tape, intent: Intent) -> None:
    for label in intent.remove:
        tape.we_removed(label, intent)
    for label in intent.add:
        tape.we_added(label, intent)


def _disputed(tape: Tape, intent: Intent, there: frozenset[str]) -> tuple[str, ...]:
    """Name what the tracker took and that did not stick, though nobody undid it."""
    lost = {x for x in intent.add if x not in there and x not in tape.taken}
    stayed = {x for x in intent.remove if x in there and x not in {*tape.given, *tape.taken}}
    return tuple(sorted(lost | stayed))


def _reconcile(
    tape: Tape,
    intent: Intent,
    there: frozenset[str],
    at: datetime,
    *,
    acknowledged: bool,
    told: bool,
) -> None:
    """Let presence and absence speak for what no history explained.

    Where neither the tracker said that it made the edit (*acknowledged*), nor does the history
    tell everything (*told*), a label that we asked for is only found, and never ours to remove.
    """
    before = {row.label: row for row in tape.start.rows}
    for label in sorted(tape.believed - there):
        if label in intent.add or label not in tape.start.believed:
            tape.lose(label)
        elif label in intent.remove and told and not acknowledged:
            tape.lose(label)  # a whole history would tell if it had been us
        elif label in intent.remove:
            tape.we_removed(label, intent)
        else:
            tape.person_removed(label, at, proven=False)
    for label in sorted(there - tape.believed - tape.taken_after(at)):
        if label in intent.remove and label in before:
            tape.rows[label] = before[label]
        elif label not in intent.add:
            tape.person_added(label, at)
        elif acknowledged or told:
            tape.we_added(label, intent)
        else:
            tape.find(label, at)
