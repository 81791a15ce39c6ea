"""Replay an item's history over what we remember of it (LABELS.md 0 to 3, 14, 15).

An entry of our own account is ours only as far as an intent of ours asked for it; the rest of it
is a person's, because many use one account for both. Each intent explains one adding and one
removing of each label it named: of a write that was seen to land, an entry up to then; of one
that was not, the first entry after it, however late; of one that the tracker refused, none.
What was heard before is gone through again, but only to see which askings it used up.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from okrsync.core.ledger import (
    Act,
    ActKind,
    Intent,
    IntentOutcome,
    ItemState,
    Origin,
    Row,
    Voice,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from okrsync.core.names import Names
    from okrsync.core.work import LabelChange

SLACK = timedelta(seconds=2)
"""Jira stamps `updated` up to a second before the history entry of the same edit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A write of ours that arrived after its intent was closed."""

    intent: Intent
    """Corrected: what came of it includes this."""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(slots=True)
class Tape:
    """An item's state while its history is being replayed. Use once, then take `state`."""

    names: Names
    start: ItemState
    rows: dict[str, Row] = field(init=False)
    foreign: set[str] = field(init=False)
    acts: list[Act] = field(init=False)
    mutes: set[str] = field(init=False)
    unwritten: set[str] = field(init=False)
    label_ids: Mapping[str, str] = field(default_factory=dict)
    landed_add: set[tuple[int, str]] = field(default_factory=set)
    """By intent, the labels that it was seen to add."""
    landed_remove: set[tuple[int, str]] = field(default_factory=set)
    landed_at: dict[int, datetime] = field(default_factory=dict)
    """By intent, when the newest entry of history that it explains was made."""
    taken: dict[str, datetime] = field(default_factory=dict)
    """Labels that somebody else was seen to take away, and when last."""
    given: dict[str, datetime] = field(default_factory=dict)
    """Labels that somebody else was seen to add, and when last."""
    late: dict[int, Late] = field(default_factory=dict)
    """Closed intents of which a write arrived after all, by id."""

    def __post_init__(self) -> None:
        self.rows = {row.label: row for row in self.start.rows}
        self.foreign = set(self.start.foreign)
        self.acts = list(self.start.acts)
        self.mutes = set(self.start.mutes)
        self.unwritten = set(self.start.unwritten)

    def play(
        self, changes: Iterable[LabelChange], intents: Sequence[Intent], *, since: datetime
    ) -> None:
        """Take the changes from *since* on in order; earlier ones only use up what was asked."""
        asked = _Asked(intents)
        ids = {row.label_id: row.label for row in self.start.rows if row.label_id}
        for told in changes:
            change = _by_name(told, ids)
            removed = sorted(self.names.vocabulary.of(change.removed, self.rows))
            added = sorted(self.names.vocabulary.of(change.added, self.rows))
            for label in removed:
                self._removed(label, change, asked.removal(label, change), since)
            for label in added:
                self._added(label, change, asked.addition(label, change), since)

    def _removed(
        self, label: str, change: LabelChange, intent: Intent | None, since: datetime
    ) -> None:
        if change.at < since:
            return
        if intent is None:
            self.person_removed(label, change.at, proven=True)
            return
        self.we_removed(label, intent)
        self.landed_at[intent.id] = change.at
        self._note_late(intent, label, change.at, added=False)

    def _added(
        self, label: str, change: LabelChange, intent: Intent | None, since: datetime
    ) -> None:
        if change.at < since:
            return
        if intent is None:
            self.person_added(label, change.at)
            return
        self.we_added(label, intent)
        self.landed_at[intent.id] = change.at
        self._note_late(intent, label, change.at, added=True)

    def we_added(self, label: str, intent: Intent) -> None:
        """Note a label of ours, also one that arrives late."""
        self.landed_add.add((intent.id, label))
        self.foreign.discard(label)
        self.rows[label] = Row(
            label=label,
            origin=Origin.OURS,
            since=intent.since,
            run=intent.run,
            label_id=self.label_ids.get(label),
            goal=self._pointer(label),
        )

    def we_removed(self, label: str, intent: Intent) -> None:
        """Forget a label that we took away ourselves."""
        self.landed_remove.add((intent.id, label))
        self.rows.pop(label, None)

    def person_added(self, label: str, at: datetime) -> None:
        """Hear a person link the item; a verdict of theirs is only noted."""
        self.given[label] = at
        if not self.names.vocabulary.has(label):
            return  # of a former prefix: it says nothing any more
        word = self.names.vocabulary.goal_word(label)
        if word is None:
            self.rows.pop(label, None)
            self.foreign.add(label)
            return
        goal = self._pointer(label)
        self.rows[label] = Row(
            label=label,
            origin=Origin.THEIRS,
            since=at,
            label_id=self.label_ids.get(label),
            goal=goal,
        )
        self.unwritten.discard(label)
        self._act(ActKind.LINK, goal or word, at, newest=self.taken.get(label) == at)

    def person_removed(self, label: str, at: datetime, *, proven: bool) -> None:
        """Hear a veto, a mute, or that one of two spellings was too much."""
        if label in self.believed:
            self.taken[label] = at
        row = self.rows.pop(label, None)
        if not self.names.vocabulary.has(label):
            return  # of a former prefix: it says nothing any more
        word = self.names.vocabulary.goal_word(label)
        if word is None:
            self.foreign.discard(label)
            if row is not None:
                self.mutes.add(label)
            return
        if row is None:
            return
        goal = row.goal or word
        if self._other_label_of(goal):
            self.unwritten.add(label)
            return
        self._act(ActKind.VETO, goal, at, proven=proven)

    def lose(self, label: str) -> None:
        """Forget a label whose going says nothing of anybody's will."""
        self.rows.pop(label, None)
        self.foreign.discard(label)

    def find(self, label: str, at: datetime) -> None:
        """Note a label that came with the item: cloned, restored or copied."""
        if self.names.vocabulary.goal_word(label) is None:
            self.foreign.add(label)
            return
        self.rows[label] = Row(
            label=label, origin=Origin.FOUND, since=at, label_id=self.label_ids.get(label)
        )

    @property
    def believed(self) -> frozenset[str]:
        """Return the labels on the item as far as played."""
        return frozenset(self.rows) | self.foreign

    def taken_after(self, at: datetime) -> frozenset[str]:
        """Return what was taken after a read that showed the item as of then.

        A label that such a read shows was put back if it was taken before, whatever history says:
        it may leave that out, or tell what happened in one moment in any order.
        """
        return frozenset(label for label, when in self.taken.items() if when > at)

    def state(self, known_at: datetime) -> ItemState:
        """Return what is now remembered; what is accounted for never goes back in time."""
        start = self.start
        return replace(
            start,
            known_at=max(known_at, start.known_at) if start.known_at else known_at,
            rows=tuple(self.rows[label] for label in sorted(self.rows)),
            foreign=frozenset(self.foreign),
            acts=tuple(sorted(self.acts, key=lambda act: act.at)),
            mutes=frozenset(self.mutes),
            unwritten=frozenset(self.unwritten),
        )

    def _pointer(self, label: str) -> str | None:
        """Return where a label that is on the item already points to, also through a rename."""
        row = self.rows.get(label)
        return None if row is None else row.goal

    def _note_late(self, intent: Intent, label: str, at: datetime, *, added: bool) -> None:
        landed = _added(intent, label) if added else _removed(intent, label)
        if intent.closed is None or landed:
            return
        known = self.late.get(intent.id, Late(intent=intent))
        self.late[intent.id] = Late(
            intent=with_late(known.intent, label, at, added=added),
            added=(*known.added, label) if added else known.added,
            removed=known.removed if added else (*known.removed, label),
        )

    def _act(
        self, kind: ActKind, word: str, at: datetime, *, proven: bool = True, newest: bool = False
    ) -> None:
        goal = self.names.goal_id(word) or word
        act = Act(at=at, kind=kind, goal=goal, voice=Voice.LABEL, proven=proven)
        if newest and act in self.acts:  # it comes after another word of the same moment
            self.acts.remove(act)
        if act not in self.acts:  # an entry at the very moment known may be replayed twice
            self.acts.append(act)

    def _other_label_of(self, word: str) -> bool:
        key = self.names.key(word)
        return any(self.names.key_of_label(label, row) == key for label, row in self.rows.items())


