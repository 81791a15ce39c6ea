"""Many at once, and those who only take up places: nobody keeps others from being answered."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import httpx
import pytest
from structlog.testing import capture_logs

from tests.web.conftest import HELD, LARGEST, House, jira_body, listening, server_of

if TYPE_CHECKING:
    from tests.web.conftest import Site

HEAD = b"POST /webhooks/shop-jira HTTP/1.1\r\nhost: x\r\n"


def opened(site: Site, said: bytes) -> socket.socket:
    url = site.client.base_url
    line = socket.create_connection((url.host, url.port), timeout=5)
    line.sendall(said)
    return line


@pytest.mark.parametrize("said", [b"", b"GET /healthz HTTP/1.1\r\nho", HEAD])
def test_who_asks_for_nothing_is_not_waited_for(site: Site, said: bytes) -> None:
    with opened(site, said) as line:
        assert ended(line)


def test_who_asks_once_and_then_a_byte_at_a_time_is_not_waited_for(site: Site) -> None:
    with opened(site, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n") as line:
        assert line.recv(1000).startswith(b"HTTP/1.1 200 ")
        line.sendall(b"GET /hea")
        assert ended(line)


def ended(line: socket.socket) -> bool:
    try:
        while line.recv(1000):
            pass  # the end of an answer
    except ConnectionResetError:
        return True
    return True


def test_many_who_ask_for_nothing_take_no_place_for_long(site: Site) -> None:
    with ExitStack() as lines:
        for _ in range(30):
            lines.enter_context(opened(site, b""))
        with httpx.Client(base_url=site.client.base_url) as client:
            assert answered(client)


def answered(client: httpx.Client) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            return client.get("/healthz").status_code == 200
        except httpx.TransportError:
            time.sleep(0.02)
    return False


def test_all_of_many_at_once_are_heard(site: Site) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: site.jira(jira_body(str(number))), range(200)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(site.house.rung) == 200


def test_a_flood_of_forgeries_is_told_once_and_counted() -> None:
    house = House(quiet=60.0)
    server = server_of(house)
    server.start()
    try:
        with httpx.Client(base_url=listening(server)) as client, capture_logs() as logs:
            for _ in range(50):
                assert client.post("/webhooks/shop-jira", content=b"{}").status_code == 401
            assert client.post("/webhooks/shop-linear", content=b"{}").status_code == 401
    finally:
        server.stop()
    refused = [line["tracker"] for line in logs if line["event"] == "webhook.refused"]
    assert refused == ["shop-jira", "shop-linear"]
    assert house.outcomes["shop-jira", "forged"] == 50


def test_no_more_is_held_than_there_is_room_for(site: Site) -> None:
    part = LARGEST - 1000
    head = HEAD + f"content-length: {LARGEST - 1}\r\n\r\n".encode()
    with ExitStack() as lines:
        waiting = [lines.enter_context(opened(site, head)) for _ in range(HELD // part + 1)]
        for line in waiting:
            line.sendall(b"x" * part)
        answers = [line.recv(1000)[:12] for line in waiting]
    assert answers.count(b"HTTP/1.1 503") == 1
    assert answers.count(b"HTTP/1.1 408") == len(waiting) - 1
    assert site.jira(jira_body()).status_code == 200
