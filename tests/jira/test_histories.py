"""Who changed which label when, as Jira's changelog records it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import responses

from okrsync.core.work import LabelChange
from okrsync.errors import TrackerUnavailableError
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira.world import CHANGELOG_DELAY, JiraWorld
from okrsync_simulators.people import ANOTHER_BOT

SITE = "https://shop.example"
LOGS = f"{SITE}/rest/api/3/changelog/bulkfetch"
FETCH = f"{SITE}/rest/api/3/issue/bulkfetch"
US = {"X-AAccountId": "us"}
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def world(clock) -> JiraWorld:
    return JiraWorld(clock)


@pytest.fixture
def jira():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{SITE}/rest/api/3/myself", json={"accountId": "us"}, headers=US)
        mock.post(FETCH, json={"issues": []}, headers=US)
        yield mock


def entry(id_: int, created, before: str | None, after: str | None, **item):
    labels = {"field": "labels", "fromString": before, "toString": after} | item
    return {"id": str(id_), "created": created, "author": {"accountId": "us"}, "items": [labels]}


def log(issue_id: str, *entries):
    return {"issueId": issue_id, "changeHistories": list(entries)}


def changes_of(desk, jira, *entries, since=None):
    jira.post(LOGS, json={"issueChangeLogs": [log("1", *entries)]}, headers=US)
    return next(desk.open().histories(["1"], since)).changes


def test_every_label_change_is_told_oldest_first(desk, url, world, clock) -> None:
    id_ = world.create_issue(project="PAY", labels=["old"])
    clock.advance(HOUR)
    world.person_edits_labels(id_, add=["okr:KR-1", "b"], remove=["old"])
    world.set_summary(id_, "Another title")
    clock.advance(HOUR)
    world.bot_edits_labels(id_, remove=["okr:KR-1"])
    clock.advance(HOUR)
    world.edit_labels(id_, add=["x"], remove=[], account=ANOTHER_BOT)

    history = next(desk.open(url).histories([id_]))

    assert history.complete
    assert history.changes == (
        LabelChange(
            START + HOUR + CHANGELOG_DELAY, False, frozenset({"okr:KR-1", "b"}), frozenset({"old"})
        ),
        LabelChange(START + 2 * HOUR + CHANGELOG_DELAY, True, removed=frozenset({"okr:KR-1"})),
        LabelChange(START + 3 * HOUR + CHANGELOG_DELAY, False, frozenset({"x"})),
    )
    assert world.protocol_breaches == []


def test_since_is_inclusive(desk, url, world, clock) -> None:
    id_ = world.create_issue(project="PAY")
    for label in ("a", "b", "c"):
        clock.advance(HOUR)
        world.person_edits_labels(id_, add=[label])
    second = START + 2 * HOUR + CHANGELOG_DELAY

    changes = next(desk.open(url).histories([id_], second)).changes

    assert [set(change.added) for change in changes] == [{"b"}, {"c"}]


def test_an_item_without_changes_has_an_empty_history_and_one_that_is_gone_none(
    desk, url, world
) -> None:
    quiet, busy, hidden, gone = (world.create_issue(project="PAY") for _ in range(4))
    world.person_edits_labels(busy, add=["a"])
    world.hide(hidden)
    world.delete(gone)

    histories = list(desk.open(url).histories([quiet, busy, hidden, gone, "PAY-1"]))

    assert {each.ref.id: len(each.changes) for each in histories} == {quiet: 0, busy: 1}


def test_a_history_over_many_pages_is_whole(desk, jira) -> None:
    first, second = entry(1, 1_790_000_000_000, "", "a"), entry(2, 1_790_000_001_000, "a", "a b")
    later = entry(3, 1_790_000_002_000, "a b", "b")
    jira.post(LOGS, json={"issueChangeLogs": [log("1", first)], "nextPageToken": "x"}, headers=US)
    jira.post(LOGS, json={"issueChangeLogs": [], "nextPageToken": "y"}, headers=US)
    jira.post(LOGS, json={"issueChangeLogs": [log("1", later, second)]}, headers=US)

    (history,) = desk.open().histories(["1"])

    assert [(set(c.added), set(c.removed)) for c in history.changes] == [
        ({"a"}, set()),
        ({"b"}, set()),
        (set(), {"a"}),
    ]


def test_a_token_that_comes_twice_ends_in_an_error(desk, jira) -> None:
    jira.post(LOGS, json={"issueChangeLogs": [], "nextPageToken": "x"}, headers=US)

    with pytest.raises(TrackerUnavailableError, match="twice"):
        list(desk.open().histories(["1"]))


def test_a_thousand_at_a_time(desk, url, world) -> None:
    ids = [world.create_issue(project="PAY") for _ in range(3)]
    many = [*ids, *(str(10**9 + n) for n in range(1_500))]

    assert len(list(desk.open(url).histories(many))) == 3
    assert desk.sent["history"] == 2
    assert world.protocol_breaches == []


@pytest.mark.parametrize(
    ("created", "at"),
    [
        ("2026-11-02T10:00:00.250+0100", START + timedelta(milliseconds=250)),
        (1_793_610_000_250, START + timedelta(milliseconds=250)),
        (1_793_610_000, START),
    ],
)
def test_the_time_is_understood_in_each_form(desk, jira, created, at) -> None:
    (change,) = changes_of(desk, jira, entry(1, created, "", "a"))

    assert change.at == at


def test_a_time_in_whole_seconds_may_have_been_later_in_that_second(desk, jira) -> None:
    entries = [entry(1, 1_793_609_999, "", "a"), entry(2, 1_793_610_000, "a", "a b")]

    (change,) = changes_of(desk, jira, *entries, since=START + timedelta(milliseconds=300))

    assert change.added == {"b"}


def test_only_the_field_labels_counts_whether_its_id_is_told_or_not(desk, jira) -> None:
    entries = [
        entry(1, 1_793_610_001_000, None, "a"),
        entry(2, 1_793_610_002_000, "a", None, fieldId="labels"),
        entry(3, 1_793_610_003_000, None, "a", fieldId="customfield_10031"),
        entry(4, 1_793_610_004_000, None, "a", field="status"),
    ]

    first, second = changes_of(desk, jira, *entries)

    assert (first.added, second.removed) == ({"a"}, {"a"})


def test_case_variants_are_different_labels(desk, jira) -> None:
    (change,) = changes_of(desk, jira, entry(1, 1_793_610_001_000, "ios", "iOS  ios"))

    assert (change.added, change.removed) == ({"iOS"}, frozenset())


def test_an_entry_without_author_is_not_ours(desk, jira) -> None:
    anonymous = entry(1, 1_793_610_001_000, "", "a") | {"author": None}

    (change,) = changes_of(desk, jira, anonymous)

    assert not change.by_us
