"""How an item's state is taken apart into rows of tables, and put together again.

Each kind of memory is a table whose rows are a key within the item and some values. The order
of a table's columns is: tracker, item, key, values; `keys` says how many are the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from okrsync.core.ledger import Act, ActKind, Basis, Dispute, Hold, ItemState, Origin, Row, Voice
from okrsync.storage import schema
from okrsync.storage.codec import (
    json_text,
    micros,
    micros_or_none,
    moment,
    moment_or_none,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Table

    from okrsync.core.work import ItemRef

_ORIGINS = {origin.value: origin for origin in Origin}  # a dictionary is quicker than the enum
_ACT_KINDS = {kind.value: kind for kind in ActKind}
_VOICES = {voice.value: voice for voice in Voice}

_UNTIL_RELEASE = json_text(None)
"""What a hold without desired labels is stored as."""

Entries = dict[tuple[Any, ...], tuple[Any, ...]]
"""Key within the item -> values."""
Parts = dict[str, Entries]
"""Name of a memory -> its entries."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One kind of memory and its table."""

    name: str
    table: Table
    keys: int


MEMORIES = (
    Memory("head", schema.item_heads, 0),
    Memory("rows", schema.label_rows, 1),
    Memory("acts", schema.acts, 1),
    Memory("hold", schema.holds, 0),
    Memory("disputes", schema.disputes, 1),
    Memory("mutes", schema.mutes, 1),
    Memory("foreign", schema.foreign_verdicts, 1),
    Memory("unwritten", schema.unwritten, 1),
    Memory("stopped", schema.stops, 1),
)


def taken_apart(state: ItemState) -> Parts:
    """Turn a state into entries; what it does not have is absent."""
    parts = {
        "head": _head(state),
        "rows": {(row.label,): _row(row) for row in state.rows},
        "acts": {(n,): _act(act) for n, act in enumerate(state.acts)},
        "hold": {} if state.hold is None else {(): _hold(state.hold)},
        "disputes": {(d.label,): (micros(d.until),) for d in state.disputes},
        "mutes": _labels(state.mutes),
        "foreign": _labels(state.foreign),
        "unwritten": _labels(state.unwritten),
        "stopped": _labels(state.stopped),
    }
    return {name: entries for name, entries in parts.items() if entries}


def state_from(ref: ItemRef, parts: Parts) -> ItemState:
    """Put a state together again."""
    known: dict[str, Any] = {}
    for name, entries in parts.items():
        if name == "head":
            known |= _head_from(*entries[()])
        else:
            known[name] = _READ[name](entries)
    return ItemState(ref=ref, **known)


def without_basis(parts: Parts) -> Parts:
    """Leave out what a state was last judged by."""
    known_at, *_ = parts.get("head", {}).get((), (None,))
    return parts | {"head": {(): (known_at,)}}


def _head(state: ItemState) -> Entries:
    if state.known_at is None and state.basis is None:
        return {}
    work, goals = (None, None) if state.basis is None else (state.basis.work, state.basis.goals)
    return {(): (micros_or_none(state.known_at), work, goals)}


def _head_from(known_at: int | None, work: str | None, goals: str) -> dict[str, Any]:
    basis = None if work is None else Basis(work=work, goals=goals)
    return {"known_at": moment_or_none(known_at), "basis": basis}


def _row(row: Row) -> tuple[Any, ...]:
    return (row.origin.value, micros(row.since), row.run, row.label_id, row.goal)


def _row_from(label: str, stored: tuple[Any, ...]) -> Row:
    origin, since, run, label_id, goal = stored
    return Row(
        label=label,
        origin=_ORIGINS[origin],
        since=moment(since),
        run=run,
        label_id=label_id,
        goal=goal,
    )


def _act(act: Act) -> tuple[Any, ...]:
    return (
        micros(act.at),
        act.kind.value,
        act.goal,
        act.voice.value,
        act.because,
        act.proven,
    )


def _act_from(stored: tuple[Any, ...]) -> Act:
    at, kind, goal, voice, because, proven = stored
    return Act(
        at=moment(at),
        kind=_ACT_KINDS[kind],
        goal=goal,
        voice=_VOICES[voice],
        because=because,
        proven=proven,
    )


def _hold(hold: Hold) -> tuple[Any, ...]:
    return (json_text(hold.desired), hold.run)


def _hold_from(stored: tuple[Any, ...]) -> Hold:
    desired, run = stored
    return Hold(desired=None if desired == _UNTIL_RELEASE else words(desired), run=run)


def _labels(labels: Iterable[str]) -> Entries:
    return {(label,): () for label in labels}


def _rows_from(entries: Entries) -> tuple[Row, ...]:
    return tuple([_row_from(label, values) for (label,), values in sorted(entries.items())])


def _acts_from(entries: Entries) -> tuple[Act, ...]:
    return tuple([_act_from(values) for _, values in sorted(entries.items())])


def _disputes_from(entries: Entries) -> tuple[Dispute, ...]:
    in_order = sorted(entries.items())
    return tuple([Dispute(label=label, until=moment(until)) for (label,), (until,) in in_order])


def _labels_from(entries: Entries) -> frozenset[str]:
    return frozenset([label for (label,) in entries])


_READ: dict[str, Callable[[Entries], Any]] = {
    "rows": _rows_from,
    "acts": _acts_from,
    "hold": lambda entries: _hold_from(entries[()]),
    "disputes": _disputes_from,
    "mutes": _labels_from,
    "foreign": _labels_from,
    "unwritten": _labels_from,
    "stopped": _labels_from,
}
"""How each memory becomes the field of the state that is called as it is."""
