"""What the fake does beyond the port's promises: the misbehaviour that tests ask it for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from okrsync.core.work import Category, ItemRef, LabelEdit
from okrsync.errors import TrackerRefusedError
from okrsync.ports.tracker import EditOutcome, TaskState
from okrsync.testing import Crash, FakeTracker, Fault, FaultKind, work_item
from okrsync.testing.tracker_world import shown_items


def edit(item_id, add=(), remove=()):
    return LabelEdit(ItemRef("fake", item_id), tuple(add), tuple(remove))


def pulled(tracker):
    return {item.ref.id: item.labels for item in shown_items(tracker, "PAY")}


def test_a_lagging_search_misses_the_newest_changes_until_it_is_flushed():
    tracker = FakeTracker(lag=2)
    first, second, third = (tracker.create() for _ in range(3))
    assert pulled(tracker).keys() == {first}
    tracker.person(first, add=["x"])
    assert pulled(tracker) == {first: frozenset(), second: frozenset()}
    tracker.flush()
    assert pulled(tracker) == {first: {"x"}, second: frozenset(), third: frozenset()}


def test_an_edit_that_changes_nothing_leaves_no_trace():
    tracker = FakeTracker()
    item_id = tracker.create(labels=["x"])
    before = tracker.items[item_id]
    (result,) = tracker.apply([edit(item_id, add=["x"], remove=["y"])])
    (history,) = tracker.histories([item_id])
    assert (result.outcome, result.after, history.changes) == (EditOutcome.DONE, before, ())


@pytest.mark.parametrize(
    ("kind", "labels"),
    [(FaultKind.CRASH_BEFORE, set()), (FaultKind.CRASH_AFTER, {"x"})],
)
def test_a_crash_goes_through_everything(kind, labels):
    tracker = FakeTracker()
    first, second = tracker.create(), tracker.create()
    tracker.faults.put(Fault(kind=kind, on="apply", after=1))
    with pytest.raises(Crash):
        list(tracker.apply([edit(first, ["x"]), edit(second, ["x"])]))
    assert (tracker.labels(first), tracker.labels(second)) == ({"x"}, labels)


def test_people_get_in_between_any_two_requests():
    tracker = FakeTracker()
    item_id = tracker.create(labels=["x"])

    def takes_it_away(operation):
        if operation == "apply":
            tracker.person(item_id, remove=["x"])

    tracker.meanwhile = takes_it_away
    list(tracker.apply([edit(item_id, ["y"])]))
    assert tracker.labels(item_id) == {"y"}
    (history,) = tracker.histories([item_id])
    assert [(c.by_us, c.added, c.removed) for c in history.changes] == [
        (False, set(), {"x"}),
        (True, {"y"}, set()),
    ]


def test_a_task_changes_labels_only_when_it_is_finished():
    tracker = FakeTracker(unfinished=True)
    kept, lost, gone = (tracker.create() for _ in range(3))
    results = list(tracker.apply([edit(each, ["x"]) for each in (kept, lost, gone)]))
    assert tracker.labels(kept) == set()
    tasks = [result.task for result in results]
    assert {tracker.task(task) for task in tasks} == {TaskState.RUNNING}
    tracker.delete(gone)
    tracker.finish_task(tasks[0])
    tracker.lose_task(tasks[1])
    tracker.finish_task(tasks[2])
    assert [tracker.task(task) for task in tasks] == [
        TaskState.ENDED,
        TaskState.UNKNOWN,
        TaskState.ENDED,
    ]
    assert (tracker.labels(kept), tracker.labels(lost)) == ({"x"}, set())


def test_a_definition_that_is_deleted_takes_its_labels_along_without_a_word():
    tracker = FakeTracker(with_definitions=True)
    item_id = tracker.create(labels=["x", "y"])
    before = tracker.items[item_id].updated
    tracker.delete_definition("x")
    (history,) = tracker.histories([item_id])
    assert (tracker.labels(item_id), history.changes) == ({"y"}, ())
    assert tracker.items[item_id].updated == before
    assert set(tracker.definitions().values()) == {"y"}


def test_a_clone_has_the_labels_and_no_history():
    tracker = FakeTracker()
    item_id = tracker.create()
    tracker.person(item_id, add=["x"])
    copy = tracker.clone(item_id)
    (history,) = tracker.histories([copy])
    assert (tracker.labels(copy), history.changes) == ({"x"}, ())


def test_a_history_that_tells_nothing_says_so():
    tracker = FakeTracker(without_history=True)
    item_id = tracker.create()
    tracker.person(item_id, add=["x"])
    (history,) = tracker.histories([item_id])
    assert (history.changes, history.complete) == ((), False)


def test_a_fault_hits_the_requests_it_is_meant_for():
    tracker = FakeTracker()
    tracker.faults.put(Fault(kind=FaultKind.REFUSED, on="check", after=1, times=2))
    tracker.check()
    for _ in range(2):
        with pytest.raises(TrackerRefusedError):
            tracker.check()
    tracker.check()
    assert tracker.requests == {"check": 4}


def test_a_wait_moves_its_own_clock():
    tracker = FakeTracker()
    began = tracker.clock.now()
    tracker.faults.put(Fault(kind=FaultKind.LIMIT, on="check", seconds=90))
    tracker.check()
    assert tracker.clock.now() - began == timedelta(seconds=90)


def test_items_of_any_kind_can_be_put_in():
    tracker = FakeTracker()
    project = work_item("project:1", scope="", key="P", category=Category.DOING)
    tracker.put(project)
    assert list(tracker.read(["project:1"])) == [project]
    assert pulled(tracker) == {}


def test_every_change_has_its_own_moment():
    tracker = FakeTracker()
    item_id = tracker.create()
    for label in "abc":
        tracker.person(item_id, add=[label])
    tracker.change(item_id, title="Another")
    (history,) = tracker.histories([item_id])
    moments = [change.at for change in history.changes]
    assert len({*moments, tracker.items[item_id].updated}) == 4
