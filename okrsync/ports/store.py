"""What okrsync needs to remember, and how durably.

A `Store` gives transactions: everything inside one `begin()` becomes true together or not at
all, and is on disk when the block ends. Streams are read in pages, so memory does not grow with
the store. Item ids and keys are text; times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from okrsync.core.ledger import Intent, ItemState, Vanishing
    from okrsync.core.reading import Mark
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.findings import Coverage, Identity, SeenFinding, StoredFinding
    from okrsync.ports.mailer import ArchivedReport, Mail, MailState
    from okrsync.ports.verdicts import VerdictChange, Verdicted


class Role(StrEnum):
    """Why an item is in the mirror."""

    ITEM = "item"
    """It is in a configured scope: it is judged and may be labelled."""
    ANCESTOR = "ancestor"
    """It is outside; read only for what it passes on."""
    UNREACHABLE = "unreachable"
    """It was in a scope and can no longer be read; never judged, never forgotten by the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirroredItem:
    """An item as last believed."""

    item: WorkItem
    role: Role
    direct: bool
    """Whether the newest belief comes from a direct read."""
    pull: int
    """The run that last saw it in a pull of its scope."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as a search showed it, and the digest by which the same answer is known again."""

    item: WorkItem
    digest: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """What a mirrored item can be compared by, without reading it whole."""

    updated: datetime
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One use of okrsync that read or wrote."""

    id: int
    kind: str
    """pull, plan, apply, sync, undo, purge, adopt, recover."""
    started: datetime
    ended: datetime | None = None
    exit_code: int | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal: what was on one item before and after a write of ours.

    Only vocabulary labels. *added* and *removed* are what took effect through us.
    """

    run: int
    ref: ItemRef
    key: str
    scope: str
    at: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    budget: str | None = None
    """The limit of ``max_changes`` that it weighs on: a `Cause`; none if a person approved it."""
    because: str = ""


class PlanStatus(StrEnum):
    """What became of a stored plan."""

    WAITING = "waiting"
    APPLIED = "applied"
    REPLACED = "replaced"


