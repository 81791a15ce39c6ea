"""From what a person wrote in one OKR file to goals that know where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from okrsync.core.goals import (
    Belief,
    ByHowMuch,
    CheckIn,
    Customer,
    Cycle,
    Decision,
    Evidence,
    GoalStatus,
    Hypothesis,
    KeyResult,
    Kind,
    Level,
    Objective,
    ParentLink,
    Strategy,
    Team,
    Unit,
    Value,
    Waiver,
    WorksIn,
)
from okrsync.documents.durations import whole_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okrsync.core.goalrefs import Spots
    from okrsync.core.place import Place
    from okrsync.documents.read import Document, Steps
    from okrsync.documents.types import FileModel
    from okrsync_yaml import format as written

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """The goals and their surroundings that one file holds."""

    strategies: tuple[Strategy, ...]
    customers: tuple[Customer, ...]
    journey: tuple[str, ...]
    units: tuple[Unit, ...]
    teams: tuple[Team, ...]
    cycles: tuple[Cycle, ...]
    objectives: tuple[Objective, ...]
    hypotheses: tuple[Hypothesis, ...]
    beliefs: tuple[Belief, ...]
    spots: Spots
    """Where each reference stands."""


@dataclass(frozen=True, slots=True)
class _At:
    """A spot in the document that is being converted."""

    document: Document
    inline: Mapping[Steps, tuple[Waiver, ...]]
    """Waivers in comments, by the path of their goal."""
    path: Steps = ()

    @property
    def place(self) -> Place:
        return self.document.place(self.path)

    def key(self, name: str) -> Place:
        """Place of the value under *name*, or of the whole where it is left out."""
        return self.document.place((*self.path, name))

    def each(self, name: str, values: Iterable[T]) -> Iterator[tuple[T, _At]]:
        for index, value in enumerate(values):
            yield value, _At(self.document, self.inline, (*self.path, name, index))


def converted(
    file: written.OkrFile, document: Document, inline: Mapping[Steps, tuple[Waiver, ...]]
) -> Written:
    """Convert one file; *inline* are the waivers in its comments, by the path of their goal."""
    at = _At(document, inline)
    strategy = file.strategy
    below = _At(document, inline, ("strategy",))
    return Written(
        strategies=(_strategy(strategy, below),) if strategy else (),
        customers=tuple(_customer(c, a) for c, a in at.each("customers", file.customers)),
        journey=file.journey,
        units=tuple(
            Unit(id=unit.id, name=unit.name, place=a.key("id"))
            for unit, a in at.each("units", file.units)
        ),
        teams=tuple(_team(t, a) for t, a in at.each("teams", file.teams)),
        cycles=tuple(_cycle(c, a) for c, a in at.each("cycles", file.cycles)),
        objectives=tuple(_objective(o, a) for o, a in at.each("objectives", file.objectives)),
        hypotheses=tuple(_hypothesis(h, a) for h, a in at.each("hypotheses", file.hypotheses)),
        beliefs=tuple(_belief(b, a) for b, a in at.each("beliefs", file.beliefs)),
        spots=_spots(file, at),
    )


_REFERRING = ("team", "teams", "unit", "cycle", "strategy", "serves", "objectives", "previously")


def _spots(file: written.OkrFile, at: _At) -> Spots:
    spots: dict[tuple[Place, str, str], Place] = {}
    for section in ("teams", "objectives", "hypotheses", "beliefs"):
        for thing, a in at.each(section, getattr(file, section)):
            spots.update(_spots_of(thing, a))
            for kr, below in a.each("key_results", getattr(thing, "key_results", ())):
                spots.update(_spots_of(kr, below))
    return spots


def _spots_of(thing: FileModel, at: _At) -> Iterator[tuple[tuple[Place, str, str], Place]]:
    for key in _REFERRING:
        given = getattr(thing, key, None) or ()
        for word, a in at.each(key, (given,) if isinstance(given, str) else given):
            yield (at.key("id"), key, word), a.place


def _strategy(strategy: written.StrategyIn, at: _At) -> Strategy:
    return Strategy(
        id=strategy.id,
        mission=strategy.mission,
        vision=strategy.vision,
        north_star=strategy.north_star,
        starts=strategy.horizon.starts,
        ends=strategy.horizon.ends,
        value_map=tuple(
            Value(
                id=value.id,
                value=value.value,
                customers=value.customers,
                because=value.because,
                place=a.key("id"),
            )
            for value, a in at.each("value_map", strategy.value_map)
        ),
        place=at.key("id"),
    )


def _customer(customer: written.CustomerIn, at: _At) -> Customer:
    return Customer(
        id=customer.id,
        name=customer.name,
        also=customer.also,
        role=customer.role,
        success_looks_like=customer.success_looks_like,
        journey=customer.journey,
        place=at.key("id"),
    )


def _team(team: written.TeamIn, at: _At) -> Team:
    return Team(
        id=team.id,
        name=team.name,
        unit=team.unit,
        makes=team.makes,
        customers=team.customers,
        functions=team.functions,
        sphere=team.sphere,
        works_in=tuple(
            WorksIn(
                tracker=spot.tracker,
                scope=spot.scope,
                component=spot.component,
                team=spot.team,
                place=a.place,
            )
            for spot, a in at.each("works_in", team.works_in)
        ),
        place=at.key("id"),
    )


def _cycle(cycle: written.CycleIn, at: _At) -> Cycle:
    return Cycle(
        id=cycle.id,
        starts=cycle.starts,
        ends=cycle.ends,
        level=Level(cycle.level),
        check_in_days=None if cycle.check_in is None else whole_days(cycle.check_in),
        place=at.key("id"),
    )


def _objective(objective: written.ObjectiveIn, at: _At) -> Objective:
    alone = (objective.team,) if objective.team else ()
    return Objective(
        id=objective.id,
        title=objective.title,
        level=Level(objective.level),
        teams=tuple(dict.fromkeys(alone + objective.teams)),
        unit=objective.unit,
        cycle=objective.cycle or "",
        problem=objective.problem,
        strategy=objective.strategy,
        parents=_parents(objective.parents, at),
        key_results=tuple(
            _key_result(kr, a, objective.id)
            for kr, a in at.each("key_results", objective.key_results)
        ),
        owner=objective.owner,
        status=GoalStatus(objective.status),
        previously=objective.previously,
        waive=_waivers(objective, at),
        place=at.key("id"),
    )


def _key_result(kr: written.KeyResultIn, at: _At, objective: str) -> KeyResult:
    days = None if kr.time_to_effect is None else whole_days(kr.time_to_effect)
    return KeyResult(
        id=kr.id,
        objective=objective,
        statement=kr.statement,
        who=kr.who,
        does_what=kr.does_what,
        by_how_much=_measure(kr.by_how_much),
        kind=None if kr.kind is None else Kind(kr.kind),
        indicator=kr.indicator,
        journey=kr.journey,
        measured_by=kr.measured_by,
        time_to_effect_days=days,
        parents=_parents(kr.parents, at),
        expects=kr.expects,
        guardrails=kr.guardrails,
        check_ins=_check_ins(kr.check_ins, at),
        owner=kr.owner,
        status=GoalStatus(kr.status),
        previously=kr.previously,
        waive=_waivers(kr, at),
        place=at.key("id"),
    )


def _hypothesis(hypothesis: written.HypothesisIn, at: _At) -> Hypothesis:
    return Hypothesis(
        id=hypothesis.id,
        serves=hypothesis.serves,
        statement=hypothesis.statement,
        we_believe=hypothesis.we_believe,
        for_whom=hypothesis.for_whom,
        will=hypothesis.will,
        cycle=hypothesis.cycle,
        started=hypothesis.started,
        until=hypothesis.until,
        confidence=hypothesis.confidence,
        stop_if=hypothesis.stop_if,
        evidence=_evidence(hypothesis.evidence, at),
        decisions=_decisions(hypothesis.decisions, at),
        owner=hypothesis.owner,
        previously=hypothesis.previously,
        waive=_waivers(hypothesis, at),
        place=at.key("id"),
    )


def _belief(belief: written.BeliefIn, at: _At) -> Belief:
    return Belief(
        id=belief.id,
        text=belief.text,
        status=belief.status,
        objectives=belief.objectives,
        evidence=_evidence(belief.evidence, at),
        previously=belief.previously,
        waive=_waivers(belief, at),
        place=at.key("id"),
    )


def _measure(measure: written.ByHowMuchIn | None) -> ByHowMuch | None:
    if measure is None or measure == type(measure)():
        return None
    return ByHowMuch(baseline=measure.baseline, target=measure.target, unit=measure.unit)


def _parents(parents: tuple[written.ParentIn, ...], at: _At) -> tuple[ParentLink, ...]:
    return tuple(
        ParentLink(id=parent.id, because=parent.because, place=a.key("id"))
        for parent, a in at.each("parents", parents)
    )


def _waivers(goal: written.GoalIn, at: _At) -> tuple[Waiver, ...]:
    own = tuple(
        Waiver(
            code=waiver.code,
            reason=waiver.reason,
            goal=goal.id,
            until=waiver.until,
            place=a.key("code"),
        )
        for waiver, a in at.each("waive", goal.waive)
    )
    return own + at.inline.get(at.path, ())


def _check_ins(check_ins: tuple[written.CheckInIn, ...], at: _At) -> tuple[CheckIn, ...]:
    return tuple(
        CheckIn(
            date=check_in.date,
            value=check_in.value,
            confidence=check_in.confidence,
            note=check_in.note,
            decision=check_in.decision,
            place=a.place,
        )
        for check_in, a in at.each("check_ins", check_ins)
    )


def _evidence(seen: tuple[written.EvidenceIn, ...], at: _At) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(date=one.date, says=one.says, source=one.source, note=one.note, place=a.place)
        for one, a in at.each("evidence", seen)
    )


def _decisions(decisions: tuple[written.DecisionIn, ...], at: _At) -> tuple[Decision, ...]:
    return tuple(
        Decision(
            choice=decision.choice,
            date=decision.date,
            because=decision.because,
            until=decision.until,
            saved=decision.saved,
            place=a.place,
        )
        for decision, a in at.each("decisions", decisions)
    )
