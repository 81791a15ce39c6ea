"""Make labels ours: after a lost store, or to take over another tool's (LABELS.md 19).

Nothing changes in a tracker. What becomes ours may be removed by the next plan, so that is said
first; and where a label was a person's word, the command that keeps the word is offered.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.batches import mirrored
from okrsync.app.judging import Bench
from okrsync.app.memory import histories_of
from okrsync.app.pull import scopes_held
from okrsync.app.vanishing import stops
from okrsync.core.ledger import Act, ActKind, Origin, Row, Voice
from okrsync.core.names import follow_renames
from okrsync.core.plan import digest_of
from okrsync.core.work import LabelEdit
from okrsync.errors import OkrsyncError
from okrsync.ports.store import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.strategy import Strategy
    from okrsync.core.ledger import ItemState
    from okrsync.core.names import Names
    from okrsync.core.work import History, ItemRef, WorkItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """One item whose labels would become ours."""

    ref: ItemRef
    key: str
    labels: tuple[str, ...]
    writers: Mapping[str, str]
    """Label -> who the item's history says put it there last: us, somebody else, nobody known."""
    removed_next: tuple[str, ...]
    """What the plan after the adoption would remove."""
    words: tuple[str, ...]
    """Goals that a person linked by one of these labels; adopting forgets that."""
    fingerprint: str
    since: datetime
    """Tracker time just after everything that its history tells."""


@dataclass(slots=True)
class Adoptions:
    """Everything an adoption would do, and its digest."""

    items: list[Adoption] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """A short name for exactly this adoption."""
        return digest_of(LabelEdit(one.ref, add=one.labels) for one in self.items)


INSTANT = timedelta(microseconds=1)
OURS, OTHERS, UNKNOWN = "okrsync's account", "another account", "no record"


def plan_adoption(
    ctx: Context, strategy: Strategy, scopes: Collection[tuple[str, str]]
) -> Adoptions:
    """Find every vocabulary label in these scopes that is not ours."""
    found = Adoptions()
    with ctx.store.begin() as tx:
        bench = Bench(ctx, strategy, stops(tx))
    for tracker in sorted({tracker for tracker, _ in scopes}):
        wanted = {scope.casefold() for name, scope in scopes if name == tracker}
        for page in mirrored(ctx, tracker=tracker, role=Role.ITEM):
            items = [it.item for it in page if it.item.scope.casefold() in wanted]
            found.items += _page(ctx, bench, tracker, items)
    return found


def _page(
    ctx: Context, bench: Bench, tracker: str, items: Sequence[WorkItem]
) -> Iterator[Adoption]:
    names = bench.strategy.names
    with ctx.store.begin() as tx:
        states = tx.states([item.ref for item in items])
    states = {ref: follow_renames(state, names) for ref, state in states.items()}
    concerned = [item for item in items if _not_ours(states[item.ref])]
    histories = histories_of(ctx, tracker, [item.ref for item in concerned], {})
    with ctx.store.begin() as tx:
        for item in concerned:
            state = states[item.ref]
            history = histories.get(item.ref)
            since = _after_all(item, state, history)
            adopted = adopt_state(state, ctx, names, since=since)
            labels = _not_ours(state)
            yield Adoption(
                ref=item.ref,
                key=item.key,
                labels=labels,
                writers=_writers(labels, history),
                removed_next=bench.one(tx, item, adopted).wish.edit.remove,
                words=_words(state, names),
                fingerprint=state.fingerprint,
                since=since,
            )


def _after_all(item: WorkItem, state: ItemState, history: History | None) -> datetime:
    """Return when a row begins that is ours from now on, whoever wrote its label before."""
    moments = [item.updated, *(change.at for change in (history.changes if history else ()))]
    return max([*moments, *([state.known_at] if state.known_at else [])]) + INSTANT


def _not_ours(state: ItemState) -> tuple[str, ...]:
    return tuple(sorted(state.believed - state.ours))


def _writers(labels: Sequence[str], history: History | None) -> dict[str, str]:
    writers = dict.fromkeys(labels, UNKNOWN)
    for change in history.changes if history else ():
        for label in change.added & writers.keys():
            writers[label] = OURS if change.by_us else OTHERS
    return writers


def _words(state: ItemState, names: Names) -> tuple[str, ...]:
    linked = {act.goal for act in state.acts if act.kind is ActKind.LINK}
    goals = {names.of_row(row) or row.label for row in state.rows if row.origin is Origin.THEIRS}
    return tuple(sorted(linked & goals))


def adopt_state(state: ItemState, ctx: Context, names: Names, *, since: datetime) -> ItemState:
    """Return the state with every label on the item ours; links by label are forgotten."""
    rows = [
        row if row.origin is Origin.OURS else replace(row, origin=Origin.OURS, since=since)
        for row in state.rows
    ]
    rows += [Row(label=label, origin=Origin.OURS, since=since) for label in sorted(state.foreign)]
    at = state.said_at(ctx.now())
    forgotten = tuple(
        Act(at=at, kind=ActKind.UNLINK, goal=goal, voice=Voice.COMMAND, because="adopted")
        for goal in _words(state, names)
    )
    return replace(
        state,
        known_at=since,
        rows=tuple(sorted(rows, key=lambda row: row.label)),
        foreign=frozenset(),
        acts=(*state.acts, *forgotten),
    )


def adopt(ctx: Context, strategy: Strategy, adoptions: Adoptions) -> int:
    """Make it so, on items that are still as they were shown; return how many."""
    done = 0
    with ctx.store.begin() as tx:
        states = tx.states([one.ref for one in adoptions.items])
        for one in adoptions.items:
            state = follow_renames(states[one.ref], strategy.names)
            if state.fingerprint == one.fingerprint:
                adopted = adopt_state(state, ctx, strategy.names, since=one.since)
                tx.put_states([adopted])
                done += 1
    return done


def run_adoption(
    ctx: Context,
    strategy: Strategy,
    scopes: Sequence[tuple[str, str]],
    *,
    approve: Callable[[Adoptions], bool],
) -> tuple[int, int]:
    """Plan an adoption and make it so if *approve* agrees; return the run and how many items.

    Raises:
        RefusedError: the settings do not allow writing.

    """
    ctx.must_write("labels adopt")
    with ctx.store.begin() as tx:
        run = tx.start_run("adopt", ctx.now()).id
    code, done, found = 1, 0, Adoptions()
    try:
        found = plan_adoption(ctx, strategy, scopes)
        if found.items and approve(found):
            with scopes_held(ctx, scopes):
                done = adopt(ctx, strategy, found)
        code = 0
    except OkrsyncError as error:
        code = error.exit_code
        raise
    finally:
        told = {"found": len(found.items), "adopted": done}
        with ctx.store.begin() as tx:
            tx.end_run(run, ctx.now(), exit_code=code, summary=told)
    return run, done
