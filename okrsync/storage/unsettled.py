"""Unsettled items: something changed since their labels were last found to be in order.

Whatever changes what is believed or remembered of an item unsettles it; who judges it and finds its
labels in order settles it again. What hangs below an item is settled and unsettled with it.

The digest of a search answer ends likewise: with whatever changes what came of that answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, insert, literal, not_, select, update

from okrsync.core.work import ItemRef
from okrsync.ports.store import Role
from okrsync.storage.schema import above, mirror, unsettled
from okrsync.storage.statements import Concern, by_tracker, pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import CTE, ColumnElement

    from okrsync.storage.statements import Statements


def unsettle(db: Statements, refs: Iterable[ItemRef]) -> None:
    """Note that something changed about these items."""
    db.upsert(unsettled, [{"tracker": ref.tracker, "item": ref.id} for ref in refs])


def forget_shown(db: Statements, refs: Iterable[ItemRef]) -> None:
    """Let the next search answer about these items be looked at closely, whatever it says."""
    db.change(_FORGET_SHOWN, mirror, by_tracker(refs))


class Unsettled(Concern):
    """Reads and writes which items are unsettled, and what is above what."""

    def unsettle(self, refs: Iterable[ItemRef]) -> None:
        """Note that the labels of these items may not be in order."""
        for page in pages(refs):
            unsettle(self._db, page)

    def settle(self, refs: Iterable[ItemRef]) -> None:
        """Note that the labels of these items are in order."""
        for page in pages(refs):
            self._db.change(_SETTLE, unsettled, by_tracker(page))

    def unsettle_below(self, tracker: str) -> bool:
        """Unsettle also all that hangs below unsettled items, at any depth; tell if there were any.

        Items that only pass something on are settled by that: they are never judged themselves.
        """
        start = select(unsettled.c.item.label("item")).where(unsettled.c.tracker == tracker)
        if not self._db.rows(start.limit(1)):
            return False
        tree = _below(start.cte("below", recursive=True), tracker)
        already = unsettled.alias()
        is_new = not_(exists().where(already.c.tracker == tracker, already.c.item == tree.c.item))
        spread = select(literal(tracker), tree.c.item).where(is_new)
        self._db.run(insert(unsettled).from_select(["tracker", "item"], spread))
        judged = _is_item(unsettled.c.tracker, unsettled.c.item)
        self._db.run(delete(unsettled).where(unsettled.c.tracker == tracker, not_(judged)))
        return True

    def below(self, refs: Iterable[ItemRef]) -> set[ItemRef]:
        """Return these and all that hangs below them, at any depth."""
        found: set[ItemRef] = set()
        for tracker, ids in by_tracker(refs):
            start = select(above.c.item.label("item")).where(
                above.c.tracker == tracker, above.c.up.in_(ids)
            )
            tree = _below(start.cte("below", recursive=True), tracker)
            found |= {ItemRef(tracker, item) for item in ids}
            found |= {ItemRef(tracker, row.item) for row in self._db.rows(select(tree.c.item))}
        return found

    def missing_above(self, tracker: str) -> set[ItemRef]:
        """Return what is above mirrored items and is in no scope of ours, mirrored or not."""
        in_scope = _is_item(above.c.tracker, above.c.up)
        wanted = select(above.c.up).distinct().where(above.c.tracker == tracker, not_(in_scope))
        return {ItemRef(tracker, row.up) for row in self._db.rows(wanted)}


_SETTLE = delete(unsettled)
_FORGET_SHOWN = update(mirror).where(mirror.c.shown.is_not(None)).values(shown=None)


def _is_item(tracker: ColumnElement[str], item: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(
        mirror.c.tracker == tracker, mirror.c.item == item, mirror.c.role == Role.ITEM.value
    )


def _below(tree: CTE, tracker: str) -> CTE:
    """Let a selection of items grow by what hangs below; circles end because nothing is new."""
    lower = select(above.c.item).where(above.c.tracker == tracker, above.c.up == tree.c.item)
    return tree.union(lower)