class Cause(StrEnum):
    """What brought the changes of a plan about; the two are limited and stored apart."""

    WORK = "work"
    GOALS = "goals"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """The head of a plan; its edits are read as a stream."""

    id: int
    digest: str
    run: int
    created: datetime
    cause: Cause
    purpose: str
    """sync, undo:RUN, purge."""
    status: PlanStatus
    why: str
    """Why it waits."""
    items: int
    labels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEdit:
    """What a plan will do to one item, and what it assumed."""

    ref: ItemRef
    key: str
    scope: str
    title: str
    url: str | None
    add: tuple[str, ...]
    remove: tuple[str, ...]
    before: tuple[str, ...]
    """The vocabulary labels believed to be on the item, sorted."""
    fingerprint: str
    """Of the item's state; another one later means that the item moved."""
    verdict: str | None
    because: str
    cause: Cause = Cause.WORK


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An item that a webhook rang for, and nothing came of it however often it was tried."""

    id: int
    ref: ItemRef
    since: datetime
    """When somebody first rang."""
    at: datetime
    """When it was last tried."""
    tries: int
    why: str


class Transaction(Protocol):
    """All reads and writes of one unit of work."""

    # the mirror

    def items_after(
        self,
        after: ItemRef | None,
        limit: int,
        *,
        tracker: str | None = None,
        scope: str | None = None,
        role: Role | None = None,
        unsettled_only: bool = False,
    ) -> Sequence[MirroredItem]:
        """Return up to *limit* items in the order of their refs, from the first after *after*."""

    def items(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, MirroredItem]:
        """Return those that are mirrored."""

    def heads(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, Head]:
        """Return the heads of those that are mirrored; much cheaper than the items."""

    def items_by_key(self, key: str) -> Sequence[MirroredItem]:
        """Return the items called *key*, in any case, over all trackers."""

    def put_items(self, items: Iterable[MirroredItem]) -> None:
        """Insert or replace. A mirrored item never goes back behind its newest `updated`."""

    def put_shown(self, shown: Iterable[Shown], pull: int) -> None:
        """Put what a search showed run *pull* of a scope, where nothing speaks against it.

        What was read directly and is shown just so stays as it was read. The digest is kept until
        anything changes what is believed or remembered of the item, whoever changes it.
        """

    def shown_again(
        self, tracker: str, digests: Mapping[str, bytes], pull: int
    ) -> Mapping[str, datetime]:
        """Return which of these items (id -> digest) are as `put_shown` left them, with `updated`.

        They are marked as pulled; to put them again would do no more.
        """

    def mark_pulled(self, refs: Iterable[ItemRef], pull: int) -> None:
        """Note that these were seen, unchanged, by run *pull*."""

    def not_pulled(
        self, tracker: str, scope: str, pull: int, *, after: str = "", limit: int
    ) -> Sequence[ItemRef]:
        """Return up to *limit* of the scope's items (role ITEM) that run *pull* did not see.

        They come in the order of their ids, from the first after *after*.
        """

    def count_items(self, tracker: str, scope: str | None = None) -> Mapping[str, int]:
        """Count the items (role ITEM) of each scope, or of one."""

    def forget_unreachable(self, tracker: str, pull: int) -> int:
        """Forget what is unreachable and was last seen by a run before *pull*; count it."""

    def missing_above(self, tracker: str) -> set[ItemRef]:
        """Return what is above mirrored items and is in no scope of ours, mirrored or not."""

    def below(self, refs: Iterable[ItemRef]) -> set[ItemRef]:
        """Return these and all that hangs below them, at any depth."""

    # unsettled: something changed since the labels were last found to be in order; whatever
    # `put_items` and `put_states` change is unsettled by that

    def unsettle(self, refs: Iterable[ItemRef]) -> None:
        """Note that the labels of these items may not be in order."""

    def settle(self, refs: Iterable[ItemRef]) -> None:
        """Note that the labels of these items are in order."""

    def unsettle_below(self, tracker: str) -> bool:
        """Unsettle also what hangs below unsettled items, and settle what is never judged.

        Tells whether anything was unsettled before.
        """

    # how far scopes have been read

    def marks(self) -> Mapping[tuple[str, str], Mark]:
        """Return the mark of every tracker and scope that has one."""

    def put_mark(self, tracker: str, scope: str, mark: Mark) -> None:
        """Insert or replace."""

    # what is remembered of items

    def states(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, ItemState]:
        """Return the state of every ref asked for; an empty one where nothing is remembered."""

    def put_states(self, states: Iterable[ItemState]) -> None:
        """Replace what is remembered of these items."""

    def states_with(self, kind: str, limit: int = 1000) -> Sequence[ItemState]:
        """Return states that hold this kind.

        One of ``acts``, ``mutes``, ``hold``, ``disputes``, ``foreign``, ``found``.
        """

    def held_labels(self, tracker: str | None = None) -> Mapping[str, int]:
        """Count the ledger's rows by label."""

    def held_definitions(self, tracker: str) -> Sequence[tuple[str, str]]:
        """Return the labels that rows know the definition of, each with its id."""

    def carriers(self, tracker: str, definitions: Iterable[tuple[str, str]]) -> set[ItemRef]:
        """Return the items whose rows name one of these labels by that definition."""

    def stopped_states(self, vanishing: str) -> Sequence[ItemState]:
        """Return the states stopped by this vanishing."""

    # intents

    def add_intents(self, intents: Iterable[Intent]) -> Sequence[Intent]:
        """Store new intents (their ids are ignored) and return them with ids.

        Raises:
            StoreError: an item already has an open intent.

        """

    def put_intents(self, intents: Iterable[Intent]) -> None:
        """Replace intents by id: closed, or given a task."""

    def open_intents(self, tracker: str | None = None) -> Sequence[Intent]:
        """Return open intents, oldest first."""

    def intents_of(self, refs: Iterable[ItemRef]) -> Mapping[ItemRef, Sequence[Intent]]:
        """Return all intents of each ref, oldest first."""

    # journal, runs, plans

    def add_entries(self, entries: Iterable[Entry]) -> None:
        """Append to the journal."""

    def entries_of(self, run: int) -> Sequence[Entry]:
        """Return the journal of one run, in the order written."""

    def entries_about(self, ref: ItemRef) -> Sequence[Entry]:
        """Return the journal of one item, in the order written."""

    def changes_since(self, tracker: str, budget: str, since: datetime) -> int:
        """Count the labels that entries weighing on *budget* added or removed since then."""

    def start_run(self, kind: str, at: datetime) -> Run:
        """Begin a run with the next number."""

    def end_run(
        self, run: int, at: datetime, *, exit_code: int, summary: Mapping[str, Any]
    ) -> None:
        """Note how a run ended."""

    def forget_run(self, run: int) -> None:
        """Forget a run that left no trace."""

    def run_before(self, at: datetime) -> int:
        """Return the number of the newest run that began before then; 0 if there is none."""

    def runs(self, limit: int = 20) -> Sequence[Run]:
        """Return the newest runs, newest first."""

    def run(self, run: int) -> Run | None:
        """Return one run."""

    def add_plan(self, plan: StoredPlan) -> StoredPlan:
        """Store a plan's head (its id is ignored) and return it with its id."""

    def put_plan(self, plan: StoredPlan) -> None:
        """Replace a plan's head by id."""

    def add_edits(self, plan: int, edits: Iterable[PlannedEdit]) -> None:
        """Append edits to a plan."""

    def edits_after(self, plan: int, after: ItemRef | None, limit: int) -> Sequence[PlannedEdit]:
        """Return up to *limit* of the plan's edits in the order of their refs."""

    def edits_alike_after(
        self, plan: int, after: PlannedEdit | None, limit: int
    ) -> Sequence[PlannedEdit]:
        """Return up to *limit* of the plan's edits, equal ones of a tracker beside each other."""

    def plans(self, status: PlanStatus | None = None) -> Sequence[StoredPlan]:
        """Return plan heads, newest first."""

    def drop_plans_before(self, at: datetime) -> None:
        """Forget plans that do not wait and are older."""

    # vanished labels

    def vanishings(self, *, open_only: bool = True) -> Sequence[Vanishing]:
        """Return vanishings, oldest first."""

    def put_vanishing(self, vanishing: Vanishing) -> None:
        """Insert or replace by id."""

    # findings with their age, and snapshots to compare with

    def start_round(self) -> int:
        """Begin a round of looking for findings, with the next number."""

    def see_findings(self, seen: Iterable[SeenFinding], number: int, at: datetime) -> None:
        """Note that round *number* saw these.

        One that is new gets its first day; one that comes back within `FLICKER` keeps its own.
        """

    def end_findings_about(
        self, items: Iterable[ItemRef], codes: Collection[str], number: int, at: datetime
    ) -> None:
        """Note as gone what *codes* once found about these items and round *number* did not."""

    def end_round(self, number: int, at: datetime, coverage: Coverage) -> None:
        """Note as gone what was open where the round looked, and was not seen by it."""

    def findings_after(
        self, after: Identity | None, limit: int, *, since: datetime | None = None
    ) -> Sequence[StoredFinding]:
        """Return up to *limit* open findings in the order of their identities.

        With *since* also those that went since then; `StoredFinding.change` tells them apart.
        """

    def rename_findings(self, renamed: Mapping[str, str]) -> None:
        """Let findings follow goals: former id -> the id now, both case-folded.

        Where both are known the older first day stays.
        """

    def forget_findings(self, before: datetime) -> None:
        """Forget findings that went before then."""

    def put_snapshot(self, kind: str, day: date, payload: Any) -> None:
        """Keep a JSON value for that day; a later one of the same day takes its place."""

    def snapshot(self, kind: str, day: date) -> tuple[date, Any] | None:
        """Return the newest value of *day* or before, with its own day."""

    def forget_snapshots(self, before: date) -> None:
        """Forget the snapshots of earlier days."""

    # verdicts as they were, mails, reports

    def see_verdicts(
        self, seen: Iterable[Verdicted], at: datetime, *, told: datetime | None = None
    ) -> None:
        """Note what items are judged to be now; of one that changed, what it was stays known.

        One that changes again within `UNSETTLED` changed from what it was at first, or not at all;
        but what was *told* to people at that moment is what the next change begins with.
        """

    def verdict_changes_after(
        self, after: ItemRef | None, limit: int, *, since: datetime
    ) -> Sequence[VerdictChange]:
        """Return up to *limit* changes of *since* or later, in the order of their refs."""

    def forget_verdicts_of_the_gone(self) -> None:
        """Forget the verdicts of items that are mirrored no more."""

    def put_mails(self, given: Iterable[Mail]) -> None:
        """Insert, or replace those of the same errand."""

    def mails_of(self, edition: str, period: str) -> Sequence[Mail]:
        """Return the mails of one period, by whom they are about and to."""

    def mails_in(self, state: MailState) -> Sequence[Mail]:
        """Return all mails in this state, oldest first."""

    def last_mailed(
        self, edition: str, about: str, address: str | None = None, *, before: str
    ) -> datetime | None:
        """Return when the newest mail of an earlier period was made that was sent.

        Without an *address* to anybody.
        """

    def put_report(self, report: ArchivedReport) -> None:
        """Keep a report; of one told again the newest stays."""

    def archived(self, period: str | None = None) -> Sequence[ArchivedReport]:
        """Return archived reports, newest first; of one period, or all."""

    def forget_post(self, before: datetime) -> None:
        """Forget mails and reports that are older."""

    # dead letters

    def dead_letters(self) -> Sequence[DeadLetter]:
        """Return dead letters, oldest first."""

    def count_dead_letters(self) -> int:
        """Count them."""

    def put_dead_letters(self, letters: Iterable[DeadLetter]) -> None:
        """Keep these (their ids are ignored); of two about one item the older date stays."""

    def drop_dead_letters(self, refs: Iterable[ItemRef]) -> int:
        """Forget those about these items; return how many there were."""

    # small things by name: approved trackers, the last good goals, the silent-edit memory

    def note(self, name: str) -> Any:
        """Return a stored JSON value, or None."""

    def put_note(self, name: str, value: Any) -> None:
        """Store a JSON value; None forgets it."""

    def save_goals(self, digest: str, payload: bytes, at: datetime) -> None:
        """Keep this snapshot as the last good goals; a digest already newest is not repeated."""

    def last_goals(self) -> tuple[str, bytes] | None:
        """Return digest and payload of the last good goals."""


class Store(Protocol):
    """A place that remembers."""

    def begin(self) -> AbstractContextManager[Transaction]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Raises:
            StoreError: it cannot be read or written (locked for too long, read-only, disk full).

        """

    def lock(self, tracker: str, scope: str, *, wait: float = 0.0) -> AbstractContextManager[None]:
        """Hold a scope for writing, over all processes; freed even if the process is killed.

        Raises:
            RefusedError: another process holds it and did not let go within *wait* seconds.

        """

    def upgrade(self) -> tuple[str | None, str]:
        """Bring the schema to this version's; safe to repeat, and beside other processes.

        Returns the schema before (None: there was no store yet) and after.

        Raises:
            StoreError: the store is of a newer okrsync, or cannot be written.

        """

    def close(self) -> None:
        """Give back connections. May be called more than once."""
