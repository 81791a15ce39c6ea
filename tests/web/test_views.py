"""Health, readiness and metrics: told to whoever has the token, and closed to browsers."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.web.conftest import TOKEN, House, jira_body, listening, server_of

if TYPE_CHECKING:
    from tests.web.conftest import Site

PATHS = ("/healthz", "/readyz", "/metrics")


def test_a_process_that_is_well_says_so_with_its_troubles(site: Site) -> None:
    answer = site.client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "state": "ready",
        "parts": {"workers": "ok"},
        "refused": {"settings": "a mistake"},
    }


def test_a_part_that_died_makes_the_process_unwell(site: Site) -> None:
    site.house.parts = {"workers": "died: bells of shop-jira"}
    answer = site.client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")


@pytest.mark.parametrize("state", ["stand-by", "stopping", "no goals"])
def test_only_who_works_is_ready(site: Site, state: str) -> None:
    assert site.client.get("/readyz").status_code == 200
    site.house.state = state
    answer = site.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": state})
    assert site.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "shown", [None, "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xff", TOKEN]
)
def test_without_the_token_nothing_is_told(site: Site, path: str, shown: str | None) -> None:
    site.house.token = TOKEN
    headers = {} if shown is None else {"authorization": shown.encode("latin-1")}
    answer = site.client.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.text == "a token is needed\n"


@pytest.mark.parametrize("path", PATHS)
def test_with_the_token_everything_is_told(site: Site, path: str) -> None:
    site.house.token = TOKEN
    assert site.client.get(path, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_webhooks_need_no_token_because_they_are_signed(site: Site) -> None:
    site.house.token = TOKEN
    assert site.jira(jira_body()).status_code == 200
    assert site.post("/webhooks/shop-jira", jira_body()).status_code == 401


@pytest.mark.parametrize("path", [*PATHS, "/", "/webhooks/nobody"])
def test_every_answer_is_closed_and_names_no_maker(site: Site, path: str) -> None:
    headers = site.client.get(path).headers
    assert "server" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_server_gets_its_address_as_soon_as_it_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        server = server_of(House(), port=other.getsockname()[1])
        server.start()
        deadline = time.monotonic() + 5
        while not server.health().startswith("cannot listen"):
            assert time.monotonic() < deadline
            time.sleep(0.01)
    try:
        assert httpx.get(f"{listening(server)}/healthz").status_code == 200
        assert server.health() == "ok"
    finally:
        server.stop()
    assert server.health() != "ok"
