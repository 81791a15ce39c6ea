"""What watchers are told of waits, and of what a daemon before us knew."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from okrsync.app.daemon_note import ScopeNote
from okrsync.daemon.board import Board
from okrsync.metrics import PrometheusTelemetry
from tests.daemon.test_metrics import values

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def telemetry() -> PrometheusTelemetry:
    return PrometheusTelemetry()


@pytest.fixture
def board(telemetry: PrometheusTelemetry) -> Board:
    return Board(telemetry)


def waits(board: Board) -> dict[str, str]:
    return dict(board.note(started=AT, noted=AT).waits)


def beside(work: Callable[[], None]) -> None:
    thread = Thread(target=work)
    thread.start()
    thread.join()


def work(board: Board) -> None:
    with board.at_work("jira"):
        board.requested("jira", "search")


def test_a_wait_is_told_until_an_answer_has_come(board: Board) -> None:
    board.waiting("jira", 30.0, "no answer")
    assert waits(board) == {"jira": "30 s: no answer"}
    board.requested("jira", "search")
    assert waits(board) == {"jira": "asks again: no answer"}
    board.requested("jira", "search")
    assert waits(board) == {}


def test_a_wait_is_over_with_the_work_it_was_for(board: Board) -> None:
    with board.at_work("jira"):
        board.waiting("jira", 30.0, "no answer")
        assert waits(board) != {}
    assert waits(board) == {}


def test_a_wait_of_a_helper_is_over_when_nobody_is_at_work(board: Board) -> None:
    def help_out() -> None:
        board.waiting("jira", 30.0, "too many requests")
        beside(lambda: work(board))  # while we are there: threads that are gone lend their names

    with board.at_work("jira"):
        beside(help_out)
        assert waits(board) == {"jira": "30 s: too many requests"}
    assert waits(board) == {}


def test_requests_of_one_worker_say_nothing_of_the_wait_of_another(board: Board) -> None:
    with board.at_work("jira"):
        board.waiting("jira", 30.0, "no answer")
        beside(lambda: work(board))
        assert waits(board) == {"jira": "30 s: no answer"}


def test_waiting_for_the_trackers_work_is_told_but_is_no_retry(
    board: Board, telemetry: PrometheusTelemetry
) -> None:
    board.working("jira", 2.0, "task 7 is at 40 %")
    assert waits(board) == {"jira": "2 s: task 7 is at 40 %"}
    assert not [name for name in values(telemetry) if "retries" in name or "wait_seconds" in name]


def test_the_items_of_a_scope_that_was_left_out_for_a_while_are_counted_anew(
    board: Board, telemetry: PrometheusTelemetry
) -> None:
    board.counted(("jira", "PAY"), 70)
    assert board.has_counted(("jira", "PAY"))
    board.keep_only([])
    assert not [name for name in values(telemetry) if name.startswith("okrsync_items ")]
    assert not board.has_counted(("jira", "PAY"))


def test_how_fresh_scopes_are_is_known_from_the_start(
    board: Board, telemetry: PrometheusTelemetry
) -> None:
    board.remember([ScopeNote(tracker="jira", scope="PAY", succeeded=AT)])
    name = "okrsync_scope_last_success_timestamp_seconds scope=PAY tracker=jira"
    assert values(telemetry)[name] == AT.timestamp()
    board.keep_only([])
    assert name not in values(telemetry)
