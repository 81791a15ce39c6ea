"""Findings sorted into what a reader does with them: decide, reflect, stop, or mend.

They are gone through once and only the few that are shown are kept, so ten thousand cost no more
memory than ten. Advice is left to `okrsync check`: a weekly mail that asks for everything is not
read. What stands in one part of the report is counted in the warnings and not shown there again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import TYPE_CHECKING

from okrsync.core.goals import Hypothesis, KeyResult, Level
from okrsync.core.work import NO_WORK, Amount
from okrsync.ports.findings import Change
from okrsync.reports.texts import SENTENCE, advice, clean, web_address
from okrsync.reports.value import Notice, Section, Warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, tzinfo

    from okrsync.ports.findings import SeenFinding, StoredFinding
    from okrsync.reports.subject import Subject

DECIDE = ("HY306", "HY308", "OKR117", "HY303", "HY309", "HY305", "OKR114", "OKR113")
"""The most urgent first: what is known and not acted on comes before what is not known."""
REFLECT = frozenset({"PF505"})
STOP = frozenset({"PF504", "HY307"})
SHOWN = 5
NAME = 70
"""How many characters of what a goal says stand beside its id."""
_SEVERITIES = ("error", "warning")
_BELIEF = "We believe that "

_Key = tuple[object, ...]


@dataclass(slots=True)
class _Pile:
    """Counts what is put on it, and keeps the first few of each rule."""

    key: Callable[[StoredFinding], _Key]
    total: int = 0
    amount: Amount = NO_WORK
    _by_code: defaultdict[str, list[StoredFinding]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def put(self, stored: StoredFinding) -> None:
        """Take one more."""
        self.total += 1
        more = stored.seen.amount
        self.amount = Amount(self.amount.items + more.items, self.amount.estimate + more.estimate)
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
    """Sort findings that concern *subject*; in a *first* report nothing counts as new.

    Days are counted in the time zone of *now*.
    """
    decide, reflect, stop = _Pile(_by_urgency), _Pile(_by_age), _Pile(_by_size)
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
        return tuple(_notice(each, subject, now) for each in pile.first(most))

    def counted(change: Change) -> Section:
        pile, above = pools[change], elsewhere[change]
        return Section(shown=told(pile), total=pile.total + above, elsewhere=above)

    return Sorted(
        decisions=Section(shown=told(decide), total=decide.total),
        reflect=Section(shown=told(reflect), total=reflect.total),
        stop=Section(shown=told(stop), total=stop.total, amount=stop.amount),
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


def _by_urgency(stored: StoredFinding) -> _Key:
    return (DECIDE.index(stored.seen.identity.code), *_by_age(stored))


def _by_size(stored: StoredFinding) -> _Key:
    """Put what would free more work first."""
    amount = stored.seen.amount
    return (_gravity(stored), -amount.items, -amount.estimate, stored.seen.identity)


def _notice(stored: StoredFinding, subject: Subject, now: datetime) -> Notice:
    seen, gone = stored.seen, stored.gone_since
    return Notice(
        code=seen.identity.code,
        severity=seen.severity,
        subject=clean(seen.name),
        title=clean(seen.title) or _goal_told(seen, subject),
        url=web_address(seen.url),
        message=clean(seen.message, SENTENCE),
        action=advice(seen.action, SENTENCE),
        days=max(_days(stored.first_seen, gone or now, now.tzinfo), 0),
        gone=gone is not None,
        teams="" if subject.about.level is Level.TEAM else _teams_told(seen, subject),
    )


def _days(first: datetime, last: datetime, zone: tzinfo | None) -> int:
    """Count days as a calendar does: what came yesterday evening is a day old."""
    return (last.astimezone(zone).date() - first.astimezone(zone).date()).days


def _goal_told(seen: SeenFinding, subject: Subject) -> str:
    """Say what a goal is about, for those who do not know its id; key results have their list."""
    goal = None if seen.identity.tracker else subject.goals.goal(seen.name)
    if goal is None or isinstance(goal, KeyResult):
        return ""
    thing = goal.we_believe if isinstance(goal, Hypothesis) and not goal.statement else None
    told = thing or goal.text.removeprefix(_BELIEF)
    return clean(told[:1].upper() + told[1:], NAME)


def _teams_told(seen: SeenFinding, subject: Subject) -> str:
    names = {team.id: team.name for team in subject.goals.teams}
    return clean(", ".join(names.get(team, team) for team in seen.teams), NAME)
