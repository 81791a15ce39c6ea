"""Goals in tables of an SQL database: SQLite or PostgreSQL.

Public: `MANIFEST` alone, found through its entry point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.ports.goals import GOAL_SPI_VERSION, GoalSourceManifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from okrsync_sql.goals import SqlGoals

__all__ = ["MANIFEST"]


def _open_goals(options: Mapping[str, Any], folder: Path) -> SqlGoals:
    """Import what speaks SQL only for those whose goals are kept there: it takes a while."""
    from okrsync_sql.goals import open_goals  # noqa: PLC0415

    return open_goals(options, folder)


MANIFEST = GoalSourceManifest(
    name="database",
    spi=GOAL_SPI_VERSION,
    open_goals=_open_goals,
    edit_goals=_open_goals,
    keep_goals=_open_goals,
)
