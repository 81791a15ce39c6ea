"""Judges what okrsync did by the trackers' own histories, and knows nothing of how it works.

Between okrsync's last look at an item and its write a person may be quicker: what somebody put back
within those seconds may be taken again, and what was taken may be put back once. That is counted,
and forgiven only where the person's whole deed lies within `WINDOW`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from okrsync.core.work import ItemRef
from tests.chaos.papers import LINKS, VERDICTS
from tests.chaos.place import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync.ports.store import Entry, Store
    from tests.chaos.papers import Papers
    from tests.chaos.place import Change, Place

WINDOW = timedelta(seconds=12)
"""Between a look and a write: some refusals with their waits, and a task."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Verdict:
    """What was found, and what was looked at."""

    wrongs: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)
    """Where a person was quicker than a write on its way."""
    untold: int = 0
    """Writes whose label lost its definition before okrsync could look what it had done."""
    changes: int = 0
    vetoes: int = 0
    untouched: int = 0
    heeded: int = 0
    """Items that are as people's last word on them asks for."""


def judge(
    places: Sequence[Place], papers: Papers, store: Store, looks: Sequence[datetime] = ()
) -> Verdict:
    """Judge the present state, which must have converged, and how it came about.

    *looks* are the moments at which okrsync knew of everything that was there.
    """
    verdict = Verdict()
    for place in places:
        for item in place.everything():
            _Witness(place, item, papers, verdict, looks=looks, store=store).go_through()
        for item in place.items:
            _look_at_labels(place, item, papers, verdict)
            _look_at_the_rest(place, item, verdict)
        if place.world.protocol_breaches:
            verdict.wrongs.append(f"{place.name}: {place.world.protocol_breaches[:5]}")
    _compare_journal(places, store, verdict)
    return verdict


class _Witness:
    """Follows the history of one item."""

    def __init__(
        self,
        place: Place,
        item: str,
        papers: Papers,
        verdict: Verdict,
        *,
        looks: Sequence[datetime],
        store: Store,
    ) -> None:
        self._place = place
        self._store = store
        self._item = item
        self._papers = papers
        self._verdict = verdict
        self._looks = looks
        self._ours: set[str] = set()
        self._was_ours: dict[str, datetime] = {}
        """When a label stopped to be ours by a person's hand."""
        self._came: dict[str, datetime] = {}
        """When a label came last."""
        self._taken: dict[str, datetime] = {}
        """What a person took away, of ours or known to us, and did not put back."""

    def go_through(self) -> None:
        for change in self._place.history(self._item):
            if change.by_us:
                self._verdict.changes += 1
                self._we_did(change)
            else:
                self._person_did(change)
            self._came |= dict.fromkeys(change.added, change.at)
        self._verdict.vetoes += len(self._taken.keys() & set(LINKS))

    def _we_did(self, change: Change) -> None:
        for label in change.removed - self._ours:
            if change.at - (theirs := self._was_ours.get(label, LONG_AGO)) < WINDOW:
                self._forgive(f"{label} was taken, a person's since {theirs}", change)
            else:
                self._wrong(f"somebody's {label} was taken", change)
        for label in change.added & self._taken.keys():
            self._put_back(label, change)
        for label in change.added | change.removed:
            if not label.startswith("okr:"):
                self._wrong(f"{label} is none of our words", change)
        self._ours = (self._ours | change.added) - change.removed

    def _is_claimed(self, label: str, at: datetime) -> bool:
        """Tell whether okrsync was adding the same just then: its journal says that it did."""
        with self._store.begin() as tx:
            entries = tx.entries_about(ItemRef(self._place.name, self._item))
        return any(label in each.added and abs(each.at - at) < WINDOW for each in entries)

    def _put_back(self, label: str, change: Change) -> None:
        """A link is never put back; a verdict is once it was another one meanwhile."""
        taken = self._taken[label]
        if label in VERDICTS and _stirred(self._place, self._item, self._papers, taken, change.at):
            del self._taken[label]
        elif change.at - self._came.get(label, LONG_AGO) < WINDOW:
            self._forgive(f"{label} was put back, taken at {taken}", change)
        else:
            self._wrong(f"{label} was put back that somebody took at {taken}", change)

    def _person_did(self, change: Change) -> None:
        for label in change.removed:
            if label in self._ours or (label in LINKS and self._was_known(label, change.at)):
                self._taken[label] = change.at
        for label in change.added:
            self._taken.pop(label, None)
        gone = self._ours & (change.removed | change.added)
        self._was_ours |= dict.fromkeys(gone, change.at)
        self._ours -= gone
        if change.borrowed:  # nobody can tell whose such an entry is
            self._ours |= {each for each in change.added if self._is_claimed(each, change.at)}

    def _was_known(self, label: str, until: datetime) -> bool:
        """Tell whether okrsync must have seen a label of whomever on the item."""
        came = self._came.get(label, self._place.since[self._item])
        strayed = self._item in self._place.strayed
        return not strayed and any(came < look < until for look in self._looks)

    def _forgive(self, what: str, change: Change) -> None:
        self._verdict.crossed.append(f"{self._place.name} {self._item}: {what}, at {change.at}")

    def _wrong(self, what: str, change: Change) -> None:
        told = "\n".join(f"    {each}" for each in self._place.history(self._item))
        self._verdict.wrongs.append(
            f"{self._place.name} {self._item}: {what} at {change.at}\n{told}"
        )


