"""What one of us was told to wait, all of us wait: to the moment, and saying why."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.backoff import Backoff, Retry
from okrsync.core.pace import Pace, Window
from okrsync.core.patience import Patience
from okrsync.errors import TrackerUnavailableError


@dataclass
class Time:
    """Seconds that pass only while somebody sleeps."""

    now: float = 100.0
    told: list[tuple[float, str]] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def retry(self, pace: Pace | None = None, tries: int = 6) -> Retry:
        return Retry(
            sleep=self.sleep,
            backoff=Backoff(tries=tries),
            tell=lambda seconds, why: self.told.append((seconds, why)),
            random=Random(1),
            pace=pace,
        )


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pace(time: Time) -> Pace:
    return Pace(lambda: time.now)


def failing(*errors: TrackerUnavailableError):
    left = list(errors)

    def call() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return call


def busy(seconds: float, *, maybe_done: bool = False) -> TrackerUnavailableError:
    return TrackerUnavailableError(
        "busy", tracker="shop", retry_after=seconds, maybe_done=maybe_done
    )


def test_a_wait_told_to_one_is_waited_by_all(time, pace) -> None:
    assert time.retry(pace).reading(failing(busy(1847.0))) == "done"
    assert time.now == 100 + 1847
    pace.hold(30, "busy elsewhere")
    assert time.retry(pace).reading(failing()) == "done"
    assert time.told == [(1847.0, "busy"), (30.0, "busy elsewhere")]


def test_a_wait_told_to_a_write_that_may_be_done_holds_the_others(time, pace) -> None:
    with pytest.raises(TrackerUnavailableError):
        time.retry(pace).writing(failing(busy(50.0, maybe_done=True)))
    assert time.told == []
    time.retry(pace).reading(failing())
    assert time.told == [(50.0, "busy")]


def test_who_is_told_to_wait_longer_meanwhile_waits_longer(time, pace) -> None:
    retry = time.retry(pace)
    pace.hold(10, "first")

    def sleep(seconds: float) -> None:
        if not time.told[1:]:
            pace.hold(60, "second")
        time.now += seconds

    Retry(sleep=sleep, tell=retry.tell, pace=pace).reading(failing())
    assert time.told == [(10.0, "first"), (50.0, "second")]


def test_what_is_over_holds_nobody(time, pace) -> None:
    pace.hold(10, "busy")
    time.now += 10
    time.retry(pace).reading(failing())
    assert time.told == []


def test_only_our_own_back_off_is_jittered(time, pace) -> None:
    nameless = TrackerUnavailableError("down", tracker="shop")
    time.retry(pace).reading(failing(nameless, busy(8), nameless))
    ours, theirs, ours_again = (seconds for seconds, _ in time.told)
    assert theirs == 8
    assert 0.5 <= ours <= 1
    assert 2 <= ours_again <= 4


def test_without_a_pace_each_waits_for_itself(time) -> None:
    time.retry().reading(failing(busy(8)))
    time.retry().reading(failing())
    assert time.told == [(8, "busy")]


WINDOWS = (Window(3, 2.0), Window(5, 30.0))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 4)), max_size=60))
def test_no_window_is_ever_exceeded(steps: list[tuple[str, float]]) -> None:
    time = Time()
    pace = Pace(lambda: time.now)
    taken: dict[str, list[float]] = {"a": [], "b": []}
    for key, passes in steps:
        time.retry(pace).turn(key, WINDOWS, "many edits")
        taken[key].append(time.now)
        time.now += passes
    for moments in taken.values():
        for window in WINDOWS:
            later = moments[window.most :]
            spans = [b - a for a, b in zip(moments, later, strict=False)]
            assert all(span >= window.seconds - 1e-6 for span in spans)


def test_turns_at_many_keys_are_forgotten_in_time(time, pace) -> None:
    for number in range(1000):
        pace.turn(str(number), WINDOWS)
        time.now += 1
    assert len(pace._turns) < 40


class TestPatience:
    def test_three_failures_in_a_row_are_enough(self) -> None:
        patience = Patience(lambda: False)
        for why in ("a", "b"):
            patience.failed(why)
        patience.went_well()
        for why in ("c", "d"):
            patience.failed(why)
        assert patience.reason == ""
        patience.failed("e")
        assert patience.reason == "not sent: e"

    def test_a_hopeless_one_is_enough(self) -> None:
        patience = Patience(lambda: False)
        patience.failed("locked out", hopeless=True)
        assert patience.reason == "not sent: locked out"

    def test_who_is_leaving_sends_nothing_more(self) -> None:
        assert "leave" in Patience(lambda: True).reason
