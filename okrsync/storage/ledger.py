"""The ledger: what is remembered of items beside the mirror, one table for each kind of memory.

Saving a state touches only the rows that differ. Rows and disputes come back sorted by label,
acts in the order given. Nothing here decides what a memory means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, func, select, tuple_

from okrsync.core.ledger import ItemState, Origin
from okrsync.core.work import ItemRef
from okrsync.storage.memories import MEMORIES, state_from, taken_apart, without_basis
from okrsync.storage.schema import acts, disputes, foreign_verdicts, holds, label_rows, mutes, stops
from okrsync.storage.statements import Concern, by_tracker, pages
from okrsync.storage.unsettled import forget_shown, unsettle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Delete, Select, Table

    from okrsync.storage.memories import Entries, Parts

_KINDS: dict[str, Select[Any]] = {
    "acts": select(acts.c.tracker, acts.c.item),
    "mutes": select(mutes.c.tracker, mutes.c.item),
    "hold": select(holds.c.tracker, holds.c.item),
    "disputes": select(disputes.c.tracker, disputes.c.item),
    "foreign": select(foreign_verdicts.c.tracker, foreign_verdicts.c.item),
    "found": select(label_rows.c.tracker, label_rows.c.item).where(
        label_rows.c.origin == Origin.FOUND.value
    ),
}
_STOPPED = select(stops.c.tracker, stops.c.item)


class Ledger(Concern):
    """Reads and writes item states."""

    def states(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, ItemState]:
        """Return the state of every ref asked for; an empty one where nothing is remembered."""
        asked = tuple(refs)
        found = self._parts_of(asked)
        return {
            ref: state_from(ref, found[ref]) if ref in found else ItemState(ref=ref)
            for ref in asked
        }

    def put_states(self, states: Iterable[ItemState]) -> None:
        """Replace what is remembered of these items."""
        for page in pages(states):
            newest = {state.ref: state for state in page}
            self._put_states_page(newest)

    def states_with(self, kind: str, limit: int = 1000) -> Sequence[ItemState]:
        """Return states with: ``acts``, ``mutes``, ``hold``, ``disputes``, ``foreign``, ``found``."""  # noqa: E501 - the port's words
        return self._states_of(_KINDS[kind].limit(limit))

    def held_labels(self, tracker: str | None = None) -> Mapping[str, int]:
        """Count the ledger's rows by label."""
        counted = select(label_rows.c.label, func.count()).group_by(label_rows.c.label)
        if tracker is not None:
            counted = counted.where(label_rows.c.tracker == tracker)
        in_order = self._db.rows(counted.order_by(label_rows.c.label))
        return {row[0]: row[1] for row in in_order}

    def held_definitions(self, tracker: str) -> Sequence[tuple[str, str]]:
        """Return the labels that rows know the definition of, each with its id."""
        known = (label_rows.c.tracker == tracker, label_rows.c.label_id.is_not(None))
        wanted = select(label_rows.c.label, label_rows.c.label_id).where(*known).distinct()
        in_order = self._db.rows(wanted.order_by(label_rows.c.label, label_rows.c.label_id))
        return [(row.label, row.label_id) for row in in_order]

    def carriers(self, tracker: str, definitions: Iterable[tuple[str, str]]) -> set[ItemRef]:
        """Return the items whose rows name one of these labels by that definition."""
        wanted = select(label_rows.c.item).where(
            label_rows.c.tracker == tracker,
            tuple_(label_rows.c.label, label_rows.c.label_id).in_(list(definitions)),
        )
        return {ItemRef(tracker, row.item) for row in self._db.rows(wanted)}

    def stopped_states(self, vanishing: str) -> Sequence[ItemState]:
        """Return the states stopped by this vanishing."""
        return self._states_of(_STOPPED.where(stops.c.vanishing == vanishing))

    def _states_of(self, wanted: Select[Any]) -> Sequence[ItemState]:
        tracker, item = wanted.selected_columns
        rows = self._db.rows(wanted.distinct().order_by(tracker, item))
        return list(self.states(ItemRef(*row) for row in rows).values())

    def _parts_of(self, refs: Sequence[ItemRef]) -> dict[tuple[str, str], Parts]:
        found: dict[tuple[str, str], Parts] = {}
        items = by_tracker(refs)
        for memory in MEMORIES:
            name, split = memory.name, 2 + memory.keys
            for row in self._db.about(memory.table, items):
                entry = {row[2:split]: row[split:]}
                parts = found.setdefault(row[:2], {})
                if name in parts:
                    parts[name].update(entry)
                else:
                    parts[name] = entry
        return found

    def _put_states_page(self, states: Mapping[ItemRef, ItemState]) -> None:
        before = self._parts_of(tuple(states))
        after = {ref: taken_apart(state) for ref, state in states.items()}
        changed = [ref for ref, parts in after.items() if parts != before.get(ref, {})]
        unsettle(self._db, changed)
        forget_shown(self._db, [ref for ref in changed if _learnt(before.get(ref, {}), after[ref])])
        for memory in MEMORIES:
            gone: list[dict[str, Any]] = []
            new: list[dict[str, Any]] = []
            for ref, parts in after.items():
                was = before.get(ref, {}).get(memory.name, {})
                now = parts.get(memory.name, {})
                if was != now:
                    gone += _missing(memory.table, ref, was, now)
                    new += _different(memory.table, ref, was, now)
            if gone:
                self._db.run(_delete(memory.table), gone)
            self._db.upsert(memory.table, new)


def _learnt(before: Parts, after: Parts) -> bool:
    """Tell whether something was learnt of an item: what it was judged by tells nothing of it."""
    return without_basis(before) != without_basis(after)


def _missing(table: Table, ref: ItemRef, was: Entries, now: Entries) -> list[dict[str, Any]]:
    names = [f"b_{column.name}" for column in table.primary_key]
    return [
        dict(zip(names, (ref.tracker, ref.id, *key), strict=True)) for key in was if key not in now
    ]


def _different(table: Table, ref: ItemRef, was: Entries, now: Entries) -> list[dict[str, Any]]:
    names = table.c.keys()
    return [
        dict(zip(names, (ref.tracker, ref.id, *key, *values), strict=True))
        for key, values in now.items()
        if was.get(key) != values
    ]


def _delete(table: Table) -> Delete:
    same = [column == bindparam(f"b_{column.name}") for column in table.primary_key]
    return delete(table).where(and_(*same))
