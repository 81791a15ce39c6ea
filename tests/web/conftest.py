"""The real application behind a real server, with the real readers of both trackers' webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from okrsync.web.app import create_app
from okrsync.web.connection import Connection
from okrsync.web.receiver import Receiver
from okrsync.web.server import WebServer
from okrsync.web.views import Views
from okrsync_jira.webhooks import JiraWebhooks
from okrsync_linear.webhooks import LinearWebhooks

if TYPE_CHECKING:
    from collections.abc import Iterator

JIRA_SECRET, LINEAR_SECRET = "It's a Secret to Everybody", "linear-secret-0815"
TOKEN = "letmein-4711"
LARGEST = 64 * 1024
REMEMBERED = 3
HELD = 256 * 1024
PATIENCE = 0.3


@dataclass
class House:
    """What the application asks of the rest of the process."""

    rung: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    token: str | None = None
    open: bool = True
    state: str = "ready"
    quiet: float = 0.0
    """Known to the server from its start on."""
    parts: dict[str, str] = field(default_factory=lambda: {"workers": "ok"})

    def begin_anew(self) -> None:
        vars(self).update(vars(House()))

    def ring(self, tracker: str, items: tuple[str, ...]) -> bool:
        if self.open:
            self.rung.append((tracker, items))
        return self.open

    def count(self, tracker: str, outcome: str) -> None:
        self.outcomes[tracker, outcome] += 1


@dataclass(frozen=True)
class Site:
    """The house, and how to reach it."""

    house: House
    client: httpx.Client

    def post(self, path: str, body: bytes, headers: Any = None) -> httpx.Response:
        return self.client.post(path, content=body, headers=headers)

    def jira(self, body: bytes, **headers: str) -> httpx.Response:
        return self.post("/webhooks/shop-jira", body, signed_by_jira(body) | headers)


def signed_by_jira(body: bytes, secret: str = JIRA_SECRET) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature": f"sha256={mac}"}


def signed_by_linear(body: bytes, secret: str = LINEAR_SECRET) -> dict[str, str]:
    return {"linear-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def jira_body(issue: str = "10001", **more: Any) -> bytes:
    said = {"webhookEvent": "jira:issue_updated", "issue": {"id": issue, "key": "PAY-1"}}
    return json.dumps(said | more).encode()


def listening(server: WebServer) -> str:
    """Wait until a server listens, and return its address."""
    deadline = time.monotonic() + 5
    while server.listening is None:
        assert time.monotonic() < deadline, server.health()
        time.sleep(0.005)
    host, port = server.listening
    return f"http://{host}:{port}"


def server_of(house: House, *, port: int = 0) -> WebServer:
    readers = {
        "shop-jira": JiraWebhooks(JIRA_SECRET),
        "shop-linear": LinearWebhooks(LINEAR_SECRET),
    }
    receiver = Receiver(
        webhooks=lambda: readers,
        ring=house.ring,
        count=house.count,
        largest=LARGEST,
        slowest=0.5,
        remembered=REMEMBERED,
        most_held=HELD,
        quiet=house.quiet,
    )
    views = Views(
        parts=lambda: house.parts,
        state=lambda: house.state,
        troubles=lambda: {"refused": {"settings": "a mistake"}},
        metrics=lambda: b"# nothing\n",
        metrics_type="text/plain; version=1.0.0; charset=utf-8",
    )
    app = create_app(receiver, views, lambda: house.token)
    return WebServer(app=app, host="127.0.0.1", port=port, retry_after=0.05, connection=_Impatient)


class _Impatient(Connection):
    patience = PATIENCE
    most = 20


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[House, str]]:
    house = House()
    server = server_of(house)
    server.start()
    yield house, listening(server)
    server.stop()


@pytest.fixture
def site(served: tuple[House, str]) -> Iterator[Site]:
    """A house where nothing has happened yet."""
    house, url = served
    house.begin_anew()
    with httpx.Client(base_url=url, timeout=5) as client:
        yield Site(house, client)
