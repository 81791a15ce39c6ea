"""Vanished labels: the lists that wait until a person says what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from okrsync.core.ledger import Vanishing, VanishingKind
from okrsync.core.work import ItemRef
from okrsync.storage.codec import json_text, loads, micros, moment
from okrsync.storage.schema import vanishings
from okrsync.storage.statements import Concern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.storage.statements import AnyRow


class Vanished(Concern):
    """Reads and writes vanishings."""

    def vanishings(self, *, open_only: bool = True) -> Sequence[Vanishing]:
        """Return vanishings, oldest first."""
        wanted = select(vanishings).order_by(vanishings.c.since, vanishings.c.id)
        if open_only:
            wanted = wanted.where(vanishings.c.answer.is_(None))
        return [_vanishing(row) for row in self._db.rows(wanted)]

    def put_vanishing(self, vanishing: Vanishing) -> None:
        """Insert or replace by id."""
        self._db.upsert(vanishings, [_values(vanishing)])


def _values(vanishing: Vanishing) -> dict[str, Any]:
    return {
        "id": vanishing.id,
        "kind": vanishing.kind.value,
        "tracker": vanishing.tracker,
        "scope": vanishing.scope,
        "label": vanishing.label,
        "since": micros(vanishing.since),
        "lost": json_text([(ref.tracker, ref.id, label) for ref, label in vanishing.lost]),
        "answer": vanishing.answer,
    }


def _vanishing(row: AnyRow) -> Vanishing:
    return Vanishing(
        id=row.id,
        kind=VanishingKind(row.kind),
        tracker=row.tracker,
        scope=row.scope,
        label=row.label,
        since=moment(row.since),
        lost=tuple((ItemRef(tracker, item), label) for tracker, item, label in loads(row.lost)),
        answer=row.answer,
    )
