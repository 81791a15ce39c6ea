"""Jira as a tracker of okrsync, Cloud and Data Center.

Public: `MANIFEST` alone, found through its entry point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.ports.survey import Question
from okrsync.ports.tracker import SPI_VERSION, TrackerManifest
from okrsync_jira.settings import JiraSettings
from okrsync_jira.webhooks import webhooks

if TYPE_CHECKING:
    from okrsync.ports.survey import Survey
    from okrsync.ports.tracker import Connection, Tracker

__all__ = ["MANIFEST"]


def _connect(settings: JiraSettings, connection: Connection) -> Tracker:
    """Import what speaks HTTP only for those who want to talk: it takes a while."""
    from okrsync_jira.tracker import connect  # noqa: PLC0415

    return connect(settings, connection)


def _survey(settings: JiraSettings, connection: Connection) -> Survey:
    from okrsync_jira.survey import JiraSurvey  # noqa: PLC0415

    return JiraSurvey(settings, connection)


MANIFEST = TrackerManifest(
    name="jira",
    spi=SPI_VERSION,
    settings=JiraSettings,
    connect=_connect,
    key_pattern=r"{scope}-\d+",
    webhooks=webhooks,
    survey=_survey,
    questions=(
        Question("url", "Address of the site, such as https://example.atlassian.net"),
        Question("email", "E-mail of the token's account (empty for Data Center)", needed=False),
    ),
)
