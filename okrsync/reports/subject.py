"""Which goals, teams and findings a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Hypothesis, KeyResult, Level, Objective
from okrsync.reports.texts import clean
from okrsync.reports.value import About

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.core.goals import Goals, Team, Unit
    from okrsync.ports.findings import SeenFinding

COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that belongs to one company, unit or team."""

    about: About
    teams: frozenset[str]
    """The ids of its teams."""
    objectives: frozenset[str]
    """Its own objectives and those of its teams."""
    goals: Goals

    @property
    def whole(self) -> bool:
        """Whether everything belongs to it."""
        return self.about.level is Level.COMPANY

    def has_goal(self, goal_id: str) -> bool:
        """Tell whether a goal is its own, or works for one that is."""
        if self.whole:
            return True
        goal = self.goals.goal(goal_id)
        match goal:
            case Objective():
                return goal.id in self.objectives
            case KeyResult():
                return goal.objective in self.objectives
            case Hypothesis():
                return any(self.has_goal(each) for each in goal.serves)
            case Belief():
                return not self.objectives.isdisjoint(goal.objectives)
            case None:
                return False

    @property
    def above(self) -> frozenset[str]:
        """The objectives that teams without any of their own work for."""
        units = {team.unit for team in self.goals.teams if team.id in self.teams}
        return frozenset(
            each.id
            for each in self.goals.objectives
            if each.level is Level.COMPANY or (each.level is Level.UNIT and each.unit in units)
        )

    def has_team(self, team: str | None) -> bool:
        """Tell whether a team's work is its own; nobody's work is the company's alone."""
        return self.whole or team in self.teams

    def has_finding(self, seen: SeenFinding) -> bool:
        """Tell whether a finding concerns it."""
        if self.whole or not self.teams.isdisjoint(seen.teams):
            return True
        return not seen.identity.tracker and self.has_goal(seen.name)


def subject_of(word: str, goals: Goals) -> Subject:
    """Return whom ``company``, ``unit:ID`` or ``team:ID`` means.

    Raises:
        LookupError: there is no such unit or team; the message names those that there are.

    """
    level, _, name = word.partition(":")
    if word == COMPANY:
        everything = frozenset(each.id for each in goals.objectives)
        return Subject(About(Level.COMPANY), _ids(goals.teams), everything, goals)
    if level == Level.UNIT:
        unit = _named("unit", name, goals.units)
        teams = frozenset(team.id for team in goals.teams if team.unit == unit.id)
        own = frozenset(each.id for each in goals.objectives if each.unit == unit.id)
    else:
        unit = _named("team", name, goals.teams)
        teams, own = frozenset({unit.id}), frozenset()
    under = {each.id for each in goals.objectives if not teams.isdisjoint(each.teams)}
    return Subject(About(Level(level), unit.id, clean(unit.name)), teams, own | under, goals)


def everybody(goals: Goals) -> tuple[str, ...]:
    """Return every word that names somebody a report can be about."""
    units = (f"unit:{each.id}" for each in goals.units)
    return (COMPANY, *units, *(f"team:{each.id}" for each in goals.teams))


def _ids(parts: Iterable[Team | Unit]) -> frozenset[str]:
    return frozenset(each.id for each in parts)


def _named(what: str, name: str, parts: Iterable[Team | Unit]) -> Team | Unit:
    known = {each.id.casefold(): each for each in parts}
    found = known.get(name.casefold())
    if found is None:
        there = ", ".join(each.id for each in known.values()) or "none"
        raise LookupError(f"no {what} is called {name!r}; there are: {there}")
    return found
