"""Snapshots: one JSON value a kind and day, to tell later what changed since."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from okrsync.storage.codec import json_text, loads
from okrsync.storage.schema import snapshots
from okrsync.storage.statements import Concern

if TYPE_CHECKING:
    from datetime import date


class Snapshots(Concern):
    """Reads and writes snapshots."""

    def put_snapshot(self, kind: str, day: date, payload: Any) -> None:
        """Keep a JSON value for that day; a later one of the same day takes its place."""
        values = {"kind": kind, "day": day.isoformat(), "payload": json_text(payload)}
        self._db.upsert(snapshots, [values])

    def snapshot(self, kind: str, day: date) -> tuple[date, Any] | None:
        """Return the newest of *day* or before, with its own day."""
        wanted = select(snapshots).where(
            snapshots.c.kind == kind, snapshots.c.day <= day.isoformat()
        )
        rows = self._db.rows(wanted.order_by(snapshots.c.day.desc()).limit(1))
        return (dt.date.fromisoformat(rows[0].day), loads(rows[0].payload)) if rows else None

    def forget_snapshots(self, before: date) -> None:
        """Forget the snapshots of earlier days."""
        self._db.run(delete(snapshots).where(snapshots.c.day < before.isoformat()))
