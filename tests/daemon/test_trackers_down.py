"""A tracker that is not there, or never answers: it is told, holds nobody else up, and is found."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from okrsync_simulators.jira import serve_world as serve_jira
from tests.daemon.conftest import until
from tests.daemon.test_life import ALIGNED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.daemon.conftest import Daemon, Town


@contextmanager
def nobody_listens() -> Iterator[int]:
    """Yield a port at which connections are refused."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def nobody_answers() -> Iterator[int]:
    """Yield a port at which connections are taken, and nothing more."""
    with nobody_listens() as port, socket.socket() as silent:
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        silent.bind(("127.0.0.1", port))
        silent.listen(64)
        yield port


def waits(daemon: Daemon) -> str:
    """Return what /healthz says of the wait for Jira."""
    told: dict[str, str] = daemon.get("/healthz").json()["waiting"]
    return told.get("shop-jira", "")


@pytest.mark.parametrize(
    ("down", "why"), [(nobody_listens, "no connection"), (nobody_answers, "ReadTimeout")]
)
def test_a_tracker_that_is_down_at_the_start_is_told_and_found_when_it_comes_up(
    town: Town, down: object, why: str
) -> None:
    issue, other = town.issue(), town.linear.create_issue("GRO", "One-tap wallet")
    with down() as port:  # type: ignore[operator]
        daemon = town.start(
            OKRSYNC_TRACKERS__SHOP_JIRA__URL=f"http://127.0.0.1:{port}",
            OKRSYNC_TRACKERS__SHOP_JIRA__TIMEOUT="1s",
        )
        until(lambda: why in waits(daemon), lambda: f"{waits(daemon)}: {daemon.log.read_text()}")
        until(lambda: town.linear.labels(other) == ALIGNED, daemon.log.read_text)
        assert daemon.get("/healthz").status_code == 200
        assert daemon.get("/readyz").json() == {"status": "ready"}
        until(lambda: "waits for shop-jira" in town.run("status").out, daemon.log.read_text)
        told = [line["seconds"] for line in daemon.told("tracker.wait")]
        assert told == sorted(told)
    with serve_jira(town.jira, port=port):
        until(lambda: town.labels(issue) == ALIGNED, daemon.log.read_text)
        until(lambda: not waits(daemon), daemon.log.read_text)
    assert daemon.ends() == 0
