"""What okrsync needs from a place that holds goals and mapping rules. Public."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as MappingType
    from pathlib import Path

    from okrsync.core.goaledits import Entry
    from okrsync.core.goals import Goals
    from okrsync.core.mapping import Mapping
    from okrsync.core.place import Place
    from okrsync.ports.mapping_editor import MappingEditor

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


class GoalEditor(Protocol):
    """A place where people write down what they learnt; each entry is added, none is changed."""

    def append(self, goal_id: str, entry: Entry) -> Place:
        """Add a check-in, a piece of evidence or a decision to a goal, and tell where it stands.

        The whole is read back before it takes effect: whoever reads next finds exactly this entry
        more, in this or another process.

        Raises:
            UsageError: there is no such goal, or it takes no such entry.
            ConfigError: the goals cannot be used as they are, or the entry cannot be written there.
            RefusedError: somebody else is changing the goals at this moment.

        """


class GoalStore(Protocol):
    """A place that takes in a whole set of goals, in tables that are okrsync's own."""

    def replace(self, goals: Goals, *, instead_of: str | None = None) -> None:
        """Put *goals* in the place of all that is there, at once or not at all.

        With *instead_of*, only if what is there still has this digest.

        Raises:
            RefusedError: what is there is something else by now.
            ConfigError: the goals hold what cannot be kept there.
            StoreError: the database failed.

        """

    def upgrade(self) -> tuple[str | None, str]:
        """Make the tables, or bring them to this version; tell the schema before and after.

        Raises:
            StoreError: they are of a newer okrsync, or the database failed.

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
    edit_goals: Callable[[MappingType[str, Any], Path], GoalEditor] | None = None
    """The same -> where check-ins, evidence and decisions are added."""
    keep_goals: Callable[[MappingType[str, Any], Path], GoalStore] | None = None
    """The same -> where `okrs import` puts goals."""
    write_goals: Callable[[Goals], MappingType[str, bytes]] | None = None
    """Goals -> the content of files, by name, that hold them: what `okrs export` writes."""
    edit_mapping: Callable[[MappingType[str, Any], Path], MappingEditor] | None = None
    """Options and folder -> where mapping rules are changed."""
    schemas: MappingType[str, Callable[[], dict[str, Any]]] = field(default_factory=dict)
    """``okrs`` or ``mapping`` -> makes the JSON Schema of one such file, for editors."""
