"""Histories tell who put which label on and took it off, and when they do not tell everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okrsync.core.work import History, LabelChange

if TYPE_CHECKING:
    from okrsync.ports.tracker import Tracker
    from tests.linear.conftest import Lab


def test_changes_come_oldest_first_with_the_labels_and_whether_it_was_us(
    lab: Lab, tracker: Tracker
) -> None:
    issue = lab.world.create_issue("GRO", "One")
    since = lab.later(minutes=10)
    lab.world.person_edits_labels(issue, add=["okr:KR-1"])
    second = lab.later(minutes=1)
    lab.world.bot_edits_labels(issue, add=["okr:KR-2"], remove=["okr:KR-1"])
    (history,) = tracker.histories([issue], since)
    assert history.complete
    assert history.changes == (
        LabelChange(since, by_us=False, added=frozenset({"okr:KR-1"})),
        LabelChange(second, True, frozenset({"okr:KR-2"}), frozenset({"okr:KR-1"})),
    )


def test_since_is_inclusive_and_leaves_out_what_was_before(lab: Lab, tracker: Tracker) -> None:
    issue = lab.world.create_issue("GRO", "One")
    lab.later(minutes=10)
    lab.world.person_edits_labels(issue, add=["before"])
    since = lab.later(seconds=1)
    lab.world.person_edits_labels(issue, add=["then"])
    assert [c.added for c in _changes(tracker, issue, since)] == [{"then"}]
    assert len(_changes(tracker, issue, None)) == 2


def test_what_happened_within_one_moment_is_told_as_it_can_have_been(
    lab: Lab, tracker: Tracker
) -> None:
    issues = [lab.world.create_issue("GRO", f"Issue {n}") for n in range(12)]
    lab.later(minutes=10)
    for issue in issues:
        lab.world.person_edits_labels(issue, add=["okr:KR-1"])
    since = lab.later(minutes=1)
    for issue in issues:
        lab.world.person_edits_labels(issue, remove=["okr:KR-1"])
        lab.world.person_edits_labels(issue, add=["okr:KR-1"])
        lab.world.person_edits_labels(issue, remove=["okr:KR-1"], add=["okr:KR-2"])
    for issue in issues:
        there = {"okr:KR-1"}
        for change in _changes(tracker, issue, since):
            assert change.removed <= there
            there = (there - change.removed) | change.added
        assert there == {"okr:KR-2"}


def test_changes_of_other_things_are_not_told(lab: Lab, tracker: Tracker) -> None:
    issue = lab.world.create_issue("GRO", "One")
    since = lab.later(minutes=10)
    lab.world.transition(issue, "Done")
    assert _changes(tracker, issue, since) == ()


@pytest.mark.parametrize("stays", [True, False])
def test_what_happens_to_a_copied_label_within_one_millisecond_is_told_in_its_order(
    lab: Lab, tracker: Tracker, stays: bool
) -> None:
    first = lab.world.create_issue("GRO", "One", labels=["brief"])
    copy = lab.world.clone(first)
    since = lab.later(minutes=10)
    for _ in range(3):
        lab.world.person_edits_labels(copy, remove=["brief"])
        lab.world.person_edits_labels(copy, add=["brief"])
    if not stays:
        lab.world.person_edits_labels(copy, remove=["brief"])
    changes = _changes(tracker, copy, since)
    assert [sorted(change.removed) for change in changes[::2]] == [["brief"]] * (3 + (not stays))
    assert [sorted(change.added) for change in changes[1::2]] == [["brief"]] * 3


def test_an_automation_without_an_actor_is_not_us(lab: Lab, tracker: Tracker) -> None:
    issue = lab.world.create_issue("GRO", "One")
    since = lab.later(minutes=10)
    lab.world.person_edits_labels(issue, add=["auto"], account=None)
    assert [change.by_us for change in _changes(tracker, issue, since)] == [False]


def test_a_history_longer_than_a_page_is_read_to_its_end(lab: Lab, tracker: Tracker) -> None:
    issue = lab.world.create_issue("GRO", "One")
    since = lab.later(minutes=10)
    for n in range(130):
        lab.world.person_edits_labels(issue, add=[f"label-{n}"])
        lab.later(seconds=1)
    added = [name for change in _changes(tracker, issue, since) for name in change.added]
    assert added == [f"label-{n}" for n in range(130)]


def test_many_histories_come_once_each(lab: Lab, tracker: Tracker) -> None:
    issues = [lab.world.create_issue("GRO", f"Issue {n}") for n in range(45)]
    told = [history.ref.id for history in tracker.histories([*issues, *issues])]
    assert sorted(told) == sorted(issues)


def test_the_first_minutes_of_an_issue_are_not_complete(lab: Lab, tracker: Tracker) -> None:
    lab.world.fold_history_seconds = 180
    created = lab.clock.now()
    issue = lab.world.create_issue("GRO", "One")
    lab.later(minutes=1)
    lab.world.person_edits_labels(issue, add=["early"])
    assert _told(tracker, issue, created) == ((), False)
    assert _told(tracker, issue, None) == ((), False)
    assert _told(tracker, issue, lab.later(minutes=2)) == ((), True)


def test_a_deleted_label_is_told_by_its_id_and_as_incomplete_unless_we_knew_its_name(
    lab: Lab, tracker: Tracker
) -> None:
    issue = lab.world.create_issue("GRO", "One")
    since = lab.later(minutes=10)
    lab.world.person_edits_labels(issue, add=["brief"])
    brief = lab.world.label_named("brief").id
    lab.later(minutes=1)
    tracker.definitions()
    lab.world.delete_label("brief")
    knowing, (ignorant,) = _history(tracker, issue, since), lab.connect().histories([issue], since)
    assert knowing.complete
    assert knowing.changes[0].added == {"brief"}
    assert not ignorant.complete
    assert ignorant.changes[0].added == {brief}


def _history(tracker: Tracker, issue: str, since: object) -> History:
    (history,) = tracker.histories([issue], since)  # type: ignore[arg-type]
    return history


def _changes(tracker: Tracker, issue: str, since: object) -> tuple[LabelChange, ...]:
    return _history(tracker, issue, since).changes


def _told(tracker: Tracker, issue: str, since: object) -> tuple[tuple[LabelChange, ...], bool]:
    history = _history(tracker, issue, since)
    return history.changes, history.complete
