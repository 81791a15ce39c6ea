"""The settings of a Linear tracker: the keys of its section in okrsync.yaml, beside ``adapter``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path  # noqa: TC003 - pydantic reads it
from typing import Annotated, Literal

from pydantic import Field

from okrsync.documents.durations import Duration  # noqa: TC001 - pydantic reads it
from okrsync.documents.types import FileModel, OneOrMore, Secret, Url, Whole

_KINDS = {"lin_api_": ("key", "a personal key"), "lin_oauth_": ("bearer", "an OAuth token")}
"""How tokens begin, the `auth` that goes with them, and what people call them."""


class LinearSettings(FileModel):
    """One Linear workspace."""

    url: Url = "https://api.linear.app/graphql"
    """Address of the GraphQL interface."""
    auth: Literal["key", "bearer"] = "key"
    """`key` for a personal API key, `bearer` for an OAuth token."""
    token: Secret
    """API key or OAuth token."""
    ca_file: Path | None = None
    """Certificate authority of your own, as PEM file."""
    scopes: Annotated[OneOrMore, Field(min_length=1)]
    """Team keys. An item outside of them is never written."""
    webhook_secret: Secret | None = None
    """Secret that signs webhooks."""
    page_size: Annotated[Whole, Field(ge=1, le=250)] = 100
    """Issues asked for at a time."""
    timeout: Duration = timedelta(seconds=30)
    """How long to wait for one answer."""


def mistaken_auth(settings: LinearSettings) -> tuple[str, str] | None:
    """Return the `auth` that the token's beginning asks for if another is set, and say so."""
    token = settings.token.get_secret_value()
    for beginning, (auth, kind) in _KINDS.items():
        if token.startswith(beginning) and settings.auth != auth:
            return auth, f"The token is {kind}: set `auth: {auth}`."
    return None
