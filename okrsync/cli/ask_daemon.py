"""Asks the daemon on this machine how it is: what containers and watchdogs run."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okrsync.settings.tree import WebSettings

PATIENCE = 5.0
"""Seconds to wait for the answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the daemon said."""

    well: bool
    told: str


def ask(web: WebSettings) -> Answer:
    """Ask ``/healthz`` with the token of the settings."""
    import httpx

    token = {} if web.token is None else {"authorization": f"Bearer {web.token.get_secret_value()}"}
    url = f"http://{_reachable(web.host)}:{web.port}/healthz"
    try:
        answer = httpx.get(url, headers=token, timeout=PATIENCE, trust_env=False)
    except httpx.HTTPError as error:
        return Answer(False, f"no answer from {url}: {error}")
    return Answer(answer.status_code == 200, answer.text)


def _reachable(host: str) -> str:
    """Return an address to ask at, where the daemon listens on all there are."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return host if address.version == 4 else f"[{host}]"
