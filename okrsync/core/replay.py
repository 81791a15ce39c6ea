"""Replay an item's history over what we remember of it (LABELS.md 0 to 3, 14, 15).

An entry of our own account is ours only as far as an intent of ours asked for it; the rest of it
is a person's, because many use one account for both. Each intent explains one adding and one
removing of each label it named: of a write that was seen to land, an entry up to then; of one
that was not, the first entry after it, however late.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from okrsync.core.ledger import Act, ActKind, Intent, ItemState, Origin, Row, Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from okrsync.core.names import Names
    from okrsync.core.work import LabelChange

SLACK = timedelta(seconds=2)
"""Jira stamps `updated` up to a second before the history entry of the same edit."""


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
    landed_add: set[str] = field(default_factory=set)
    """Labels that an open or late intent of ours was seen to add."""
    landed_remove: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    """Labels that somebody else was seen to take away."""
    given: dict[str, datetime] = field(default_factory=dict)
    """Labels that somebody else was seen to add, and when last."""
    late: dict[int, Intent] = field(default_factory=dict)
    """Closed intents of which a write arrived after all, corrected, by id."""

    def __post_init__(self) -> None:
        self.rows = {row.label: row for row in self.start.rows}
        self.foreign = set(self.start.foreign)
        self.acts = list(self.start.acts)
        self.mutes = set(self.start.mutes)
        self.unwritten = set(self.start.unwritten)

    def play(self, changes: Iterable[LabelChange], intents: Sequence[Intent]) -> None:
        """Take the changes in order, oldest first."""
        asked = _Asked(intents)
        for change in changes:
            for label in sorted(self.names.vocabulary.of(change.removed)):
                intent = asked.removal(label, change)
                if intent is not None:
                    self.we_removed(label)
                    self._note_late(intent, label, change.at, added=False)
                else:
                    self.person_removed(label, change.at, proven=True)
            for label in sorted(self.names.vocabulary.of(change.added)):
                intent = asked.addition(label, change)
                if intent is not None:
                    self.we_added(label, intent)
                    self._note_late(intent, label, change.at, added=True)
                else:
                    self.person_added(label, change.at)

    def we_added(self, label: str, intent: Intent) -> None:
        """Note a label of ours, also one that arrives late."""
        self.landed_add.add(label)
        self.foreign.discard(label)
        self.rows[label] = Row(
            label=label,
            origin=Origin.OURS,
            since=intent.since,
            run=intent.run,
            label_id=self.label_ids.get(label),
        )

    def we_removed(self, label: str) -> None:
        """Forget a label that we took away ourselves."""
        self.landed_remove.add(label)
        self.rows.pop(label, None)

    def person_added(self, label: str, at: datetime) -> None:
        """Hear a person link the item; a verdict of theirs is only noted."""
        self.given[label] = at
        word = self.names.vocabulary.goal_word(label)
        if word is None:
            self.rows.pop(label, None)
            self.foreign.add(label)
            return
        self.rows[label] = Row(
            label=label, origin=Origin.THEIRS, since=at, label_id=self.label_ids.get(label)
        )
        self.unwritten.discard(label)
        self._act(ActKind.LINK, word, at)

    def person_removed(self, label: str, at: datetime, *, proven: bool) -> None:
        """Hear a veto, a mute, or that one of two spellings was too much."""
        self.taken.add(label)
        row = self.rows.pop(label, None)
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

    def _note_late(self, intent: Intent, label: str, at: datetime, *, added: bool) -> None:
        if intent.closed is None or (label in (intent.after or ())) is added:
            return
        known = self.late.get(intent.id, intent)
        self.late[intent.id] = with_late(known, label, at, added=added)

    def _act(self, kind: ActKind, word: str, at: datetime, *, proven: bool = True) -> None:
        goal = self.names.goal_id(word) or word
        act = Act(at=at, kind=kind, goal=goal, voice=Voice.LABEL, proven=proven)
        if act not in self.acts:  # an entry at the very moment known may be replayed twice
            self.acts.append(act)

    def _other_label_of(self, word: str) -> bool:
        key = self.names.key(word)
        return any(self.names.key_of_label(label, row) == key for label, row in self.rows.items())


class _Asked:
    """What intents asked for, each asking used up by the entry that it explains."""

    def __init__(self, intents: Sequence[Intent]) -> None:
        self._adds = [(label, intent) for intent in intents for label in intent.add]
        self._removes = [(label, intent) for intent in intents for label in intent.remove]

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
    if not change.by_us:
        return None
    for n, (asked, intent) in enumerate(asks):
        if asked != label or change.at < intent.since:
            continue
        if landed(intent, label) and change.at > _settled(intent) + SLACK:
            continue
        del asks[n]
        return intent
    return None


def _settled(intent: Intent) -> datetime:
    return intent.settled_at or intent.since


def _added(intent: Intent, label: str) -> bool:
    return intent.after is not None and label in intent.after


def _removed(intent: Intent, label: str) -> bool:
    return intent.after is not None and label not in intent.after


def with_late(intent: Intent, label: str, at: datetime, *, added: bool) -> Intent:
    """Return a closed intent, corrected by a write of its own that arrived late."""
    after = set(intent.after or ())
    if added:
        after.add(label)
    else:
        after.discard(label)
    return replace(intent, after=tuple(sorted(after)), settled_at=at)
