"""Which key results are held against who, does what and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind, Level
from okrsync.lint.parts import kind_of

if TYPE_CHECKING:
    from okrsync.core.goals import KeyResult, Objective
    from okrsync.lint.rule import LintInput


def is_outcome(kr: KeyResult, given: LintInput) -> bool:
    """Whether it is an outcome, or meant as one by somebody who filled in the fields."""
    kind = kind_of(kr, given).kind
    return kind is Kind.OUTCOME or (kind is Kind.UNCLEAR and kr.kind is None and in_fields(kr))


def is_measured(objective: Objective, kr: KeyResult, given: LintInput) -> bool:
    """Whether it needs a baseline and a target: outcomes, and impacts above the teams."""
    is_impact = kind_of(kr, given).kind is Kind.IMPACT
    return is_outcome(kr, given) or (is_impact and objective.level is not Level.TEAM)


def in_fields(kr: KeyResult) -> bool:
    """Whether it is written as fields and not as a sentence: what is missing is certain then."""
    return kr.statement is None and bool(kr.who or kr.does_what or kr.by_how_much)


def sureness(kr: KeyResult, given: LintInput) -> float | None:
    """Return how sure a reading of its words is, or None where fields speak."""
    return None if in_fields(kr) else given.reader.read(kr.text).confidence
