"""Plans and their outcomes as text and as JSON values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.app.batches import planned
from okrsync.cli.text import one_line, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.applying import Applied
    from okrsync.app.context import Context
    from okrsync.app.passes import Pass
    from okrsync.app.pull import Pulled
    from okrsync.ports.store import PlannedEdit, StoredPlan


def edits_of(ctx: Context, plan: StoredPlan) -> Iterator[PlannedEdit]:
    """Yield a stored plan's edits, page by page."""
    for page in planned(ctx, plan.id):
        yield from page


def print_plan(ctx: Context, plan: StoredPlan) -> None:
    """Write what a plan will do, item by item, with the reason."""
    for edit in edits_of(ctx, plan):
        say(f"{edit.ref.tracker} ", nl=False)
        say(one_line(edit.key), nl=False, bold=True)
        say(f"  {one_line(edit.title)}")
        for label in edit.remove:
            say(f"  - {label}", fg="red")
        for label in edit.add:
            say(f"  + {label}", fg="green")
        say(f"    {edit.verdict + ': ' if edit.verdict else ''}{edit.because}")


def print_totals(made: Pass) -> None:
    """Write one line of totals, and what waits for whom."""
    plan = made.planned
    if plan is None:
        return
    verdicts = ", ".join(f"{n} {word}" for word, n in sorted(plan.verdicts.items()))
    if not plan.considered:
        if not made.pulled.failed:
            say("Nothing to do: no items.")
    elif plan.empty:
        say(f"Nothing to do: {plan.considered} items as they should be ({verdicts}).")
    else:
        say(
            f"Plan {plan.plan.digest}: {plan.plan.labels} labels on {plan.plan.items} of "
            f"{plan.considered} items ({verdicts})."
        )
    if plan.withheld:
        say(
            f"{plan.withheld} items are held or keep a label off because somebody said so; "
            "`okrsync explain KEY` says why."
        )


def print_questions(ctx: Context, made: Pass) -> None:
    """Say what somebody has to answer before okrsync goes on with some items."""
    plan = made.planned
    if plan is not None and plan.unexplained:
        say(
            f"{plan.unexplained} items carry labels of okrsync's words that it does not remember "
            "writing; if its store was lost, or another tool wrote them: `okrsync labels adopt`",
            fg="yellow",
            err=True,
        )
    with ctx.store.begin() as tx:
        questions = list(tx.vanishings())
    for question in questions:
        items = len({ref for ref, _ in question.lost})
        what = question.label or f"many labels of {question.scope}"
        say(
            f"{what} vanished from {items} items of {question.tracker}; nothing is written there "
            f"until you say what it was: `okrsync labels vanished {question.id} people|accident`",
            fg="yellow",
            err=True,
        )


def print_guard(made: Pass) -> None:
    """Say what the guard would not let through without a person."""
    if made.planned is not None:
        for why in dict.fromkeys(made.planned.waiting.values()):
            say(f"asks first: {why}", fg="yellow", err=True)


def print_failures(pulled: Pulled) -> None:
    """Say which scopes could not be read, and why, once; they keep what they have."""
    causes: dict[tuple[str, str | None], list[str]] = {}
    for (_tracker, scope), error in pulled.failed.items():
        causes.setdefault((str(error), error.hint), []).append(scope)
    for (why, hint), scopes in causes.items():
        say(f"{', '.join(scopes)} could not be read: {why}", fg="red", err=True)
        if hint:
            say(f"hint: {hint}", err=True)


def print_waiting(plans: list[StoredPlan]) -> None:
    """Say which plans wait and how to let them go."""
    for plan in plans:
        say(f"{plan.labels} labels on {plan.items} items wait: {plan.why}", fg="yellow", err=True)
        say(f"hint: okrsync apply --approve {plan.digest}", err=True)


def print_applied(made: Pass) -> None:
    """Write what an apply did, and what it left alone and why."""
    applied = made.applied
    if applied is None:
        return
    for edit, why in applied.moved:
        say(f"left alone: {edit.key} moved: {why}")
    for edit in applied.gone:
        say(f"left alone: {edit.key} is gone")
    for edit, why in applied.refused:
        say(f"refused: {edit.key}: {why}", fg="red", err=True)
    for edit, why in applied.failed:
        say(f"failed: {edit.key}: {why}", fg="red", err=True)
    for edit in applied.unfinished:
        say(f"not finished: {edit.key}; the next run finds out")
    for edit, label in applied.disputed:
        say(f"disputed: {label} did not stick on {edit.key}; not tried for seven days")
    say(
        f"Run {made.run}: {applied.done} items done, {applied.added} labels added, "
        f"{applied.removed} removed. `okrsync undo {made.run}` takes it back."
        if applied.done
        else f"Run {made.run}: nothing was written."
    )


def pass_values(ctx: Context, made: Pass, *, with_edits: bool = True) -> dict[str, Any]:
    """Return a pass as JSON values."""
    told: dict[str, Any] = {
        "run": made.run,
        "exit_code": made.exit_code,
        "pulled": {f"{t} {s}": n for (t, s), n in made.pulled.items.items()},
        "failed": {f"{t} {s}": str(e) for (t, s), e in made.pulled.failed.items()},
    }
    if made.planned is not None:
        told |= {
            "digest": made.planned.plan.digest,
            "items": made.planned.plan.items,
            "labels": made.planned.plan.labels,
            "considered": made.planned.considered,
            "verdicts": dict(made.planned.verdicts),
            "asks_first": sorted(set(made.planned.waiting.values())),
        }
        if with_edits:
            told["edits"] = [edit_value(edit) for edit in edits_of(ctx, made.planned.plan)]
    if made.waiting:
        told["waiting"] = [
            {"digest": plan.digest, "items": plan.items, "labels": plan.labels, "why": plan.why}
            for plan in made.waiting
        ]
    if made.applied is not None:
        told["applied"] = _applied_values(made.applied)
    return told


def edit_value(edit: PlannedEdit) -> dict[str, Any]:
    """Return one planned edit as JSON values; a plan file holds these."""
    return {
        "tracker": edit.ref.tracker,
        "id": edit.ref.id,
        "key": edit.key,
        "scope": edit.scope,
        "title": edit.title,
        "url": edit.url,
        "add": list(edit.add),
        "remove": list(edit.remove),
        "before": list(edit.before),
        "fingerprint": edit.fingerprint,
        "verdict": edit.verdict,
        "because": edit.because,
        "cause": edit.cause.value,
    }


def _applied_values(applied: Applied) -> dict[str, Any]:
    def pairs(found: list[tuple[PlannedEdit, str]]) -> list[dict[str, str]]:
        return [{"key": edit.key, "why": why} for edit, why in found]

    return {
        "done": applied.done,
        "added": applied.added,
        "removed": applied.removed,
        "moved": pairs(applied.moved),
        "refused": pairs(applied.refused),
        "failed": pairs(applied.failed),
        "disputed": pairs(applied.disputed),
        "gone": [edit.key for edit in applied.gone],
        "unfinished": [edit.key for edit in applied.unfinished],
    }
