"""Mapping rules as people write them: ordered, the first that matches an item wins.

Values only; `okrsync.core.matching` compiles and applies them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goals import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingType

    from okrsync.core.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """All that is set must hold; of several values of one key any will do.

    Strings are exact, case aside; ``*_matches`` are RE2 searches that disregard case.
    """

    tracker: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    project: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    """okrsync's own team ids."""
    type: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    component: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    """Status name or category (todo, doing, done, cancelled)."""
    parent: tuple[str, ...] = ()
    """Any ancestor's key."""
    milestone: tuple[str, ...] = ()
    initiative: tuple[str, ...] = ()
    title_matches: tuple[str, ...] = ()
    text_matches: tuple[str, ...] = ()
    field: MappingType[str, tuple[str, ...]] = field(default_factory=dict)
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRule:
    """Which items serve which goals, or are exempt with a reason."""

    id: str
    when: Condition
    serves: tuple[str, ...] = ()
    learning: bool = False
    """Research: it tests a hypothesis or a belief."""
    exempt: str | None = None
    """Why such work needs no outcome."""
    enabled: bool = True
    contact: str | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """All rules in order, and the digest of what they were read from."""

    rules: tuple[MappingRule, ...] = ()
    digest: str = ""

    @property
    def reads_text(self) -> bool:
        """Whether any enabled rule looks at descriptions."""
        return any(_reads_text(rule.when) for rule in self.rules if rule.enabled)


def _reads_text(condition: Condition) -> bool:
    nested = (*condition.any, *condition.all, *condition.none)
    return bool(condition.text_matches) or any(map(_reads_text, nested))
