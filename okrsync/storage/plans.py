"""Stored plans: a head, and edits that are read as a stream."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, tuple_, update

from okrsync.core.work import ItemRef
from okrsync.ports.store import Cause, PlannedEdit, PlanStatus, StoredPlan
from okrsync.storage.codec import json_text, micros, moment, words
from okrsync.storage.schema import plan_edits, plans
from okrsync.storage.statements import Concern, behind, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from okrsync.storage.statements import AnyRow


class Plans(Concern):
    """Reads and writes plans and their edits."""

    def add_plan(self, plan: StoredPlan) -> StoredPlan:
        """Store a plan's head (its id is ignored) and return it with its id."""
        row = self._db.rows(insert(plans).returning(plans.c.id), _head(plan))[0]
        return replace(plan, id=row.id)

    def put_plan(self, plan: StoredPlan) -> None:
        """Replace a plan's head by id."""
        self._db.run(update(plans).where(plans.c.id == plan.id).values(_head(plan)))

    def add_edits(self, plan: int, edits: Iterable[PlannedEdit]) -> None:
        """Append edits to a plan."""
        for page in pages(edits):
            self._db.insert(plan_edits, [{"plan": plan} | _edit_values(edit) for edit in page])

    def edits_after(self, plan: int, after: ItemRef | None, limit: int) -> Sequence[PlannedEdit]:
        """Return up to *limit* of the plan's edits in the order of their refs."""
        wanted = select(plan_edits).where(plan_edits.c.plan == plan)
        if after is not None:
            wanted = wanted.where(behind(plan_edits, after))
        in_order = wanted.order_by(plan_edits.c.tracker, plan_edits.c.item).limit(limit)
        return [_edit(row) for row in self._db.rows(in_order)]

    def edits_alike_after(
        self, plan: int, after: PlannedEdit | None, limit: int
    ) -> Sequence[PlannedEdit]:
        """Return up to *limit* of the plan's edits, equal ones of a tracker beside each other."""
        kind = (plan_edits.c.tracker, plan_edits.c.remove, plan_edits.c.add, plan_edits.c.item)
        wanted = select(plan_edits).where(plan_edits.c.plan == plan)
        if after is not None:
            said = (after.ref.tracker, json_text(after.remove), json_text(after.add), after.ref.id)
            wanted = wanted.where(tuple_(*kind) > tuple_(*said))
        return [_edit(row) for row in self._db.rows(wanted.order_by(*kind).limit(limit))]

    def plans(self, status: PlanStatus | None = None) -> Sequence[StoredPlan]:
        """Return plan heads, newest first."""
        wanted = select(plans).order_by(plans.c.id.desc())
        if status is not None:
            wanted = wanted.where(plans.c.status == status.value)
        return [_plan(row) for row in self._db.rows(wanted)]

    def drop_plans_before(self, at: datetime) -> None:
        """Forget plans that do not wait and are older; their edits go with them."""
        old = (plans.c.status != PlanStatus.WAITING.value, plans.c.created < micros(at))
        self._db.run(delete(plans).where(*old))


def _head(plan: StoredPlan) -> dict[str, Any]:
    return {
        "digest": plan.digest,
        "run": plan.run,
        "created": micros(plan.created),
        "cause": plan.cause.value,
        "purpose": plan.purpose,
        "status": plan.status.value,
        "why": plan.why,
        "items": plan.items,
        "labels": plan.labels,
    }


def _plan(row: AnyRow) -> StoredPlan:
    named = row._mapping  # noqa: SLF001 - public in spite of its name
    return StoredPlan(
        id=named["id"],
        digest=named["digest"],
        run=named["run"],
        created=moment(named["created"]),
        cause=Cause(named["cause"]),
        purpose=named["purpose"],
        status=PlanStatus(named["status"]),
        why=named["why"],
        items=named["items"],
        labels=named["labels"],
    )


def _edit_values(edit: PlannedEdit) -> dict[str, Any]:
    return {
        "tracker": edit.ref.tracker,
        "item": edit.ref.id,
        "key": edit.key,
        "scope": edit.scope,
        "title": edit.title,
        "url": edit.url,
        "add": json_text(edit.add),
        "remove": json_text(edit.remove),
        "before": json_text(edit.before),
        "fingerprint": edit.fingerprint,
        "verdict": edit.verdict,
        "because": edit.because,
        "cause": edit.cause.value,
    }


def _edit(row: AnyRow) -> PlannedEdit:
    return PlannedEdit(
        ref=ItemRef(row.tracker, row.item),
        key=row.key,
        scope=row.scope,
        title=row.title,
        url=row.url,
        add=words(row.add),
        remove=words(row.remove),
        before=words(row.before),
        fingerprint=row.fingerprint,
        verdict=row.verdict,
        because=row.because,
        cause=Cause(row.cause),
    )
