"""Looks at all work together from time to time: what no pass over a single scope can see.

Rules about the absence of work, and the numbers of the day, need every scope at once. They are
found out from the mirror; nothing is asked of a tracker. Metrics of findings and verdicts follow.
"""

from __future__ import annotations

from collections import Counter
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from okrsync.app.findings import SNAPSHOT, check_work, standing
from okrsync.app.strategy import read_strategy
from okrsync.errors import OkrsyncError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from okrsync.app.context import Context
    from okrsync.daemon.passing import Workshop


class Inspector:
    """A worker of its own, because looking at everything takes a while."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._wanted = Event()
        self._closed = Event()
        self._looked_at: tuple[date, int, int] | None = None
        self.thread = Thread(target=self._work, name="inspection", daemon=True)

    def want(self) -> None:
        """Ask for a look, as soon as there is time."""
        self._wanted.set()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        self._wanted.set()

    def _work(self) -> None:
        seat = self._shop.seat()
        while self._wanted.wait() and not self._closed.is_set():
            self._wanted.clear()
            try:
                self._look(seat.context())
            except OkrsyncError as error:
                structlog.get_logger().warning("inspection.failed", why=str(error))
            except Exception:  # noqa: BLE001 - a rule that breaks must not end the looking
                structlog.get_logger().exception("inspection.broke")
        seat.leave()

    def _look(self, ctx: Context) -> None:
        """Look, unless nothing has changed since the last look today."""
        now = (ctx.today(), self._shop.board.changes, self._shop.house.generation)
        if now == self._looked_at:
            return
        began = monotonic()
        check_work(ctx, read_strategy(ctx), list(ctx.scopes()))
        self._looked_at = now
        by_code = Counter(each.seen.identity.code for each in standing(ctx))
        self._shop.telemetry.findings(by_code)
        self._shop.telemetry.verdicts(_verdicts(ctx))
        seconds = round(monotonic() - began, 3)
        log = structlog.get_logger()
        log.info("inspection.ended", findings=by_code.total(), seconds=seconds)


def _verdicts(ctx: Context) -> Mapping[tuple[str, str], int]:
    """Return how many items each team has of each verdict, by the newest numbers there are."""
    with ctx.store.begin() as tx:
        newest = tx.snapshot(SNAPSHOT, ctx.today())
    counts = {} if newest is None else newest[1]["verdicts"]
    return {
        (team, verdict): count
        for team, verdicts in counts.items()
        for verdict, count in verdicts.items()
    }
