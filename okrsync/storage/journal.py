"""The journal: what was on an item before and after each write of ours. Only ever appended to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from okrsync.core.work import ItemRef
from okrsync.ports.store import Entry
from okrsync.storage.codec import json_text, micros, moment, words
from okrsync.storage.schema import journal
from okrsync.storage.statements import Concern, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from okrsync.storage.statements import AnyRow


class Journal(Concern):
    """Reads and appends entries."""

    def add_entries(self, entries: Iterable[Entry]) -> None:
        """Append to the journal."""
        for page in pages(entries):
            self._db.insert(journal, [_values(entry) for entry in page])

    def entries_of(self, run: int) -> Sequence[Entry]:
        """Return the journal of one run, in the order written."""
        return self._entries(select(journal).where(journal.c.run == run))

    def entries_about(self, ref: ItemRef) -> Sequence[Entry]:
        """Return the journal of one item, in the order written."""
        same = (journal.c.tracker == ref.tracker, journal.c.item == ref.id)
        return self._entries(select(journal).where(*same))

    def changes_since(self, tracker: str, budget: str, since: datetime) -> int:
        """Count the labels that entries weighing on *budget* added or removed since then."""
        total = select(func.coalesce(func.sum(journal.c.size), 0)).where(
            journal.c.tracker == tracker,
            journal.c.at >= micros(since),
            journal.c.budget == budget,
        )
        return int(self._db.rows(total)[0][0])

    def _entries(self, wanted: Select[Any]) -> Sequence[Entry]:
        return [_entry(row) for row in self._db.rows(wanted.order_by(journal.c.id))]


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "tracker": entry.ref.tracker,
        "item": entry.ref.id,
        "run": entry.run,
        "key": entry.key,
        "scope": entry.scope,
        "at": micros(entry.at),
        "before": json_text(entry.before),
        "after": json_text(entry.after),
        "added": json_text(entry.added),
        "removed": json_text(entry.removed),
        "size": len(entry.added) + len(entry.removed),
        "budget": entry.budget,
        "because": entry.because,
    }


def _entry(row: AnyRow) -> Entry:
    return Entry(
        run=row.run,
        ref=ItemRef(row.tracker, row.item),
        key=row.key,
        scope=row.scope,
        at=moment(row.at),
        before=words(row.before),
        after=words(row.after),
        added=words(row.added),
        removed=words(row.removed),
        budget=row.budget,
        because=row.because,
    )
