"""Marks: how far scopes have been read, and under what everything in them was judged last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from okrsync.core.reading import Mark
from okrsync.storage.codec import micros_or_none, moment_or_none
from okrsync.storage.schema import marks
from okrsync.storage.statements import Concern

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOMENTS = ("watermark", "began", "swept", "read", "tried")


class Marks(Concern):
    """Reads and writes marks."""

    def marks(self) -> Mapping[tuple[str, str], Mark]:
        """Return the mark of every scope that has one."""
        return {(row.tracker, row.scope): _mark(row) for row in self._db.rows(select(marks))}

    def put_mark(self, tracker: str, scope: str, mark: Mark) -> None:
        """Insert or replace."""
        values: dict[str, Any] = {name: micros_or_none(getattr(mark, name)) for name in _MOMENTS}
        plain = {"basis": mark.basis, "settled_under": mark.settled_under}
        self._db.upsert(marks, [{"tracker": tracker, "scope": scope} | plain | values])


def _mark(row: Any) -> Mark:
    moments = {name: moment_or_none(getattr(row, name)) for name in _MOMENTS}
    return Mark(basis=row.basis, settled_under=row.settled_under, **moments)
