"""Plans that a person asks for by name: to take back a run, or to take all of our labels off.

They are stored and approved like any other, weigh on no limit, and afterwards the items are held
(LABELS.md 17 and 19). What each of them changes is said in `undo` and `purging`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.batches import batches
from okrsync.core.plan import Digest
from okrsync.core.work import LabelEdit
from okrsync.ports.store import Cause, PlanStatus, StoredPlan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.app.context import Context
    from okrsync.ports.store import PlannedEdit

PAGE = 500


@dataclass(slots=True)
class Proposal:
    """A stored plan that somebody asked for, and the items it leaves as they are."""

    plan: StoredPlan
    left: list[tuple[str, str]] = field(default_factory=list)
    """Key and reason."""


def store_proposal(
    ctx: Context, purpose: str, edits: Iterable[PlannedEdit], *, run: int, why: str
) -> StoredPlan:
    """Store *edits*, given in the order of their refs, as a plan that waits for a person.

    One that would change nothing waits for nobody.
    """
    with ctx.store.begin() as tx:
        plan = tx.add_plan(_head(ctx, purpose, run=run, why=why))
    digest = Digest()
    for page in batches(edits, PAGE):
        with ctx.store.begin() as tx:
            tx.add_edits(plan.id, page)
        for edit in page:
            digest.add(LabelEdit(edit.ref, add=edit.add, remove=edit.remove))
        labels = plan.labels + sum(len(edit.add) + len(edit.remove) for edit in page)
        plan = replace(plan, items=plan.items + len(page), labels=labels)
    status = PlanStatus.WAITING if plan.items else PlanStatus.REPLACED
    plan = replace(plan, digest=digest.value(), status=status)
    with ctx.store.begin() as tx:
        tx.put_plan(plan)
    return plan


def _head(ctx: Context, purpose: str, *, run: int, why: str) -> StoredPlan:
    return StoredPlan(
        id=0,
        digest="",
        run=run,
        created=ctx.now(),
        cause=Cause.WORK,
        purpose=purpose,
        status=PlanStatus.REPLACED,
        why=why,
        items=0,
        labels=0,
    )
