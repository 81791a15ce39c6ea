"""The daemon on PostgreSQL: it works there whole, and one of several keeps the timetable."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from okrsync.app.planning import APPROVED
from okrsync.storage import open_store
from tests.daemon.conftest import until
from tests.daemon.test_life import ALIGNED

if TYPE_CHECKING:
    from tests.daemon.conftest import Daemon, Town
    from tests.postgres import Postgres

LOCKS = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"


@pytest.fixture
def store(postgres: Postgres, town: Town) -> dict[str, str]:
    """Make an empty database in which somebody allowed writing; return it as the environment."""
    url = postgres.database()
    opened = open_store(url)
    with opened.begin() as tx:
        tx.put_note(APPROVED, ["shop-jira", "shop-linear"])
    opened.close()
    return {"OKRSYNC_STORE": url}


def working(town: Town, store: dict[str, str]) -> Daemon:
    daemon = town.start(**store)
    daemon.hears("pass.ended", 2)
    return daemon


def test_a_pass_a_webhook_and_an_end_in_time(town: Town, store: dict[str, str]) -> None:
    first, other = town.issue(), town.linear.create_issue("GRO", "One-tap wallet")
    daemon = working(town, store)
    assert (town.labels(first), town.linear.labels(other)) == (ALIGNED, ALIGNED)
    issue = town.issue()
    assert daemon.rings(issue).status_code == 200
    until(lambda: town.labels(issue) == ALIGNED, daemon.log.read_text)
    assert "Daemon: runs for 0 min" in town.run("status", **store).out
    began = time.monotonic()
    assert daemon.ends() == 0
    assert time.monotonic() - began < 10
    assert "Daemon: does not run" in town.run("status", **store).out


def test_a_second_daemon_stands_by_and_takes_over_when_the_first_is_killed(
    town: Town, store: dict[str, str]
) -> None:
    first = working(town, store)
    second = town.start(**store)
    second.hears("timetable.standing_by")
    assert second.get("/readyz").status_code == 503
    assert not second.told("pass.ended")
    issue = town.issue()
    first.ends(signal.SIGKILL)
    second.hears("timetable.held")
    until(lambda: town.labels(issue) == ALIGNED, second.log.read_text)
    assert second.ends() == 0


def test_who_loses_its_session_to_another_leaves(
    town: Town, store: dict[str, str], postgres: Postgres
) -> None:
    first = working(town, store)
    second = town.start(**store)
    second.hears("timetable.standing_by")
    postgres.command(LOCKS)
    second.hears("timetable.held")
    assert first.process.wait(15) == 5
    assert "another okrsync" in first.hears("timetable.lost")["why"]
    assert second.ends() == 0
