"""What okrsync remembers of an item beside what the tracker shows: the ledger and its kin.

Ownership is a row here, never a prefix. `ItemState` is a value; the protocol's functions
(`observe`, `judge`, `plan`, …) take one and give back the next.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from okrsync.core.work import ItemRef


class Origin(StrEnum):
    """Who put a vocabulary label on an item, as far as we know."""

    OURS = "ours"
    THEIRS = "theirs"
    FOUND = "found"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Row:
    """One vocabulary label on one item. Only a row of `OURS` allows a removal."""

    label: str
    """Exactly as written on the item."""
    origin: Origin
    since: datetime
    """Tracker time; a row of ours begins at the `updated` of the read before writing."""
    run: int | None = None
    label_id: str | None = None
    """The id of the label's definition, where the tracker has definitions (Linear)."""
    goal: str | None = None
    """The id of the goal it points to now, where that differs from its spelling (renamed)."""


class ActKind(StrEnum):
    """What a person said about one goal on one item; the newest about a goal wins."""

    LINK = "link"
    UNLINK = "unlink"
    VETO = "veto"
    UNVETO = "unveto"


class Voice(StrEnum):
    """How a person said it."""

    LABEL = "label"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Act:
    """A person's explicit word."""

    at: datetime
    kind: ActKind
    goal: str
    voice: Voice = Voice.COMMAND
    because: str = ""
    proven: bool = False
    """For a veto: the item's history shows the removal. Only an unproven veto can be mass loss."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dispute:
    """A label that did not stick and that nobody took away; not written until then."""

    label: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The item is left as an undo or a purge left it.

    An undo's hold ends when the desired labels are not these any more; a purge's, which has
    none, only when somebody says `release`.
    """

    desired: tuple[str, ...] | None
    """Before vetoes, mutes and disputes, sorted; None until somebody says `release`."""
    run: int | None = None

    def ends(self, desired: Collection[str]) -> bool:
        """Tell whether it ends because the item's desired labels are *desired* now."""
        return self.desired is not None and self.desired != tuple(sorted(desired))


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the last judgement rested on, to tell what caused a change of labels."""

    work: str
    """Digests of the item's own facts, its ancestors', the mapping and what people said, and after
    a point of the descriptions among these facts; nothing there if none was read."""
    goals: str
    """Digest of the goal files, the vocabulary, whether mentions count, the reader's version."""

    def same_work(self, other: Basis) -> bool:
        """Tell whether nothing changed but goals; a text is no change if it only was not read."""
        (facts, _, texts), (others, _, other_texts) = (
            basis.work.partition(".") for basis in (self, other)
        )
        return facts == others and (texts == other_texts or not texts or not other_texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """Everything remembered of one item. It outlives the mirror."""

    ref: ItemRef
    known_at: datetime | None = None
    """Tracker time up to which the item's history is accounted for; never goes back."""
    rows: tuple[Row, ...] = ()
    """One for each vocabulary label believed to be on the item, foreign verdicts apart."""
    foreign: frozenset[str] = frozenset()
    """Verdict labels on the item that we did not write."""
    acts: tuple[Act, ...] = ()
    """Oldest first."""
    mutes: frozenset[str] = frozenset()
    """Verdict labels a person took away, each while it is the verdict."""
    hold: Hold | None = None
    disputes: tuple[Dispute, ...] = ()
    unwritten: frozenset[str] = frozenset()
    """Spellings a person took away while another label of the same goal stayed."""
    stopped: frozenset[str] = frozenset()
    """Ids of the unanswered vanishings that this item lost labels in."""
    basis: Basis | None = None

    @property
    def believed(self) -> frozenset[str]:
        """The vocabulary labels we believe to be on the item."""
        return frozenset([row.label for row in self.rows]) | self.foreign

    @property
    def ours(self) -> frozenset[str]:
        """The labels on the item that are ours to remove."""
        return frozenset([row.label for row in self.rows if row.origin is Origin.OURS])

    def row(self, label: str) -> Row | None:
        """Return the row of exactly this label."""
        return next((row for row in self.rows if row.label == label), None)

    def said_at(self, now: datetime) -> datetime:
        """Return the time of what a person says *now*: newer than all heard, on any clock."""
        return max([now, *(act.at for act in self.acts)])

    @property
    def fingerprint(self) -> str:
        """Changes when rows, acts, mutes or hold change: a plan made before is then old."""
        told = repr(
            (
                sorted((r.label, r.origin.value, r.goal) for r in self.rows),
                sorted(self.foreign),
                [(a.at.isoformat(), a.kind.value, a.goal) for a in self.acts],
                sorted(self.mutes),
                self.hold and (self.hold.desired,),
                sorted(self.stopped),
            )
        )
        return hashlib.sha256(told.encode()).hexdigest()[:16]


class IntentOutcome(StrEnum):
    """How an intent ended."""

    DONE = "done"
    MOVED = "moved"
    REFUSED = "refused"
    GONE = "gone"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A write we are about to make or made: durable before, closed with what came of it.

    *since* is the tracker's `updated` of the read before the write.
    """

    id: int
    ref: ItemRef
    run: int
    opened: datetime
    since: datetime
    before: tuple[str, ...]
    add: tuple[str, ...]
    remove: tuple[str, ...]
    because: str = ""
    budget: str | None = None
    """The guard's limit that it weighs on (``work``, ``goals``); none if a person approved it."""
    task: str | None = None
    """The tracker's bulk task that carries it, if it is not finished yet."""
    batch: str | None = None
    closed: datetime | None = None
    settled_at: datetime | None = None
    """Tracker time of the read that showed what came of it."""
    after: tuple[str, ...] | None = None
    """What came of it: the labels then there, with those it added and without those it removed,
    also where somebody had undone that already; so it is known which of its asking is used up."""
    outcome: IntentOutcome | None = None


class VanishingKind(StrEnum):
    """Why labels may have gone without anybody meaning it."""

    DEFINITION = "definition"
    MASS = "mass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanishing:
    """Labels that went without a person's word that we can rely on; stays until answered."""

    id: str
    kind: VanishingKind
    tracker: str
    scope: str | None
    """The scope that is stopped, for mass loss."""
    label: str | None
    """The label that is stopped, for a vanished definition."""
    since: datetime
    lost: tuple[tuple[ItemRef, str], ...]
    """Item and label, each loss once."""
    answer: str | None = None
    """``people`` or ``accident``."""
