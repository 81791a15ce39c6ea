"""Jira Cloud as a tracker of okrsync. Public: `MANIFEST` alone, found through its entry point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.ports.tracker import SPI_VERSION, TrackerManifest
from okrsync_jira.settings import JiraSettings

if TYPE_CHECKING:
    from okrsync.ports.tracker import Connection, Tracker

__all__ = ["MANIFEST"]


def _connect(settings: JiraSettings, connection: Connection) -> Tracker:
    """Import what speaks HTTP only for those who want to talk: it takes a while."""
    from okrsync_jira.tracker import connect  # noqa: PLC0415

    return connect(settings, connection)


MANIFEST = TrackerManifest(
    name="jira",
    spi=SPI_VERSION,
    settings=JiraSettings,
    connect=_connect,
    key_pattern=r"{scope}-\d+",
)
