"""What a judgement rests on, as digests: they tell later what brought a change of labels about.

Texts have a digest of their own, because a pull that reads no descriptions changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.ledger import Basis
from okrsync.ports.store import Cause

if TYPE_CHECKING:
    from okrsync.app.ancestry import Above
    from okrsync.app.strategy import Strategy
    from okrsync.core.ledger import ItemState
    from okrsync.core.vocabulary import Vocabulary
    from okrsync.core.work import WorkItem


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything one item was judged by; taking its digest is put off until somebody asks."""

    strategy: Strategy
    item: WorkItem
    state: ItemState
    above: Above

    def basis(self) -> Basis:
        """Return what the next judgement is compared with."""
        own = told_of(self.item, self.state, self.strategy.names.vocabulary)
        told = ", ".join((own, *self.above.told))
        texts = [self.item.text, *[item.text for item in self.above.items]]
        read = _digest(repr(texts)) if any(texts) else ""
        work = _digest(f"({self.strategy.work_digest!r}, [{told}])")
        return Basis(work=f"{work}.{read}", goals=self.strategy.goals_digest)

    def cause(self) -> Cause:
        """Tell what changed since the item was judged last: only the goals, or also the work."""
        before, now = self.state.basis, self.basis()
        if before is not None and before.same_work(now) and before.goals != now.goals:
            return Cause.GOALS
        return Cause.WORK


def told_of(item: WorkItem, state: ItemState, vocabulary: Vocabulary) -> str:
    """Tell everything about one item that judgements may rest on, descriptions apart."""
    labels = sorted(vocabulary.without(item.labels) - state.believed)
    return repr((*_facts(item), labels, *_said(state)))


def _facts(item: WorkItem) -> tuple[object, ...]:
    return (
        item.ref.id,
        item.title,
        item.type,
        item.status,
        item.category.value,
        item.scope,
        item.projects,
        item.components,
        item.milestone,
        item.initiatives,
        item.team,
        sorted(item.fields.items()),
    )


def _said(state: ItemState) -> tuple[object, ...]:
    return (
        [(act.kind.value, act.goal) for act in state.acts],
        sorted(row.label for row in state.rows if row.origin.value == "found"),
        sorted(state.foreign),
    )


def _digest(told: str) -> str:
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
