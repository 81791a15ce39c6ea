"""What kinds of Jira there are, and how they differ in form. Pure.

What they can do at all differs too: that is told by `cloud` and `datacenter`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from okrsync_jira.allowance import PER_ISSUE

if TYPE_CHECKING:
    from okrsync.core.pace import Window


class Deployment(StrEnum):
    """A kind of Jira."""

    CLOUD = "cloud"
    DATACENTER = "datacenter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one kind of Jira is spoken to."""

    deployment: Deployment
    api: str
    """What every path begins with."""
    caller: str
    """The header in which Jira says as whom it answered."""
    per_issue: tuple[Window, ...] = ()
    """How often one issue may be written."""


CLOUD = Dialect(
    deployment=Deployment.CLOUD, api="/rest/api/3", caller="X-AAccountId", per_issue=PER_ISSUE
)
DATACENTER = Dialect(deployment=Deployment.DATACENTER, api="/rest/api/2", caller="X-AUSERNAME")
DIALECTS = {each.deployment: each for each in (CLOUD, DATACENTER)}
SAID = {
    "Cloud": Deployment.CLOUD,
    "Server": Deployment.DATACENTER,
    "DataCenter": Deployment.DATACENTER,
}
"""What `serverInfo` calls them."""
EITHER = "/rest/api/2"
"""What every kind of Jira understands."""
