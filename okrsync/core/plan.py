"""From judgements to edits: desired minus actual, and of ours actual minus desired (LABELS.md 10).

Everything here is a function of its arguments; the order and content of a plan depend on
nothing else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.core.work import LabelEdit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime, timedelta

    from okrsync.core.judge import Judgement
    from okrsync.core.ledger import ItemState
    from okrsync.core.vocabulary import Vocabulary
    from okrsync.core.work import WorkItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """Where nothing is written until somebody answers (LABELS.md 4)."""

    scopes: Collection[tuple[str, str]] = field(default_factory=frozenset)
    """Tracker and scope."""
    labels: Collection[tuple[str, str]] = field(default_factory=frozenset)
    """Tracker and label, case-folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What we would write to one item, and why not more."""

    edit: LabelEdit
    state: ItemState
    """With mutes and holds that this judgement ends taken off."""
    withheld: tuple[tuple[str, str], ...] = ()
    """Labels that are not written or taken off, each with the reason."""


def wish(
    item: WorkItem,
    state: ItemState,
    judgement: Judgement,
    *,
    undisturbed: frozenset[str],
    vocabulary: Vocabulary,
    stops: Stops,
    now: datetime,
) -> Wish:
    """Compare what should be on an item with what is.

    *undisturbed* are the desired labels before vetoes, mutes and disputes; a hold ends when they
    change.
    """
    state = _end_mutes(_end_hold(state, undisturbed), judgement, vocabulary)
    blocked = _blocked(item, state, stops)
    if blocked:
        return Wish(edit=LabelEdit(item.ref), state=state, withheld=(("*", blocked),))
    want, withheld = _wanted(item, state, judgement, vocabulary=vocabulary, stops=stops, now=now)
    there, ours = state.believed, state.ours
    if want <= there and ours <= want:
        return Wish(edit=LabelEdit(item.ref), state=state, withheld=withheld)
    have = {label.casefold() for label in there}
    add = sorted([label for label in want if label.casefold() not in have])
    remove = _removals(item, state, want, stops=stops, now=now)
    stuck = _stuck_verdicts(ours.difference(remove), judgement, vocabulary)
    verdict = vocabulary.label(judgement.verdict)
    if stuck and verdict in add:  # two verdicts of ours on one item would contradict each other
        add.remove(verdict)
        told = f"{min(stuck)} is there and may not be taken off now"
        withheld = (*withheld, (verdict, told))
    edit = LabelEdit(item.ref, add=tuple(add), remove=tuple(remove))
    return Wish(edit=edit, state=state, withheld=withheld)


def _removals(
    item: WorkItem, state: ItemState, want: frozenset[str], *, stops: Stops, now: datetime
) -> list[str]:
    # A label of ours that says what is wanted in another case, and alone says it, stays.
    kept = {label.casefold() for label in want - state.believed}
    kept |= {label for tracker, label in stops.labels if tracker == item.ref.tracker}
    disputed = {dispute.label for dispute in state.disputes if dispute.until > now}
    ours = state.ours - want - disputed
    return sorted([label for label in ours if label.casefold() not in kept])


def _stuck_verdicts(
    staying: frozenset[str], judgement: Judgement, vocabulary: Vocabulary
) -> frozenset[str]:
    """Return the verdicts among these labels that are not the present one."""
    mine = vocabulary.label(judgement.verdict).casefold()
    return frozenset(
        label
        for label in staying
        if vocabulary.verdict_of(label) is not None and label.casefold() != mine
    )


def _end_hold(state: ItemState, undisturbed: frozenset[str]) -> ItemState:
    if state.hold is None or not state.hold.ends(undisturbed):
        return state
    return replace(state, hold=None)


def _end_mutes(state: ItemState, judgement: Judgement, vocabulary: Vocabulary) -> ItemState:
    if not state.mutes:
        return state
    mine = vocabulary.label(judgement.verdict).casefold()
    kept = frozenset(mute for mute in state.mutes if mute.casefold() == mine)
    return state if kept == state.mutes else replace(state, mutes=kept)


def _blocked(item: WorkItem, state: ItemState, stops: Stops) -> str:
    if state.hold is not None and state.hold.desired is None:
        return "left as a purge left it, until `okrsync release`"
    if state.hold is not None:
        return "left as an undo left it, until its labels would change or `okrsync release`"
    if state.stopped:
        return f"it lost labels; answer `okrsync labels vanished {min(state.stopped)}`"
    if (item.ref.tracker, item.scope) in stops.scopes:
        return "its scope lost many labels in a day; answer `okrsync labels vanished`"
    return ""


def _wanted(
    item: WorkItem,
    state: ItemState,
    judgement: Judgement,
    *,
    vocabulary: Vocabulary,
    stops: Stops,
    now: datetime,
) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    if not (state.mutes or state.unwritten or state.disputes or state.foreign or stops.labels):
        return judgement.desired, ()
    disputes = {d.label.casefold(): d for d in state.disputes if d.until > now}
    reasons = {mute.casefold(): "a person took this verdict away" for mute in state.mutes}
    reasons |= {
        label.casefold(): "a person took this spelling away and left another"
        for label in state.unwritten
    }
    reasons |= {
        fold: f"it did not stick; not tried before {dispute.until:%Y-%m-%d}"
        for fold, dispute in disputes.items()
    }
    reasons |= {
        fold: "its definition vanished; answer `okrsync labels vanished`"
        for tracker, fold in stops.labels
        if tracker == item.ref.tracker
    }
    if state.foreign:
        verdict = vocabulary.label(judgement.verdict).casefold()
        reasons[verdict] = f"okrsync did not write the verdict that is there: {min(state.foreign)}"
    desired = sorted(judgement.desired)
    want = frozenset(label for label in desired if label.casefold() not in reasons)
    withheld = [(x, reasons[x.casefold()]) for x in desired if x.casefold() in reasons]
    return want, tuple(withheld)


def left_alone(item: WorkItem, *, now: datetime, done_within: timedelta) -> bool:
    """Tell whether an item was done or cancelled so long ago that it is left as it is.

    So is one of which nobody knows when: years of finished work must not be labelled at once.
    """
    if not item.category.ended:
        return False
    return item.resolved is None or item.resolved < now - done_within


class Digest:
    """A short name for exactly these edits, for approving what was read.

    Covers item ids, additions and removals; edits are to be given in the order of their refs.
    """

    LENGTH = 12

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, edit: LabelEdit) -> None:
        """Take one edit in."""
        line = f"{edit.ref}\n+{sorted(edit.add)}\n-{sorted(edit.remove)}\n"
        self._hash.update(line.encode())

    def value(self) -> str:
        """Return the digest of what was taken in so far."""
        return self._hash.hexdigest()[: self.LENGTH]


def digest_of(edits: Iterable[LabelEdit]) -> str:
    """Return the digest of all these edits, given in any order."""
    digest = Digest()
    for edit in sorted(edits):
        digest.add(edit)
    return digest.value()
