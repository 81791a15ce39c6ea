"""Labels that went without anybody's word we can rely on: stop, list, ask (LABELS.md 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from okrsync.core.ledger import Act, ActKind, Vanishing, VanishingKind, Voice
from okrsync.core.observe import withdraw
from okrsync.core.plan import Stops
from okrsync.core.work import ItemRef
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okrsync.app.context import Context
    from okrsync.core.ledger import ItemState
    from okrsync.core.names import Names
    from okrsync.core.observe import Loss
    from okrsync.ports.store import Transaction

DAY = timedelta(hours=24)


def lose(
    ctx: Context,
    tx: Transaction,
    tracker: str,
    scopes: Mapping[ItemRef, str],
    losses: Sequence[tuple[ItemRef, Loss]],
    *,
    names: Names,
) -> dict[ItemRef, ItemState]:
    """Account for losses; return the states that are stopped by it, changed and stored."""
    changed: dict[ItemRef, ItemState] = {}
    for ref, loss in losses:
        if not loss.defined:
            state = changed.get(ref) or tx.states([ref])[ref]
            changed[ref] = _definition_gone(ctx, tx, state, loss.label)
    for scope in sorted({scopes[ref] for ref, _ in losses}):
        lost = [(ref, x.label) for ref, x in losses if scopes[ref] == scope and x.defined]
        changed.update(_day_of(ctx, tx, (tracker, scope), lost, names))
    return changed


def _definition_gone(ctx: Context, tx: Transaction, state: ItemState, label: str) -> ItemState:
    tracker = state.ref.tracker
    known = _open(tx, tracker, kind=VanishingKind.DEFINITION, label=label)
    vanishing = known or _new(ctx, tx, VanishingKind.DEFINITION, tracker, label=label)
    tx.put_vanishing(replace(vanishing, lost=_with(vanishing.lost, [(state.ref, label)])))
    stopped = replace(state, stopped=state.stopped | {vanishing.id})
    tx.put_states([stopped])
    return stopped


def _day_of(
    ctx: Context,
    tx: Transaction,
    place: tuple[str, str],
    lost: Sequence[tuple[ItemRef, str]],
    names: Names,
) -> dict[ItemRef, ItemState]:
    """Count a scope's losses over a day; too many of them stop it and say nothing of vetoes."""
    tracker, scope = place
    now = ctx.now()
    note = f"lost:{tracker}:{scope}"
    remembered = [entry for entry in tx.note(note) or [] if _recent(entry, now)]
    remembered += [[now.isoformat(), ref.id, label] for ref, label in lost]
    tx.put_note(note, remembered)
    known = _open(tx, tracker, kind=VanishingKind.MASS, scope=scope)
    if known is None and len(remembered) <= ctx.policy.max_vanished:
        return {}
    day = [(ItemRef(tracker, ref), label) for _, ref, label in remembered]
    vanishing = known or _new(ctx, tx, VanishingKind.MASS, tracker, scope=scope)
    vanishing = replace(vanishing, lost=_with(vanishing.lost, day))
    tx.put_vanishing(vanishing)
    return _stop(tx, vanishing, names, since=now - DAY)


def _recent(entry: Sequence[str], now: datetime) -> bool:
    return datetime.fromisoformat(entry[0]) > now - DAY


def _stop(
    tx: Transaction, vanishing: Vanishing, names: Names, *, since: datetime
) -> dict[ItemRef, ItemState]:
    by_item = _by_item(vanishing)
    states = tx.states(by_item)
    stopped = {
        ref: replace(
            withdraw(state, by_item[ref], names, since), stopped=state.stopped | {vanishing.id}
        )
        for ref, state in states.items()
    }
    tx.put_states(stopped.values())
    return stopped


def _by_item(vanishing: Vanishing) -> dict[ItemRef, list[str]]:
    by_item: dict[ItemRef, list[str]] = {}
    for ref, label in vanishing.lost:
        by_item.setdefault(ref, []).append(label)
    return by_item


