"""The settings of a Jira tracker: the keys of its section in okrsync.yaml, beside ``adapter``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path  # noqa: TC003 - pydantic reads it
from typing import Annotated, Literal

from pydantic import Field

from okrsync.documents.durations import Duration  # noqa: TC001 - pydantic reads it
from okrsync.documents.types import FileModel, Name, OneOrMore, Secret, Url, Whole


class JiraSettings(FileModel):
    """One Jira site."""

    url: Url
    """Address of the site, or the API gateway of a scoped token."""
    site: Url | None = None
    """Address for links that people click; default: `url`."""
    deployment: Literal["cloud", "datacenter"] | None = None
    """`cloud` or `datacenter`; default: asked from the server."""
    email: Name | None = None
    """Account of the token, for basic authentication; without it the token is a bearer token."""
    token: Secret
    """API token; for Data Center a personal access token, without `email`."""
    ca_file: Path | None = None
    """Certificate authority of your own, as PEM file."""
    scopes: Annotated[OneOrMore, Field(min_length=1)]
    """Project keys. An item outside of them is never written."""
    jql: Name | None = None
    """Narrows every scope; may not name okrsync's own labels."""
    fields: dict[str, Name] = Field(default_factory=dict)
    """Custom fields, by name or id, under the names that rules use; also goal, team, estimate."""
    cancelled: OneOrMore = ("Won't Do", "Duplicate", "Cannot Reproduce")
    """Resolutions that mean not done."""
    webhook_secret: Secret | None = None
    """Secret that signs webhooks."""
    page_size: Annotated[Whole, Field(ge=1, le=1000)] = 100
    """Issues asked for at a time."""
    timeout: Duration = timedelta(seconds=30)
    """How long to wait for one answer."""
