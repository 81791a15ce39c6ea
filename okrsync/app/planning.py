"""Make a plan of label edits, let the guard look at it, and store it as a stream."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from okrsync.app.batches import batches, planned
from okrsync.app.budget import spent
from okrsync.app.choosing import APPROVED, everything, writable
from okrsync.app.context import Progress
from okrsync.app.holding import held
from okrsync.app.judging import Bench
from okrsync.app.outliving import SYNC
from okrsync.app.recover import frozen
from okrsync.app.vanishing import stops
from okrsync.core.guard import Group, Tally, refusals
from okrsync.core.ledger import Origin
from okrsync.core.plan import Digest
from okrsync.core.work import LabelEdit
from okrsync.ports.store import Cause, PlannedEdit, PlanStatus, StoredPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from okrsync.app.choosing import Choice
    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.ledger import ItemState
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.store import Transaction


@dataclass(slots=True, kw_only=True)
class Planned:
    """A stored plan with what the guard thinks of it."""

    plan: StoredPlan
    waiting: dict[Group, str]
    verdicts: Counter[str] = field(default_factory=Counter)
    considered: int = 0
    withheld: int = 0
    """Items of which some label is not written because a person or a dispute stands against it."""
    stopped: int = 0
    """Items that lost labels in a way that somebody has to explain first."""
    unexplained: int = 0
    """Items with labels of our words that nobody is known to have written."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.plan.items == 0

    def may_go(self, edit: PlannedEdit) -> bool:
        """Tell whether the guard lets an edit through."""
        return Group(edit.ref.tracker, edit.scope, edit.cause.value) not in self.waiting


def make_plan(
    ctx: Context,
    strategy: Strategy,
    scopes: Collection[tuple[str, str]],
    *,
    run: int,
    remember: bool = True,
    watch: Callable[[Judged], None] | None = None,
    choice: Choice | None = None,
    keep: bool = True,
    settle: bool = False,
) -> Planned:
    """Judge the mirrored items of these scopes and store what would change.

    *remember* is false for a plan of another day: it must not end mutes and holds. *watch* is
    shown every item that is judged. Without a *choice* that is every item. What nobody is going to
    look at or to apply is only counted: then *keep* is false. With *settle* also items with an edit
    are settled, for a caller that stores what is refused and unsettles what may go.
    """
    tally, digest = Tally(), Digest()
    status = PlanStatus.WAITING if keep else PlanStatus.REPLACED
    made = Planned(plan=replace(_head(ctx, run), status=status), waiting={})
    with ctx.store.begin() as tx:
        made.plan = tx.add_plan(made.plan)
    tally.scope_items.update(_scope_items(ctx, scopes))
    judged = judged_items(
        ctx, strategy, scopes, remember=remember, watch=watch, choice=choice, settle=settle
    )
    for batch in batches(_edits(judged, made), 500):
        if keep:
            with ctx.store.begin() as tx:
                tx.add_edits(made.plan.id, batch)
        for edit in batch:
            digest.add(_label_edit(edit))
            group = Group(edit.ref.tracker, edit.scope, edit.cause.value)
            tally.count(group, labels=len(edit.add) + len(edit.remove), loses=bool(edit.remove))
            made.plan = replace(made.plan, labels=made.plan.labels + _size(edit))
        made.plan = replace(made.plan, items=made.plan.items + len(batch))
    made.plan = replace(made.plan, digest=digest.value())
    made.waiting = _guard(ctx, tally)
    with ctx.store.begin() as tx:
        if choice is not None and not choice.whole:
            made.waiting = _waiting_already(tx, tally) | made.waiting
        tx.put_plan(made.plan)
    return made


def _waiting_already(tx: Transaction, tally: Tally) -> dict[Group, str]:
    """Return the groups of which more waits than was judged now."""
    waiting = held(tx, {(group.tracker, group.scope) for group in tally.labels})
    return {group: why for group, why in waiting.items() if group in tally.labels}


