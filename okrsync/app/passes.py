"""The passes: pull, plan, apply, sync, undo, purge. Each is a run with a number and an end.

One code path serves them all; a dry run is the pass that stops after the guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from okrsync.app.applying import Applied, Applier
from okrsync.app.batches import planned
from okrsync.app.choosing import note_judged
from okrsync.app.context import RESTING
from okrsync.app.outliving import SYNC, outlive
from okrsync.app.pass_plan import plan_pass
from okrsync.app.planning import Planned, approve_trackers, waiting_plan
from okrsync.app.pull import Pulled, pull, scopes_held
from okrsync.app.purging import PURPOSE as PURGE
from okrsync.app.purging import Keeper, plan_purge
from okrsync.app.strategy import Strategy, read_strategy
from okrsync.app.undo import PURPOSE as UNDO
from okrsync.app.undo import Holder, plan_undo
from okrsync.core.reading import Reading
from okrsync.errors import OkrsyncError, UsageError
from okrsync.ports.store import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from okrsync.app.applying import Prepare
    from okrsync.app.context import Context
    from okrsync.app.proposals import Proposal
    from okrsync.ports.store import PlannedEdit, StoredPlan, Transaction

Scopes = Sequence[tuple[str, str]]

DONE, REFUSED, FAILED = 0, 4, 5

PASS = "pass"  # noqa: S105 - a kind of run
"""The kind of a daemon's runs; those without an event are not kept."""

PLAN_KEPT = timedelta(days=7)
"""How long a plan can be approved."""
DONE_KEPT = timedelta(hours=1)
"""How long one is kept that was applied or replaced: nobody reads it after it was shown."""


@dataclass(slots=True, kw_only=True)
class Pass:
    """What one pass did; the command line, logs and mails all read this."""

    run: int
    strategy: Strategy
    pulled: Pulled = field(default_factory=Pulled)
    planned: Planned | None = None
    applied: Applied | None = None
    waiting: list[StoredPlan] = field(default_factory=list)
    proposal: Proposal | None = None
    """The plan of an undo or a purge."""

    @property
    def uneventful(self) -> bool:
        """Whether it found nothing new and had nothing to do."""
        return self.pulled.uneventful and (self.planned is None or self.planned.empty)

    @property
    def exit_code(self) -> int:
        """What the command line returns: a failed tracker wins over a refusal."""
        applied = self.applied
        if self.pulled.failed or (applied is not None and (applied.failed or applied.refused)):
            return FAILED
        left = self.proposal is not None and self.proposal.left
        if self.waiting or left or (applied is not None and (applied.moved or applied.gone)):
            return REFUSED
        return DONE

    @property
    def summary(self) -> dict[str, Any]:
        """What the record of the run keeps."""
        told: dict[str, Any] = {"items": sum(self.pulled.items.values())}
        if self.planned is not None:
            told["planned"] = self.planned.plan.labels
            told["digest"] = self.planned.plan.digest
        if self.applied is not None:
            told |= {"added": self.applied.added, "removed": self.applied.removed}
            told["moved"] = len(self.applied.moved)
        if self.waiting:
            told["waiting"] = [plan.digest for plan in self.waiting]
        return told


@contextmanager
def run_of(ctx: Context, kind: str) -> Iterator[Pass]:
    """Give a run its number, and note how it ended, also when it ends in an error."""
    strategy = read_strategy(ctx)
    with ctx.store.begin() as tx:
        run = tx.start_run(kind, ctx.now()).id
    made = Pass(run=run, strategy=strategy)
    code = 1
    try:
        yield made
        code = made.exit_code
    except OkrsyncError as error:
        code = error.exit_code
        raise
    finally:
        ctx.tell(RESTING)
        with ctx.store.begin() as tx:
            if kind == PASS and code == DONE and made.uneventful:
                tx.forget_run(run)
            else:
                tx.end_run(run, ctx.now(), exit_code=code, summary=made.summary)
            _forget_plans(tx, ctx.now())


def _forget_plans(tx: Transaction, now: datetime) -> None:
    """Let old plans go, also those nobody approved: the work has moved on since."""
    for plan in tx.plans(PlanStatus.WAITING):
        if plan.created < now - PLAN_KEPT:
            tx.put_plan(replace(plan, status=PlanStatus.REPLACED))
    tx.drop_plans_before(now - DONE_KEPT)


def run_pull(ctx: Context, scopes: Scopes, *, reading: Reading = Reading.AUTO) -> Pass:
    """Bring the mirror up to date."""
    with run_of(ctx, "pull") as made, scopes_held(ctx, scopes):
        made.pulled = pull(ctx, scopes, made.strategy.names, run=made.run, reading=reading)
    return made


def run_plan(
    ctx: Context, scopes: Scopes, *, offline: bool = False, as_of: date | None = None
) -> Pass:
    """Show what would change; a plan of another day is not kept for approval."""
    with run_of(ctx, "plan") as made, scopes_held(ctx, scopes):
        if not offline:
            made.pulled = pull(ctx, scopes, made.strategy.names, run=made.run)
        made.strategy = read_strategy(ctx, today=as_of)
        plan_pass(ctx, made, scopes, remember=as_of is None)
        if as_of is not None and made.planned is not None:
            _end(ctx, made.planned.plan, PlanStatus.REPLACED)
    return made