def _stirred(place: Place, item: str, papers: Papers, since: datetime, until: datetime) -> bool:
    """Tell whether anything happened by which an item may be judged otherwise."""
    about = {*place.titled[item], *(place.titles[epic] for epic in place.epics)}
    about.update(label for change in place.history(item) for label in change.added)
    stirs = [*place.stirred[item], *(at for at, what in papers.changed if what & about)]
    return any(since + timedelta(milliseconds=20) < at < until for at in stirs)


def _look_at_labels(place: Place, item: str, papers: Papers, verdict: Verdict) -> None:
    """Compare the labels of an item with what the files say, and people if it is known what."""
    line = [item, *([place.parents[item]] if item in place.parents else [])]
    if place.touched & set(line) or place.outside & set(line):
        return
    word = place.said.get(item, Word())
    verdict.untouched += item not in place.said
    verdict.heeded += item in place.said
    titles = [place.titles[each] for each in line]
    ruled = next((goals for title in titles if (goals := papers.serves(title))), frozenset())
    right = papers.expected(word.linked or ruled, word.vetoed)
    found = frozenset(label for label in place.labels(item) if label.startswith("okr:"))
    rights = [right - word.muted]
    if word.muted and _stirred(place, item, papers, word.at, place.world.clock.now()):
        rights.append(right)
    if found not in rights:
        verdict.wrongs.append(
            f"{place.name} {item} ({' < '.join(titles)}) has {sorted(found)} and should have "
            f"{sorted(rights[-1])}; people said {word}"
            + "".join(f"\n    {each}" for each in place.history(item))
        )


def _look_at_the_rest(place: Place, item: str, verdict: Verdict) -> None:
    """See that people's own labels are as people left them, and nothing else was changed."""
    rest = {label for label in place.labels(item) if not label.startswith("okr:")}
    if rest != place.own[item]:
        verdict.wrongs.append(f"{place.name} {item} has {rest}, people left {place.own[item]}")
    if strays := place.strays(item):
        verdict.wrongs.append(f"{place.name} {item}: okrsync changed {strays}")


def _compare_journal(places: Sequence[Place], store: Store, verdict: Verdict) -> None:
    """Every change by our account is in the journal once, and nothing else is."""
    for place in places:
        for item in place.items:
            with store.begin() as tx:
                entries = tx.entries_about(ItemRef(place.name, item))
            history = place.history(item)
            told = Counter(_deeds((e.added, e.removed) for e in entries))
            done = Counter(_deeds((c.added, c.removed) for c in history if c.by_us))
            missing, excess = done - told, told - done
            crossed = [deed for deed in excess.elements() if _crossed(deed, entries, history)]
            verdict.crossed += [f"{place.name} {item}: {deed} was journalled" for deed in crossed]
            for deed in [each for each in missing if _untold(each, place, history)]:
                verdict.untold += missing.pop(deed)
            if missing or excess.total() > len(crossed):
                verdict.wrongs.append(
                    f"{place.name} {item}: done and not in the journal: {dict(missing)}; in "
                    f"the journal and never done: {dict(excess)}"
                    + "".join(f"\n    {each}" for each in history)
                )


def _untold(deed: str, place: Place, history: Iterable[Change]) -> bool:
    """Tell whether a label's definition was deleted before okrsync could look what it had done.

    Then it is on no item, and no entry of a history names it any more.
    """
    ours = [c.at for c in history if c.by_us and deed in _deeds([(c.added, c.removed)])]
    deleted = place.vanished.get(deed[1:], ())
    return any(one < other < one + 3 * WINDOW for one in ours for other in deleted)


def _crossed(deed: str, entries: Iterable[Entry], history: Iterable[Change]) -> bool:
    """Tell whether somebody did the same as we at the same time: then the trackers say it was they.

    A bulk task may be behind the journal by as long as a write may be behind a look.
    """
    moments = [e.at for e in entries if deed in _deeds([(e.added, e.removed)])]
    theirs = [c.at for c in history if not c.by_us and deed in _deeds([(c.added, c.removed)])]
    return any(abs(one - other) < WINDOW for one in moments for other in theirs)


def _deeds(changes: Iterable[tuple[Iterable[str], Iterable[str]]]) -> Iterator[str]:
    for added, removed in changes:
        yield from (f"+{label}" for label in added)
        yield from (f"-{label}" for label in removed)


def unsettled(store: Store) -> dict[str, int]:
    """Count open intents by tracker."""
    with store.begin() as tx:
        return dict(Counter(intent.ref.tracker for intent in tx.open_intents()))
