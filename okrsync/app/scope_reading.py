"""Read one scope: whole, or only what its stamps say has changed.

A scope is read as a stream. Search reads only raise suspicion; what looks odd is read directly
and judged by `memory.hear`. Stamps say even less: they only tell which items to read directly.
What a search shows just as it did when it was last looked at closely is passed over: looking again
would do nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync import __version__
from okrsync.app.batches import batches
from okrsync.app.context import Progress
from okrsync.app.memory import hear
from okrsync.core.observe import contradicts
from okrsync.core.reading import Mark, Reading, due, is_news, moved_on
from okrsync.core.work import ItemRef
from okrsync.ports.store import Role, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.core.names import Names
    from okrsync.core.work import WorkItem
    from okrsync.ports.store import Transaction
    from okrsync.ports.tracker import Sighting, Stamp

SEARCHED = 500
STAMPED = 500
DIRECT = 200


@dataclass(slots=True)
class ScopeReading:
    """Reads one scope once. The caller holds its lock."""

    ctx: Context
    tracker: str
    scope: str
    names: Names
    run: int
    items: int = 0
    """How many items the tracker showed."""
    direct: int = 0
    """How many of them were read directly."""
    missed: int = 0
    """How many it does not show any more."""
    _newest: datetime | None = field(default=None, init=False)

    def read(self, asked: Reading) -> Reading:
        """Read as much as is due and was *asked* for; return how it was read.

        The mark moves on only after the last page.
        """
        basis = self.ctx.basis(self.tracker)
        with self.ctx.store.begin() as tx:
            mark = tx.marks().get((self.tracker, self.scope))
        how = due(mark, asked, basis=basis, now=self.ctx.now())
        began = self.ctx.tracker(self.tracker).time()
        if mark is None or how is Reading.FULL:
            self._read_whole()
        elif how is Reading.SWEEP or mark.watermark is None:
            self._compare(None, mark)
        else:
            self._compare(mark.watermark - self.ctx.policy.overlap, mark)
        if how is not Reading.CHANGES:
            self._look_for_missed()
            self._count()
        after = moved_on(
            mark, how, basis=basis, newest=self._newest, began=began, now=self.ctx.now()
        )
        with self.ctx.store.begin() as tx:
            tx.put_mark(self.tracker, self.scope, after)
        return how

    def _read_whole(self) -> None:
        salt = self._salt()
        for page in batches(self.ctx.tracker(self.tracker).pull(self.scope), SEARCHED):
            self._read_directly(self._take_search(page, salt))
            self._told(len(page))

    def _salt(self) -> bytes:
        """Return what every digest is worth nothing without: how okrsync looks at answers now."""
        told = (__version__, self.ctx.basis(self.tracker), self.ctx.vocabulary)
        return hashlib.blake2b(repr(told).encode(), digest_size=8).digest()

    def _take_search(self, page: Sequence[Sighting], salt: bytes) -> list[ItemRef]:
        """Take in what a search shows; return what must be read directly."""
        digests = {seen.id: salt + seen.digest for seen in page}
        with self.ctx.store.begin() as tx:
            known = tx.shown_again(self.tracker, digests, self.run)
            self._saw(known.values())
            news = [
                seen
                for seen in page  # where an item came twice, only one of them may be as it was
                if seen.id not in known or not digests[seen.id].endswith(seen.digest)
            ]
            return self._look_closely(tx, news, salt) if news else []

    def _look_closely(
        self, tx: Transaction, page: Sequence[Sighting], salt: bytes
    ) -> list[ItemRef]:
        shown = [Shown(seen.item(), salt + seen.digest) for seen in page]
        self._saw(each.item.updated for each in shown)
        refs = [each.item.ref for each in shown]
        suspects: list[ItemRef] = []
        believable: list[Shown] = []
        lagging: list[ItemRef] = []
        known, states = tx.heads(refs), tx.states(refs)
        for each in shown:
            item = each.item
            head = known.get(item.ref)
            if head is not None and item.updated < head.updated:
                lagging.append(item.ref)  # the index lags: what we believe is newer
            elif contradicts(states[item.ref], item, self.ctx.vocabulary):
                suspects.append(item.ref)
            else:
                believable.append(each)
        tx.put_shown(believable, self.run)
        tx.mark_pulled(lagging, self.run)
        _back_in_scope(tx, [ref for ref in lagging if known[ref].role is not Role.ITEM])
        return suspects

    def _compare(self, since: datetime | None, mark: Mark) -> None:
        """Read directly what the stamps say is new; without *since* look at all stamps."""
        stamps = self.ctx.tracker(self.tracker).stamps(self.scope, since)
        for page in batches(stamps, STAMPED):
            self._saw(stamp.updated for stamp in page)
            self._read_directly(self._news(page, mark, everything=since is None))
            self._told(len(page))

    def _news(self, page: Sequence[Stamp], mark: Mark, *, everything: bool) -> list[ItemRef]:
        refs = [ItemRef(self.tracker, stamp.id) for stamp in page]
        with self.ctx.store.begin() as tx:
            known = tx.heads(refs)
            if everything:
                tx.mark_pulled([ref for ref in refs if ref in known], self.run)
        news: dict[ItemRef, None] = {}
        for ref, stamp in zip(refs, page, strict=True):
            head = known.get(ref)
            known_here = head is not None and head.role is Role.ITEM
            if head is None or not known_here or is_news(stamp.updated, head.updated, mark):
                news[ref] = None
        return list(news)

    def _read_directly(self, refs: Sequence[ItemRef]) -> None:
        self.direct += len(refs)
        for batch in batches(refs, DIRECT):
            read_directly(self.ctx, self.tracker, batch, self.names, run=self.run)

    def _look_for_missed(self) -> None:
        """Read directly what the tracker no longer shows.

        Not there: unreachable, which is no proof of deletion. Still there: moved, or the search
        has reasons not to show it; either way it is not ours to write while it is not shown.
        """
        after = ""
        while refs := self._missed(after):
            self.missed += len(refs)
            after = refs[-1].id
            items = list(self.ctx.tracker(self.tracker).read([ref.id for ref in refs]))
            roles = {item.ref: Role.ANCESTOR for item in items}
            hear(self.ctx, self.tracker, items, self.names, run=self.run, role_of=roles)
            with self.ctx.store.begin() as tx:
                lose_sight(tx, set(refs) - {item.ref for item in items})

    def _missed(self, after: str) -> Sequence[ItemRef]:
        with self.ctx.store.begin() as tx:
            return tx.not_pulled(self.tracker, self.scope, self.run, after=after, limit=DIRECT)

    def _count(self) -> None:
        """Count what there is: while pages were turned some items may have come twice."""
        with self.ctx.store.begin() as tx:
            self.items = tx.count_items(self.tracker, self.scope).get(self.scope, 0)

    def _saw(self, moments: Iterable[datetime]) -> None:
        for moment in moments:
            if self._newest is None or moment > self._newest:
                self._newest = moment

    def _told(self, more: int) -> None:
        self.items += more
        self.ctx.tell(Progress(f"reading {self.scope} from {self.tracker}", self.items))


def _back_in_scope(tx: Transaction, refs: Iterable[ItemRef]) -> None:
    tx.put_items(replace(known, role=Role.ITEM) for known in tx.items(refs).values())


def read_directly(
    ctx: Context, tracker: str, refs: Sequence[ItemRef], names: Names, *, run: int
) -> None:
    """Read these items as they are now and hear what that says."""
    items = list(ctx.tracker(tracker).read([ref.id for ref in refs]))
    scopes = ctx.setups[tracker].scopes
    roles = {item.ref: role_in(item, scopes) for item in items}
    hear(ctx, tracker, items, names, run=run, role_of=roles)
    with ctx.store.begin() as tx:
        tx.mark_pulled([item.ref for item in items], run)
        lose_sight(tx, set(refs) - {item.ref for item in items})


def role_in(item: WorkItem, scopes: Iterable[str]) -> Role:
    """Tell whether an item is ours to judge: in a configured scope, whatever it was before."""
    inside = item.scope.casefold() in {scope.casefold() for scope in scopes}
    return Role.ITEM if inside else Role.ANCESTOR


def lose_sight(tx: Transaction, refs: Iterable[ItemRef]) -> None:
    """Note that these cannot be read any more; what they said last is kept."""
    known = tx.items(refs)
    tx.put_items(replace(item, role=Role.UNREACHABLE) for item in known.values())
