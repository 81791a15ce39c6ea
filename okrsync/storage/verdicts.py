"""What items were last judged to be, and before that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, select

from okrsync.core.work import ItemRef
from okrsync.ports.verdicts import UNSETTLED, VerdictChange, Verdicted
from okrsync.storage.codec import json_text, micros, moment, words
from okrsync.storage.schema import mirror, verdicts
from okrsync.storage.statements import Concern, behind, by_tracker, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from okrsync.storage.statements import AnyRow


class Verdicts(Concern):
    """Reads and writes verdicts; only what changed is written."""

    def see_verdicts(
        self, seen: Iterable[Verdicted], at: datetime, *, told: datetime | None = None
    ) -> None:
        """Note what items are judged to be now; of one that changed, what it was stays known.

        A change is settled when it is old enough, or was *told* to people since.
        """
        settled = at - UNSETTLED if told is None else max(at - UNSETTLED, told)
        for page in pages(seen):
            refs = {one.ref: one for one in page}
            found = self._db.about(verdicts, by_tracker(refs))
            known = {ItemRef(row.tracker, row.item): row for row in found}
            fresh = (_values(one, known.get(ref), at, settled) for ref, one in refs.items())
            self._db.upsert(verdicts, [values for values in fresh if values is not None])

    def verdict_changes_after(
        self, after: ItemRef | None, limit: int, *, since: datetime
    ) -> Sequence[VerdictChange]:
        """Return up to *limit* changes of *since* or later, in the order of their refs."""
        wanted = select(verdicts).where(verdicts.c.moved >= micros(since))
        if after is not None:
            wanted = wanted.where(behind(verdicts, after))
        wanted = wanted.order_by(verdicts.c.tracker, verdicts.c.item).limit(limit)
        return [_change(row) for row in self._db.rows(wanted)]

    def forget_verdicts_of_the_gone(self) -> None:
        """Forget items that are mirrored no more."""
        same = (mirror.c.tracker == verdicts.c.tracker, mirror.c.item == verdicts.c.item)
        self._db.run(delete(verdicts).where(~exists().where(*same)))


def _values(
    now: Verdicted, row: AnyRow | None, at: datetime, settled: datetime
) -> Mapping[str, Any] | None:
    """Return the row to write, if anything is otherwise than in the one that is there."""
    goals = json_text(now.goals)
    key = {"tracker": now.ref.tracker, "item": now.ref.id, "verdict": now.verdict, "goals": goals}
    nothing = {"verdict_before": None, "goals_before": None, "moved": None}
    if row is None:
        return key | nothing | {"because": now.because}
    if (row.verdict, row.goals) == (now.verdict, goals):
        return None
    before = (row.verdict, row.goals)
    if row.moved is not None and moment(row.moved) > settled:
        before = (row.verdict_before, row.goals_before)
    if before == (now.verdict, goals):
        return key | nothing | {"because": now.because}
    told = {"verdict_before": before[0], "goals_before": before[1], "moved": micros(at)}
    return key | told | {"because": now.because}


def _change(row: AnyRow) -> VerdictChange:
    return VerdictChange(
        now=Verdicted(
            ref=ItemRef(row.tracker, row.item),
            verdict=row.verdict,
            goals=words(row.goals),
            because=row.because,
        ),
        verdict_before=row.verdict_before,
        goals_before=words(row.goals_before),
        at=moment(row.moved),
    )
