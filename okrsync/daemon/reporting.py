"""What a pass did, told to logs and metrics. Labels and ids, never titles, bodies or people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from okrsync.errors import RefusedError, StoreError, TrackerUnavailableError

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.passes import Pass
    from okrsync.errors import OkrsyncError
    from okrsync.ports.telemetry import Place, Telemetry


@dataclass(frozen=True, slots=True)
class Ended:
    """How a piece of work ended."""

    began: datetime
    seconds: float
    outcome: str
    """One of ok, waiting (for an approval), busy (another okrsync writes there), failed, broken
    (a mistake of ours), stopped."""
    why: str | None = None
    """Of busy, failed and broken."""
    retry_after: float | None = None
    everybodys: bool = False
    """Whether the cause concerns every item alike: a tracker or the store is not there."""
    exit_code: int = 0
    changed: bool = False
    """Whether anything was read or written."""


def failure(error: OkrsyncError, began: datetime, seconds: float) -> Ended:
    """Say of an error how the work ended."""
    outside = isinstance(error, TrackerUnavailableError | StoreError | RefusedError)
    asked = error.retry_after if isinstance(error, TrackerUnavailableError) else None
    outcome = "busy" if isinstance(error, RefusedError) else "failed"
    return Ended(began, seconds, outcome, str(error), asked, outside, error.exit_code)


def report(
    telemetry: Telemetry,
    ctx: Context,
    made: Pass,
    place: Place,
    *,
    began: datetime,
    seconds: float,
) -> Ended:
    """Tell what a pass did; return how it ended."""
    telemetry.read(place, sum(made.pulled.items.values()))
    if made.applied is not None:
        telemetry.edited(place[0], "added", made.applied.added)
        telemetry.edited(place[0], "removed", made.applied.removed)
        _log_edits(ctx, made)
    _log_waiting(made)
    ended = replace(_end(made, began, seconds), changed=not made.uneventful)
    structlog.get_logger().info(
        "pass.ended", run=made.run, outcome=ended.outcome, seconds=round(seconds, 3), **made.summary
    )
    return ended


def _end(made: Pass, began: datetime, seconds: float) -> Ended:
    for error in made.pulled.failed.values():
        return failure(error, began, seconds)
    if made.applied is not None and made.applied.failed:
        why = made.applied.failed[0][1]
        return Ended(began, seconds, "failed", why, exit_code=made.exit_code)
    outcome = "waiting" if made.waiting else "ok"
    return Ended(began, seconds, outcome, exit_code=made.exit_code)


def _log_waiting(made: Pass) -> None:
    """Tell what a person is asked for, and how to say yes."""
    for plan in made.waiting:
        structlog.get_logger().warning(
            "changes.wait",
            run=made.run,
            items=plan.items,
            labels=plan.labels,
            why=plan.why,
            command=f"okrsync apply --approve {plan.digest}",
        )


def _log_edits(ctx: Context, made: Pass) -> None:
    """Tell each change that took effect, as the journal has it."""
    log = structlog.get_logger()
    with ctx.store.begin() as tx:
        entries = tx.entries_of(made.run)
    for entry in entries:
        log.info(
            "labels.changed",
            run=made.run,
            item=entry.ref.id,
            key=entry.key,
            added=list(entry.added),
            removed=list(entry.removed),
        )
    if made.applied is not None:
        for edit, why in made.applied.refused:
            log.warning("labels.refused", run=made.run, item=edit.ref.id, key=edit.key, why=why)
