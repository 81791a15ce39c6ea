"""Take all of our labels off: from a tracker, a scope, or those of a former prefix (LABELS.md 19).

Ours is what the ledger says okrsync wrote; whatever else is on an item stays, in whatever words.
The items stay bare until somebody says `release`, so this is how one leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okrsync.app.batches import mirrored
from okrsync.app.proposals import Proposal, store_proposal
from okrsync.core.ledger import Hold
from okrsync.ports.store import PlannedEdit, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from okrsync.app.context import Context
    from okrsync.core.ledger import ItemState
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import MirroredItem, Transaction

PURPOSE = "purge"


def plan_purge(
    ctx: Context, scopes: Collection[tuple[str, str]], *, prefix: str = "", run: int
) -> Proposal:
    """Plan to remove every label of ours in these scopes that begins with *prefix*.

    All scopes of a tracker are the whole tracker: also what is in none of them any more.
    """
    left: list[tuple[str, str]] = []
    edits = _edits(ctx, scopes, prefix.casefold(), left)
    why = "a purge is approved by a person"
    return Proposal(store_proposal(ctx, PURPOSE, edits, run=run, why=why), left)


def _edits(
    ctx: Context,
    scopes: Collection[tuple[str, str]],
    prefix: str,
    left: list[tuple[str, str]],
) -> Iterator[PlannedEdit]:
    """Yield edits in the order of refs, and note in *left* what is out of reach."""
    for tracker in sorted({tracker for tracker, _ in scopes}):
        wanted = {scope.casefold() for name, scope in scopes if name == tracker}
        spared = {scope.casefold() for scope in ctx.setups[tracker].scopes} - wanted
        for page in mirrored(ctx, tracker=tracker):
            mine = [it for it in page if _concerned(it.item.scope.casefold(), wanted, spared)]
            yield from _page(ctx, mine, prefix, left)


def _concerned(scope: str, wanted: Collection[str], spared: Collection[str]) -> bool:
    return scope in wanted or (not spared and scope != "")


def _page(
    ctx: Context, page: Sequence[MirroredItem], prefix: str, left: list[tuple[str, str]]
) -> Iterator[PlannedEdit]:
    with ctx.store.begin() as tx:
        states = tx.states([known.item.ref for known in page])
    for known in page:
        state = states[known.item.ref]
        going = tuple(sorted(x for x in state.ours if x.casefold().startswith(prefix)))
        if going and known.role is not Role.ITEM:
            left.append((known.item.key, _OUT_OF_REACH[known.role]))
        elif going:
            yield _edit(known.item, state, going)


_OUT_OF_REACH = {
    Role.ANCESTOR: "no search of its scope shows it any more",
    Role.UNREACHABLE: "it cannot be read any more",
}


def _edit(item: WorkItem, state: ItemState, going: tuple[str, ...]) -> PlannedEdit:
    return PlannedEdit(
        ref=item.ref,
        key=item.key,
        scope=item.scope,
        title=item.title,
        url=item.url,
        add=(),
        remove=going,
        before=tuple(sorted(state.believed)),
        fingerprint=state.fingerprint,
        verdict=None,
        because=PURPOSE,
    )


@dataclass(frozen=True, slots=True)
class Keeper:
    """Holds every item that a purge changed, until somebody says `release`."""

    run: int

    def __call__(self, _tx: Transaction, _ref: ItemRef, state: ItemState) -> ItemState:
        """Return the state, held."""
        return replace(state, hold=Hold(desired=None, run=self.run))