def _open(
    tx: Transaction,
    tracker: str,
    *,
    kind: VanishingKind,
    scope: str | None = None,
    label: str | None = None,
) -> Vanishing | None:
    wanted = (kind, tracker, scope, label)
    return next(
        (v for v in tx.vanishings() if (v.kind, v.tracker, v.scope, v.label) == wanted), None
    )


def _new(
    ctx: Context,
    tx: Transaction,
    kind: VanishingKind,
    tracker: str,
    *,
    scope: str | None = None,
    label: str | None = None,
) -> Vanishing:
    number = len(tx.vanishings(open_only=False)) + 1
    return Vanishing(
        id=f"V{number}",
        kind=kind,
        tracker=tracker,
        scope=scope,
        label=label,
        since=ctx.now(),
        lost=(),
    )


def _with(
    lost: tuple[tuple[ItemRef, str], ...], more: Sequence[tuple[ItemRef, str]]
) -> tuple[tuple[ItemRef, str], ...]:
    return tuple(dict.fromkeys((*lost, *more)))


def stops(tx: Transaction) -> Stops:
    """Return where nothing is written until somebody answers."""
    unanswered = tx.vanishings()
    return Stops(
        scopes=frozenset((v.tracker, v.scope) for v in unanswered if v.scope is not None),
        labels=frozenset((v.tracker, v.label.casefold()) for v in unanswered if v.label),
    )


def answer(ctx: Context, vanishing_id: str, word: str, names: Names) -> Vanishing:
    """Take a person's answer: *people* (vetoes and mutes after all) or *accident*.

    Raises:
        UsageError: there is no such open question.

    """
    with ctx.store.begin() as tx:
        found = next((v for v in tx.vanishings() if v.id == vanishing_id), None)
        if found is None:
            open_ids = ", ".join(v.id for v in tx.vanishings()) or "none"
            raise UsageError(f"no open question {vanishing_id!r}", hint=f"open: {open_ids}")
        by_item = _by_item(found)
        states = tx.states(by_item)
        tx.put_states(
            _answered(state, by_item[ref], found, word, names=names, now=ctx.now())
            for ref, state in states.items()
        )
        if found.scope is not None:
            tx.put_note(f"lost:{found.tracker}:{found.scope}", None)
        answered = replace(found, answer=word)
        tx.put_vanishing(answered)
        return answered


def _answered(
    state: ItemState,
    labels: Sequence[str],
    vanishing: Vanishing,
    word: str,
    *,
    names: Names,
    now: datetime,
) -> ItemState:
    state = replace(state, stopped=state.stopped - {vanishing.id})
    if word == "accident":
        return _forgiven(state, labels, names, vanishing.since - DAY)
    gone = [label for label in labels if label not in state.believed]
    mutes = {label for label in gone if names.vocabulary.verdict_of(label) is not None}
    words = [w for label in gone if (w := names.vocabulary.goal_word(label)) is not None]
    goals = dict.fromkeys(names.goal_id(word) or word for word in words)
    since = vanishing.since
    at = state.said_at(now)
    vetoes = tuple(
        Act(at=at, kind=ActKind.VETO, goal=goal, voice=Voice.COMMAND)
        for goal in goals
        if not _said_again(state, goal, names, since)
    )
    return replace(state, acts=(*state.acts, *vetoes), mutes=state.mutes | mutes)


def _said_again(state: ItemState, goal: str, names: Names, since: datetime) -> bool:
    """Tell whether a person linked the goal again after its label went."""
    key = names.key(goal)
    if any(names.key_of_label(row.label, row) == key for row in state.rows):
        return True
    about = [act for act in state.acts if names.key(act.goal) == key]
    return bool(about) and about[-1].voice is Voice.COMMAND and about[-1].at > since


def _forgiven(state: ItemState, labels: Sequence[str], names: Names, since: datetime) -> ItemState:
    """Take back every veto and mute that these losses made, also those a history shows."""
    keys = {names.key_of_label(label) for label in labels}
    acts = tuple(
        act
        for act in state.acts
        if act.voice is Voice.COMMAND
        or act.kind is not ActKind.VETO
        or act.at < since
        or names.key(act.goal) not in keys
    )
    return replace(state, acts=acts, mutes=state.mutes - frozenset(labels))
