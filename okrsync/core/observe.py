"""What a change of labels means (LABELS.md, Reading): rules 0 to 4 for one item.

A search read can only raise suspicion; `observe` takes a direct read. Where it contradicts what
is remembered, the history since then is replayed in order; what no history explains is judged
by presence and absence.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.core.ledger import Origin
from okrsync.core.replay import Late, Tape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okrsync.core.ledger import Intent, ItemState, Row
    from okrsync.core.names import Names
    from okrsync.core.vocabulary import Vocabulary
    from okrsync.core.work import History, WorkItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A vocabulary label that is gone, and whether a history shows who took it away."""

    label: str
    proven: bool
    defined: bool = True
    """Whether the label's definition still exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What one direct read of one item taught us."""

    state: ItemState
    lost: tuple[Loss, ...] = ()
    found: tuple[str, ...] = ()
    late: tuple[Late, ...] = ()
    """Writes of closed intents that arrived late: to be journalled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is at hand to explain a contradiction."""

    history: History | None = None
    intents: Sequence[Intent] = ()
    undefined: frozenset[str] = field(default_factory=frozenset)
    """Labels of rows of this item whose definition has vanished."""
    seen_at: datetime | None = None
    """When the item was last mirrored without contradiction; None at first sight."""


def contradicts(state: ItemState, item: WorkItem, vocabulary: Vocabulary) -> bool:
    """Tell whether an item as read shows other vocabulary labels than we believe in."""
    return vocabulary.of(item.labels, state.believed) != state.believed


def vanished_definitions(state: ItemState, definitions: Mapping[str, str] | None) -> frozenset[str]:
    """Return the labels of this item's rows whose definition is gone or has another name."""
    if definitions is None:
        return frozenset()
    return frozenset(row.label for row in state.rows if _undefined(row, definitions))


def _undefined(row: Row, definitions: Mapping[str, str]) -> bool:
    if row.label_id is None:
        return False
    name = definitions.get(row.label_id)
    return name is None or name.casefold() != row.label.casefold()


def observe(state: ItemState, item: WorkItem, names: Names, evidence: Evidence) -> Learnt:
    """Apply rules 0 to 4 to one direct read.

    An item with an open intent is left as remembered: what happened since is heard when the
    intent is closed, and until then nobody knows which of it we did.
    """
    there = names.vocabulary.of(item.labels, state.believed)
    if any(intent.closed is None for intent in evidence.intents):
        return Learnt(state=state)
    if there == state.believed:
        tape = Tape(names, state)
        return Learnt(state=tape.state(item.updated))
    tape = Tape(names, state, label_ids=item.label_ids)
    known = state.known_at or evidence.seen_at
    newest = _play(tape, evidence, known)
    lost = [Loss(label=x, proven=True) for x in sorted(tape.taken.keys() & state.believed - there)]
    lost += _missing(tape, there, item.updated, evidence.undefined)
    found = _unexplained(
        tape, there, item.updated, first=known is None, undefined=bool(evidence.undefined)
    )
    return Learnt(
        state=tape.state(max(item.updated, newest) if newest else item.updated),
        lost=tuple(lost),
        found=found,
        late=tuple(tape.late.values()),
    )


def _play(tape: Tape, evidence: Evidence, known: datetime | None) -> datetime | None:
    """Replay what happened since then; at first sight there is nothing to compare with."""
    if evidence.history is None or known is None:
        return None
    changes = evidence.history.changes
    tape.play(changes, evidence.intents, since=known)
    return changes[-1].at if changes else None


def _missing(
    tape: Tape, there: frozenset[str], at: datetime, undefined: frozenset[str]
) -> list[Loss]:
    losses = []
    for label in sorted(tape.believed - there):
        if label not in tape.start.believed:
            # it came after the read, or went again with its definition: nobody took it away
            tape.lose(label)
            continue
        if label in undefined:
            tape.lose(label)
        else:
            tape.person_removed(label, at, proven=False)
        losses.append(Loss(label=label, proven=False, defined=label not in undefined))
    return losses


def _unexplained(
    tape: Tape, there: frozenset[str], at: datetime, *, first: bool, undefined: bool
) -> tuple[str, ...]:
    found = []
    for label in sorted(there - tape.believed - tape.taken_after(at)):
        if first or undefined:
            tape.find(label, at)
            found.append(label)
        else:
            tape.person_added(label, at)
    return tuple(found)


def withdraw(state: ItemState, lost: Sequence[str], names: Names, since: datetime) -> ItemState:
    """Take back the unproven vetoes and mutes that these losses brought about (rule 4)."""
    keys = {names.key_of_label(label) for label in lost}
    acts = tuple(
        act for act in state.acts if act.proven or act.at < since or names.key(act.goal) not in keys
    )
    return replace(state, acts=acts, mutes=state.mutes - frozenset(lost))


def note_foreign_adds(
    state: ItemState, history: History, intents: Sequence[Intent], names: Names
) -> ItemState:
    """Turn rows of ours that somebody else added again since into theirs (rule 10)."""
    ours = [row for row in state.rows if row.origin is Origin.OURS]
    tape = Tape(names, state)
    for row in ours:
        shadow = Tape(names, state)
        shadow.play(history.changes, intents, since=row.since)
        if row.label in shadow.given:
            tape.person_added(row.label, shadow.given[row.label])
    return tape.state(state.known_at or ours[0].since) if ours else state
