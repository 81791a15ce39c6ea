"""An edit changes the labels it names and no other, at most once, and tells what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from okrsync.core.work import ItemRef, LabelEdit
from okrsync.ports.tracker import EditOutcome, TaskState
from okrsync_simulators.faults import Fault, FaultKind

if TYPE_CHECKING:
    from okrsync.ports.tracker import Tracker
    from tests.linear.conftest import Lab

UPDATE = "mutation:issueUpdate"
KR1, KR2 = "okr:KR-1", "okr:KR-2"
ALIGNED, WEAK = "okr:aligned", "okr:weak"


@pytest.fixture
def issue(lab: Lab, tracker: Tracker) -> str:
    """An issue with a label of somebody else's and definitions for all of ours."""
    issue = lab.world.create_issue("GRO", "One", labels=["foreign"])
    lab.world.create_label("OKR", is_group=True)
    for name in (ALIGNED, WEAK):
        lab.world.create_label(name, parent="OKR")
    for name in (KR1, KR2):
        lab.world.create_label(name)
    return issue


def edits(*issues: str) -> list[LabelEdit]:
    return [LabelEdit(ItemRef("linear", issue), add=(KR1,)) for issue in issues]


def test_only_the_labels_named_change(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.edit(tracker, issue, (KR1,))
    lab.world.person_edits_labels(issue, add=["meanwhile"])
    result = lab.edit(tracker, issue, (KR2,), (KR1,))
    assert lab.world.labels(issue) == {"foreign", "meanwhile", KR2}
    assert result.after is not None
    assert result.after.labels == lab.world.labels(issue)
    assert lab.world.protocol_breaches == []


def test_twice_is_once(lab: Lab, tracker: Tracker, issue: str) -> None:
    for _ in range(2):
        assert lab.edit(tracker, issue, (KR1,)).outcome is EditOutcome.DONE
    assert lab.world.labels(issue) == {"foreign", KR1}


def test_a_verdict_is_swapped_in_one_mutation(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.edit(tracker, issue, (ALIGNED,))
    lab.edit(tracker, issue, (WEAK,), (ALIGNED,))
    assert lab.world.labels(issue) == {"foreign", WEAK}
    assert lab.world.requests[UPDATE] == 2


def test_where_a_swap_is_refused_the_old_verdict_is_removed_first(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.edit(tracker, issue, (ALIGNED,))
    lab.world.swap_needs_two_steps = True
    result = lab.edit(tracker, issue, (WEAK, KR1), (ALIGNED,))
    assert result.outcome is EditOutcome.DONE
    assert lab.world.labels(issue) == {"foreign", WEAK, KR1}
    changes = [(w.added, w.removed) for w in lab.world.writes if w.issue_id == issue]
    assert changes[1:] == [(frozenset(), {ALIGNED}), ({WEAK, KR1}, frozenset())]


def test_a_swap_that_stops_halfway_is_unknown_not_refused(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.edit(tracker, issue, (ALIGNED,))
    lab.world.swap_needs_two_steps = True

    def retire_before_the_addition(operation: str) -> None:
        if operation == UPDATE and lab.world.labels(issue) == {"foreign"}:
            lab.world.retire_label(WEAK)

    lab.world.before_request = retire_before_the_addition
    result = lab.edit(tracker, issue, (WEAK,), (ALIGNED,))
    assert result.outcome is EditOutcome.UNKNOWN
    assert "Only the removal was made" in result.message
    assert lab.world.labels(issue) == {"foreign"}


def test_a_persons_verdict_is_not_pushed_aside(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.person_edits_labels(issue, add=[ALIGNED])
    result = lab.edit(tracker, issue, (WEAK,))
    assert result.outcome is EditOutcome.REFUSED
    assert lab.world.labels(issue) == {"foreign", ALIGNED}


def test_a_swap_over_a_persons_verdict_changes_nothing(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.world.create_label("okr:stale", parent="OKR")
    lab.world.person_edits_labels(issue, add=["okr:stale"])
    result = lab.edit(tracker, issue, (WEAK,), (ALIGNED,))
    assert result.outcome is EditOutcome.REFUSED
    assert "okr:stale" in result.message
    assert lab.world.labels(issue) == {"foreign", "okr:stale"}


def test_a_label_whose_definition_is_gone_is_not_asked_to_be_removed(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    result = lab.edit(tracker, issue, (KR2,), ("okr:gone",))
    assert result.outcome is EditOutcome.DONE
    assert lab.world.labels(issue) == {"foreign", KR2}


def test_an_edit_with_nothing_left_to_send_shows_the_issue(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    result = lab.edit(tracker, issue, (), ("okr:gone",))
    assert result.outcome is EditOutcome.DONE
    assert result.after is not None
    assert result.after.labels == {"foreign"}
    assert lab.world.requests[UPDATE] == 0


def test_a_retired_label_can_still_be_removed(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.edit(tracker, issue, (KR1,))
    lab.world.retire_label(KR1)
    assert lab.edit(tracker, issue, (), (KR1,)).outcome is EditOutcome.DONE
    assert lab.world.labels(issue) == {"foreign"}


@pytest.mark.parametrize("remove", [(), ("okr:gone",)])
def test_an_issue_that_is_gone_is_gone(
    lab: Lab, tracker: Tracker, issue: str, remove: tuple[str, ...]
) -> None:
    lab.world.trash(issue)
    add = () if remove else (KR1,)
    assert lab.edit(tracker, issue, add, remove).outcome is EditOutcome.GONE


@pytest.mark.parametrize(
    "foreign_id", [str(uuid4()), "GRO-1", f"project:{uuid4()}"], ids=["uuid", "key", "project"]
)
def test_no_such_issue_is_gone_even_if_its_name_is_a_key(
    lab: Lab, tracker: Tracker, issue: str, foreign_id: str
) -> None:
    assert lab.edit(tracker, foreign_id, (KR1,)).outcome is EditOutcome.GONE
    assert lab.world.labels(issue) == {"foreign"}


def test_one_bad_edit_does_not_stop_the_batch(lab: Lab, tracker: Tracker, issue: str) -> None:
    second = lab.world.create_issue("GRO", "Two")
    results = {r.edit.ref.id: r.outcome for r in tracker.apply(edits(str(uuid4()), issue, second))}
    assert list(results.values()).count(EditOutcome.DONE) == 2
    assert results[second] is EditOutcome.DONE


@pytest.mark.parametrize(
    "kind",
    [FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER, FaultKind.TRUNCATED, FaultKind.MALFORMED],
)
def test_a_write_that_may_have_happened_is_unknown_and_not_repeated(
    lab: Lab, tracker: Tracker, issue: str, kind: FaultKind
) -> None:
    second = lab.world.create_issue("GRO", "Two")
    lab.world.faults.put(Fault(kind, on=UPDATE))
    results = list(tracker.apply(edits(issue, second)))
    assert [r.outcome for r in results] == [EditOutcome.UNKNOWN, EditOutcome.DONE]
    assert lab.waits == []


def test_a_server_error_is_unknown_too(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.faults.put(Fault(FaultKind.STATUS, on=UPDATE, status=502))
    assert lab.edit(tracker, issue, (KR1,)).outcome is EditOutcome.UNKNOWN
    assert lab.waits == []


def test_a_write_refused_for_its_rate_is_waited_out_and_sent_again(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    headers = {"Retry-After": "90"}
    lab.world.faults.put(Fault(FaultKind.STATUS, on=UPDATE, status=429, headers=headers))
    assert lab.edit(tracker, issue, (KR1,)).outcome is EditOutcome.DONE
    assert lab.waits == [90.0]


def test_once_linear_is_down_the_rest_is_not_sent(lab: Lab, tracker: Tracker, issue: str) -> None:
    others = [lab.world.create_issue("GRO", f"Issue {n}") for n in range(3)]
    lab.world.faults.put(Fault(FaultKind.STATUS, on=UPDATE, status=429, times=3))
    results = list(tracker.apply(edits(issue, *others)))
    assert {r.outcome for r in results} == {EditOutcome.FAILED}
    assert "not sent" in results[-1].message
    assert lab.counts["write"] == 3


def test_a_token_that_expires_midway_stops_the_batch(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    second = lab.world.create_issue("GRO", "Two")
    lab.world.faults.put(Fault(FaultKind.STATUS, on=UPDATE, status=401))
    results = list(tracker.apply(edits(issue, second)))
    assert [r.outcome for r in results] == [EditOutcome.FAILED] * 2
    assert "credentials" in results[0].message
    assert lab.counts["write"] == 1


def test_after_three_lost_answers_the_rest_is_not_sent(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    others = [lab.world.create_issue("GRO", f"Issue {n}") for n in range(4)]
    lab.world.faults.put(Fault(FaultKind.RESET_AFTER, on=UPDATE, times=9))
    outcomes = [r.outcome for r in tracker.apply(edits(issue, *others))]
    assert outcomes == [EditOutcome.UNKNOWN] * 3 + [EditOutcome.FAILED] * 2


def test_without_definitions_nothing_is_sent(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.faults.put(Fault(FaultKind.STATUS, on="query:issueLabels", times=9))
    assert lab.edit(tracker, issue, (KR1,)).outcome is EditOutcome.FAILED
    assert lab.counts["write"] == 0


def test_a_mutation_that_came_back_in_part_is_unknown(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    half = (
        b'{"data": {"issueUpdate": {"success": true, "issue": null}},'
        b' "errors": [{"message": "x", "extensions": {"code": "FORBIDDEN"}}]}'
    )
    lab.world.faults.put(Fault(FaultKind.STATUS, on=UPDATE, status=200, body=half))
    assert lab.edit(tracker, issue, (KR1,)).outcome is EditOutcome.UNKNOWN


def test_a_mutation_without_success_is_unknown(lab: Lab, tracker: Tracker, issue: str) -> None:
    shrug = b'{"data": {"issueUpdate": {"success": false, "issue": null}}}'
    lab.world.faults.put(Fault(FaultKind.STATUS, on=UPDATE, status=200, body=shrug))
    assert lab.edit(tracker, issue, (KR1,)).outcome is EditOutcome.UNKNOWN


def test_no_edits_ask_nothing(lab: Lab, tracker: Tracker) -> None:
    assert list(tracker.apply([])) == []
    assert not lab.counts


def test_linear_has_no_tasks(tracker: Tracker) -> None:
    assert tracker.task("x") is TaskState.UNKNOWN
