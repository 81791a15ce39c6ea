"""What a rule is, what it looks at, and what it finds.

A rule carries its own documentation; its examples are run by the tests. How severe a finding is
in the end, and whether somebody answered for it, is the engine's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from okrsync.core.goals import Goal, Goals
    from okrsync.core.place import Place


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many goals of a sort the method allows."""

    objectives_per_team: int = 1
    key_results_per_objective: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LintInput:
    """Everything a rule may look at."""

    goals: Goals
    today: date
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule's word about one goal, before severities and waivers."""

    goal: Goal
    message: str
    action: str
    """One thing to do about it, as an imperative."""
    place: Place | None = None
    """Where in the goal it is, if the goal's own place is too coarse."""
    teams: tuple[str, ...] = ()
    """The teams it concerns, if not all teams of the goal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is reported."""

    code: str
    severity: Severity
    message: str
    place: Place
    goal: str
    action: str


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
    """A goal file that only this rule objects to."""
    good: str
    """The same, put right."""
    fix: str
    configuration: str
    severity: Severity
    check: Callable[[LintInput], Iterator[Hit]]
    at_load: bool = False
    """Whether loading the goals already fails on it: then it cannot be waived or silenced."""
