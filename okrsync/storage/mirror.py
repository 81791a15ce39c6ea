"""The mirror: items as last believed.

A mirrored item never goes back behind the newest `updated` ever believed of it, also when its
mirror row is gone: that moment is kept beside the mirror. What is unchanged is not rewritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, select, update

from okrsync.core.work import ItemRef
from okrsync.ports.store import Head, MirroredItem, Role
from okrsync.storage.codec import item_body, item_from, micros, moment
from okrsync.storage.schema import above, mirror, newest, unsettled
from okrsync.storage.statements import Concern, behind, by_tracker, pages
from okrsync.storage.unsettled import unsettle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Select

    from okrsync.core.work import WorkItem
    from okrsync.storage.statements import AnyRow

_Stored = dict[str, Any]
_ROLES = {role.value: role for role in Role}  # a dictionary is quicker than the enum


class Mirror(Concern):
    """Reads and writes mirrored items."""

    def items_after(
        self,
        after: ItemRef | None,
        limit: int,
        *,
        tracker: str | None = None,
        scope: str | None = None,
        role: Role | None = None,
        unsettled_only: bool = False,
    ) -> Sequence[MirroredItem]:
        """Return up to *limit* items in the order of their refs, from the first after *after*."""
        wanted = select(mirror).order_by(mirror.c.tracker, mirror.c.item).limit(limit)
        if after is not None and after.tracker == tracker:
            wanted = wanted.where(mirror.c.item > after.id)  # lets the index by scope do it all
        elif after is not None:
            wanted = wanted.where(behind(mirror, after))
        if tracker is not None:
            wanted = wanted.where(mirror.c.tracker == tracker)
        if scope is not None:
            wanted = wanted.where(mirror.c.scope == scope)
        if role is not None:
            wanted = wanted.where(mirror.c.role == role.value)
        if unsettled_only:
            wanted = wanted.where(
                exists().where(
                    unsettled.c.tracker == mirror.c.tracker, unsettled.c.item == mirror.c.item
                )
            )
        return self._items_of(wanted)

    def count_items(self, tracker: str) -> Mapping[str, int]:
        """Count the items (role ITEM) of each scope."""
        counted = select(mirror.c.scope, func.count().label("items")).where(
            mirror.c.tracker == tracker, mirror.c.role == Role.ITEM.value
        )
        return {row.scope: row.items for row in self._db.rows(counted.group_by(mirror.c.scope))}

    def forget_unreachable(self, tracker: str, pull: int) -> int:
        """Forget what is unreachable and was last seen by a run before *pull*."""
        old = (
            mirror.c.tracker == tracker,
            mirror.c.role == Role.UNREACHABLE.value,
            mirror.c.pull < pull,
        )
        counted = self._db.rows(select(func.count().label("items")).where(*old))[0].items
        self._db.run(delete(mirror).where(*old))
        return int(counted)

    def items(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, MirroredItem]:
        """Return those that are mirrored."""
        found = map(_mirrored, self._db.about(mirror, by_tracker(refs)))
        return {mirrored.item.ref: mirrored for mirrored in found}

    def heads(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, Head]:
        """Return the heads of those that are mirrored; much cheaper than the items."""
        columns = (mirror.c.tracker, mirror.c.item, mirror.c.updated, mirror.c.role)
        found = self._db.about(mirror, by_tracker(refs), *columns)
        return {
            ItemRef(tracker, item): Head(moment(updated), Role(role))
            for tracker, item, updated, role in found
        }

    def items_by_key(self, key: str) -> Sequence[MirroredItem]:
        """Return the items called *key*, in any case, over all trackers."""
        wanted = select(mirror).where(mirror.c.key_folded == key.casefold())
        return self._items_of(wanted.order_by(mirror.c.tracker, mirror.c.item))

    def put_items(self, items: Iterable[MirroredItem]) -> None:
        """Insert or replace, but never with what is older than the newest belief.

        Of an older reading only one thing is kept: that its pull saw the item.
        """
        for page in pages(items):
            self._put_items_page(page)

    def mark_pulled(self, refs: Iterable[ItemRef], pull: int) -> None:
        """Note that these were seen, unchanged, by run *pull*."""
        for page in pages(refs):
            self._see(page, pull)

    def not_pulled(self, tracker: str, scope: str, pull: int) -> Sequence[MirroredItem]:
        """Return the scope's items (role ITEM) that neither run *pull* nor a later one saw."""
        wanted = select(mirror).where(
            mirror.c.tracker == tracker,
            mirror.c.scope == scope,
            mirror.c.role == Role.ITEM.value,
            mirror.c.pull < pull,
        )
        return self._items_of(wanted.order_by(mirror.c.item))

    def _items_of(self, wanted: Select[Any]) -> Sequence[MirroredItem]:
        return [_mirrored(row) for row in self._db.rows(wanted)]

    def _put_items_page(self, page: Sequence[MirroredItem]) -> None:
        refs = [mirrored.item.ref for mirrored in page]
        stored = self._stored_values(refs)
        believed = {ItemRef(*row[:2]): row[2] for row in self._db.about(newest, by_tracker(refs))}
        changed: dict[ItemRef, _Stored] = {}
        fresher: dict[ItemRef, int] = {}
        seen: dict[int, list[ItemRef]] = {}
        for mirrored in page:
            ref, values = mirrored.item.ref, _values(mirrored)
            known = stored.get(ref)
            floor = believed.get(ref)
            if floor is not None and values["updated"] < floor:
                if _saw_later(known, values):
                    seen.setdefault(mirrored.pull, []).append(ref)
            elif known is None or _without_pull(known) != _without_pull(values):
                changed[ref] = stored[ref] = values
            elif known["pull"] != mirrored.pull:
                seen.setdefault(mirrored.pull, []).append(ref)
            if floor is None or values["updated"] > floor:
                believed[ref] = fresher[ref] = values["updated"]
        self._db.upsert(mirror, list(changed.values()))
        self._db.upsert(newest, [_newest(ref, at) for ref, at in fresher.items()])
        for pull, refs_seen in seen.items():
            self._see(refs_seen, pull)
        self._place({one.item.ref: one.item for one in page if one.item.ref in changed})
        unsettle(self._db, changed)

    def _place(self, items: Mapping[ItemRef, WorkItem]) -> None:
        """Keep what is directly above these items."""
        there = self._db.about(above, by_tracker(items))
        known = {(row.tracker, row.item, row.up) for row in there}
        now = {(ref.tracker, ref.id, up.id) for ref, item in items.items() for up in item.ups}
        gone = [dict(zip(_PLACED, one, strict=True)) for one in known - now]
        if gone:
            self._db.run(_UNPLACE, gone)
        self._db.insert(above, [dict(zip(above.c.keys(), one, strict=True)) for one in now - known])

    def _stored_values(self, refs: Sequence[ItemRef]) -> dict[ItemRef, _Stored]:
        rows = self._db.about(mirror, by_tracker(refs))
        return {ItemRef(row.tracker, row.item): dict(row._mapping) for row in rows}  # noqa: SLF001 - public in spite of its name

    def _see(self, refs: Sequence[ItemRef], pull: int) -> None:
        self._db.change(_SEE, mirror, by_tracker(refs), b_pull=pull)


