"""Gathers what reports are made of: looks at all work once, then reads the store for each report.

Asks no tracker anything. What is compared is a week apart, by snapshots that every look at all work
keeps; where a scope failed to read the report says so, and counts what it knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.daemon_note import last_note
from okrsync.app.findings import GOALS, SNAPSHOT, check_work, standing
from okrsync.app.read_scopes import never_read
from okrsync.app.recover import frozen
from okrsync.app.strategy import read_strategy
from okrsync.errors import ConfigError, UsageError
from okrsync.lint.parts import customer_names, measure_of
from okrsync.lint.rule import LintInput
from okrsync.lint.rules.common import pursued
from okrsync.ports.store import PlanStatus
from okrsync.ports.verdicts import Moved
from okrsync.reports import Given, make
from okrsync.reports.outcomes import Pursued
from okrsync.reports.subject import subject_of
from okrsync.reports.weeks import WEEK, week_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.strategy import Strategy
    from okrsync.reports import Report
    from okrsync.reports.numbers import Counted

TREND_WEEKS = 13
STILL_TRUE = timedelta(days=1)
"""How old a daemon's note may be to be told."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the reports of one moment are made of."""

    ctx: Context
    strategy: Strategy
    given: Given
    _made: dict[str, Report] = field(default_factory=dict)

    def report(self, about: str) -> Report:
        """Make the report about ``company``, ``unit:ID`` or ``team:ID``, once.

        Raises:
            UsageError: there is no such unit or team.

        """
        if about not in self._made:
            try:
                subject = subject_of(about, self.strategy.goals)
            except LookupError as error:
                raise UsageError(str(error)) from None
            findings = standing(self.ctx, since=self.given.since)
            self._made[about] = make(subject, self.given, findings, self._moved())
        return self._made[about]

    def _moved(self) -> Iterator[Moved]:
        after, team_of = None, self.strategy.court.matcher.team_of
        while True:
            with self.ctx.store.begin() as tx:
                page = tx.verdict_changes_after(after, _AT_ONCE, since=self.given.since)
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
    with ctx.store.begin() as tx:
        goals_before = tx.snapshot(GOALS, since.astimezone(zone).date())
    return Desk(
        ctx,
        strategy,
        Given(
            now=now,
            since=since,
            zone=zone,
            period=week_name((moment or now).astimezone(zone).date()),
            counted=_counted(ctx),
            goals_before=None if goals_before is None else goals_before[1],
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
        found = [tx.snapshot(SNAPSHOT, today - week * WEEK) for week in range(TREND_WEEKS)]
    by_day = {each[0]: each for each in found if each is not None}
    return [by_day[day] for day in sorted(by_day)]


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
        names = ", ".join(f"{scope} of {tracker}" for tracker, scope in unread)
        yield f"never read: {names} (`okrsync pull`); all work together is not counted until then"
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
