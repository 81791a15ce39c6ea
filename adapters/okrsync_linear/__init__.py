"""Linear as a tracker of okrsync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.ports.survey import Question
from okrsync.ports.tracker import SPI_VERSION, TrackerManifest
from okrsync_linear.settings import LinearSettings
from okrsync_linear.webhooks import webhooks

if TYPE_CHECKING:
    from okrsync.ports.survey import Survey
    from okrsync.ports.tracker import Connection, Tracker


def _connect(settings: LinearSettings, connection: Connection) -> Tracker:
    """Import what speaks HTTP only for those who want to talk: it takes a while."""
    from okrsync_linear.tracker import LinearTracker  # noqa: PLC0415

    return LinearTracker(settings, connection)


def _survey(settings: LinearSettings, connection: Connection) -> Survey:
    from okrsync_linear.survey import LinearSurvey  # noqa: PLC0415

    return LinearSurvey(settings, connection)


MANIFEST = TrackerManifest(
    name="linear",
    spi=SPI_VERSION,
    settings=LinearSettings,
    connect=_connect,
    key_pattern=r"{scope}-\d+",
    webhooks=webhooks,
    survey=_survey,
    questions=(Question("auth", "Kind of token: key (personal) or bearer (OAuth)", needed=False),),
)

__all__ = ["MANIFEST"]
