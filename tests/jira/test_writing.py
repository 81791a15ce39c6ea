"""Label edits: deltas, once each, in silence where possible, and what became of them."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
import responses

from okrsync.core.work import ItemRef, LabelEdit
from okrsync.ports.tracker import EditOutcome
from okrsync_simulators.faults import Fault, FaultKind

SITE = "https://shop.example"


def outcomes(results):
    return [result.outcome.value for result in results]


def test_only_the_labels_named_change(desk, url, world, edit) -> None:
    id_ = world.create_issue(project="PAY", labels=["mine", "okr:weak"])

    (result,) = desk.open(url).apply([edit(id_, "okr:aligned", remove=("okr:weak",))])

    assert result.outcome is EditOutcome.DONE
    assert world.labels(id_) == {"mine", "okr:aligned"}
    assert [(write.add, write.remove) for write in world.writes] == [
        (("okr:aligned",), ("okr:weak",))
    ]
    assert world.protocol_breaches == []
    assert desk.sent == {"write": 1}


def test_each_edit_has_one_result(desk, url, world, edit) -> None:
    ids = [world.create_issue(project="PAY") for _ in range(5)]
    edits = [edit(id_, "okr:KR-1") for id_ in ids]

    results = list(desk.open(url).apply(edits))

    assert [result.edit for result in results] == edits
    assert outcomes(results) == ["done"] * 5


def test_what_is_gone_or_hidden_is_gone(desk, url, world, edit) -> None:
    gone, hidden, there = (world.create_issue(project="PAY") for _ in range(3))
    world.delete(gone)
    world.hide(hidden)

    results = desk.open(url).apply([edit(id_, "a") for id_ in (gone, hidden, there)])

    assert outcomes(results) == ["gone", "gone", "done"]


@pytest.mark.parametrize(
    "label", ["two words", "tab\there", "line\n", "", "x" * 256, "no\u00a0break"]
)
def test_a_label_that_jira_would_refuse_is_not_sent(desk, url, world, edit, label) -> None:
    id_ = world.create_issue(project="PAY")

    (result,) = desk.open(url).apply([edit(id_, "fine", label)])

    assert result.outcome is EditOutcome.REFUSED
    assert "label" in result.message
    assert world.requests["issue.edit"] == 0


@pytest.mark.parametrize("id_", ["PAY-1", "project:6f2c", "1/../2", "", "²"])
def test_only_ids_are_written(desk, url, world, id_) -> None:
    world.create_issue(project="PAY")

    (result,) = desk.open(url).apply([LabelEdit(ItemRef("shop-jira", id_), ("a",))])

    assert result.outcome is EditOutcome.REFUSED
    assert desk.sent["write"] == 0


class TestSilence:
    def test_nobody_is_notified_where_jira_allows_it(self, desk, edit) -> None:
        silent = responses.matchers.query_param_matcher({"notifyUsers": "false"})
        with responses.RequestsMock() as jira:
            jira.put(f"{SITE}/rest/api/3/issue/1", match=[silent], status=204)

            assert outcomes(desk.open().apply([edit("1", "a")])) == ["done"]

    def test_a_project_that_allows_no_silence_is_remembered(self, desk, url, world, edit) -> None:
        pay = [world.create_issue(project="PAY") for _ in range(4)]
        web = [world.create_issue(project="WEB") for _ in range(2)]
        world.deny_silent_edits("PAY")
        tracker = desk.open(url, scopes=["PAY", "WEB"])

        results = list(tracker.apply([edit(id_, "a") for id_ in [*pay[:2], *web]]))
        assert outcomes(results) == ["done"] * 4
        assert desk.sent["write"] == 4 + 1

        assert outcomes(tracker.apply([edit(id_, "a") for id_ in pay[2:]])) == ["done"] * 2
        assert desk.sent["write"] == 5 + 2
        assert all(world.labels(id_) == {"a"} for id_ in [*pay, *web])
        assert world.protocol_breaches == []

    @pytest.mark.parametrize("status", [400, 403])
    def test_both_ways_to_say_so_are_understood(self, desk, edit, status) -> None:
        put = f"{SITE}/rest/api/3/issue/1"
        said = "To discard the user notification either admin or project admin permissions"
        loud = responses.matchers.query_param_matcher({})
        with responses.RequestsMock() as jira:
            jira.put(put, status=status, json={"errorMessages": [said]})
            jira.post(f"{SITE}/rest/api/3/issue/bulkfetch", status=403)
            jira.put(put, match=[loud], status=204)

            assert outcomes(desk.open().apply([edit("1", "a")])) == ["done"]

    def test_another_refusal_is_not_tried_again_aloud(self, desk, edit) -> None:
        with responses.RequestsMock() as jira:
            jira.put(
                f"{SITE}/rest/api/3/issue/1", status=403, json={"errorMessages": ["No permission"]}
            )
            (result,) = desk.open().apply([edit("1", "a")])

        assert result.outcome is EditOutcome.REFUSED
        assert "No permission" in result.message
        assert desk.sent == {"write": 1}


class TestFailure:
    @pytest.mark.parametrize(
        ("fault", "waits"),
        [
            (Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "1847"}), [1847.0]),
            (Fault(FaultKind.STATUS, status=409), None),
            (Fault(FaultKind.STATUS, status=429, body=b"<html>"), None),
        ],
    )
    def test_what_jira_did_not_do_is_sent_again(
        self, desk, url, world, edit, *, fault, waits
    ) -> None:
        id_ = world.create_issue(project="PAY")
        world.faults.put(fault)

        assert outcomes(desk.open(url).apply([edit(id_, "a")])) == ["done"]
        assert desk.waits == waits if waits else len(desk.waits) == 1
        assert desk.sent == {"write": 2}

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(FaultKind.RESET_BEFORE, on="issue.edit"),
            Fault(FaultKind.RESET_AFTER, on="issue.edit"),
            Fault(FaultKind.STATUS, on="issue.edit", status=500),
            Fault(FaultKind.STATUS, on="issue.edit", status=503, headers={"Retry-After": "1"}),
        ],
    )
    def test_what_may_have_been_done_is_not_sent_again(self, desk, url, world, edit, fault) -> None:
        first, second = (world.create_issue(project="PAY") for _ in range(2))
        world.faults.put(fault)

        results = desk.open(url).apply([edit(first, "a"), edit(second, "a")])

        assert outcomes(results) == ["unknown", "done"]
        assert desk.sent == {"write": 2}

    def test_an_answer_that_comes_too_late_leaves_it_open(self, desk, url, world, edit) -> None:
        id_ = world.create_issue(project="PAY")
        world.faults.put(Fault(FaultKind.SLOW, on="issue.edit", seconds=0.6))

        assert outcomes(desk.open(url, timeout=timedelta(seconds=0.2)).apply([edit(id_, "a")])) == [
            "unknown"
        ]

    def test_a_tracker_that_fails_again_and_again_is_left_in_peace(
        self, desk, url, world, edit
    ) -> None:
        ids = [world.create_issue(project="PAY") for _ in range(6)]
        world.faults.put(Fault(FaultKind.STATUS, on="issue.edit", status=502, times=99))

        results = desk.open(url).apply([edit(id_, "a") for id_ in ids])

        assert outcomes(results) == ["unknown"] * 3 + ["failed"] * 3
        assert desk.sent["write"] == 3

    def test_single_failures_do_not_stop_the_rest(self, desk, url, world, edit) -> None:
        ids = [world.create_issue(project="PAY") for _ in range(6)]
        tracker = desk.open(url)
        results = []
        for result in tracker.apply([edit(id_, "a") for id_ in ids]):
            results.append(result)
            if len(results) % 2 == 1:
                world.faults.put(Fault(FaultKind.STATUS, on="issue.edit", status=502))

        assert outcomes(results) == ["done", "unknown"] * 3

    def test_nobody_listening_ends_the_batch_at_once(self, desk, edit) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        tracker = desk.open(f"http://127.0.0.1:{port}")

        results = list(tracker.apply([edit(str(n), "a") for n in range(1, 5)]))

        assert outcomes(results) == ["failed"] * 4
        assert desk.sent["write"] == 6
        assert len(desk.waits) == 5

    def test_a_login_that_is_refused_ends_the_batch_at_once(self, desk, edit) -> None:
        with responses.RequestsMock() as jira:
            jira.put(f"{SITE}/rest/api/3/issue/1", status=401)
            results = list(desk.open().apply([edit("1", "a"), edit("2", "a")]))

        assert outcomes(results) == ["failed", "failed"]
        assert desk.sent == {"write": 1}

    def test_a_wrong_address_does_not_make_items_gone(self, desk, edit) -> None:
        with responses.RequestsMock() as jira:
            jira.put(f"{SITE}/rest/api/3/issue/1", status=404, body="<html>Not here</html>")
            (result,) = desk.open().apply([edit("1", "a")])

        assert result.outcome is EditOutcome.REFUSED


def test_labels_have_no_definitions(desk) -> None:
    assert desk.open().definitions() is None


def test_closing_twice_is_fine(desk) -> None:
    tracker = desk.open()

    tracker.close()
    tracker.close()