class _Asked:
    """What intents asked for, each asking used up by the entry that it explains."""

    def __init__(self, intents: Sequence[Intent]) -> None:
        sent = [intent for intent in intents if intent.outcome is not IntentOutcome.REFUSED]
        self._adds = [(label, intent) for intent in sent for label in intent.add]
        self._removes = [(label, intent) for intent in sent for label in intent.remove]

    def addition(self, label: str, change: LabelChange) -> Intent | None:
        """Return the intent that explains this label of an entry, if one does."""
        return _take(self._adds, label, change, landed=_added)

    def removal(self, label: str, change: LabelChange) -> Intent | None:
        """Return the intent that explains this label of an entry, if one does."""
        return _take(self._removes, label, change, landed=_removed)


def _take(
    asks: list[tuple[str, Intent]],
    label: str,
    change: LabelChange,
    *,
    landed: Callable[[Intent, str], bool],
) -> Intent | None:
    """Use up the asking that fits: of those seen to land the first, else the newest late one.

    An entry may lie at the very moment from which a later asking of the same counts.
    """
    if not change.by_us:
        return None
    fit = [
        n for n, (asked, intent) in enumerate(asks) if asked == label and change.at >= intent.since
    ]
    there = [n for n in fit if landed(asks[n][1], label)]
    in_time = [n for n in there if change.at <= _settled(asks[n][1]) + SLACK]
    if in_time:
        return asks.pop(min(in_time, key=lambda n: _settled(asks[n][1])))[1]
    late = [n for n in fit if n not in there]
    return asks.pop(late[-1])[1] if late else None


