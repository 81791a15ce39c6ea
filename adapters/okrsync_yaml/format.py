"""The OKR files, key by key. What a key means beyond its type is decided elsewhere.

Unknown keys are mistakes. References between goals are not looked at here.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from okrsync.core.goals import (  # noqa: TC001 - pydantic reads them
    Choice,
    Indicator,
    Role,
    Says,
    Source,
    Standing,
)
from okrsync.documents.durations import Duration  # noqa: TC001 - pydantic reads it
from okrsync.documents.types import (
    AsList,
    Day,
    FileModel,
    Name,
    Names,
    Number,
    OneOrMore,
    Share,
    Text,
)


def _code(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{2,3}[0-9]{3}", code):
        raise ValueError(f"must be the code of a rule, such as OKR105, not {code!r}")
    return code


class HorizonIn(FileModel):
    """The time a strategy looks ahead."""

    starts: Annotated[Day | None, Field(alias="from")] = None
    """First day."""
    ends: Annotated[Day | None, Field(alias="to")] = None
    """Last day."""


class ValueIn(FileModel):
    """One line of the value map: which value, for whom."""

    id: Name
    """What objectives call it under `strategy`."""
    value: Text
    """The value customers get."""
    customers: Annotated[OneOrMore, Field(alias="for")] = ()
    """Ids or names of customers."""
    because: Text = ""
    """Why this value, and not another."""


class StrategyIn(FileModel):
    """What objectives hang below."""

    id: Name
    """What objectives call it under `strategy`."""
    mission: Text = ""
    """Why the organisation exists."""
    vision: Text = ""
    """What the world looks like when it succeeds."""
    north_star: Text = ""
    """The one measure that tells whether customers get value."""
    horizon: HorizonIn = HorizonIn()
    """The time it looks ahead."""
    value_map: Annotated[tuple[ValueIn, ...], AsList] = ()
    """Which value, for which customer."""


class CustomerIn(FileModel):
    """Whoever uses what a team makes, colleagues too."""

    id: Name
    """What teams and key results call them."""
    name: Name
    """What people call them."""
    also: OneOrMore = ()
    """Other words for them that key results may use."""
    role: Role = "user"
    """How they meet what is made."""
    success_looks_like: Text = ""
    """When they would say that it helped."""
    journey: Names = ()
    """Their own steps, where they differ from everyone's."""


class UnitIn(FileModel):
    """A part of the company that has objectives of its own."""

    id: Name
    """What teams and objectives call it."""
    name: Name
    """What people call it."""


class WorksInIn(FileModel):
    """Where a team's items are found; every condition given must hold."""

    tracker: Name
    """Name of a tracker in the settings."""
    scope: Name | None = None
    """Jira project key or Linear team key."""
    component: Name | None = None
    """Jira component."""
    team: Name | None = None
    """Value of the tracker's own team field."""


class TeamIn(FileModel):
    """A team, never a person."""

    id: Name
    """What objectives and rules call it."""
    name: Name
    """What people call it."""
    unit: Name | None = None
    """The unit it belongs to."""
    makes: Text = ""
    """What its customers use."""
    customers: OneOrMore = ()
    """Whom it serves."""
    functions: OneOrMore = ()
    """Which crafts it unites."""
    sphere: OneOrMore = ()
    """The journey steps it can change."""
    works_in: Annotated[tuple[WorksInIn, ...], AsList] = ()
    """Where its items are found."""


class CycleIn(FileModel):
    """A dated period of any length. Without both dates it loads and never runs."""

    id: Name
    """What objectives and hypotheses call it."""
    starts: Annotated[Day | None, Field(alias="from")] = None
    """First day."""
    ends: Annotated[Day | None, Field(alias="to")] = None
    """Last day."""
    level: Literal["company", "unit", "team"] = "team"
    """Whose rhythm it is."""
    check_in: Duration | None = None
    """How often key results are looked at; default 14d."""


class ParentIn(FileModel):
    """The goal above that this one is expected to move."""

    id: Name
    """An objective or a key result."""
    because: Text = ""
    """The story that makes it credible."""


class WaiverIn(FileModel):
    """A finding that somebody answered for."""

    code: Annotated[Name, AfterValidator(_code)]
    """The code of the rule."""
    reason: Name
    """Why the finding may stand."""
    until: Day | None = None
    """Last day it may stand; default for ever."""


class ByHowMuchIn(FileModel):
    """Baseline, target and unit."""

    baseline: Annotated[Number | None, Field(alias="from")] = None
    """Where it stands now."""
    target: Annotated[Number | None, Field(alias="to")] = None
    """Where it should stand."""
    unit: Name | None = None
    """What is counted: percent, days, visits."""


class CheckInIn(FileModel):
    """A dated note of where a key result stands."""

    date: Day
    """The day of the check-in."""
    value: Number | None = None
    """What was measured."""
    confidence: Share | None = None
    """How sure the team is to get there, from 0 to 1."""
    note: Text = ""
    """What was learnt."""
    decision: Text = ""
    """What the team does about it."""


class EvidenceIn(FileModel):
    """A dated, sourced observation."""

    date: Day
    """The day it was seen."""
    says: Says
    """Whether it speaks for the hypothesis or belief."""
    source: Text = ""
    """Where it was seen."""
    note: Text = ""
    """What was seen."""