_PLACED = ("b_tracker", "b_item", "b_up")
_UNPLACE = delete(above).where(
    above.c.tracker == bindparam("b_tracker"),
    above.c.item == bindparam("b_item"),
    above.c.up == bindparam("b_up"),
)
_SEE = update(mirror).values(pull=bindparam("b_pull"))


def _values(mirrored: MirroredItem) -> _Stored:
    item = mirrored.item
    return {
        "tracker": item.ref.tracker,
        "item": item.ref.id,
        "scope": item.scope,
        "key_folded": item.key.casefold(),
        "role": mirrored.role.value,
        "direct": mirrored.direct,
        "pull": mirrored.pull,
        "updated": micros(item.updated),
        "body": item_body(item),
    }


def _without_pull(values: _Stored) -> _Stored:
    return values | {"pull": 0}


def _saw_later(known: _Stored | None, values: _Stored) -> bool:
    return known is not None and known["pull"] < values["pull"]


def _newest(ref: ItemRef, updated: int) -> _Stored:
    return {"tracker": ref.tracker, "item": ref.id, "updated": updated}


def _mirrored(row: AnyRow) -> MirroredItem:
    tracker, item, scope, _key, role, direct, pull, updated, body = row
    return MirroredItem(
        item=item_from(ItemRef(tracker, item), scope, updated, body),
        role=_ROLES[role],
        direct=direct,
        pull=pull,
    )
