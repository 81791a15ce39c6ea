"""What people want to achieve: strategy, customers, teams, cycles, OKRs, hypotheses, beliefs.

Plain values, as written by people; a `Goals` value holds all of them and is only built by
`okrsync.core.goalcheck.build`, which refuses references to nothing. Terms are the method's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from okrsync.core.numerals import number
from okrsync.core.place import Place

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from datetime import date

NOWHERE = Place("")
"""The place of a value that no file holds, as in tests."""


class Level(StrEnum):
    """Whose goal it is."""

    COMPANY = "company"
    UNIT = "unit"
    TEAM = "team"


class Kind(StrEnum):
    """What a key result measures; only an outcome is one."""

    OUTCOME = "outcome"
    IMPACT = "impact"
    SYSTEM = "system"
    TASK = "task"
    UNCLEAR = "unclear"


Role = Literal["buyer", "user", "consumer", "colleague"]
"""How a customer meets what is made."""
Indicator = Literal["leading", "lagging"]
"""Whether a key result moves first or later."""
Source = Literal["usage", "survey", "feedback", "support", "sales", "finance"]
"""Where a key result's number comes from."""
Says = Literal["for", "against", "unclear"]
"""What evidence says."""
Choice = Literal["persevere", "pivot", "kill"]
"""What a team does with a hypothesis."""
Standing = Literal["holds", "unsure", "contradicted"]
"""What the evidence makes of a belief."""