class DecisionIn(FileModel):
    """What a team does with a hypothesis on evidence; the newest rules."""

    choice: Choice
    """Go on, change the tactics, or stop."""
    date: Day
    """The day it was decided."""
    because: Text = ""
    """Why."""
    until: Day | None = None
    """When to decide again, after persevering or a pivot."""
    saved: Text = ""
    """What stopping it saved."""


class GoalIn(FileModel):
    """What every goal may carry."""

    id: Name
    """Letters, digits, dots, underscores and hyphens; unique over all goals, case aside."""
    previously: OneOrMore = ()
    """Ids it had before."""
    waive: Annotated[tuple[WaiverIn, ...], AsList] = ()
    """Findings on it that somebody answered for."""


class KeyResultIn(GoalIn):
    """Who does what by how much: as fields, or as one statement."""

    statement: Name | None = None
    """The key result as one sentence, read as who, does what, by how much."""
    who: Name | None = None
    """A customer."""
    does_what: Name | None = None
    """What they do differently."""
    by_how_much: ByHowMuchIn | None = None
    """Baseline and target."""
    kind: Literal["outcome", "impact", "system", "task", "unclear"] | None = None
    """What it measures; overrules the reader."""
    indicator: Indicator | None = None
    """Whether it moves first or later."""
    journey: Name | None = None
    """The step of the customer journey it changes."""
    measured_by: Source | None = None
    """Where the number comes from."""
    time_to_effect: Duration | None = None
    """How long behaviour takes to change after work is done."""
    parents: Annotated[tuple[ParentIn, ...], AsList] = ()
    """Goals above that it is expected to move."""
    expects: OneOrMore = ()
    """Lagging measures that are watched, not owned."""
    guardrails: OneOrMore = ()
    """What must not get worse for others."""
    check_ins: Annotated[tuple[CheckInIn, ...], AsList] = ()
    """Where it stood, and when."""
    owner: Name | None = None
    """A team's name at most."""
    status: Literal["live", "achieved", "dropped"] = "live"
    """Live while its cycle runs, unless people say otherwise."""


class ObjectiveIn(GoalIn):
    """Qualitative and inspiring; names no solution."""

    title: Name
    """What people call it."""
    level: Literal["company", "unit", "team"] = "team"
    """Whose objective it is; a unit's names its `unit`, a team's its `team` or `teams`."""
    team: Name | None = None
    """The team it belongs to."""
    teams: Names = ()
    """The teams that share it."""
    unit: Name | None = None
    """The unit it belongs to."""
    cycle: Name | None = None
    """The period it belongs to; without one it never runs."""
    problem: Text = ""
    """What is wrong today."""
    strategy: OneOrMore = ()
    """Strategies and lines of the value map it hangs below."""
    parents: Annotated[tuple[ParentIn, ...], AsList] = ()
    """Goals above that it is expected to move."""
    key_results: Annotated[tuple[KeyResultIn, ...], AsList] = ()
    """How it is known to be reached."""
    owner: Name | None = None
    """A team's name at most."""
    status: Literal["live", "achieved", "dropped"] = "live"
    """Live while its cycle runs, unless people say otherwise."""


class HypothesisIn(GoalIn):
    """We believe that if we build this for these people, they will change what they do."""

    statement: Name | None = None
    """The hypothesis as one sentence."""
    we_believe: Name | None = None
    """What is built or tried."""
    for_whom: Annotated[Name | None, Field(alias="for")] = None
    """The people it is for."""
    will: Name | None = None
    """What they will do differently."""
    serves: OneOrMore = ()
    """Key results it should move."""
    cycle: Name | None = None
    """The period it belongs to."""
    started: Day | None = None
    """The day the test began."""
    until: Day | None = None
    """When it must be decided; default the end of its cycle."""
    confidence: Share | None = None
    """How sure the team is, from 0 to 1."""
    stop_if: Text = ""
    """What would end it early."""
    evidence: Annotated[tuple[EvidenceIn, ...], AsList] = ()
    """What was seen."""
    decisions: Annotated[tuple[DecisionIn, ...], AsList] = ()
    """What was decided; the newest rules."""
    owner: Name | None = None
    """A team's name at most."""


class BeliefIn(GoalIn):
    """An assumption the plan stands on."""

    text: Name
    """What is assumed."""
    status: Standing = "unsure"
    """What the evidence says."""
    objectives: OneOrMore = ()
    """Objectives that stand on it."""
    evidence: Annotated[tuple[EvidenceIn, ...], AsList] = ()
    """What was seen."""


class OkrFile(FileModel):
    """One OKR file. Goals may be spread over any number of files."""

    strategy: StrategyIn | None = None
    """What objectives hang below."""
    customers: Annotated[tuple[CustomerIn, ...], AsList] = ()
    """Whoever uses what teams make."""
    journey: Names = ()
    """The steps of the customer journey."""
    units: Annotated[tuple[UnitIn, ...], AsList] = ()
    """Parts of the company with objectives of their own."""
    teams: Annotated[tuple[TeamIn, ...], AsList] = ()
    """Who works on goals."""
    cycles: Annotated[tuple[CycleIn, ...], AsList] = ()
    """Dated periods."""
    objectives: Annotated[tuple[ObjectiveIn, ...], AsList] = ()
    """Objectives with their key results."""
    hypotheses: Annotated[tuple[HypothesisIn, ...], AsList] = ()
    """Disciplined guesses that serve key results."""
    beliefs: Annotated[tuple[BeliefIn, ...], AsList] = ()
    """Assumptions the plan stands on."""
