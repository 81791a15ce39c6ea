"""Intents: what we are about to write, durable before the write. An item has at most one open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from okrsync.core.ledger import Intent, IntentOutcome
from okrsync.core.work import ItemRef
from okrsync.errors import StoreError
from okrsync.storage.codec import (
    json_text,
    micros,
    micros_or_none,
    moment,
    moment_or_none,
    words,
)
from okrsync.storage.schema import intents
from okrsync.storage.statements import Concern, by_tracker, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from okrsync.storage.statements import AnyRow


class Intents(Concern):
    """Reads and writes intents."""

    def add_intents(self, new: Iterable[Intent]) -> Sequence[Intent]:
        """Store new intents (their ids are ignored) and return them with ids.

        Raises:
            StoreError: an item already has an open intent.

        """
        wanted = list(new)
        self._refuse_second(wanted)
        added: list[Intent] = []
        for page in pages(wanted):
            rows = self._db.rows(_ADD, [_values(intent) for intent in page])
            added += [replace(i, id=row.id) for i, row in zip(page, rows, strict=True)]
        return added

    def put_intents(self, changed: Iterable[Intent]) -> None:
        """Replace intents by id: closed, or given a task."""
        for page in pages(changed):
            self._db.run(_PUT, [_values(intent) | {"b_id": intent.id} for intent in page])

    def open_intents(self, tracker: str | None = None) -> Sequence[Intent]:
        """Return open intents, oldest first."""
        wanted = select(intents).where(intents.c.closed.is_(None)).order_by(intents.c.id)
        if tracker is not None:
            wanted = wanted.where(intents.c.tracker == tracker)
        return [_intent(row) for row in self._db.rows(wanted)]

    def intents_of(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, Sequence[Intent]]:
        """Return all intents of each ref, oldest first."""
        found: dict[ItemRef, list[Intent]] = {ref: [] for ref in refs}
        for row in sorted(self._db.about(intents, by_tracker(found)), key=lambda row: int(row.id)):
            found[ItemRef(row.tracker, row.item)].append(_intent(row))
        return found

    def _refuse_second(self, wanted: Sequence[Intent]) -> None:
        """Say which item is busy, before anything is written; the unique index makes sure."""
        columns = (intents.c.tracker, intents.c.item, intents.c.run, intents.c.closed)
        taken: set[ItemRef] = set()
        for intent in wanted:
            if intent.closed is not None:
                continue
            if intent.ref in taken:
                raise StoreError(f"{intent.ref} is to have two open intents")
            taken.add(intent.ref)
        for tracker, item, run, closed in self._db.about(intents, by_tracker(taken), *columns):
            if closed is None:
                ref = ItemRef(tracker, item)
                raise StoreError(f"{ref} already has an open intent, of run {run}")


_ADD = insert(intents).returning(intents.c.id, sort_by_parameter_order=True)
_PUT = (
    update(intents)
    .where(intents.c.id == bindparam("b_id"))
    .values({column.name: bindparam(column.name) for column in intents.c if column.name != "id"})
)


def _values(intent: Intent) -> dict[str, Any]:
    return {
        "tracker": intent.ref.tracker,
        "item": intent.ref.id,
        "run": intent.run,
        "opened": micros(intent.opened),
        "since": micros(intent.since),
        "before": json_text(intent.before),
        "add": json_text(intent.add),
        "remove": json_text(intent.remove),
        "because": intent.because,
        "budget": intent.budget,
        "task": intent.task,
        "batch": intent.batch,
        "closed": micros_or_none(intent.closed),
        "settled_at": micros_or_none(intent.settled_at),
        "after": None if intent.after is None else json_text(intent.after),
        "outcome": None if intent.outcome is None else intent.outcome.value,
    }


def _intent(row: AnyRow) -> Intent:
    return Intent(
        id=row.id,
        ref=ItemRef(row.tracker, row.item),
        run=row.run,
        opened=moment(row.opened),
        since=moment(row.since),
        before=words(row.before),
        add=words(row.add),
        remove=words(row.remove),
        because=row.because,
        budget=row.budget,
        task=row.task,
        batch=row.batch,
        closed=moment_or_none(row.closed),
        settled_at=moment_or_none(row.settled_at),
        after=None if row.after is None else words(row.after),
        outcome=None if row.outcome is None else IntentOutcome(row.outcome),
    )
