"""Goals in tables of an SQL database: SQLite or PostgreSQL."""

from okrsync.ports.goals import GOAL_SPI_VERSION, GoalSourceManifest
from okrsync_sql.goals import open_goals

MANIFEST = GoalSourceManifest(
    name="database",
    spi=GOAL_SPI_VERSION,
    open_goals=open_goals,
    edit_goals=open_goals,
    keep_goals=open_goals,
)

__all__ = ["MANIFEST"]
