"""Makes a report of what is known: two snapshots, the goals, the findings, and what moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from okrsync.core.goals import Level
from okrsync.reports import goal_changes, numbers, outcomes
from okrsync.reports.goal_changes import Noted
from okrsync.reports.notices import sort
from okrsync.reports.texts import SENTENCE, advice, clean, web_address
from okrsync.reports.value import Changes, Flow, Freshness, ItemChange, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from okrsync.core.goals import Cycle
    from okrsync.ports.findings import StoredFinding
    from okrsync.ports.verdicts import Moved
    from okrsync.reports.numbers import Counted
    from okrsync.reports.outcomes import Pursued
    from okrsync.reports.subject import Subject

ITEMS = 5
TROUBLES = 6
GOALS_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Everything that reports of one moment are made of; findings and moves may be streams."""

    now: datetime
    since: datetime
    """What came after it is new."""
    follows: bool = False
    """Whether readers were told everything of before then, by the report before this one."""
    zone: ZoneInfo
    period: str
    """The week that reports are for, such as 2026-W47."""
    counted: Sequence[Counted] = ()
    """All work in numbers, on some days."""
    goals_before: Mapping[str, Any] | None = None
    """What `goal_changes.remember` said on the day of `since`; None if nobody asked then."""
    pursued: Sequence[Pursued] = ()
    unlikely_below: float = 0.4
    """Confidence below which a key result is off track."""
    as_of: datetime | None = None
    troubles: Sequence[str] = field(default=())
    """What failed, for everybody to know."""

    @property
    def today(self) -> date:
        """The day it is where the organisation is."""
        return self.now.astimezone(self.zone).date()

    @property
    def then(self) -> date:
        """The day that is compared with."""
        return self.since.astimezone(self.zone).date()


def make(
    subject: Subject, given: Given, findings: Iterable[StoredFinding], moved: Iterable[Moved]
) -> Report:
    """Make the report about *subject*."""
    now = _counted(given, given.today)
    before = _counted(given, given.then) if given.then < given.today else None
    first = given.goals_before is None
    cycle = _cycle(subject, given.today)
    made = given.now.astimezone(given.zone)
    found = sort(findings, subject, since=given.since, now=made, first=first)
    objectives, standings = outcomes.lines(
        given.pursued,
        subject,
        today=given.today,
        since=given.then,
        unlikely_below=given.unlikely_below,
    )
    lessons = goal_changes.lessons(subject, _noted(subject, given), now)
    return Report(
        about=subject.about,
        period=given.period,
        day=given.today,
        since=given.then,
        follows=given.follows,
        first=first,
        made=made,
        cycle=clean(cycle.id) if cycle else "",
        cycle_day=_days(cycle.starts, given.today) if cycle else 0,
        cycle_days=_days(cycle.starts, cycle.ends) if cycle else 0,
        alignment=numbers.alignment(subject, now, before),
        trend=numbers.trend(subject, given.counted),
        objectives=objectives,
        standings=standings,
        borrowed=bool(objectives) and outcomes.none_is_own(subject, given.pursued),
        changes=_changes(subject, given, moved),
        decisions=found.decisions,
        reflect=found.reflect,
        stop=found.stop,
        lessons=tuple(lessons[: goal_changes.LESSONS]),
        lessons_in_all=len(lessons),
        warnings=found.warnings,
        freshness=Freshness(
            as_of=given.as_of and given.as_of.astimezone(given.zone),
            counted=now[0] if now else None,
            troubles=tuple(advice(each, SENTENCE) for each in given.troubles[:TROUBLES]),
            troubles_in_all=len(given.troubles),
        ),
    )


def _counted(given: Given, day: date) -> Counted | None:
    """Return the newest numbers of that day or before."""
    known = [each for each in given.counted if each[0] <= day]
    return max(known, key=lambda each: each[0], default=None)


def _changes(subject: Subject, given: Given, moved: Iterable[Moved]) -> Changes:
    goals = []
    if given.goals_before is not None:
        units = {each.key_result.id: each.unit for each in given.pursued}
        goals = goal_changes.changes(subject, _noted(subject, given), units)
    flows: Counter[tuple[str, str]] = Counter()
    shown: dict[tuple[str, str], list[ItemChange]] = {}
    for each in moved:
        if subject.has_team(each.team):
            flow = (each.verdict_before, each.verdict)
            flows[flow] += 1
            some = shown.setdefault(flow, [])
            if len(some) < ITEMS:
                some.append(_item(each))
    return Changes(
        goals=tuple(goals[: goal_changes.SHOWN]),
        goals_in_all=len(goals),
        flows=tuple(Flow(*flow, count) for flow, count in flows.most_common()),
        items=tuple(_in_turn([shown[flow] for flow, _ in flows.most_common()], ITEMS)),
    )


def _noted(subject: Subject, given: Given) -> Noted:
    before = given.goals_before or {}
    return Noted.on(given.then, before, goals=subject.goals, today=given.today)


def _in_turn(lists: Sequence[Sequence[ItemChange]], most: int) -> list[ItemChange]:
    """Take the first of each, then the second of each, and so on."""
    ranked = [(place, of, each) for of, some in enumerate(lists) for place, each in enumerate(some)]
    return [each for _, _, each in sorted(ranked, key=lambda one: one[:2])[:most]]


def _item(moved: Moved) -> ItemChange:
    return ItemChange(
        key=clean(moved.key),
        title=clean(moved.title),
        url=web_address(moved.url),
        verdict_before=moved.verdict_before,
        verdict=moved.verdict,
        goals_before=tuple(clean(goal) for goal in moved.goals_before[:GOALS_NAMED]),
        goals=tuple(clean(goal) for goal in moved.goals[:GOALS_NAMED]),
        why=clean(moved.because, SENTENCE),
    )


def _cycle(subject: Subject, today: date) -> Cycle | None:
    """Return the cycle that people are in: of the subject's level, else of one below."""
    running = [
        cycle
        for cycle in subject.goals.cycles
        if cycle.starts and cycle.ends and cycle.starts <= today <= cycle.ends
    ]
    order = [subject.about.level, *(level for level in Level if level is not subject.about.level)]
    if subject.whole:
        order = [Level.TEAM, Level.UNIT, Level.COMPANY]  # a year is too long to look at by weeks
    return min(running, key=lambda cycle: order.index(cycle.level), default=None)


def _days(first: date | None, last: date | None) -> int:
    return 0 if first is None or last is None else (last - first).days + 1
