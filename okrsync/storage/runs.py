"""Runs: one row for each use of okrsync that read or wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from okrsync.ports.store import Run
from okrsync.storage.codec import json_text, loads, micros, moment, moment_or_none
from okrsync.storage.schema import runs
from okrsync.storage.statements import Concern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from okrsync.storage.statements import AnyRow


class Runs(Concern):
    """Reads and writes runs."""

    def start_run(self, kind: str, at: datetime) -> Run:
        """Begin a run with the next number."""
        values = {"kind": kind, "started": micros(at), "summary": "{}"}
        row = self._db.rows(insert(runs).returning(runs.c.id), values)[0]
        return Run(id=row.id, kind=kind, started=at)

    def end_run(
        self, run: int, at: datetime, *, exit_code: int, summary: Mapping[str, Any]
    ) -> None:
        """Note how a run ended."""
        ended = {
            "ended": micros(at),
            "exit_code": exit_code,
            "summary": json_text(dict(summary)),
        }
        self._db.run(update(runs).where(runs.c.id == run).values(ended))

    def forget_run(self, run: int) -> None:
        """Forget a run that left no trace."""
        self._db.run(delete(runs).where(runs.c.id == run))

    def run_before(self, at: datetime) -> int:
        """Return the number of the newest run that began before then; 0 if there is none."""
        newest = select(func.max(runs.c.id).label("run")).where(runs.c.started < micros(at))
        return int(self._db.rows(newest)[0].run or 0)

    def runs(self, limit: int = 20) -> Sequence[Run]:
        """Return the newest runs, newest first."""
        wanted = select(runs).order_by(runs.c.id.desc()).limit(limit)
        return [_run(row) for row in self._db.rows(wanted)]

    def run(self, run: int) -> Run | None:
        """Return one run."""
        rows = self._db.rows(select(runs).where(runs.c.id == run))
        return _run(rows[0]) if rows else None


def _run(row: AnyRow) -> Run:
    return Run(
        id=row.id,
        kind=row.kind,
        started=moment(row.started),
        ended=moment_or_none(row.ended),
        exit_code=row.exit_code,
        summary=loads(row.summary),
    )
