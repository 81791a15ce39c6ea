"""What okrsync needs from a place that holds goals and mapping rules. Public."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as MappingType
    from pathlib import Path

    from okrsync.core.goals import Goals
    from okrsync.core.mapping import Mapping

GOAL_SPI_VERSION = 1


@dataclass(frozen=True, slots=True)
class GoalsRead:
    """Goals as read at one moment, and the digest of everything they were read from."""

    goals: Goals
    digest: str


class GoalSource(Protocol):
    """A place that holds goals."""

    def read(self) -> GoalsRead:
        """Read all goals, or none.

        A half-written state is never returned: the source is read until two digests agree.

        Raises:
            ConfigError: they cannot be used; all mistakes at once, each with its place.

        """


class MappingSource(Protocol):
    """A place that holds mapping rules."""

    def read(self, goals: Goals | None, *, prefix: str) -> Mapping:
        """Read all rules, checked against *goals* and against naming our own labels (*prefix*).

        Without *goals*, because they are unusable, nothing is said of names of goals and teams.

        Raises:
            ConfigError: they cannot be used; all mistakes at once, each with its place.

        """


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSourceManifest:
    """What an entry point of the group ``okrsync.goal_sources`` must point at.

    The options are the keys of the ``okrs:`` or ``mapping:`` section without ``source``, with
    paths already made absolute.
    """

    name: str
    spi: int
    open_goals: Callable[[MappingType[str, Any], Path], GoalSource]
    """Options and the folder of the settings file -> source."""
    open_mapping: Callable[[MappingType[str, Any], Path], MappingSource] | None = None
    schemas: MappingType[str, Callable[[], dict[str, Any]]] = field(default_factory=dict)
    """``okrs`` or ``mapping`` -> makes the JSON Schema of one such file, for editors."""
