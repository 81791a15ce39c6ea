"""Wishes merge, nothing that comes in during a pass is lost, a scope has one pass at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.reading import Reading
from okrsync.daemon.desk import GATHER, Desk

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Moments:
    """A monotonic clock that a test moves."""

    at: float = 100.0

    def __call__(self) -> float:
        return self.at


def test_the_wish_that_reads_most_stays() -> None:
    desk = Desk()
    for reading in (Reading.CHANGES, Reading.FULL, Reading.SWEEP):
        desk.want("PAY", reading)
    assert desk.next_pass() == ("PAY", Reading.FULL)


def test_a_scope_wanted_during_its_pass_gets_another_one_afterwards() -> None:
    desk = Desk()
    desk.want("PAY", Reading.AUTO)
    assert desk.next_pass() == ("PAY", Reading.AUTO)
    desk.want("PAY", Reading.SWEEP)
    desk.want("WEB", Reading.AUTO)
    assert desk.next_pass() == ("WEB", Reading.AUTO)
    desk.done("PAY")
    assert desk.next_pass() == ("PAY", Reading.SWEEP)


def test_a_scope_that_was_put_off_lets_others_go_first() -> None:
    moments = Moments()
    desk = Desk(moments)
    desk.put_off("PAY", 30)
    desk.want("PAY", Reading.AUTO)
    desk.want("WEB", Reading.AUTO)
    assert desk.next_pass() == ("WEB", Reading.AUTO)
    moments.at += 31
    assert desk.next_pass() == ("PAY", Reading.AUTO)


def test_a_hurry_ends_what_was_put_off() -> None:
    desk = Desk(Moments())
    desk.put_off("PAY", 3000)
    desk.want("PAY", Reading.AUTO)
    desk.hurry()
    assert desk.next_pass() == ("PAY", Reading.AUTO)


def test_bells_within_a_moment_are_one_pass() -> None:
    moments = Moments()
    desk = Desk(moments)
    for item in ("1", "2", "1"):
        desk.ring([item], NOW)
    moments.at += GATHER
    bells = desk.next_bells()
    assert bells is not None
    assert sorted(bell.item for bell in bells) == ["1", "2"]
    assert desk.waiting() == 0


def test_an_item_rung_for_while_it_is_looked_at_is_looked_at_again() -> None:
    moments = Moments()
    desk = Desk(moments)
    desk.ring(["1"], NOW)
    moments.at += GATHER
    assert desk.next_bells()
    desk.ring(["1"], NOW)
    moments.at += GATHER
    again = desk.next_bells()
    assert again is not None
    assert [bell.tries for bell in again] == [0]


def test_a_bell_that_failed_keeps_its_tries_and_a_fresh_one_brings_it_forward() -> None:
    moments = Moments()
    desk = Desk(moments)
    desk.ring(["1"], NOW)
    moments.at += GATHER
    bells = desk.next_bells()
    assert bells is not None
    desk.ring_again(bells, 600, "the tracker is down")
    desk.ring(["1"], NOW)
    moments.at += GATHER
    again = desk.next_bells()
    assert again is not None
    assert [(bell.tries, bell.why) for bell in again] == [(1, "the tracker is down")]


def test_waiting_for_somebody_else_counts_as_no_try() -> None:
    desk = Desk(Moments())
    desk.ring(["1"], NOW)
    desk._moment.at += GATHER  # type: ignore[attr-defined]
    bells = desk.next_bells()
    assert bells is not None
    desk.ring_again(bells, 0, "busy", counted=False)
    assert [bell.tries for bell in desk.next_bells() or ()] == [0]


def test_closing_sends_home_who_waits() -> None:
    desk = Desk()
    told: list[object] = []
    threads = [
        Thread(target=lambda: told.append(desk.next_pass())),
        Thread(target=lambda: told.append(desk.next_bells())),
    ]
    for thread in threads:
        thread.start()
    desk.close()
    for thread in threads:
        thread.join(5)
    assert told == [None, None]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.data())
def test_no_bell_is_ever_lost(items: list[str], data: st.DataObject) -> None:
    moments = Moments()
    desk = Desk(moments)
    heard: list[str] = []
    for item in items:
        desk.ring([item], NOW)
        if data.draw(st.booleans()):
            moments.at += 1
            bells = desk.next_bells() or []
            if data.draw(st.booleans()):
                desk.ring_again(bells, data.draw(st.floats(0, 5)), "no luck")
            else:
                heard += [bell.item for bell in bells]
    moments.at += 10
    if desk.waiting():
        heard += [bell.item for bell in desk.next_bells() or []]
    assert set(items) <= set(heard)
    assert desk.waiting() == 0
