"""What an organisation made of the rules: how severe each is, for whom, and what was waived."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.lint.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okrsync.core.goals import Waiver
    from okrsync.lint.rule import Rule


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


DEFAULT = Policy()
"""The rules as they come."""
