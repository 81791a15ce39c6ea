"""Runs rules over goals: hits become findings, as severe as this team wants them, unless waived.

Order and content depend on the arguments alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Customer, Cycle, Hypothesis, KeyResult, Objective, Team
from okrsync.lint.memo import Remembering
from okrsync.lint.rule import Finding, Severity, Stranger
from okrsync.lint.waivers import all_waivers, waived_codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from okrsync.core.goals import Goals, Waiver
    from okrsync.lint.rule import Hit, LintInput, Rule, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an organisation made of the rules: code -> severity, also for single teams."""

    severities: Mapping[str, Severity] = field(default_factory=dict)
    by_team: Mapping[str, Mapping[str, Severity]] = field(default_factory=dict)
    """Team id -> code -> severity. Of several teams that share a goal the strictest rules."""
    waivers: tuple[Waiver, ...] = ()

    def severity(self, rule: Rule, teams: Iterable[str]) -> Severity:
        """Return how severe a finding of *rule* is for these teams."""
        general = self.severities.get(rule.code, rule.severity)
        wanted = [self.by_team.get(team, {}).get(rule.code, general) for team in teams]
        order = tuple(Severity)
        return min(wanted, key=order.index, default=general)


def lint(
    given: LintInput, *, rules: Sequence[Rule], policy: Policy = Policy()
) -> tuple[Finding, ...]:
    """Return what *rules* find, by place and code, without what is off or waived today."""
    given = replace(
        given,
        reader=Remembering(given.reader),
        waivers=all_waivers(given.goals, policy.waivers),
        waived=waived_codes(given.goals, policy.waivers, given.today),
    )
    found = (
        _finding(rule, hit, policy.severity(rule, hit.teams or teams_of(hit.goal, given.goals)))
        for rule, hit in _hits(given, rules)
        if rule.code not in given.waived.get(_waived_id(hit), ())
    )
    reported = (finding for finding in found if finding.severity is not Severity.OFF)
    return tuple(sorted(reported, key=lambda f: (f.place, f.code, f.goal, f.message)))


def failing(findings: Iterable[Finding], level: Severity) -> bool:
    """Whether any finding matters as much as *level*."""
    return any(finding.severity.at_least(level) for finding in findings)


def teams_of(goal: Subject, goals: Goals) -> frozenset[str]:
    """Return the teams that a goal concerns, directly or through what it serves."""
    match goal:
        case Objective():
            return frozenset(goal.teams)
        case KeyResult():
            return _teams_of_ids((goal.objective,), goals)
        case Hypothesis():
            return _teams_of_ids(goal.serves, goals)
        case Belief():
            return _teams_of_ids(goal.objectives, goals)
        case Team():
            return frozenset({goal.id})
        case Customer() | Cycle() | Stranger():
            return frozenset()


def _teams_of_ids(ids: Iterable[str], goals: Goals) -> frozenset[str]:
    found = [goal for goal_id in ids if (goal := goals.goal(goal_id)) is not None]
    return frozenset(team for goal in found for team in teams_of(goal, goals))


def _hits(given: LintInput, rules: Sequence[Rule]) -> list[tuple[Rule, Hit]]:
    """Run the rules, and those that look at what the others found after all others."""
    first = [rule for rule in rules if not rule.last]
    found = [(rule, hit) for rule in first for hit in rule.check(given)]
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for rule, hit in found:
        codes[_waived_id(hit)].add(rule.code)
    seen = replace(
        given,
        tried=frozenset(rule.code for rule in first),
        hits={goal_id: frozenset(each) for goal_id, each in codes.items()},
    )
    return found + [(rule, hit) for rule in rules if rule.last for hit in rule.check(seen)]


def _waived_id(hit: Hit) -> str:
    is_goal = isinstance(hit.goal, Objective | KeyResult | Hypothesis | Belief)
    return hit.goal.id if is_goal else hit.goal.id.casefold()


def _finding(rule: Rule, hit: Hit, severity: Severity) -> Finding:
    return Finding(
        code=rule.code,
        severity=severity,
        message=hit.message,
        place=hit.place or hit.goal.place,
        goal=hit.goal.id,
        action=hit.action,
        confidence=hit.confidence,
    )
