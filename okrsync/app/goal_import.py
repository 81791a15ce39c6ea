"""Move a whole set of goals from files into the database, after showing what that changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goaldiff import Difference, difference
from okrsync.core.goals import Goals
from okrsync.errors import ConfigError

if TYPE_CHECKING:
    from okrsync.ports.goals import GoalSource, GoalStore


@dataclass(frozen=True, slots=True)
class Import:
    """What would be put into the database, and what that changes."""

    goals: Goals = field(repr=False)
    difference: Difference
    instead_of: str | None
    """Digest of what is there; none where that is unusable or nothing."""
    unusable: ConfigError | None = None
    """Why what is there could not be compared."""


def prepare(files: GoalSource, database: GoalSource) -> Import:
    """Compare the goals of files with those of the database.

    Raises:
        ConfigError: the files' goals cannot be used, or are none.

    """
    goals = files.read().goals
    if goals == Goals():
        raise ConfigError("these files hold no goals; an empty database would mean none at all")
    try:
        there = database.read()
    except ConfigError as error:
        return Import(goals, difference(Goals(), goals), None, error)
    return Import(goals, difference(there.goals, goals), there.digest)


def carry_out(wanted: Import, database: GoalStore) -> None:
    """Replace what is there by what was shown.

    Raises:
        RefusedError: what is there changed after it was shown.

    """
    database.replace(wanted.goals, instead_of=wanted.instead_of)