def _scope_items(ctx: Context, scopes: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    with ctx.store.begin() as tx:
        return {
            (tracker, scope): count
            for tracker in {tracker for tracker, _ in scopes}
            for scope, count in tx.count_items(tracker).items()
        }


def _head(ctx: Context, run: int, *, cause: Cause = Cause.WORK, why: str = "") -> StoredPlan:
    return StoredPlan(
        id=0,
        digest="",
        run=run,
        created=ctx.now(),
        cause=cause,
        purpose=SYNC,
        status=PlanStatus.WAITING,
        why=why,
        items=0,
        labels=0,
    )


def _size(edit: PlannedEdit) -> int:
    return len(edit.add) + len(edit.remove)


def _label_edit(edit: PlannedEdit) -> LabelEdit:
    return LabelEdit(edit.ref, add=edit.add, remove=edit.remove)


def judged_items(
    ctx: Context,
    strategy: Strategy,
    scopes: Collection[tuple[str, str]],
    *,
    remember: bool = False,
    watch: Callable[[Judged], None] | None = None,
    choice: Choice | None = None,
    settle: bool = False,
) -> Iterator[Judged]:
    """Yield the mirrored items of these scopes that are chosen, judged, in the order of refs.

    With *remember*, mutes and holds that the judgement ends are ended, renames are followed, the
    basis of what is in order is noted, and it is settled; where we may not write all is settled,
    as no pass could do anything about it, and so it is with *settle*. *watch* is also shown those
    that are left out because a write to them is not finished.
    """
    icy = frozen(ctx)
    with ctx.store.begin() as tx:
        bench, allowed = Bench(ctx, strategy, stops(tx)), writable(ctx, tx)
    wanted = {(tracker, scope.casefold()) for tracker, scope in scopes}
    done = 0
    for tracker in sorted({tracker for tracker, _ in scopes}):
        for page in (choice or everything(ctx)).pages(tracker):
            items = [it.item for it in page if (tracker, it.item.scope.casefold()) in wanted]
            done += len(items)
            ctx.tell(Progress("judging", done))
            judged = _judged_page(
                ctx,
                bench,
                items,
                icy if remember else None,
                settle=settle or tracker not in allowed,
            )
            if watch is not None:
                for one in judged:
                    watch(one)
            yield from (one for one in judged if one.item.ref not in icy)


def _judged_page(
    ctx: Context,
    bench: Bench,
    items: Sequence[WorkItem],
    remembering: frozenset[ItemRef] | None,
    *,
    settle: bool,
) -> list[Judged]:
    """Judge a page; what is to be remembered of it says nothing of these items."""
    with ctx.store.begin() as tx:
        states = tx.states([item.ref for item in items])
        judged = list(bench.page(tx, items, states))
        if remembering is not None:
            changed = (_remembered(one, states[one.item.ref]) for one in judged)
            tx.put_states(state for state in changed if state is not None)
            done = (one for one in judged if settle or _in_order(one))
            settled = {one.item.ref for one in done} - remembering
            tx.settle(settled)
            tx.unsettle(one.item.ref for one in judged if one.item.ref not in settled)
    return judged


def _in_order(judged: Judged) -> bool:
    return judged.alone or not judged.wish.edit.size


def _remembered(judged: Judged, before: ItemState) -> ItemState | None:
    state = judged.wish.state
    if _in_order(judged):
        state = replace(state, basis=judged.basis)
    return None if state == before else state


def _edits(judged: Iterable[Judged], made: Planned) -> Iterator[PlannedEdit]:
    for one in judged:
        made.considered += 1
        if one.alone:
            continue
        made.verdicts[one.judgement.verdict.value] += 1
        made.stopped += bool(one.state.stopped)
        made.withheld += bool(one.wish.withheld) and not one.state.stopped
        made.unexplained += _unexplained(one.state)
        if one.wish.edit.size:
            yield planned_edit(one)


def _unexplained(state: ItemState) -> bool:
    return bool(state.foreign) or any(row.origin is Origin.FOUND for row in state.rows)


def planned_edit(one: Judged) -> PlannedEdit:
    """Put what we would do to an item in the form that is shown, stored and compared."""
    return PlannedEdit(
        ref=one.item.ref,
        key=one.item.key,
        scope=one.item.scope,
        title=one.item.title,
        url=one.item.url,
        add=one.wish.edit.add,
        remove=one.wish.edit.remove,
        before=tuple(sorted(one.state.believed)),
        fingerprint=one.wish.state.fingerprint,
        verdict=one.judgement.verdict.value,
        because=one.judgement.because,
        cause=one.cause,
    )


def _guard(ctx: Context, tally: Tally) -> dict[Group, str]:
    pairs = {(group.tracker, group.cause) for group in tally.labels}
    with ctx.store.begin() as tx:
        used = spent(ctx, tx, pairs)
        approved = set(tx.note(APPROVED) or ())
    return refusals(tally, ctx.policy.limits, spent=used, approved=approved)


def store_refused(ctx: Context, made: Planned, *, run: int) -> list[StoredPlan]:
    """Store what the guard refuses as plans of their own, one a cause, to wait for approval."""
    stored = []
    for cause in Cause:
        reasons = [why for group, why in made.waiting.items() if group.cause == cause.value]
        if reasons:
            why = "; ".join(dict.fromkeys(reasons))
            head = _head(ctx, run, cause=cause, why=why)
            stored.append(copy_plan(ctx, made.plan, head, partial(_refused, made, cause)))
    return stored


def unsettle_going(ctx: Context, made: Planned) -> None:
    """Let later passes look after what the guard lets through, whatever becomes of it now."""
    for page in planned(ctx, made.plan.id):
        with ctx.store.begin() as tx:
            tx.unsettle(edit.ref for edit in page if made.may_go(edit))


def _refused(made: Planned, cause: Cause, edit: PlannedEdit) -> bool:
    return edit.cause is cause and not made.may_go(edit)


def copy_plan(
    ctx: Context, plan: StoredPlan, head: StoredPlan, keep: Callable[[PlannedEdit], bool]
) -> StoredPlan:
    """Store the part of a plan that *keep* selects; an equal one that waits gives way to it."""
    digest, items, labels = Digest(), 0, 0
    for page in planned(ctx, plan.id):
        for edit in filter(keep, page):
            digest.add(_label_edit(edit))
            items, labels = items + 1, labels + _size(edit)
    head = replace(head, digest=digest.value(), items=items, labels=labels)
    with ctx.store.begin() as tx:
        for known in tx.plans(PlanStatus.WAITING):
            if known.digest == head.digest and known.id != plan.id:
                tx.put_plan(replace(known, status=PlanStatus.REPLACED))
        head = tx.add_plan(head)
    for page in planned(ctx, plan.id):
        with ctx.store.begin() as tx:
            tx.add_edits(head.id, filter(keep, page))
    return head


def waiting_plan(ctx: Context, digest: str) -> StoredPlan | None:
    """Find the newest plan of this digest that waits."""
    with ctx.store.begin() as tx:
        plans = tx.plans(PlanStatus.WAITING)
    return next((plan for plan in plans if plan.digest == digest), None)


def approve_trackers(ctx: Context, trackers: Iterable[str]) -> None:
    """Remember that somebody allowed the first write to these trackers."""
    with ctx.store.begin() as tx:
        approved = set(tx.note(APPROVED) or ())
        tx.put_note(APPROVED, sorted(approved | set(trackers)))
