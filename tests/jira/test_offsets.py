"""Pages at an offset shift while people work; what is there all the time is listed all the same."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.errors import TrackerUnavailableError
from okrsync_jira import offsets
from okrsync_jira.session import JiraSession
from okrsync_simulators.jira import Deployment, JiraWorld
from okrsync_simulators.jira.app import build_app
from okrsync_simulators.server import serve


@pytest.fixture(scope="module")
def session():
    class Named(JiraSession):
        def __init__(self) -> None:
            self.tracker = "here"

    return Named()


class Restless:
    """A result from which some go away, and to which they may return, before each page."""

    def __init__(self, seed: int, counts: tuple[int, int], leave: float, size: int) -> None:
        self._random = Random(seed)
        stay, roam = counts
        everybody = list(range(stay + roam))
        self._random.shuffle(everybody)
        self.staying = frozenset(everybody[:stay])
        self._roaming = everybody[stay:]
        self._here = set(everybody)
        self._leave = leave
        self._size = size

    def ask(self, start: int) -> dict[str, object]:
        for each in self._roaming:
            if self._random.random() < self._leave:
                self._here ^= {each}
        there = sorted(self._here)
        issues = [{"id": str(each)} for each in there[start : start + self._size]]
        return {"issues": issues, "maxResults": self._size, "total": len(there)}


@given(
    seed=st.integers(0, 10**6),
    counts=st.tuples(st.integers(1, 60), st.integers(0, 200)),
    leave=st.sampled_from([0.001, 0.005, 0.02, 0.2, 0.7]),
    size=st.integers(2, 30),
)
def test_a_restless_listing_is_whole_or_an_error(session, seed, counts, leave, size) -> None:
    restless = Restless(seed, counts, leave, size)

    try:
        pages = list(offsets.pages(session, restless.ask, "x"))
    except TrackerUnavailableError:
        assert counts[1] * leave > size / 8  # that many change between two pages
    else:
        assert restless.staying <= {int(each["id"]) for page in pages for each in page}


@given(total=st.integers(0, 300), size=st.integers(2, 50))
def test_a_quiet_result_takes_little_more_than_its_pages(session, total, size) -> None:
    asked = []

    def ask(start: int) -> dict[str, object]:
        asked.append(start)
        issues = [{"id": str(each)} for each in range(start, min(total, start + size))]
        return {"issues": issues, "maxResults": size, "total": total}

    listed = [each["id"] for page in offsets.pages(session, ask, "x") for each in page]

    assert set(listed) == {str(each) for each in range(total)}
    assert len(asked) <= 2 + total // (size - max(1, size // offsets.OVERLAP))


@pytest.mark.parametrize(
    "answer",
    [
        {"issues": [{"id": "1"}], "maxResults": 1, "total": 3},
        {"issues": [], "maxResults": 50, "total": 300},
        {"issues": [], "total": 300},
        {"total": 300},
        {"issues": [], "maxResults": 50},
    ],
)
def test_a_listing_that_cannot_be_whole_is_an_error(session, answer) -> None:
    with pytest.raises(TrackerUnavailableError):
        list(offsets.pages(session, lambda _start: answer, "x"))


def test_a_result_that_is_another_one_every_time_is_an_error(session) -> None:
    numbers = iter(range(10**6))

    def ask(_start: int) -> dict[str, object]:
        issues = [{"id": str(next(numbers))} for _ in range(5)]
        return {"issues": issues, "maxResults": 5, "total": 100}

    with pytest.raises(TrackerUnavailableError, match="faster than it can be read"):
        list(offsets.pages(session, ask, "x"))


def test_a_result_that_vanishes_in_the_middle_is_not_taken_for_a_small_one(session) -> None:
    first = {"issues": [{"id": str(each)} for each in range(5)], "maxResults": 5, "total": 50}
    answers = iter([first])
    empty = {"issues": [], "maxResults": 5, "total": 0}

    with pytest.raises(TrackerUnavailableError, match="vanished"):
        list(offsets.pages(session, lambda _start: next(answers, empty), "x"))


@pytest.mark.parametrize("listing", ["pull", "stamps"])
def test_a_scope_is_whole_while_others_leave_it(desk, listing) -> None:
    world = JiraWorld(page_size=6, deployment=Deployment.DATACENTER)
    ids = [world.create_issue(project="PAY") for _ in range(60)]
    stay, leave = set(ids[::3]), [id_ for n, id_ in enumerate(ids) if n % 3]
    with serve(build_app(world)) as url:
        tracker = desk.open(url, email=None, deployment="datacenter", page_size=6)
        listed = []
        for each in getattr(tracker, listing)("PAY"):
            listed.append(each.id)
            if leave and len(listed) % 2:
                world.delete(leave.pop(0))
            if leave and len(listed) % 5 == 0:
                world.move(leave.pop(), "WEB")

    assert stay <= set(listed)
    assert world.protocol_breaches == []
