"""Teams are read whole, issues by id as they are, and who we are is made sure of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from okrsync.core.work import Category, ItemRef
from okrsync.errors import TrackerRefusedError, TrackerUnavailableError
from okrsync.testing.tracker_world import shown_items
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.linear.world import API_KEY, OAUTH_TOKEN
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from okrsync.ports.tracker import Tracker
    from tests.linear.conftest import Lab


def test_check_tells_our_account(tracker: Tracker) -> None:
    account = tracker.check()
    assert (account.id, account.time_zone) == (BOT.id, "UTC")


def test_check_names_the_nearest_team_of_one_that_cannot_be_seen(lab: Lab) -> None:
    with pytest.raises(TrackerRefusedError, match="no team GR0") as refused:
        lab.connect(scopes=["OPS", "GR0"]).check()
    assert "GRO" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("auth", "token", "advice"),
    [("bearer", API_KEY, "auth: key"), ("key", OAUTH_TOKEN, "auth: bearer")],
)
def test_check_explains_a_token_of_the_other_kind(
    lab: Lab, auth: str, token: str, advice: str
) -> None:
    with pytest.raises(TrackerRefusedError) as refused:
        lab.connect(auth=auth, token=token).check()
    assert advice in (refused.value.hint or "")
    assert token not in str(refused.value)


def test_an_oauth_token_is_accepted_as_bearer(lab: Lab) -> None:
    assert lab.connect(auth="bearer", token=OAUTH_TOKEN).check().id == BOT.id


def test_every_field_of_an_issue_is_translated(lab: Lab) -> None:
    lab.connection["with_text"] = True
    lab.world.create_initiative("Growth", projects=["Wallet"])
    parent = lab.world.create_issue("GRO", "Epic of sorts")
    issue = lab.world.create_issue(
        "GRO",
        "One-tap",
        labels=["Feature"],
        state="In Progress",
        parent=parent,
        project="Wallet",
        milestone="Beta",
        description="x" * 40_000,
        due=date(2026, 4, 1),
        estimate=3.0,
    )
    tracker = lab.connect()
    item = lab.item(tracker, issue)
    assert (item.ref, item.key, item.scope) == (ItemRef("linear", issue), "GRO-2", "GRO")
    assert (item.type, item.category) == ("Issue", Category.DOING)
    assert item.labels == {"Feature"}
    assert item.label_ids == {"Feature": lab.world.label_named("Feature").id}
    assert item.parent == ItemRef("linear", parent)
    assert (item.projects, item.milestone, item.initiatives) == (("Wallet",), "Beta", ("Growth",))
    assert item.containers == (
        ItemRef("linear", f"project:{lab.world.project('Wallet').id}"),
        ItemRef("linear", f"milestone:{lab.world.create_milestone('Wallet', 'Beta')}"),
    )
    assert (item.due, item.estimate, item.resolved) == (date(2026, 4, 1), 3.0, None)
    assert item.text == "x" * 32_768
    assert item.url == "https://linear.app/shop/issue/GRO-2"


@pytest.mark.parametrize(
    ("state", "category"),
    [
        ("triage", Category.TODO),
        ("backlog", Category.TODO),
        ("unstarted", Category.TODO),
        ("started", Category.DOING),
        ("completed", Category.DONE),
        ("canceled", Category.CANCELLED),
        ("duplicate", Category.CANCELLED),
    ],
)
def test_the_type_of_a_state_decides_the_category(
    lab: Lab, tracker: Tracker, state: str, category: Category
) -> None:
    item = lab.item(tracker, lab.world.create_issue("GRO", "One", state=state))
    assert item.category is category
    assert (item.resolved is not None) is category.ended


def test_descriptions_are_not_asked_for_unless_needed(lab: Lab, tracker: Tracker) -> None:
    issue = lab.world.create_issue("GRO", "One", description="secret plan")
    assert lab.item(tracker, issue).text is None


def test_a_team_is_pulled_whole_and_each_issue_once(lab: Lab) -> None:
    mine = {lab.world.create_issue("GRO", f"Issue {n}") for n in range(45)}
    lab.world.create_issue("OPS", "Not mine")
    pulled = [item.ref.id for item in shown_items(lab.connect(page_size=10), "GRO")]
    assert len(pulled) == 45
    assert set(pulled) == mine


def test_an_issue_changed_between_two_pages_is_not_missed(lab: Lab) -> None:
    issues = []
    for n in range(30):
        issues.append(lab.world.create_issue("GRO", f"Issue {n}"))
        lab.later(seconds=1)
    pulling = shown_items(lab.connect(page_size=10), "GRO")
    first = next(pulling).ref.id
    lab.later(minutes=5)
    lab.world.person_edits_labels(issues[0], add=["late"])
    assert {first, *(item.ref.id for item in pulling)} == set(issues)


def test_archived_and_trashed_issues_are_not_there(lab: Lab, tracker: Tracker) -> None:
    kept, archived, trashed = (lab.world.create_issue("GRO", f"Issue {n}") for n in range(3))
    lab.world.archive(archived)
    lab.world.trash(trashed)
    assert [item.ref.id for item in shown_items(tracker, "GRO")] == [kept]
    assert [item.ref.id for item in tracker.read([kept, archived, trashed])] == [kept]
    assert [history.ref.id for history in tracker.histories([kept, archived, trashed])] == [kept]


def test_reading_by_id_sees_what_searching_does_not_show_yet(lab: Lab, tracker: Tracker) -> None:
    lab.world.index.lag = lab.clock.now() - datetime(2026, 3, 2, 8, 59, tzinfo=UTC)
    issue = lab.world.create_issue("GRO", "New")
    assert list(shown_items(tracker, "GRO")) == []
    assert lab.item(tracker, issue).title == "New"


def test_ids_that_are_none_of_linears_are_left_out_without_asking(
    lab: Lab, tracker: Tracker
) -> None:
    lab.world.create_issue("GRO", "One")
    assert list(tracker.read(["GRO-1", "nonsense", "project:nonsense"])) == []
    assert not lab.counts


def test_any_number_of_issues_is_read_in_batches(lab: Lab) -> None:
    issues = [lab.world.create_issue("GRO", f"Issue {n}") for n in range(25)]
    read = {item.ref.id for item in lab.connect(page_size=10).read([*issues, *issues])}
    assert read == set(issues)
    assert lab.counts["read"] == 3


def test_an_issue_that_moved_is_found_by_its_id_under_its_new_key(
    lab: Lab, tracker: Tracker
) -> None:
    issue = lab.world.create_issue("GRO", "One")
    lab.world.move(issue, "OPS")
    item = lab.item(tracker, issue)
    assert (item.key, item.scope) == ("OPS-1", "OPS")


def test_a_label_renamed_meanwhile_is_read_under_its_new_name(lab: Lab, tracker: Tracker) -> None:
    issue = lab.world.create_issue("GRO", "One", labels=["old"])
    assert lab.item(tracker, issue).labels == {"old"}
    lab.world.label_book.update(lab.world.label_named("old").id, {"name": "new"})
    assert lab.item(tracker, issue).labels == {"new"}


def test_retired_and_archived_labels_are_read_but_cannot_be_used(
    lab: Lab, tracker: Tracker
) -> None:
    issue = lab.world.create_issue("GRO", "One", labels=["a", "b", "c"])
    lab.world.retire_label("a")
    lab.world.archive_label("b")
    assert lab.item(tracker, issue).labels == {"a", "b", "c"}
    assert set((tracker.definitions() or {}).values()) == {"c"}


def test_groups_are_no_usable_definitions(lab: Lab, tracker: Tracker) -> None:
    lab.world.create_label("Kind", is_group=True)
    leaf = lab.world.create_label("Bug", parent="Kind")
    assert tracker.definitions() == {leaf: "Bug"}


def test_a_pull_that_breaks_off_is_an_error_not_a_small_team(lab: Lab) -> None:
    for n in range(30):
        lab.world.create_issue("GRO", f"Issue {n}")
    pulling = shown_items(lab.connect(page_size=10), "GRO")
    next(pulling)
    lab.world.faults.put(Fault(FaultKind.STATUS, on="query:issues", status=503, times=9))
    with pytest.raises(TrackerUnavailableError):
        list(pulling)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.STATUS,
        FaultKind.RESET_BEFORE,
        FaultKind.RESET_AFTER,
        FaultKind.TRUNCATED,
        FaultKind.MALFORMED,
    ],
)
def test_reading_goes_on_after_a_passing_fault(lab: Lab, tracker: Tracker, kind: FaultKind) -> None:
    issue = lab.world.create_issue("GRO", "One")
    lab.world.faults.put(Fault(kind, on="query:issues"))
    assert lab.item(tracker, issue).title == "One"
    assert len(lab.waits) == 1


def test_an_answer_that_takes_too_long_is_waited_for_no_longer(lab: Lab) -> None:
    issue = lab.world.create_issue("GRO", "One")
    lab.world.faults.put(Fault(FaultKind.SLOW, on="query:issues", seconds=1.0, times=3))
    with pytest.raises(TrackerUnavailableError, match="ReadTimeout"):
        list(lab.connect(timeout=timedelta(milliseconds=100)).read([issue]))


def test_projects_are_read_as_containers(lab: Lab, tracker: Tracker) -> None:
    lab.world.create_initiative("Growth", projects=["Wallet"])
    container = f"project:{lab.world.project('Wallet').id}"
    item = lab.item(tracker, container)
    assert (item.ref, item.type) == (ItemRef("linear", container), "Project")
    assert (item.scope, item.key, item.initiatives) == ("", "Wallet", ("Growth",))


def test_closing_twice_does_no_harm(lab: Lab, tracker: Tracker) -> None:
    tracker.check()
    tracker.close()
    tracker.close()
    assert tracker.check().id == BOT.id
