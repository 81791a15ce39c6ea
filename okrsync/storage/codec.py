"""Values to columns and back. Knows no database; what goes in comes out equal.

Fields that hold their default are left out of an item's body, so adding a field with a
default to `WorkItem` needs no migration.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from okrsync.core.work import Category, ItemRef, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Turn an aware moment into microseconds since 1970; a naive one is a mistake and raises."""
    return (at - _EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    """Turn stored microseconds into a moment in UTC."""
    return _EPOCH + timedelta(0, 0, stored)


def micros_or_none(at: datetime | None) -> int | None:
    """Do as `micros` where there may be nothing."""
    return None if at is None else micros(at)


def moment_or_none(stored: int | None) -> datetime | None:
    """Do as `moment` where there may be nothing."""
    return None if stored is None else moment(stored)


def dumps(value: Any) -> bytes:
    """Encode JSON, always the same bytes for the same value.

    Trackers can send half a surrogate pair in a title; it is stored as ``?`` rather than
    stopping the whole pull.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        readable = json.dumps(value, ensure_ascii=False, sort_keys=True)
        return readable.encode("utf-8", errors="replace")


def json_text(value: Any) -> str:
    """Encode JSON for a text column."""
    return dumps(value).decode()


def loads(stored: str | bytes) -> Any:
    """Decode JSON."""
    return orjson.loads(stored)


def words(stored: str) -> tuple[str, ...]:
    """Decode a stored list of labels."""
    return () if stored == "[]" else tuple(orjson.loads(stored))


def item_body(item: WorkItem) -> bytes:
    """Encode all of an item that has no column of its own."""
    body: dict[str, Any] = {
        "key": item.key,
        "title": item.title,
        "type": item.type,
        "status": item.status,
        "category": item.category.value,
        "created": micros(item.created),
    }
    body.update(_labels(item))
    body.update(_surroundings(item))
    body.update(_details(item))
    return dumps({name: value for name, value in body.items() if value is not None})


def _labels(item: WorkItem) -> dict[str, Any]:
    return {
        "labels": sorted(item.labels) or None,
        "label_ids": dict(item.label_ids) or None,
    }


def _surroundings(item: WorkItem) -> dict[str, Any]:
    parent = item.parent
    return {
        "parent": None if parent is None else (parent.tracker, parent.id),
        "containers": [(ref.tracker, ref.id) for ref in item.containers] or None,
        "projects": item.projects or None,
        "milestone": item.milestone,
        "initiatives": item.initiatives or None,
        "components": item.components or None,
        "team": item.team,
    }


def _details(item: WorkItem) -> dict[str, Any]:
    return {
        "text": item.text,
        "fields": {name: list(values) for name, values in item.fields.items()} or None,
        "due": None if item.due is None else item.due.isoformat(),
        "estimate": item.estimate,
        "resolved": micros_or_none(item.resolved),
        "url": item.url,
    }


def item_from(ref: ItemRef, scope: str, updated: int, body: bytes) -> WorkItem:
    """Build the item again from its columns and its body."""
    known = orjson.loads(body)
    for name, read in _READ.items():
        if name in known:
            known[name] = read(known[name])
    return WorkItem(ref=ref, scope=scope, updated=moment(updated), **known)


def _refs(stored: Iterable[tuple[str, str]]) -> tuple[ItemRef, ...]:
    return tuple(map(ItemRef._make, stored))


def _fields(stored: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in stored.items()}


_READ: dict[str, Any] = {
    "category": {category.value: category for category in Category}.__getitem__,
    "created": moment,
    "labels": frozenset,
    "parent": ItemRef._make,
    "containers": _refs,
    "projects": tuple,
    "initiatives": tuple,
    "components": tuple,
    "fields": _fields,
    "due": date.fromisoformat,
    "resolved": moment,
}
"""How each field is read that JSON does not give back as it was."""
