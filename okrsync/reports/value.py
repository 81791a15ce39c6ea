"""What a report says, ready to be shown: every number is here once, and renderers only read.

Texts are clean and short (`okrsync.reports.texts`). Lists are cut, and beside each stands how many
there are, so that no renderer cuts or counts on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goals import Level
from okrsync.core.work import NO_WORK, Amount

if TYPE_CHECKING:
    from datetime import date, datetime

    from okrsync.reports.key_results import ObjectiveLine, StandingCount


FIRST_STEPS = 3


@dataclass(frozen=True, slots=True)
class About:
    """Whom a report is about."""

    level: Level
    id: str = ""
    name: str = ""

    @property
    def word(self) -> str:
        """What settings and commands call it: ``company``, ``unit:ID`` or ``team:ID``."""
        return self.level.value if self.level is Level.COMPANY else f"{self.level.value}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Open work, and what of it reaches an outcome; exempt work counts in neither."""

    aligned: float
    judged: float
    exempt: float = 0

    @property
    def percent(self) -> int | None:
        """The share; None where nothing is open. Only what is whole is told as all or nothing."""
        if not self.judged:
            return None
        rounded = round(100 * self.aligned / self.judged)
        if self.aligned < self.judged:
            rounded = min(rounded, 99)
        return max(rounded, 1) if self.aligned else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How much of the open work reaches an outcome."""

    items: Share | None = None
    """None while not all of the work was looked at."""
    estimate: Share | None = None
    """The same weighed by estimate; None where hardly anything has one."""
    items_before: Share | None = None
    """As of the report's `since`; None where nobody counted then."""
    counted_before: date | None = None
    """The day of those numbers: the newest that there were then."""

    @property
    def change(self) -> int | None:
        """Percentage points since then."""
        now = self.items.percent if self.items else None
        before = self.items_before.percent if self.items_before else None
        return None if now is None or before is None else now - before


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalChange:
    """Something that people changed about a goal."""

    goal: str
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """An item that is judged otherwise than before."""

    key: str
    title: str
    url: str | None
    verdict_before: str
    verdict: str
    goals_before: tuple[str, ...]
    goals: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Flow:
    """How many items went from one verdict to another; the same one where only links changed."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is otherwise than at the report's `since`."""

    goals: tuple[GoalChange, ...] = ()
    goals_in_all: int = 0
    flows: tuple[Flow, ...] = ()
    items: tuple[ItemChange, ...] = ()
    """Some of those that the flows count."""

    @property
    def items_in_all(self) -> int:
        """How many items are judged otherwise."""
        return sum(flow.count for flow in self.flows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One finding, with one thing to do about it."""

    code: str
    severity: str
    subject: str
    """A goal's id or an item's key."""
    title: str
    url: str | None
    message: str
    action: str
    """With commands between backticks."""
    days: int
    """From when it was first seen until now, or until it went."""
    gone: bool = False
    teams: str = ""
    """The names of the teams it concerns; empty in a team's own report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Some findings of one kind, the gravest first."""

    shown: tuple[Notice, ...] = ()
    total: int = 0
    elsewhere: int = 0
    """How many of them stand in another part of the report."""
    amount: Amount = NO_WORK
    """The open work that all of them concern, where they are about stopping."""

    @property
    def more(self) -> int:
        """How many are not shown anywhere."""
        return self.total - len(self.shown) - self.elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Warnings:
    """Findings that are errors or warnings."""

    new: Section = field(default_factory=Section)
    fixed: Section = field(default_factory=Section)
    persisting: Section = field(default_factory=Section)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A decision on a hypothesis, told as what was learnt."""

    id: str
    text: str
    choice: str
    day: date
    because: str
    saved: str
    frees: int = 0
    """Open items that served it and may stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How far the report can be trusted."""

    as_of: datetime | None = None
    """The oldest of the moments at which scopes were last read; None if one never was."""
    counted: date | None = None
    """The day of the numbers about work."""
    troubles: tuple[str, ...] = ()
    """What failed, one line each."""
    troubles_in_all: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """The share of open work that reached an outcome on a day."""

    day: date
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one mail, page or file says."""

    about: About
    period: str
    """The week, such as 2026-W47."""
    day: date
    since: date
    follows: bool = False
    """At `since` the report before this one was made; else it is a week ago."""
    first: bool
    """Nothing was remembered at `since`, so that nothing can be called new."""
    made: datetime
    cycle: str = ""
    """The id of the cycle that is under way, empty between two."""
    cycle_day: int = 0
    cycle_days: int = 0
    alignment: Alignment
    trend: tuple[Point, ...] = ()
    objectives: tuple[ObjectiveLine, ...] = ()
    """Those whose key results stand worst, in this order."""
    standings: tuple[StandingCount, ...] = ()
    """All key results, also those not shown, from the worst standing on."""
    borrowed: bool = False
    """They are those above: there are none of its own in this cycle."""
    changes: Changes = field(default_factory=Changes)
    decisions: Section = field(default_factory=Section)
    reflect: Section = field(default_factory=Section)
    """Key results that are busy and do not move."""
    stop: Section = field(default_factory=Section)
    lessons: tuple[Lesson, ...] = ()
    """The newest."""
    lessons_in_all: int = 0
    warnings: Warnings = field(default_factory=Warnings)
    freshness: Freshness = field(default_factory=Freshness)

    @property
    def key_results_in_all(self) -> int:
        """How many key results there are, shown or not."""
        return sum(each.count for each in self.standings)

    @property
    def due(self) -> int:
        """How many decisions people have to take, the pauses to reflect among them."""
        return self.decisions.total + self.reflect.total

    @property
    def first_steps(self) -> tuple[Notice, ...]:
        """What to do first: of each part the gravest, decisions before all else, old debt last."""
        parts = (self.decisions, self.reflect, self.stop, self.warnings.new)
        gravest = [part.shown[0] for part in parts if part.shown]
        rest = [each for part in parts for each in part.shown[1:]]
        return tuple([*gravest, *rest, *self.warnings.persisting.shown][:FIRST_STEPS])

    @property
    def news(self) -> bool:
        """Whether there is anything new or anything to do."""
        return bool(
            self.first
            or self.due
            or self.warnings.new.total
            or self.changes.goals_in_all
            or self.lessons
            or self.freshness.troubles
        )
