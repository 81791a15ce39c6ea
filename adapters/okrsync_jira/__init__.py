"""Jira Cloud as a tracker of okrsync. Public: `MANIFEST` alone, found through its entry point."""

from __future__ import annotations

from okrsync.ports.tracker import SPI_VERSION, TrackerManifest
from okrsync_jira.settings import JiraSettings
from okrsync_jira.tracker import connect

__all__ = ["MANIFEST"]

MANIFEST = TrackerManifest(
    name="jira",
    spi=SPI_VERSION,
    settings=JiraSettings,
    connect=connect,
    key_pattern=r"{scope}-\d+",
)
