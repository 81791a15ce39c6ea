"""The mirror: items as last believed.

A mirrored item never goes back behind the newest `updated` ever believed of it, also when its
mirror row is gone: that moment is kept beside the mirror. What is unchanged is not rewritten.
With what a search showed a digest of its answer is kept, until anything else touches the item.
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
    from datetime import datetime

    from sqlalchemy import Select

    from okrsync.core.work import WorkItem
    from okrsync.ports.store import Shown
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

    def count_items(self, tracker: str, scope: str | None = None) -> Mapping[str, int]:
        """Count the items (role ITEM) of each scope, or of one."""
        counted = select(mirror.c.scope, func.count().label("items")).where(
            mirror.c.tracker == tracker, mirror.c.role == Role.ITEM.value
        )
        if scope is not None:
            counted = counted.where(mirror.c.scope == scope)
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
            self._put_page([one.item for one in page], [_values(one) for one in page])

    def put_shown(self, shown: Iterable[Shown], pull: int) -> None:
        """Put what a search showed run *pull*, and keep the digests."""
        for page in pages(shown):
            self._put_page([one.item for one in page], [_shown(one, pull) for one in page])

    def shown_again(
        self, tracker: str, digests: Mapping[str, bytes], pull: int
    ) -> Mapping[str, datetime]:
        """Return which of these are as `put_shown` left them, and mark them as pulled."""
        wanted = [(tracker, page) for page in pages(digests)]
        rows = self._db.about(mirror, wanted, mirror.c.item, mirror.c.updated, mirror.c.shown)
        again = {item: moment(updated) for item, updated, shown in rows if digests[item] == shown}
        self._db.change(_SEE, mirror, [(tracker, page) for page in pages(again)], b_pull=pull)
        return again

    def mark_pulled(self, refs: Iterable[ItemRef], pull: int) -> None:
        """Note that these were seen, unchanged, by run *pull*."""
        for page in pages(refs):
            self._see(page, pull)

    def not_pulled(
        self, tracker: str, scope: str, pull: int, *, after: str = "", limit: int
    ) -> Sequence[ItemRef]:
        """Return some of a scope's items that neither run *pull* nor a later one saw."""
        wanted = select(mirror.c.item).where(
            mirror.c.tracker == tracker,
            mirror.c.scope == scope,
            mirror.c.item > after,
            mirror.c.role == Role.ITEM.value,
            mirror.c.pull < pull,
        )
        rows = self._db.rows(wanted.order_by(mirror.c.item).limit(limit))
        return [ItemRef(tracker, row.item) for row in rows]

    def _items_of(self, wanted: Select[Any]) -> Sequence[MirroredItem]:
        return [_mirrored(row) for row in self._db.rows(wanted)]

    def _put_page(self, items: Sequence[WorkItem], page: Sequence[_Stored]) -> None:
        refs = [item.ref for item in items]
        stored = self._stored_values(refs)
        believed = {ItemRef(*row[:2]): row[2] for row in self._db.about(newest, by_tracker(refs))}
        rows: dict[ItemRef, _Stored] = {}
        changed: set[ItemRef] = set()
        fresher: dict[ItemRef, int] = {}
        seen: dict[int, list[ItemRef]] = {}
        for ref, values in zip(refs, page, strict=True):
            known, floor = stored.get(ref), believed.get(ref)
            if floor is not None and values["updated"] < floor:
                if _saw_later(known, values):
                    seen.setdefault(values["pull"], []).append(ref)
            elif known is None or _belief(known) != _belief(values):
                rows[ref] = stored[ref] = values
                changed.add(ref)
            elif (again := _read_again(known, values)) != known | {"pull": again["pull"]}:
                rows[ref] = stored[ref] = again
            elif known["pull"] != values["pull"]:
                seen.setdefault(values["pull"], []).append(ref)
            if floor is None or values["updated"] > floor:
                believed[ref] = fresher[ref] = values["updated"]
        self._db.upsert(mirror, list(rows.values()))
        self._db.upsert(newest, [_newest(ref, at) for ref, at in fresher.items()])
        for pull, refs_seen in seen.items():
            self._see(refs_seen, pull)
        self._place({item.ref: item for item in items if item.ref in changed})
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
        "shown": None,
    }


def _shown(shown: Shown, pull: int) -> _Stored:
    item = MirroredItem(item=shown.item, role=Role.ITEM, direct=False, pull=pull)
    return _values(item) | {"shown": shown.digest}


def _belief(values: _Stored) -> tuple[Any, ...]:
    return tuple(values[name] for name in ("scope", "key_folded", "role", "updated", "body"))


def _read_again(known: _Stored, values: _Stored) -> _Stored:
    """Return the row of an item that was read once more and is as it was."""
    if values["shown"] is None:
        return values | {"shown": known["shown"]}
    return known | {"shown": values["shown"], "pull": values["pull"]}


def _saw_later(known: _Stored | None, values: _Stored) -> bool:
    return known is not None and known["pull"] < values["pull"]


def _newest(ref: ItemRef, updated: int) -> _Stored:
    return {"tracker": ref.tracker, "item": ref.id, "updated": updated}


def _mirrored(row: AnyRow) -> MirroredItem:
    tracker, item, scope, _key, role, direct, pull, updated, body, _digest = row
    return MirroredItem(
        item=item_from(ItemRef(tracker, item), scope, updated, body),
        role=_ROLES[role],
        direct=direct,
        pull=pull,
    )
