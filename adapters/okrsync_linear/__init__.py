"""Linear as a tracker of okrsync."""

from __future__ import annotations

from okrsync.ports.tracker import SPI_VERSION, TrackerManifest
from okrsync_linear.settings import LinearSettings
from okrsync_linear.tracker import LinearTracker

MANIFEST = TrackerManifest(
    name="linear",
    spi=SPI_VERSION,
    settings=LinearSettings,
    connect=LinearTracker,
    key_pattern=r"{scope}-\d+",
)

__all__ = ["MANIFEST"]
