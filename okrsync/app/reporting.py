"""Gathers what reports are made of: looks at all work once, then reads the store for each report.

Asks no tracker anything. New is what came since the report before: what an edition knew is kept, so
that nothing falls between two and nothing is told twice. Where there was none it is a week, by the
snapshots that every look at all work keeps. Where a scope failed to read the report says so, and
counts what it knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.daemon_note import last_note
from okrsync.app.findings import GOALS, SNAPSHOT, TOLD_AT, check_work, standing
from okrsync.app.read_scopes import never_read
from okrsync.app.recover import frozen
from okrsync.app.strategy import read_strategy
from okrsync.errors import ConfigError, UsageError
from okrsync.lint.parts import customer_names, measure_of
from okrsync.lint.rule import LintInput
from okrsync.lint.rules.common import pursued
from okrsync.ports.mailer import WEEKLY
from okrsync.ports.store import PlanStatus
from okrsync.ports.verdicts import Moved
from okrsync.reports import Given, make
from okrsync.reports.goal_changes import remember
from okrsync.reports.outcomes import Pursued
from okrsync.reports.subject import subject_of
from okrsync.reports.weeks import WEEK, week_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from okrsync.app.context import Context
    from okrsync.app.strategy import Strategy
    from okrsync.ports.store import Transaction
    from okrsync.reports import Report
    from okrsync.reports.goal_changes import Remembered
    from okrsync.reports.numbers import Counted

TREND_WEEKS = 13
STILL_TRUE = timedelta(days=1)
"""How old a daemon's note may be to be told, and what was read of a scope to go without saying."""
SCOPES = 5
"""How many scopes of a tracker are named at most."""
TOLD = "told"
"""The kind of the snapshot of what an edition knew."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the reports of one moment are made of."""

    ctx: Context
    strategy: Strategy
    given: Given
    """As of a week ago."""
    _made: dict[tuple[str, datetime | None], Report] = field(default_factory=dict)

    def report(self, about: str, address: str | None = None) -> Report:
        """Make the report about ``company``, ``unit:ID`` or ``team:ID``, once for each moment.

        It tells what is new since the weekly report before that the address got; without one, that
        anybody got.

        Raises:
            UsageError: there is no such unit or team.

        """
        with self.ctx.store.begin() as tx:
            last = tx.last_mailed(WEEKLY, about, address, before=self.given.period)
        if (about, last) not in self._made:
            try:
                subject = subject_of(about, self.strategy.goals)
            except LookupError as error:
                raise UsageError(str(error)) from None
            given = self.given if last is None else self._since(last)
            findings = standing(self.ctx, since=given.since)
            self._made[about, last] = make(subject, given, findings, self._moved(given.since))
        return self._made[about, last]

    def keep(self, tx: Transaction) -> None:
        """Keep what is known now, for the next edition to compare with."""
        today = self.given.today
        numbers = next((each for day, each in self.given.counted if day == today), None)
        goals = remember(self.strategy.goals)
        tx.put_snapshot(TOLD, today, {"goals": goals, "numbers": numbers})
        tx.put_note(TOLD_AT, self.given.now.isoformat())

    def _since(self, last: datetime) -> Given:
        day = last.astimezone(self.given.zone).date()
        goals, counted = _known_on(self.ctx, day)
        by_day = dict(self.given.counted)
        if counted is not None and counted[0] < self.given.today:
            by_day |= [counted]
        return replace(
            self.given, since=last, follows=True, goals_before=goals, counted=sorted(by_day.items())
        )

    def _moved(self, since: datetime) -> Iterator[Moved]:
        after, team_of = None, self.strategy.court.matcher.team_of
        while True:
            with self.ctx.store.begin() as tx:
                page = tx.verdict_changes_after(after, _AT_ONCE, since=since)
                known = tx.items(each.now.ref for each in page)
            if not page:
                return
            for each in page:
                if each.now.ref in known:
                    item = known[each.now.ref].item
                    yield Moved(
                        key=item.key,
                        title=item.title,
                        url=item.url,
                        team=team_of(item),
                        verdict_before=each.verdict_before,
                        verdict=each.now.verdict,
                        goals_before=each.goals_before,
                        goals=each.now.goals,
                        because=each.now.because,
                    )
            after = page[-1].now.ref


def check_recipients(strategy: Strategy, abouts: Iterable[str]) -> None:
    """Refuse to report about somebody that the goals do not know.

    Raises:
        ConfigError: the settings name such a unit or team.

    """
    for about in abouts:
        try:
            subject_of(about, strategy.goals)
        except LookupError as error:
            raise ConfigError(f"report.recipients: {error}") from None


