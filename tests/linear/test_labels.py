"""Our definitions are made where they belong; others are never replaced, moved or worked around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from okrsync.core.vocabulary import Vocabulary
from okrsync.ports.tracker import EditOutcome
from okrsync_simulators.faults import Fault, FaultKind
from tests.linear.conftest import edit

if TYPE_CHECKING:
    from okrsync.ports.tracker import EditResult, Tracker
    from tests.linear.conftest import Lab

VERDICT = "okr:aligned"
LINK = "okr:KR-1"


@pytest.fixture
def issue(lab: Lab) -> str:
    return lab.world.create_issue("GRO", "One", labels=["foreign"])


def refused(lab: Lab, tracker: Tracker, issue: str, label: str) -> str:
    result = lab.edit(tracker, issue, (label,))
    assert result.outcome is EditOutcome.REFUSED
    assert lab.world.labels(issue) == {"foreign"}
    assert not [write for write in lab.world.writes if write.issue_id == issue]
    return result.message


def definition(lab: Lab, name: str) -> tuple[str | None, bool, str | None]:
    label = lab.world.label_named(name)
    group = lab.world.label_book.by_id[label.parent_id].name if label.parent_id else None
    return group, label.is_group, label.team_id


def test_a_verdict_is_made_inside_our_group_and_a_link_outside(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    result = lab.edit(tracker, issue, (VERDICT, LINK))
    assert result.outcome is EditOutcome.DONE
    assert result.after is not None
    assert result.after.labels == {"foreign", VERDICT, LINK}
    assert definition(lab, VERDICT) == ("OKR", False, None)
    assert definition(lab, LINK) == (None, False, None)
    assert definition(lab, "OKR") == (None, True, None)


def test_all_that_is_needed_is_made_in_one_request(lab: Lab, tracker: Tracker, issue: str) -> None:
    labels = (VERDICT, LINK, "okr:KR-2")
    assert lab.edit(tracker, issue, labels).outcome is EditOutcome.DONE
    assert lab.counts["write"] == 2
    assert [write.operation for write in lab.world.writes].count("issueLabelCreate") == 4


def test_what_was_not_reached_behind_a_refusal_is_made_afterwards(
    lab: Lab, tracker: Tracker
) -> None:
    names = ("okr:KR-1", "okr:KR-2", "okr:KR-3")
    edits = [edit(lab.world.create_issue("GRO", name), (name,)) for name in names]
    lab.world.faults.put(_create_fails("Duplicate label name", path=["label1"]))
    results = list(tracker.apply(edits))
    assert {each.edit.add[0]: each.outcome for each in results} == {
        "okr:KR-1": EditOutcome.DONE,
        "okr:KR-2": EditOutcome.REFUSED,
        "okr:KR-3": EditOutcome.DONE,
    }


def test_what_is_refused_as_a_whole_is_made_one_by_one(lab: Lab, tracker: Tracker) -> None:
    issue = lab.world.create_issue("GRO", "One")
    lab.world.faults.put(_create_fails("Argument Validation Error", path=None))
    assert lab.edit(tracker, issue, (VERDICT, LINK)).outcome is EditOutcome.DONE
    assert lab.counts["write"] == 1 + 3 + 1


def test_without_our_group_no_verdict_is_made_and_links_are(lab: Lab, tracker: Tracker) -> None:
    edits = [edit(lab.world.create_issue("GRO", name), (name,)) for name in (VERDICT, LINK)]
    lab.world.faults.put(_create_fails("Duplicate label name", path=["label0"]))
    outcomes = {each.edit.add[0]: each for each in tracker.apply(edits)}
    assert outcomes[LINK].outcome is EditOutcome.DONE
    assert outcomes[VERDICT].outcome is EditOutcome.REFUSED
    assert "'OKR' cannot be created" in outcomes[VERDICT].message
    assert [label.name for label in lab.world.label_book.by_id.values()] == [LINK]


def test_a_verdict_whose_group_cannot_be_made_says_why_the_group_cannot(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    for message in ("Argument Validation Error", "Duplicate label name"):
        lab.world.faults.put(_create_fails(message, path=None))
    message = refused(lab, tracker, issue, VERDICT)
    assert "'OKR' cannot be created: Linear says no: Duplicate label name" in message


def test_while_linear_is_down_nothing_that_needs_a_new_label_is_sent(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.world.faults.put(Fault(FaultKind.RESET_BEFORE, on="mutation:issueLabelCreate", times=9))
    assert lab.edit(tracker, issue, (LINK,)).outcome is EditOutcome.FAILED
    assert lab.world.writes == []


def test_a_definition_that_was_deleted_after_the_last_look_is_made_again(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.edit(tracker, issue, (LINK,))
    other = lab.world.create_issue("GRO", "Two")
    lab.item(tracker, other)
    lab.world.delete_label(LINK)
    assert lab.edit(tracker, other, (LINK,)).outcome is EditOutcome.DONE
    assert lab.world.labels(other) == {LINK}


def test_a_definition_that_is_deleted_while_we_write_is_refused_and_found_out(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.world.create_label(LINK)

    def deleted_meanwhile(operation: str) -> None:
        if operation == "mutation:issueUpdate":
            lab.world.before_request = lambda _operation: None
            lab.world.delete_label(LINK)

    lab.world.before_request = deleted_meanwhile
    assert lab.edit(tracker, issue, (LINK,)).outcome is EditOutcome.REFUSED
    assert lab.world.labels(issue) == {"foreign"}
    assert lab.edit(tracker, issue, (LINK,)).outcome is EditOutcome.DONE


def test_what_was_listed_for_a_write_names_only_the_next_read(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.edit(tracker, issue, (LINK,))
    lab.world.label_book.update(lab.world.label_named(LINK).id, {"name": "theirs"})
    lab.item(tracker, issue)
    assert lab.item(tracker, issue).labels == {"foreign", "theirs"}


def test_definitions_are_made_once(lab: Lab, tracker: Tracker, issue: str) -> None:
    other = lab.world.create_issue("OPS", "Two")
    for one in (issue, other):
        lab.edit(tracker, one, (VERDICT, LINK))
    assert [w.operation for w in lab.world.writes].count("issueLabelCreate") == 3


def test_definitions_of_people_in_the_right_place_are_used(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.world.create_label("OKR", is_group=True)
    verdict = lab.world.create_label(VERDICT, parent="OKR")
    link = lab.world.create_label(LINK)
    result = lab.edit(tracker, issue, (VERDICT, LINK))
    assert result.after is not None
    assert {verdict, link} <= set(result.after.label_ids.values())


def test_the_vocabulary_of_the_connection_decides_what_is_a_verdict(lab: Lab, issue: str) -> None:
    lab.connection["vocabulary"] = Vocabulary(prefix="goal:", group="Goals")
    lab.edit(lab.connect(), issue, ("goal:weak", LINK))
    assert definition(lab, "goal:weak") == ("Goals", False, None)


@pytest.mark.parametrize("label", [VERDICT, LINK])
def test_a_teams_label_is_never_replaced(
    lab: Lab, tracker: Tracker, issue: str, label: str
) -> None:
    lab.world.create_label(label, team="OPS")
    message = refused(lab, tracker, issue, label)
    assert label in message
    assert "team OPS" in message
    assert "workspace" in message


@pytest.mark.parametrize("label", [VERDICT, LINK])
def test_a_definition_in_a_group_of_others_is_refused(
    lab: Lab, tracker: Tracker, issue: str, label: str
) -> None:
    lab.world.create_label("Kind", is_group=True)
    lab.world.create_label(label, parent="Kind")
    message = refused(lab, tracker, issue, label)
    assert "in the group 'Kind'" in message
    assert "Move it" in message


def test_a_verdict_outside_every_group_is_refused(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.create_label(VERDICT)
    message = refused(lab, tracker, issue, VERDICT)
    assert "outside every group" in message
    assert "into the group 'OKR'" in message
    assert not lab.world.writes


def test_a_link_inside_our_group_is_refused(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.create_label("OKR", is_group=True)
    lab.world.create_label(LINK, parent="OKR")
    assert "out of its group" in refused(lab, tracker, issue, LINK)


def test_another_spelling_of_ours_is_refused(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.create_label("OKR:kr-1")
    assert "Rename it" in refused(lab, tracker, issue, LINK)


def test_a_group_by_the_name_of_a_link_is_refused(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.create_label(LINK, is_group=True)
    assert "is a group" in refused(lab, tracker, issue, LINK)


def test_a_plain_label_by_the_name_of_our_group_is_refused(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.world.create_label("okr")
    assert "is no group" in refused(lab, tracker, issue, VERDICT)


def test_a_retired_group_is_refused(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.create_label("OKR", is_group=True)
    lab.world.retire_label("OKR")
    assert "'OKR' is retired" in refused(lab, tracker, issue, VERDICT)
    lab.world.create_label(VERDICT, parent="OKR")
    assert "'OKR' is retired" in refused(lab, tracker, issue, VERDICT)


def test_a_retired_definition_is_refused(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.create_label(LINK)
    lab.world.retire_label(LINK)
    message = refused(lab, tracker, issue, LINK)
    assert "is retired" in message
    assert "Restore it" in message


def test_an_archived_definition_is_refused(lab: Lab, tracker: Tracker, issue: str) -> None:
    lab.world.create_label(LINK)
    lab.world.archive_label(LINK)
    assert "is archived" in refused(lab, tracker, issue, LINK)


def test_a_name_that_linear_keeps_from_us_is_refused_with_a_hint(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    duplicate = (
        b'{"errors": [{"message": "Duplicate label name",'
        b' "extensions": {"code": "INPUT_ERROR", "userError": true}}]}'
    )
    lab.world.faults.put(
        Fault(FaultKind.STATUS, on="mutation:issueLabelCreate", status=400, body=duplicate)
    )
    message = refused(lab, tracker, issue, LINK)
    assert "Duplicate label name" in message
    assert "hidden" in message


def test_a_definition_somebody_else_made_at_the_same_moment_is_used(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    def race(operation: str) -> None:
        if operation == "mutation:issueLabelCreate":
            lab.world.before_request = lambda _operation: None
            lab.world.create_label(LINK)

    lab.world.before_request = race
    assert lab.edit(tracker, issue, (LINK,)).outcome is EditOutcome.DONE


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.TRUNCATED])
def test_a_creation_whose_answer_got_lost_is_found_in_the_list(
    lab: Lab, tracker: Tracker, issue: str, kind: FaultKind
) -> None:
    lab.world.faults.put(Fault(kind, on="mutation:issueLabelCreate"))
    assert lab.edit(tracker, issue, (LINK,)).outcome is EditOutcome.DONE
    assert [w.operation for w in lab.world.writes].count("issueLabelCreate") == 1


def test_one_refused_definition_does_not_stop_the_others(
    lab: Lab, tracker: Tracker, issue: str
) -> None:
    lab.world.create_label(LINK, team="OPS")
    outcomes = [_outcome(lab.edit(tracker, issue, (name,))) for name in (LINK, "okr:KR-2")]
    assert outcomes == [EditOutcome.REFUSED, EditOutcome.DONE]


def _create_fails(message: str, *, path: list[str] | None) -> Fault:
    """Let the next creation fail without doing anything."""
    error = {
        "message": message,
        "path": path,
        "extensions": {"code": "INPUT_ERROR", "userError": True},
    }
    body = orjson.dumps({"errors": [error]})
    headers = {"content-type": "application/json"}
    return Fault(FaultKind.STATUS, "mutation:issueLabelCreate", 400, headers, body)


def _outcome(result: EditResult) -> EditOutcome:
    return result.outcome
