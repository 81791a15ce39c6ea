"""Runs rules over goals: hits become findings, as severe as this team wants them, unless waived.

Order and content depend on the arguments alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Hypothesis, KeyResult, Objective
from okrsync.lint.rule import Finding, Severity
from okrsync.lint.waivers import waived_codes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okrsync.core.goals import Goal, Goals, Waiver
    from okrsync.lint.rule import Hit, LintInput, Rule


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
    waived = waived_codes(given.goals, policy.waivers, given.today)
    found = (
        _finding(rule, hit, policy.severity(rule, hit.teams or teams_of(hit.goal, given.goals)))
        for rule, hit in _hits(given, rules)
        if rule.code not in waived.get(hit.goal.id, ())
    )
    reported = (finding for finding in found if finding.severity is not Severity.OFF)
    return tuple(sorted(reported, key=lambda f: (f.place, f.code, f.goal, f.message)))


def failing(findings: Iterable[Finding], level: Severity) -> bool:
    """Whether any finding matters as much as *level*."""
    return any(finding.severity.at_least(level) for finding in findings)


def teams_of(goal: Goal, goals: Goals) -> frozenset[str]:
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


def _teams_of_ids(ids: Iterable[str], goals: Goals) -> frozenset[str]:
    found = [goal for goal_id in ids if (goal := goals.goal(goal_id)) is not None]
    return frozenset(team for goal in found for team in teams_of(goal, goals))


def _hits(given: LintInput, rules: Sequence[Rule]) -> Iterator[tuple[Rule, Hit]]:
    return ((rule, hit) for rule in rules for hit in rule.check(given))


def _finding(rule: Rule, hit: Hit, severity: Severity) -> Finding:
    return Finding(
        code=rule.code,
        severity=severity,
        message=hit.message,
        place=hit.place or hit.goal.place,
        goal=hit.goal.id,
        action=hit.action,
    )