def prepare(ctx: Context, *, moment: datetime | None = None) -> Desk:
    """Look at all work as it was last read, and gather what reports need.

    *moment* is the weekly one that the reports are for; by default now.

    Raises:
        ConfigError: goals or mapping cannot be used.

    """
    strategy = read_strategy(ctx)
    check_work(ctx, strategy, list(ctx.scopes()))
    now = ctx.now()
    since = now - WEEK
    zone = ctx.policy.timezone
    goals_before, _ = _known_on(ctx, since.astimezone(zone).date())
    return Desk(
        ctx,
        strategy,
        Given(
            now=now,
            since=since,
            zone=zone,
            period=week_name((moment or now).astimezone(zone).date()),
            counted=_counted(ctx),
            goals_before=goals_before,
            pursued=_pursued(ctx, strategy),
            unlikely_below=ctx.thresholds.off_track_below,
            as_of=_as_of(ctx),
            troubles=tuple(_troubles(ctx)),
        ),
    )


def _counted(ctx: Context) -> list[Counted]:
    """Return the numbers of today and of some weeks before, as far as they are known."""
    today = ctx.today()
    with ctx.store.begin() as tx:
        now = tx.snapshot(SNAPSHOT, today)
    earlier = [_known_on(ctx, today - week * WEEK)[1] for week in range(1, TREND_WEEKS)]
    by_day = {each[0]: each for each in (*earlier, now) if each is not None}
    return [by_day[day] for day in sorted(by_day)]


def _known_on(ctx: Context, day: date) -> tuple[Remembered | None, Counted | None]:
    """Return goals and numbers of that day or before: of an edition as it told them."""
    with ctx.store.begin() as tx:
        told, goals, counted = (tx.snapshot(kind, day) for kind in (TOLD, GOALS, SNAPSHOT))
    known, numbers = goals and goals[1], counted
    if told is not None and (goals is None or told[0] >= goals[0]):
        known = told[1]["goals"]
        if told[1]["numbers"] is not None:
            numbers = (told[0], told[1]["numbers"])
    return known, numbers


def _pursued(ctx: Context, strategy: Strategy) -> list[Pursued]:
    goals, today = strategy.goals, ctx.today()
    given = LintInput(
        goals=goals,
        today=today,
        reader=ctx.reader.knowing(customer_names(goals)),
        limits=ctx.thresholds,
    )
    found = []
    for objective, key_result, cycle in pursued(goals, today):
        measure = measure_of(key_result, given)
        found.append(
            Pursued(
                objective=objective,
                key_result=key_result,
                cadence=cycle.check_in_days or ctx.thresholds.check_in_days,
                baseline=measure.baseline,
                target=None if measure.relative else measure.target,
                unit=measure.unit,
            )
        )
    return found


def _as_of(ctx: Context) -> datetime | None:
    """Return when the scope that was read longest ago was read."""
    with ctx.store.begin() as tx:
        marks = tx.marks()
    read = [marks[place].tried if place in marks else None for place in ctx.scopes()]
    known = [each for each in read if each is not None]
    return min(known, default=None) if len(known) == len(read) else None


def _troubles(ctx: Context) -> Iterator[str]:
    """Say what failed, or waits for somebody."""
    unread = never_read(ctx, list(ctx.scopes()))
    if unread:
        told = _scopes_told(unread)
        yield f"never read: {told} (`okrsync pull`); all work together is not counted until then"
    yield from _not_read_for_days(ctx)
    with ctx.store.begin() as tx:
        note = last_note(tx)
        letters = tx.count_dead_letters()
        waiting = [plan for plan in tx.plans(PlanStatus.WAITING) if plan.why and plan.items]
    if note is not None and ctx.now() - note.noted < STILL_TRUE:
        for failing in (each for each in note.scopes if each.failures):
            yield f"{failing.scope} of {failing.tracker} cannot be read: {failing.why}"
        for what, why in note.refused.items():
            yield f"{what} cannot be used, older ones are in force: {why}"
    unfinished = len(frozen(ctx))
    if letters:
        yield f"items that could not be brought up to date: {letters} (`okrsync dead list`)"
    if unfinished:
        yield f"items with a write of which nobody knows the end: {unfinished} (`okrsync status`)"
    if waiting and ctx.policy.writes:
        items = sum(plan.items for plan in waiting)
        yield f"a plan for {items} items waits for an approval (`okrsync plan`)"


def _not_read_for_days(ctx: Context) -> Iterator[str]:
    with ctx.store.begin() as tx:
        marks = tx.marks()
    by_days: dict[int, list[tuple[str, str]]] = {}
    for place in ctx.scopes():
        read = marks[place].tried if place in marks else None
        if read is not None and ctx.now() - read > STILL_TRUE:
            by_days.setdefault((ctx.now() - read).days, []).append(place)
    for days, places in sorted(by_days.items(), reverse=True):
        age = "a day" if days == 1 else f"{days} days"
        yield f"last read {age} ago: {_scopes_told(places)} (`okrsync pull`)"


def _scopes_told(places: Iterable[tuple[str, str]]) -> str:
    by_tracker: dict[str, list[str]] = {}
    for tracker, scope in places:
        by_tracker.setdefault(tracker, []).append(scope)
    return "; ".join(f"{_some(scopes)} of {name}" for name, scopes in by_tracker.items())


def _some(scopes: Sequence[str]) -> str:
    more = f" and {len(scopes) - SCOPES} more" if len(scopes) > SCOPES else ""
    return f"{', '.join(scopes[:SCOPES])}{more}"
