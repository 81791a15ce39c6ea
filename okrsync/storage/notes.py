"""Small things by name, and the last good goals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from okrsync.storage.codec import json_text, loads, micros
from okrsync.storage.schema import goal_snapshots, notes
from okrsync.storage.statements import Concern

if TYPE_CHECKING:
    from datetime import datetime


class Notes(Concern):
    """Reads and writes notes and snapshots of goals."""

    def note(self, name: str) -> Any:
        """Return a stored JSON value, or None."""
        rows = self._db.rows(select(notes.c.value).where(notes.c.name == name))
        return loads(rows[0].value) if rows else None

    def put_note(self, name: str, value: Any) -> None:
        """Store a JSON value; None forgets it."""
        if value is None:
            self._db.run(delete(notes).where(notes.c.name == name))
        else:
            self._db.upsert(notes, [{"name": name, "value": json_text(value)}])

    def save_goals(self, digest: str, payload: bytes, at: datetime) -> None:
        """Keep this snapshot as the last good goals; a digest already newest is not repeated."""
        last = self.last_goals()
        if last is None or last[0] != digest:
            snapshot = {"digest": digest, "payload": payload, "at": micros(at)}
            self._db.insert(goal_snapshots, [snapshot])

    def last_goals(self) -> tuple[str, bytes] | None:
        """Return digest and payload of the last good goals."""
        columns = (goal_snapshots.c.digest, goal_snapshots.c.payload)
        rows = self._db.rows(select(*columns).order_by(goal_snapshots.c.id.desc()).limit(1))
        return (rows[0].digest, rows[0].payload) if rows else None
