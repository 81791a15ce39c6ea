"""Findings sorted into what a reader does with them: decide, reflect, stop, or mend.

They are gone through once and only the few that are shown are kept, so ten thousand cost no more
memory than ten. Advice is left to `okrsync check`: a weekly mail that asks for everything is not
read. What stands in one part of the report is counted in the warnings and not shown there again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import TYPE_CHECKING

from okrsync.ports.findings import Change
from okrsync.reports.texts import SENTENCE, clean, web_address
from okrsync.reports.value import Notice, Section, Warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from okrsync.ports.findings import StoredFinding
    from okrsync.reports.subject import Subject

DECIDE = frozenset({"OKR113", "OKR114", "OKR117", "HY303", "HY305", "HY306", "HY308", "HY309"})
REFLECT = frozenset({"PF505"})
STOP = frozenset({"PF504", "HY307"})
SHOWN = 5
_SEVERITIES = ("error", "warning")
_FIRST_NUMBER = re.compile(r"[0-9]{1,9}(?= )")

_Key = tuple[object, ...]


@dataclass(slots=True)
class _Pile:
    """Counts what is put on it, and keeps the first few of each rule."""

    key: Callable[[StoredFinding], _Key]
    total: int = 0
    _by_code: defaultdict[str, list[StoredFinding]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def put(self, stored: StoredFinding) -> None:
        """Take one more."""
        self.total += 1
        alike = self._by_code[stored.seen.identity.code]
        alike.append(stored)
        if len(alike) > 2 * SHOWN:
            alike[:] = nsmallest(SHOWN, alike, key=self.key)

    def first(self, most: int) -> list[StoredFinding]:
        """Return the gravest; before the second of one rule comes the first of every other."""
        ranked = [
            ((_gravity(each), place, *self.key(each)), each)
            for alike in self._by_code.values()
            for place, each in enumerate(sorted(alike, key=self.key))
        ]
        return [each for _, each in sorted(ranked, key=lambda pair: pair[0])[:most]]


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a report says of findings."""

    decisions: Section
    reflect: Section
    stop: Section
    warnings: Warnings


def sort(
    findings: Iterable[StoredFinding],
    subject: Subject,
    *,
    since: datetime,
    now: datetime,
    first: bool,
) -> Sorted:
    """Sort findings that concern *subject*; in a *first* report nothing counts as new."""
    decide, reflect, stop = _Pile(_by_age), _Pile(_by_age), _Pile(_by_size)
    pools = {change: _Pile(_by_age) for change in Change}
    elsewhere = dict.fromkeys(Change, 0)
    for stored in findings:
        seen, change = stored.seen, stored.change(since)
        if change is None or seen.severity not in _SEVERITIES or not subject.has_finding(seen):
            continue
        if first:
            change = None if change is Change.FIXED else Change.PERSISTING
            if change is None:
                continue
        part = _part(seen.identity.code, decide, reflect, stop)
        if change is Change.FIXED or part is None:
            pools[change].put(stored)
        else:
            part.put(stored)
            elsewhere[change] += 1

    def told(pile: _Pile, most: int = SHOWN) -> tuple[Notice, ...]:
        return tuple(_notice(each, now) for each in pile.first(most))

    def counted(change: Change) -> Section:
        pile, above = pools[change], elsewhere[change]
        return Section(shown=told(pile), total=pile.total + above, elsewhere=above)

    return Sorted(
        decisions=Section(shown=told(decide), total=decide.total),
        reflect=Section(shown=told(reflect), total=reflect.total),
        stop=Section(shown=told(stop), total=stop.total),
        warnings=Warnings(
            new=counted(Change.NEW),
            fixed=_without_actions(counted(Change.FIXED)),
            persisting=counted(Change.PERSISTING),
        ),
    )


def _part(code: str, decide: _Pile, reflect: _Pile, stop: _Pile) -> _Pile | None:
    for codes, pile in ((DECIDE, decide), (REFLECT, reflect), (STOP, stop)):
        if code in codes:
            return pile
    return None


def _without_actions(section: Section) -> Section:
    return replace(section, shown=tuple(replace(each, action="") for each in section.shown))


def _gravity(stored: StoredFinding) -> int:
    return _SEVERITIES.index(stored.seen.severity)


def _by_age(stored: StoredFinding) -> _Key:
    return (_gravity(stored), stored.first_seen, stored.seen.identity)


def _by_size(stored: StoredFinding) -> _Key:
    """Put what concerns more items first: heaps begin their message with how many they hold."""
    size = _FIRST_NUMBER.match(stored.seen.message)
    return (_gravity(stored), -int(size.group()) if size else 0, stored.seen.identity)


def _notice(stored: StoredFinding, now: datetime) -> Notice:
    seen = stored.seen
    return Notice(
        code=seen.identity.code,
        severity=seen.severity,
        subject=clean(seen.name),
        title=clean(seen.title),
        url=web_address(seen.url),
        message=clean(seen.message, SENTENCE),
        action=clean(seen.action, SENTENCE),
        days=max((now - stored.first_seen).days, 0),
    )
