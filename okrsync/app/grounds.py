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
        pairs = ((self.item, self.state), *self.above.pairs)
        vocabulary = self.strategy.names.vocabulary
        told = [
            (*_facts(item), sorted(vocabulary.without(item.labels) - state.believed), *_said(state))
            for item, state in pairs
        ]
        texts = [item.text for item, _ in pairs]
        read = _digest(texts) if any(texts) else ""
        return Basis(
            work=f"{_digest((self.strategy.work_digest, told))}.{read}",
            goals=self.strategy.goals_digest,
        )

    def cause(self) -> Cause:
        """Tell what changed since the item was judged last: only the goals, or also the work."""
        before, now = self.state.basis, self.basis()
        if before is not None and before.same_work(now) and before.goals != now.goals:
            return Cause.GOALS
        return Cause.WORK


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


def _digest(facts: object) -> str:
    return hashlib.blake2b(repr(facts).encode(), digest_size=8).hexdigest()
