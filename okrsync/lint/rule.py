"""What a rule is, what it looks at, and what it finds.

A rule carries its own documentation; its examples are run by the tests. How severe a finding is
in the end, and whether somebody answered for it, is the engine's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from okrsync.core.goals import Goals
from okrsync.core.work import NO_WORK, Amount
from okrsync.lint.ladder import Ladder
from okrsync.wording.reading import HypothesisReader, KeyResultReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from okrsync.core.goals import Customer, Cycle, Goal, Team, Waiver
    from okrsync.core.place import Place
    from okrsync.lint.portfolio import Portfolio
    from okrsync.lint.work import Brief, Ground, Seen

EXAMPLE_DAY = date(2026, 9, 21)
"""The day on which a rule's examples are read: the quarter is being planned."""


class Severity(StrEnum):
    """How much a finding matters; `off` is never reported."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    OFF = "off"

    def at_least(self, level: Severity) -> bool:
        """Whether it matters as much as *level*."""
        order = tuple(Severity)
        return order.index(self) <= order.index(level)


class Reader(KeyResultReader, HypothesisReader, Protocol):
    """Reads the texts of goals."""

    def knowing(self, people: Iterable[str]) -> Reader:
        """Return a reader for which these names of customers are people too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on rules that count or measure speak."""

    objectives_per_team: int = 1
    key_results_per_objective: int = 3
    planning_cycles: int = 2
    check_in_days: int = 14
    """Cadence of check-ins where the cycle states none."""
    off_track_below: float = 0.4
    """Confidence below which a key result is off track."""
    trivial_percent: float = 5.0
    """Percent of change below which a step is trivial."""
    decide_days: int = 14
    """How long evidence against may wait for a decision."""
    evidence_days: int = 28
    """How long a test may run without evidence."""
    window_days: int = 28
    """How long to wait for an effect where no key result says."""
    aligned_percent: float = 60.0
    """Percent of open items that should lead to an outcome."""
    key_results_at_once: int = 3
    """Key results that a team can work on at once."""
    flat_percent: float = 10.0
    """Percent of the way below which a metric is flat at half the cycle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LintInput:
    """Everything a rule may look at. What only the engine knows is filled in by it."""

    goals: Goals
    today: date
    reader: Reader
    limits: Limits = Limits()
    waivers: tuple[Waiver, ...] = ()
    """All there are, those of the goal files too."""
    ground: Ground | None = None
    """What work was judged by; None where no work is looked at."""
    work: Portfolio | None = None
    """All work in numbers; None where not all of it is known."""
    ladder: Ladder = field(default_factory=lambda: Ladder(Goals()))
    """Which goals stand above which."""
    waived: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Id -> codes that somebody answered for, today."""
    tried: frozenset[str] = frozenset()
    """Codes of the rules that ran before."""
    hits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Id -> codes of what they found, waived or not."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """An id that names nothing there is, and where it was written."""

    id: str
    place: Place


Subject: TypeAlias = "Goal | Team | Customer | Cycle | Stranger | Brief"
"""What a finding may be about; of anything but a goal it is waived in the settings."""


class Reads(StrEnum):
    """What a rule needs beside goals."""

    GOALS = "goals"
    """Nothing."""
    MORE_WITH_WORK = "more with work"
    """It says something about goals alone, and more where all work is known."""
    WORK = "work"
    """All work, in numbers."""
    LEDGER = "ledger"
    """What is remembered of labels, whichever work is looked at."""
    ITEMS = "items"
    """Judged items, one at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule's word about one goal or item, before severities and waivers."""

    goal: Subject
    message: str
    action: str
    """One thing to do about it, as an imperative."""
    other: str = ""
    """What tells it apart from other findings of the rule about the same: ids, or a label."""
    because_of: tuple[str, ...] = ()
    """The goals on account of which an item draws it; a waiver on one of them answers for it."""
    place: Place | None = None
    """Where in the goal it is, if the goal's own place is too coarse."""
    teams: tuple[str, ...] = ()
    """The teams it concerns, if not all teams of the goal."""
    confidence: float | None = None
    """How sure the reading of a text is, from 0 to 1; None where nothing was guessed."""
    amount: Amount = NO_WORK
    """The open work that could stop; nothing where it is not about stopping."""


@dataclass(frozen=True, slots=True)
class Age:
    """Since when a finding is there."""

    first_seen: date
    days: int
    new: bool
    """Whether it came within the last week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is reported."""

    code: str
    severity: Severity
    message: str
    place: Place
    goal: str
    """The id of what it is about; of an item its key."""
    action: str
    confidence: float | None = None
    other: str = ""
    item: Brief | None = None
    teams: tuple[str, ...] = ()
    amount: Amount = NO_WORK
    age: Age | None = None
    """Where a store remembers."""


def _nothing(_given: LintInput) -> Iterator[Hit]:
    """Find nothing in goals alone."""
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the method, with its page of documentation."""

    code: str
    """Permanent."""
    name: str
    summary: str
    """One sentence."""
    why: str
    bad: str
    """A goal file that this rule objects to, and objects to first."""
    good: str
    """The same, put right."""
    fix: str
    configuration: str
    severity: Severity
    check: Callable[[LintInput], Iterator[Hit]] = _nothing
    each: Callable[[LintInput, Seen], Iterable[Hit]] | None = None
    """Looks at one judged item; for rules that read items. Most find nothing in most of them, and
    say so at once."""
    reads: Reads = Reads.GOALS
    bad_work: str = ""
    """The items beside the bad example, for a rule that reads work."""
    good_work: str = ""
    day: date = EXAMPLE_DAY
    """The day on which the examples are read."""
    at_load: bool = False
    """Whether loading the goals already fails on it: then it cannot be waived or silenced."""
    last: bool = False
    """Whether it looks at what the other rules found."""
