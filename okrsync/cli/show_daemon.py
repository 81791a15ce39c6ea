"""How `status` tells of the daemon: only what a person would act on or wonder about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okrsync.app.daemon_note import BudgetNote, DaemonNote, DaemonStatus, ScopeNote

NEARLY_SPENT = 0.2
"""Share of a budget below which it is worth a line."""


def daemon_lines(found: DaemonStatus, now: datetime) -> Iterator[str]:
    """Yield the lines about the daemon."""
    note = found.note
    if found.runs and note is not None:
        yield f"Daemon: runs for {span(now, note.started)} (process {note.pid})"
        yield from _troubles(note, now)
    elif note is not None:
        yield f"Daemon: does not run; last seen {span(now, note.noted)} ago"
    if found.dead_letters:
        yield f"{found.dead_letters} items whose webhooks could not be answered"
        yield "  okrsync dead list"


def span(now: datetime, then: datetime) -> str:
    """Tell a span as people do."""
    minutes = max(0, int((now - then).total_seconds())) // 60
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def daemon_values(found: DaemonStatus) -> dict[str, Any]:
    """Return the same for scripts, whole."""
    note = found.note
    told: dict[str, Any] = {"running": found.runs, "dead_letters": found.dead_letters}
    if note is None:
        return told
    return told | {
        "pid": note.pid,
        "started": note.started,
        "noted": note.noted,
        "scopes": [_scope_values(scope) for scope in note.scopes],
        "budgets": [_budget_values(budget) for budget in note.budgets],
        "waits": dict(note.waits),
        "refused": dict(note.refused),
    }


def _troubles(note: DaemonNote, now: datetime) -> Iterator[str]:
    for what, why in note.refused.items():
        yield f"  {what}: cannot be used, what was read before is in force: {why}"
    for tracker, why in note.waits.items():
        yield f"  waits for {tracker}: {why}"
    for scope in note.scopes:
        if scope.failures:
            yield f"  {scope.tracker} {scope.scope} {_failing(scope, now)}"
    for budget in note.budgets:
        if budget.limit and budget.remaining < budget.limit * NEARLY_SPENT:
            left = f"{budget.remaining:g} of {budget.limit:g}"
            yield f"  {budget.tracker} grants only {left} more {budget.name} for now"


def _failing(scope: ScopeNote, now: datetime) -> str:
    times = "once" if scope.failures == 1 else f"{scope.failures} times in a row"
    last = f", last well {span(now, scope.succeeded)} ago" if scope.succeeded else ""
    again = f", again at {scope.next_try:%H:%M:%S} UTC" if scope.next_try else ""
    return f"failed {times}{last}{again}: {scope.why}"


def _scope_values(scope: ScopeNote) -> dict[str, Any]:
    return {
        "tracker": scope.tracker,
        "scope": scope.scope,
        "succeeded": scope.succeeded,
        "failures": scope.failures,
        "why": scope.why,
        "next_try": scope.next_try,
    }


def _budget_values(budget: BudgetNote) -> dict[str, Any]:
    return {
        "tracker": budget.tracker,
        "budget": budget.name,
        "remaining": budget.remaining,
        "limit": budget.limit,
        "resets": budget.resets,
    }