def run_sync(
    ctx: Context,
    scopes: Scopes,
    *,
    approve: Callable[[Pass], bool] | None = None,
    kind: str = "sync",
    reading: Reading = Reading.AUTO,
    thorough: bool = True,
) -> Pass:
    """Pull, plan, and write what the guard lets through; the rest is stored and waits.

    A pass that is not *thorough* judges only what changed, and leaves no run behind if nothing did.

    *approve* is shown the pass with its plan; if it returns true, exactly that plan is approved
    whole. Without it nobody is asked. In report mode the pass ends after the guard.
    """
    with run_of(ctx, kind) as made:
        with scopes_held(ctx, scopes):
            made.pulled = pull(ctx, scopes, made.strategy.names, run=made.run, reading=reading)
            if kind != PASS:  # it may have waited for the locks and the trackers, and files change
                made.strategy = read_strategy(ctx)
            plan_pass(
                ctx,
                made,
                scopes,
                thorough=thorough,
                keep=ctx.policy.writes or kind != PASS,
                refuse=ctx.policy.writes and approve is None,
            )
        fresh = made.planned
        if fresh is None or fresh.empty or not ctx.policy.writes:
            return made
        if approve is None:
            apply_fresh(ctx, made)
        elif _asked(ctx, made, approve):
            _apply_approved(ctx, made, fresh.plan)
    return made


def apply_fresh(ctx: Context, made: Pass) -> None:
    """Write what the guard lets through of the plan that was just made."""
    fresh = made.planned
    if fresh is not None and not fresh.empty and ctx.policy.writes:
        _apply(ctx, made, fresh.plan, fresh.may_go)


def run_approved(ctx: Context, digest: str) -> Pass:
    """Apply the waiting plan of this digest, as it was shown.

    Raises:
        UsageError: no plan of this digest waits.
        RefusedError: the settings do not allow writing.

    """
    ctx.must_write("apply")
    with ctx.store.begin() as tx:
        _forget_plans(tx, ctx.now())
    plan = waiting_plan(ctx, digest)
    if plan is None:
        raise UsageError(
            f"no plan {digest} waits for approval", hint="`okrsync status` lists those that do"
        )
    with run_of(ctx, _kind(plan)) as made:
        _apply_approved(ctx, made, plan)
    return made


def run_undo(ctx: Context, undone: int, *, approve: Callable[[Pass], bool]) -> Pass:
    """Invert a run, if *approve* agrees to the plan."""
    ctx.must_write("undo")
    with run_of(ctx, "undo") as made:
        made.proposal = plan_undo(ctx, made.strategy, undone, run=made.run)
        _propose(ctx, made, made.proposal, approve)
    return made


def run_purge(
    ctx: Context, scopes: Scopes, *, prefix: str = "", approve: Callable[[Pass], bool]
) -> Pass:
    """Take all of our labels off these scopes, if *approve* agrees to the plan.

    With *prefix* only those that begin with it. A scope that cannot be read is left out.
    """
    ctx.must_write("labels purge")
    with run_of(ctx, PURGE) as made:
        with scopes_held(ctx, scopes):
            names = made.strategy.names
            made.pulled = pull(ctx, scopes, names, run=made.run, reading=Reading.SWEEP)
        readable = [place for place in scopes if place not in made.pulled.failed]
        made.proposal = plan_purge(ctx, readable, prefix=prefix, run=made.run)
        _propose(ctx, made, made.proposal, approve)
    return made


def _propose(ctx: Context, made: Pass, proposal: Proposal, approve: Callable[[Pass], bool]) -> None:
    if proposal.plan.items and _asked(ctx, made, approve):
        _apply_approved(ctx, made, proposal.plan)


def _asked(ctx: Context, made: Pass, approve: Callable[[Pass], bool]) -> bool:
    ctx.tell(RESTING)
    return approve(made)


def _apply_approved(ctx: Context, made: Pass, plan: StoredPlan) -> None:
    """Apply a plan that a person agreed to; it weighs on no limit.

    Whatever becomes of it, all that waited beside it is judged again by the next pass.
    """
    concerned = {(e.ref.tracker, e.scope) for page in planned(ctx, plan.id) for e in page}
    approve_trackers(ctx, {tracker for tracker, _ in concerned})
    folded = {(tracker, scope.casefold()) for tracker, scope in concerned}
    places = [place for place in ctx.scopes() if (place[0], place[1].casefold()) in folded]
    with scopes_held(ctx, places):
        note_judged(ctx, places, None)
    _apply(ctx, made, plan, _all, approved=True, prepare=_holder(ctx, made, plan))
    if plan.purpose == SYNC and not plan.why:  # it was made of all that is in these scopes
        outlive(ctx, places)


def _kind(plan: StoredPlan) -> str:
    """Name the run that applies a stored plan."""
    if plan.purpose.startswith(UNDO):
        return "undo"
    return PURGE if plan.purpose == PURGE else "apply"


def _holder(ctx: Context, made: Pass, plan: StoredPlan) -> Prepare | None:
    """Return what holds the items of a plan as it leaves them, where it is of that sort."""
    match _kind(plan):
        case "undo":
            return Holder(ctx, made.strategy, made.run)
        case "purge":
            return Keeper(made.run)
        case _:
            return None


def _all(_edit: PlannedEdit) -> bool:
    return True


def _apply(
    ctx: Context,
    made: Pass,
    plan: StoredPlan,
    may_go: Callable[[PlannedEdit], bool],
    *,
    approved: bool = False,
    prepare: Prepare | None = None,
) -> None:
    applier = Applier(
        ctx=ctx, names=made.strategy.names, run=made.run, approved=approved, prepare=prepare
    )
    made.applied = applier.applied
    applier.apply(plan, may_go)
    _end(ctx, plan, PlanStatus.APPLIED)


def _end(ctx: Context, plan: StoredPlan, status: PlanStatus) -> None:
    with ctx.store.begin() as tx:
        tx.put_plan(replace(plan, status=status))
