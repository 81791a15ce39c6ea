"""Killed at any instruction and started again, okrsync ends where it would have ended anyway."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.core.clock import FixedClock
from okrsync.core.reading import Reading
from okrsync.testing import Crash, FakeTracker, Fault, FaultKind
from okrsync.testing.world import START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG = bool(os.environ.get("OKR_TESTS_LONG"))
EVERY = 1 if LONG else 5
REQUESTS = ("pull", "stamps", "read", "histories", "apply", "definitions")


def before_the_pass(open_shop: Callable[..., Any]) -> Any:
    """A shop in which one more pass has labels to add, to swap and to take off."""
    clock = FixedClock(START)
    shop = open_shop(clock=clock, trackers=[FakeTracker(clock=clock, with_definitions=True)])
    tracker = shop.tracker
    items = [tracker.create(title=word) for word in ("wallet", "wallet", "search", "page", "x")]
    shop.sync()
    tracker.person(items[0], remove=["okr:KR-1"])
    tracker.person(items[4], add=["okr:KR-3"])
    tracker.person(items[2], remove=["okr:KR-3"])
    tracker.bot(items[3], remove=["okr:weak"], add=["okr:stale"])
    tracker.clone(items[0])
    tracker.create(title="upkeep")
    tracker.move(items[1], "WEB")
    shop.goals.kill("H-1")
    return shop


def outcome(shop: Any) -> Any:
    """What everything looks like once nothing is left to do."""
    for _ in range(3):
        shop.sync()
    assert shop.sync().planned.empty
    labels = {item: set(shop.tracker.labels(item)) for item in shop.tracker.items}
    states = [shop.state(item) for item in shop.tracker.items]
    words = [
        ([(a.kind, a.goal) for a in s.acts], s.mutes, s.ours, s.foreign, s.stopped) for s in states
    ]
    journal = {
        item: sorted(
            (sign, label)
            for entry in shop.journal(item)
            for sign, labels in (("+", entry.added), ("-", entry.removed))
            for label in labels
        )
        for item in shop.tracker.items
    }
    with shop.ctx.store.begin() as tx:
        assert tx.open_intents() == []
    return labels, words, journal


def moments(run: Callable[[int], bool], every: int) -> Iterator[int]:
    """Count crashes from the first moment to the one that the pass no longer reaches."""
    moment = 1
    while run(moment):
        yield moment
        moment += every


@pytest.mark.paragraph(13, 15)
def test_a_crash_between_any_two_transactions_changes_nothing_in_the_end(
    open_shop: Callable[..., Any],
) -> None:
    expected = outcome(before_the_pass(open_shop))

    def dies(moment: int) -> bool:
        shop = before_the_pass(open_shop)
        shop.store.crash_in = moment
        try:
            shop.sync()
        except Crash:
            shop.restart()
            assert outcome(shop) == expected
            return True
        return False

    assert len(list(moments(dies, EVERY))) > 5


@pytest.mark.paragraph(13, 15)
@pytest.mark.parametrize("kind", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
@pytest.mark.parametrize("on", REQUESTS)
def test_a_crash_at_any_request_changes_nothing_in_the_end(
    open_shop: Callable[..., Any], on: str, kind: FaultKind
) -> None:
    expected = outcome(before_the_pass(open_shop))

    def dies(moment: int) -> bool:
        shop = before_the_pass(open_shop)
        shop.tracker.faults.put(Fault(kind=kind, on=on, after=moment - 1))
        try:
            shop.sync(reading=Reading.FULL if on == "pull" else Reading.AUTO)
        except Crash:
            shop.restart()
            assert outcome(shop) == expected
            return True
        return False

    assert list(moments(dies, 1 if LONG else 2))


@pytest.mark.paragraph(13, 15)
@pytest.mark.parametrize("kind", [FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER, FaultKind.LIMIT])
@pytest.mark.parametrize("times", [1, 9])
def test_requests_that_fail_change_nothing_in_the_end(
    open_shop: Callable[..., Any], kind: FaultKind, times: int
) -> None:
    expected = outcome(before_the_pass(open_shop))
    for on in REQUESTS:
        shop = before_the_pass(open_shop)
        shop.tracker.faults.put(Fault(kind=kind, on=on, times=times))
        shop.sync()
        shop.tracker.faults._waiting.clear()
        assert outcome(shop) == expected
