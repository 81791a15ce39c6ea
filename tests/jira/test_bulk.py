"""Many equal edits: one task instead of a thousand requests, and no task is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from okrsync.ports.tracker import EditOutcome, TaskState
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira.tasks import Status

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def world(clock) -> JiraWorld:
    return JiraWorld(clock)


def seeded(world, count, *labels):
    return [world.create_issue(project="PAY", labels=labels) for _ in range(count)]


def outcomes(results):
    return {result.outcome for result in results}


def test_a_thousand_equal_edits_take_two_requests(desk, url, world, edit) -> None:
    ids = seeded(world, 1000, "mine", "okr:weak")
    edits = [edit(id_, "okr:aligned", "okr:KR-1", remove=("okr:weak",)) for id_ in ids]

    results = list(desk.open(url).apply(edits))

    assert sorted(each.edit for each in results) == sorted(edits)
    assert outcomes(results) == {EditOutcome.DONE}
    assert {each.after for each in results} == {None}
    assert {world.labels(id_) for id_ in ids} == {frozenset({"mine", "okr:aligned", "okr:KR-1"})}
    assert desk.sent == {"write": 2, "task": 2}
    assert (world.notifications, world.protocol_breaches) == ([], [])


def test_more_than_jira_takes_at_once_is_cut_evenly(desk, url, world, edit) -> None:
    ids = seeded(world, 1010)

    results = list(desk.open(url).apply([edit(id_, "okr:KR-1") for id_ in ids]))

    assert outcomes(results) == {EditOutcome.DONE}
    assert [len(task.issues) for task in world.bulk.all.values()] == [505, 505]


def test_unequal_edits_and_few_go_one_by_one(desk, url, world, edit) -> None:
    alike, few, others = seeded(world, 30), seeded(world, 3), seeded(world, 4)
    edits = [edit(id_, "a") for id_ in alike] + [edit(id_, "b") for id_ in few]
    edits += [edit(id_, f"only-{id_}") for id_ in others]

    results = list(desk.open(url).apply(edits))

    assert (len(results), outcomes(results)) == (37, {EditOutcome.DONE})
    assert world.requests["bulk.edit"] == 1
    assert world.requests["issue.edit"] == 7


def test_what_would_be_a_task_is_told_before_and_asks_nothing(desk, url, world, edit) -> None:
    ids = seeded(world, 40)
    edits = [edit(id_, "okr:KR-1") for id_ in ids[:30]] + [edit(id_, "x") for id_ in ids[30:]]

    lasting = desk.open(url).lasting(edits)

    assert {ref.id for ref in lasting} == set(ids[:30])
    assert not desk.sent


class TestPermission:
    def test_without_it_each_edit_is_made_alone_and_this_is_remembered(
        self, desk, url, world, edit
    ) -> None:
        ids = seeded(world, 30)
        world.bulk.allowed = False
        tracker = desk.open(url)

        first = list(tracker.apply([edit(id_, "a") for id_ in ids]))
        second = list(tracker.apply([edit(id_, "b") for id_ in ids]))

        assert outcomes([*first, *second]) == {EditOutcome.DONE}
        assert world.requests["bulk.edit"] == 1
        assert tracker.lasting([edit(id_, "c") for id_ in ids]) == frozenset()

    def test_a_request_that_is_refused_for_itself_does_not_shut_the_door(
        self, desk, url, world, edit
    ) -> None:
        ids = seeded(world, 30)
        tracker = desk.open(url)
        world.faults.put(Fault(FaultKind.STATUS, on="bulk.edit", status=400))

        assert outcomes(tracker.apply([edit(id_, "a") for id_ in ids])) == {EditOutcome.DONE}
        assert outcomes(tracker.apply([edit(id_, "b") for id_ in ids])) == {EditOutcome.DONE}

        assert world.requests["issue.edit"] == 30
        assert world.requests["bulk.edit"] == 1  # the first was refused before it arrived

    def test_where_only_the_addition_is_refused_nobody_says_that_nothing_changed(
        self, desk, url, world, edit
    ) -> None:
        ids = seeded(world, 30, "old")
        world.bulk.polls = 2
        refused = Fault(FaultKind.STATUS, on="bulk.edit", status=403)
        desk.meanwhile = lambda _seconds: world.faults.put(refused)

        results = list(desk.open(url).apply([edit(id_, "new", remove=("old",)) for id_ in ids]))

        assert outcomes(results) == {EditOutcome.UNKNOWN}
        assert "only the removal was made" in results[0].message
        assert {world.labels(id_) for id_ in ids} == {frozenset()}


class TestResults:
    def test_what_the_task_could_not_change_is_unknown_and_goes_alone_next_time(
        self, desk, url, world, edit
    ) -> None:
        ids = seeded(world, 30)
        world.bulk.failures[ids[3]] = "The field labels is not on the screen."
        tracker = desk.open(url)

        results = {each.edit.ref.id: each for each in tracker.apply([edit(i, "a") for i in ids])}

        assert results[ids[3]].outcome is EditOutcome.UNKNOWN
        assert "not on the screen" in results[ids[3]].message
        assert outcomes(results[i] for i in ids if i != ids[3]) == {EditOutcome.DONE}
        again = [edit(i, "b") for i in ids]
        assert {ref.id for ref in tracker.lasting(again)} == {*ids} - {ids[3]}
        assert outcomes(tracker.apply(again)) == {EditOutcome.DONE}
        assert world.labels(ids[3]) == {"b"}

    def test_what_the_task_does_not_mention_is_unknown(self, desk, url, world, edit) -> None:
        ids = seeded(world, 30)
        world.hide(ids[0])
        world.delete(ids[1])

        results = {
            each.edit.ref.id: each.outcome
            for each in desk.open(url).apply([edit(i, "a") for i in ids])
        }

        assert {results[i] for i in ids[:2]} == {EditOutcome.UNKNOWN}
        assert {results[i] for i in ids[2:]} == {EditOutcome.DONE}

    @pytest.mark.parametrize("end", [Status.FAILED, Status.DEAD, Status.CANCELLED])
    def test_of_a_task_that_ended_badly_only_what_it_did_is_read(
        self, desk, url, world, edit, end
    ) -> None:
        ids = seeded(world, 30, "old")
        world.bulk.ends = [(end, 0.5)]

        results = list(desk.open(url).apply([edit(i, "new", remove=("old",)) for i in ids]))

        done = {each.edit.ref.id for each in results if each.outcome is EditOutcome.DONE}
        assert done == set(ids[:15])
        assert {world.labels(i) for i in ids[:15]} == {frozenset({"new"})}
        # What was not removed gets nothing added.
        assert {world.labels(i) for i in ids[15:]} == {frozenset({"old"})}
        assert outcomes(each for each in results if each.edit.ref.id not in done) == {
            EditOutcome.UNKNOWN
        }

    @pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.TRUNCATED])
    def test_a_lost_answer_leaves_all_unknown_and_is_not_repeated(
        self, desk, url, world, edit, kind
    ) -> None:
        ids = seeded(world, 30)
        world.faults.put(Fault(kind, on="bulk.edit"))

        results = list(desk.open(url).apply([edit(i, "a") for i in ids]))

        assert outcomes(results) == {EditOutcome.UNKNOWN}
        assert len(world.bulk.all) == 1

    def test_what_jira_did_not_take_is_sent_again(self, desk, url, world, edit) -> None:
        ids = seeded(world, 30)
        headers = {"Retry-After": "1847"}
        world.faults.put(Fault(FaultKind.STATUS, on="bulk.edit", status=429, headers=headers))

        assert outcomes(desk.open(url).apply([edit(i, "a") for i in ids])) == {EditOutcome.DONE}
        assert desk.waits == [1847.0]
        assert desk.told == ["shop-jira: POST /bulk/issues/fields: HTTP 429"]


class TestWaiting:
    def test_waits_grow_and_end_with_the_task(self, desk, url, world, edit) -> None:
        ids = seeded(world, 30)
        world.bulk.polls = 9

        results = list(desk.open(url).apply([edit(i, "a") for i in ids]))

        assert outcomes(results) == {EditOutcome.DONE}
        assert desk.waits == sorted(desk.waits)
        assert len(desk.waits) == 8
        assert (desk.waits[0], desk.waits[-1]) == (0.5, 5.0)
        assert desk.told == []  # nothing was refused

    def test_a_task_without_progress_is_left_to_itself(self, desk, url, world, edit) -> None:
        ids = seeded(world, 30, "old")
        world.bulk.stopped = True
        tracker = desk.open(url)

        results = list(tracker.apply([edit(i, "new", remove=("old",)) for i in ids]))

        assert outcomes(results) == {EditOutcome.UNFINISHED}
        assert 120 <= sum(desk.waits) <= 130
        (task,) = {each.task for each in results}
        assert tracker.task(task) is TaskState.RUNNING
        world.bulk.stopped = False
        world.bulk.finish()
        assert tracker.task(task) is TaskState.ENDED
        # The addition was never sent.
        assert {world.labels(i) for i in ids} == {frozenset()}
        assert len(world.bulk.all) == 1

    def test_who_is_leaving_waits_for_no_task(self, desk, url, world, edit) -> None:
        ids = seeded(world, 60)
        world.bulk.stopped = True
        tracker = desk.open(url, stopping=lambda: desk.sent["write"] > 0)

        results = list(
            tracker.apply([*(edit(i, "a") for i in ids[:30]), *(edit(i, "b") for i in ids[30:])])
        )

        by_label = {label: outcomes(r for r in results if r.edit.add == (label,)) for label in "ab"}
        assert by_label == {"a": {EditOutcome.UNFINISHED}, "b": {EditOutcome.FAILED}}
        assert desk.waits == []

    def test_a_queue_that_does_not_answer_leaves_the_task_going(
        self, desk, url, world, edit
    ) -> None:
        ids = seeded(world, 30)
        world.faults.put(Fault(FaultKind.STATUS, on="bulk.task", status=502, times=99))

        results = list(desk.open(url).apply([edit(i, "a") for i in ids]))

        assert outcomes(results) == {EditOutcome.UNFINISHED}
        assert {each.task for each in results} == set(world.bulk.all)

    def test_a_task_that_jira_forgot_is_unknown(self, desk, url, world, edit, clock) -> None:
        ids = seeded(world, 30)
        world.bulk.stopped = True
        tracker = desk.open(url)
        (task,) = {each.task for each in tracker.apply([edit(i, "a") for i in ids])}

        clock.advance(timedelta(days=15))

        assert tracker.task(task) is TaskState.UNKNOWN
        assert tracker.task("../issue/1") is TaskState.UNKNOWN
