"""Read goals and mapping and hold them against the method. Neither store nor tracker is asked.

As much as can be said is said at once: mistakes of goals and mapping together, and what the rules
find where goals are usable.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.strategy import strangers
from okrsync.core.place import Place, Problem
from okrsync.errors import ConfigError
from okrsync.lint.changes import changed_ids
from okrsync.lint.engine import lint
from okrsync.lint.parts import customer_names
from okrsync.lint.rule import LintInput
from okrsync.lint.rules import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from okrsync.app.context import TrackerSetup
    from okrsync.core.goals import Goals
    from okrsync.lint.policy import Policy
    from okrsync.lint.rule import Finding, Limits, Reader, Rule
    from okrsync.ports.goals import GoalSource, MappingSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """Where goals and mapping are, and how strictly they are read."""

    goal_source: GoalSource
    mapping_source: MappingSource | None
    setups: Mapping[str, TrackerSetup]
    prefix: str
    """Begins every label of ours, which no rule may look at."""
    rules: Policy
    limits: Limits
    reader: Reader
    today: date


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong (nothing can be done until it is mended), and what the rules say."""

    problems: tuple[Problem, ...] = ()
    findings: Iterable[Finding] = ()
    """To be gone through as often as one likes."""
    goals: Goals | None = field(default=None, repr=False)
    unread: bool = field(default=False)
    """Goals are unusable, so that no rule could be tried."""
    changed: frozenset[str] | None = None
    """Ids of what says something else than at another time, where that was asked for."""

    def only(self, wanted: Callable[[Place], bool]) -> Checked:
        """Keep what stands at wanted places."""
        return replace(
            self,
            problems=tuple(problem for problem in self.problems if wanted(problem.place)),
            findings=tuple(finding for finding in self.findings if wanted(finding.place)),
        )

    def changed_since(self, before: Goals | None) -> Checked:
        """Keep the findings about goals that say something else than *before*."""
        if self.goals is None:
            return self
        changed = changed_ids(before, self.goals)
        kept = tuple(finding for finding in self.findings if finding.goal in changed)
        return replace(self, findings=kept, changed=changed)


def check(checking: Checking, rules: Sequence[Rule] = ALL) -> Checked:
    """Find everything there is to say, as far as *rules* go."""
    problems: list[Problem] = []
    goals: Goals | None = None
    try:
        goals = checking.goal_source.read().goals
    except ConfigError as error:
        problems += _problems(error)
    if checking.mapping_source is not None:
        problems += _of_mapping(checking, checking.mapping_source, goals)
    if goals is None:
        return Checked(_in_order(problems), unread=True)
    given = LintInput(
        goals=goals,
        today=checking.today,
        reader=checking.reader.knowing(customer_names(goals)),
        limits=checking.limits,
    )
    return Checked(_in_order(problems), lint(given, rules=rules, policy=checking.rules), goals)


def _of_mapping(checking: Checking, source: MappingSource, goals: Goals | None) -> list[Problem]:
    try:
        mapping = source.read(goals, prefix=checking.prefix)
    except ConfigError as error:
        return _problems(error)
    return [] if goals is None else strangers(goals, mapping, checking.setups)


def _problems(error: ConfigError) -> list[Problem]:
    return list(error.problems) or [Problem(Place(""), str(error), error.hint)]


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.place, problem.message)))
