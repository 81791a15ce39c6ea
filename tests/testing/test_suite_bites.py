"""Each way to break a promise is caught by the conformance test that guards it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import count, islice

import pytest

from okrsync.core.backoff import Retry
from okrsync.errors import ItemGoneError, TrackerUnavailableError
from okrsync.ports.tracker import EditOutcome, EditResult, TaskState
from okrsync.testing import FakeTracker, Fault, FaultKind, TrackerConformance, Trouble
from okrsync.testing.tracker_world import shown_items


class World:
    """The least world that the tests below need."""

    name, scope, asked_wait, missing_id = "fake", "PAY", 7.0, "404"
    people = ("Mira",)

    def __init__(self, tracker):
        self.waits = []
        self.tracker = tracker
        tracker.retry = Retry(sleep=self.waits.append)
        self.labels = tracker.labels
        self.person_edits = tracker.person
        self.own_account_edits = tracker.bot
        self.delete = tracker.delete
        self.flush_search = tracker.flush

    def seed(self, count, labels=()):
        ids = [self.tracker.create(labels=labels) for _ in range(count)]
        self.tracker.flush()
        return ids

    def move_out(self, item_id):
        self.tracker.move(item_id, "WEB")
        self.tracker.flush()

    def writes(self, item_id):
        return sum(edit.ref.id == item_id for edit in self.tracker.writes)

    def fail_next(self, trouble):
        kind, on, times = {
            Trouble.ANSWER_LOST: (FaultKind.LOST_AFTER, "apply", 1),
            Trouble.BUSY_READ: (FaultKind.LIMIT, "pull", 1),
            Trouble.SEARCH_BREAKS: (FaultKind.LOST_BEFORE, "pull", 99),
            Trouble.TASKS_HANG: (FaultKind.REFUSED, "nothing", 1),
        }[trouble]
        self.tracker.faults.put(Fault(kind=kind, on=on, times=times))
        if trouble is Trouble.SEARCH_BREAKS:
            self.tracker.faults.put(Fault(kind=kind, on="stamps", times=times))

    def finish_tasks(self):
        for task in list(self.tracker.tasks):
            self.tracker.finish_task(task)


class WritesWholeSets(FakeTracker):
    def _land(self, edit):
        others = self.labels(edit.ref.id) - set(edit.add)
        return super()._land(replace(edit, remove=tuple(others)))


class Repeats(FakeTracker):
    def _answer(self, edit):
        result = super()._answer(edit)
        return super()._answer(edit) if result.outcome is EditOutcome.UNKNOWN else result


class SwallowsErrors(FakeTracker):
    def pull(self, scope):
        try:
            yield from super().pull(scope)
        except TrackerUnavailableError:
            return


class StampsSwallowErrors(FakeTracker):
    def stamps(self, scope, since=None):
        try:
            yield from super().stamps(scope, since)
        except TrackerUnavailableError:
            return


class StampsSkipTheMoment(FakeTracker):
    def stamps(self, scope, since=None):
        return (each for each in super().stamps(scope, since) if each.updated != since)


class StampsStopEarly(FakeTracker):
    def stamps(self, scope, since=None):
        return islice(super().stamps(scope, since), 3)


class HasNoClock(FakeTracker):
    def time(self):
        return None


class ForgetsItsTasks(FakeTracker):
    def lasting(self, edits):
        return frozenset()


class RepeatsBatches(FakeTracker):
    def apply(self, edits):
        for result in super().apply(edits):
            if result.outcome is EditOutcome.UNKNOWN:
                list(super().apply([result.edit]))
            yield result


class StopsEarly(FakeTracker):
    def pull(self, scope):
        return islice(super().pull(scope), 3)


class ShowsAnother(FakeTracker):
    def pull(self, scope):
        seen = list(super().pull(scope))
        return (replace(each, item=seen[0].item) for each in seen)


class DigestsTheMoment(FakeTracker):
    def pull(self, scope):
        return (replace(seen, digest=next(self.moments)) for seen in super().pull(scope))

    @cached_property
    def moments(self):
        return (str(number).encode() for number in count())


class DigestsTooLittle(FakeTracker):
    def pull(self, scope):
        return (replace(seen, digest=seen.id.encode()) for seen in super().pull(scope))


class ReadsTheIndex(FakeTracker):
    def read(self, ids):
        return (item for item in shown_items(self, "PAY") if item.ref.id in ids)


class RaisesOnGone(FakeTracker):
    def apply(self, edits):
        for result in super().apply(edits):
            if result.outcome is EditOutcome.GONE:
                raise ItemGoneError("no such item", tracker=self.name)
            yield result


class LosesAnAnswer(FakeTracker):
    def apply(self, edits):
        return (result for result in super().apply(edits) if result.outcome is EditOutcome.DONE)


class SinceIsExclusive(FakeTracker):
    def histories(self, ids, since=None):
        for history in super().histories(ids, since):
            yield replace(history, changes=tuple(c for c in history.changes if c.at != since))


class EverybodyIsUs(FakeTracker):
    def histories(self, ids, since=None):
        for history in super().histories(ids, since):
            yield replace(history, changes=tuple(replace(c, by_us=True) for c in history.changes))


class NewestFirst(FakeTracker):
    def histories(self, ids, since=None):
        for history in super().histories(ids, since):
            yield replace(history, changes=history.changes[::-1])


class ForgetsQuietItems(FakeTracker):
    def histories(self, ids, since=None):
        return (history for history in super().histories(ids, since) if history.changes)


class NamesPeople(FakeTracker):
    def read(self, ids):
        return (replace(item, fields={"assignee": ("Mira",)}) for item in super().read(ids))


class ClampsWaits(FakeTracker):
    def _retry(self):
        sleep = self.retry.sleep
        return Retry(sleep=lambda seconds: sleep(min(seconds, 5)))


class TasksRunForever(FakeTracker):
    def task(self, task):
        return TaskState.RUNNING


class ShowsTheOldItem(FakeTracker):
    def _answer(self, edit):
        before = self.items.get(edit.ref.id)
        return EditResult(edit=edit, outcome=super()._answer(edit).outcome, after=before)


@pytest.mark.parametrize(
    ("broken", "promise"),
    [
        (WritesWholeSets(), "test_only_the_labels_named_change"),
        (WritesWholeSets(), "test_a_label_a_person_adds_meanwhile_survives"),
        (Repeats(), "test_a_write_whose_answer_is_lost_is_unknown_and_not_repeated"),
        (StopsEarly(), "test_pull_yields_every_item_of_the_scope"),
        (StopsEarly(), "test_a_pull_is_whole_while_people_work"),
        (ShowsAnother(), "test_a_sighting_is_of_the_item_that_it_shows"),
        (DigestsTheMoment(), "test_what_is_shown_unchanged_has_the_same_digest"),
        (DigestsTooLittle(), "test_what_is_shown_changed_has_another_digest"),
        (ReadsTheIndex(lag=3), "test_read_tells_the_truth_while_search_lags"),
        (StampsSkipTheMoment(), "test_stamps_since_a_moment_miss_nothing_of_it_or_after"),
        (StampsStopEarly(), "test_stamps_tell_every_item_of_the_scope_as_a_pull_does"),
        (StampsStopEarly(), "test_stamps_are_whole_while_people_work"),
        (HasNoClock(), "test_the_trackers_clock_is_known_from_its_answers"),
        (ForgetsItsTasks(unfinished=True), "test_what_may_go_on_after_its_answer_is_told_before"),
        (RepeatsBatches(), "test_many_edits_whose_answer_is_lost_are_not_repeated"),
        (WritesWholeSets(), "test_many_equal_edits_change_only_the_labels_named"),
        (LosesAnAnswer(), "test_an_item_that_is_gone_is_told_and_stops_nobody"),
        (SinceIsExclusive(), "test_a_history_includes_the_moment_it_is_asked_from"),
        (EverybodyIsUs(), "test_a_history_tells_who_changed_what_in_order"),
        (NewestFirst(), "test_a_history_tells_who_changed_what_in_order"),
        (ForgetsQuietItems(), "test_each_item_that_is_there_has_one_history"),
        (NamesPeople(), "test_no_value_names_a_person"),
        (ClampsWaits(), "test_a_read_waits_exactly_as_long_as_the_tracker_asks"),
        (TasksRunForever(), "test_a_task_nobody_knows_is_unknown"),
        (TasksRunForever(unfinished=True), "test_an_unfinished_edit_names_a_task_that_ends"),
        (ShowsTheOldItem(), "test_the_item_in_an_answer_is_as_it_is_now"),
        (FakeTracker(with_definitions=True), "test_definitions_are_told_if_labels_have_any"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_broken_promise_is_caught(broken, promise):
    with pytest.raises(AssertionError):
        getattr(TrackerConformance(), promise)(World(broken))


def test_a_swallowed_error_is_caught():
    with pytest.raises(pytest.fail.Exception):
        TrackerConformance().test_a_pull_that_breaks_in_the_middle_raises(World(SwallowsErrors()))
    with pytest.raises(pytest.fail.Exception):
        TrackerConformance().test_stamps_that_break_in_the_middle_raise(
            World(StampsSwallowErrors())
        )


def test_a_crash_on_a_missing_item_is_caught():
    with pytest.raises(ItemGoneError):
        TrackerConformance().test_an_item_that_is_gone_is_told_and_stops_nobody(
            World(RaisesOnGone())
        )