def _by_name(change: LabelChange, ids: Mapping[str, str]) -> LabelChange:
    """Call labels by the names that we know them by where the tracker has only their ids left."""
    if ids.keys().isdisjoint(change.added | change.removed):
        return change
    return replace(
        change,
        added=frozenset(ids.get(label, label) for label in change.added),
        removed=frozenset(ids.get(label, label) for label in change.removed),
    )


def _settled(intent: Intent) -> datetime:
    return intent.settled_at or intent.since


def _added(intent: Intent, label: str) -> bool:
    return intent.after is not None and label in intent.after


def _removed(intent: Intent, label: str) -> bool:
    return intent.after is not None and label not in intent.after


def with_late(intent: Intent, label: str, at: datetime, *, added: bool) -> Intent:
    """Return a closed intent, corrected by a write of its own that arrived late."""
    after = set(intent.before if intent.after is None else intent.after)
    if added:
        after.add(label)
    else:
        after.discard(label)
    return replace(intent, after=tuple(sorted(after)), settled_at=at)


def history_needed(known: datetime, intents: Iterable[Intent]) -> datetime:
    """Return from when on a history is needed to hear what happened since *known*.

    Intents that may still explain an entry have to be seen to use up those that they explained.
    """
    speaking = [
        intent.since
        for intent in intents
        if intent.outcome is not IntentOutcome.REFUSED
        and (not _all_landed(intent) or _settled(intent) + SLACK >= known)
    ]
    return min([known, *speaking])


def _all_landed(intent: Intent) -> bool:
    if intent.after is None:
        return False
    after = set(intent.after)
    return after.issuperset(intent.add) and after.isdisjoint(intent.remove)