class GoalStatus(StrEnum):
    """Set by people; a key result is live while nobody said otherwise and its cycle runs."""

    LIVE = "live"
    ACHIEVED = "achieved"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One line of the value map: which value, for which customers."""

    id: str
    value: str
    customers: tuple[str, ...] = ()
    because: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """What objectives hang below."""

    id: str
    mission: str = ""
    vision: str = ""
    north_star: str = ""
    starts: date | None = None
    ends: date | None = None
    value_map: tuple[Value, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whoever uses what a team makes; `role` is buyer, user, consumer or colleague."""

    id: str
    name: str
    also: tuple[str, ...] = ()
    role: str = "user"
    success_looks_like: str = ""
    journey: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A part of the company that has objectives of its own."""

    id: str
    name: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksIn:
    """Where a team's items are found; every condition given must hold."""

    tracker: str
    scope: str | None = None
    component: str | None = None
    team: str | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team, never a person."""

    id: str
    name: str
    unit: str | None = None
    makes: str = ""
    customers: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    sphere: tuple[str, ...] = ()
    works_in: tuple[WorksIn, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A dated period of any length. Without both dates it loads and never runs."""

    id: str
    starts: date | None = None
    ends: date | None = None
    level: Level = Level.TEAM
    check_in_days: int | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentLink:
    """The goal above that this one is expected to move, and the story that makes it credible."""

    id: str
    because: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that somebody answered for, with a reason and perhaps an end.

    In a goal's own file *goal* is that goal's id; in the settings it may be any id.
    """

    code: str
    reason: str
    goal: str
    until: date | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHowMuch:
    """Baseline, target and unit of a key result given as fields."""

    baseline: float | None = None
    target: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """A dated note of a key result's value, the team's confidence and the decision."""

    date: dt.date
    value: float | None = None
    confidence: float | None = None
    note: str = ""
    decision: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A dated, sourced observation; `says` is for, against or unclear."""

    date: dt.date
    says: str
    source: str = ""
    note: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a team does with a hypothesis on evidence: persevere, pivot or kill."""

    choice: str
    date: dt.date
    because: str = ""
    until: dt.date | None = None
    saved: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyResult:
    """Who does what by how much: as fields, or as one statement that the reader reads."""

    id: str
    objective: str
    statement: str | None = None
    who: str | None = None
    does_what: str | None = None
    by_how_much: ByHowMuch | None = None
    kind: Kind | None = None
    """Set by a person, it overrules the reader."""
    indicator: str | None = None
    journey: str | None = None
    measured_by: str | None = None
    time_to_effect_days: int | None = None
    parents: tuple[ParentLink, ...] = ()
    expects: tuple[str, ...] = ()
    guardrails: tuple[str, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    owner: str | None = None
    status: GoalStatus = GoalStatus.LIVE
    previously: tuple[str, ...] = ()
    waive: tuple[Waiver, ...] = ()
    place: Place = NOWHERE

    @property
    def text(self) -> str:
        """The key result as one sentence."""
        if self.statement:
            return self.statement
        told = " ".join(part for part in (self.who, self.does_what) if part)
        return f"{told}{_told(self.by_how_much)}" or self.id


def _told(measure: ByHowMuch | None) -> str:
    if measure is None:
        return ""
    start = "" if measure.baseline is None else f" from {number(measure.baseline)}"
    target = "" if measure.target is None else f" to {number(measure.target)}"
    unit = f" {measure.unit}" if measure.unit else ""
    return f",{start}{target}{unit}" if start or target else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Qualitative, inspiring, of a team, of teams that share it, of a unit or the company."""

    id: str
    title: str
    level: Level = Level.TEAM
    teams: tuple[str, ...] = ()
    unit: str | None = None
    cycle: str = ""
    problem: str = ""
    strategy: tuple[str, ...] = ()
    parents: tuple[ParentLink, ...] = ()
    key_results: tuple[KeyResult, ...] = ()
    owner: str | None = None
    status: GoalStatus = GoalStatus.LIVE
    previously: tuple[str, ...] = ()
    waive: tuple[Waiver, ...] = ()
    place: Place = NOWHERE

    @property
    def text(self) -> str:
        """What people call it."""
        return self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """We believe that if we build this for these people, they will change what they do."""

    id: str
    serves: tuple[str, ...] = ()
    statement: str | None = None
    we_believe: str | None = None
    for_whom: str | None = None
    will: str | None = None
    cycle: str | None = None
    started: date | None = None
    until: date | None = None
    confidence: float | None = None
    stop_if: str = ""
    evidence: tuple[Evidence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    owner: str | None = None
    previously: tuple[str, ...] = ()
    waive: tuple[Waiver, ...] = ()
    place: Place = NOWHERE

    @property
    def text(self) -> str:
        """The hypothesis as one sentence."""
        if self.statement:
            return self.statement
        for_whom = f" for {self.for_whom}" if self.for_whom else ""
        will = f", they will {self.will}" if self.will else ""
        return f"We believe that with {self.we_believe or '…'}{for_whom}{will}"

    @property
    def killed(self) -> bool:
        """Whether the newest decision was to stop it."""
        return bool(self.decisions) and self.newest_decision.choice == "kill"

    @property
    def newest_decision(self) -> Decision:
        """The decision that rules; of two on one day the later in the file.

        Raises:
            IndexError: there is none.

        """
        return max(reversed(self.decisions), key=lambda decision: decision.date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """An assumption the plan stands on; `status` is holds, unsure or contradicted."""

    id: str
    text: str
    status: str = "unsure"
    objectives: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    previously: tuple[str, ...] = ()
    waive: tuple[Waiver, ...] = ()
    place: Place = NOWHERE


Goal = Objective | KeyResult | Hypothesis | Belief
"""What a link may point to. Teams, customers, cycles, units and strategies are never goals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """Everything people wrote, whole and consistent, in the order of their files."""

    strategies: tuple[Strategy, ...] = ()
    customers: tuple[Customer, ...] = ()
    journey: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    teams: tuple[Team, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    objectives: tuple[Objective, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    by_fold: Mapping[str, Goal] = field(default_factory=dict)
    """Case-folded goal id -> goal."""
    order: Mapping[str, int] = field(default_factory=dict)
    """Goal id -> its position in the files."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Case-folded former id -> the id it has now."""

    def goal(self, goal_id: str) -> Goal | None:
        """Find a goal by its id or a former id, in any case."""
        fold = goal_id.casefold()
        found = self.by_fold.get(fold)
        if found is None and (now := self.renamed.get(fold)) is not None:
            return self.by_fold.get(now.casefold())
        return found

    @property
    def key_results(self) -> tuple[KeyResult, ...]:
        """All key results, in the order of the files."""
        return tuple(kr for objective in self.objectives for kr in objective.key_results)
