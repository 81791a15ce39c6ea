"""Many edits go together: few requests, and of each edit no more is told than is known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import orjson
import pytest

from okrsync.core.pace import Pace
from okrsync.core.work import ItemRef, LabelEdit
from okrsync.ports.tracker import Budget, EditOutcome, Stamp
from okrsync.testing.tracker_world import shown_items
from okrsync_linear.allowance import budgets, seconds_spent, seconds_to_wait
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.linear import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.ports.tracker import EditResult, Tracker
    from tests.linear.conftest import Lab

UPDATE = "mutation:issueUpdate"
KR1, KR2 = "okr:KR-1", "okr:KR-2"
ALIGNED, WEAK = "okr:aligned", "okr:weak"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def labels(lab: Lab) -> None:
    lab.world.create_label("OKR", is_group=True)
    for name in (ALIGNED, WEAK):
        lab.world.create_label(name, parent="OKR")
    for name in (KR1, KR2):
        lab.world.create_label(name)


def seeded(lab: Lab, count: int, *labels: str) -> list[str]:
    return [lab.world.create_issue("GRO", f"Issue {n}", labels=labels) for n in range(count)]


def adding(ids: Iterable[str], *add: str, remove: tuple[str, ...] = ()) -> list[LabelEdit]:
    return [LabelEdit(ItemRef("linear", each), add, remove) for each in ids]


def by_id(results: Iterable[EditResult]) -> dict[str, EditResult]:
    return {each.edit.ref.id: each for each in results}


def outcomes(results: Iterable[EditResult]) -> set[EditOutcome]:
    return {each.outcome for each in results}


def test_a_thousand_changes_take_twenty_requests_and_one_for_all_their_labels(
    lab: Lab, tracker: Tracker
) -> None:
    ids = seeded(lab, 1000, "foreign")

    results = list(tracker.apply(adding(ids, KR1, ALIGNED)))

    assert outcomes(results) == {EditOutcome.DONE}
    assert lab.counts["write"] == 21
    expected = {"foreign", KR1, ALIGNED}
    assert all(each.after and each.after.labels == expected for each in results)
    assert {lab.world.labels(each) for each in ids} == {frozenset(expected)}
    assert lab.world.protocol_breaches == []


def test_issues_read_and_written_in_turns_cost_one_list_of_definitions_each_time(
    lab: Lab, tracker: Tracker
) -> None:
    ids = seeded(lab, 150)
    for start in range(0, 150, 50):
        batch = ids[start : start + 50]
        assert len(list(tracker.read(batch))) == 50
        assert outcomes(tracker.apply(adding(batch, KR1, ALIGNED))) == {EditOutcome.DONE}
    assert lab.counts == {"read": 3, "definitions": 3 + 2, "write": 3 + 1}


@pytest.mark.usefixtures("labels")
def test_edits_need_not_be_equal_to_go_together(lab: Lab, tracker: Tracker) -> None:
    ids = seeded(lab, 20, WEAK)
    mixed = adding(ids[:10], KR1, remove=(WEAK,)) + adding(ids[10:], ALIGNED, remove=(WEAK,))

    assert outcomes(tracker.apply(mixed)) == {EditOutcome.DONE}
    assert lab.counts["write"] == 1
    assert {lab.world.labels(each) for each in ids[:10]} == {frozenset({KR1})}
    assert {lab.world.labels(each) for each in ids[10:]} == {frozenset({ALIGNED})}


@pytest.mark.usefixtures("labels")
def test_a_small_edit_is_a_mutation_of_its_own(lab: Lab, tracker: Tracker) -> None:
    assert outcomes(tracker.apply(adding(seeded(lab, 3), KR1))) == {EditOutcome.DONE}
    assert lab.counts["write"] == 3


@pytest.mark.usefixtures("labels")
def test_of_those_beside_a_failure_nothing_is_claimed_or_repeated(
    lab: Lab, tracker: Tracker
) -> None:
    ids = seeded(lab, 30)
    lab.world.trash(ids[10])

    results = by_id(tracker.apply(adding(ids, KR1)))

    assert results[ids[10]].outcome is EditOutcome.GONE
    others = [each for each in ids if each != ids[10]]
    assert outcomes(results[each] for each in others) == {EditOutcome.UNKNOWN}
    assert lab.counts["write"] == 1


@pytest.mark.usefixtures("labels")
def test_what_failed_among_others_goes_alone_next_time(lab: Lab, tracker: Tracker) -> None:
    ids = seeded(lab, 30)
    lab.world.person_edits_labels(ids[4], add=[ALIGNED])
    edits = adding(ids, WEAK)

    first = by_id(tracker.apply(edits))
    assert first[ids[4]].outcome is EditOutcome.REFUSED
    second = by_id(tracker.apply(edits))

    assert second[ids[4]].outcome is EditOutcome.REFUSED
    assert outcomes(second[each] for each in ids if each != ids[4]) == {EditOutcome.DONE}
    assert lab.world.labels(ids[4]) == {ALIGNED}


@pytest.mark.usefixtures("labels")
def test_data_beside_an_error_is_believed(lab: Lab, tracker: Tracker) -> None:
    ids = seeded(lab, 10)
    refusal = errors.RefusalError("No").extensions
    answer = {
        "data": {f"issue{n}": {"success": True, "issue": None} for n in range(9)},
        "errors": [{"message": "No", "path": ["issue9"], "extensions": refusal}],
    }
    content = orjson.dumps(answer)
    lab.world.faults.put(Fault(FaultKind.STATUS, UPDATE, 200, JSON, content))

    results = by_id(tracker.apply(adding(ids, KR1)))

    assert outcomes(results[each] for each in ids[:9]) == {EditOutcome.DONE}
    assert results[ids[9]].outcome is EditOutcome.REFUSED


@pytest.mark.usefixtures("labels")
def test_where_swaps_take_two_steps_they_leave_the_others_in_peace(
    lab: Lab, tracker: Tracker
) -> None:
    ids, swapped = seeded(lab, 20), seeded(lab, 12, ALIGNED)
    lab.world.swap_needs_two_steps = True
    swaps = adding(swapped, WEAK, remove=(ALIGNED,))

    first = by_id(tracker.apply(swaps))
    assert first[swapped[0]].outcome is EditOutcome.DONE
    left = [each for each in swaps if lab.world.labels(each.ref.id) != {WEAK}]
    assert outcomes(tracker.apply([*left, *adding(ids, KR1)])) == {EditOutcome.DONE}

    assert {lab.world.labels(each) for each in swapped} == {frozenset({WEAK})}


@pytest.mark.usefixtures("labels")
@pytest.mark.parametrize("kind", [FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER])
def test_a_lost_answer_leaves_those_sent_unknown(
    lab: Lab, tracker: Tracker, kind: FaultKind
) -> None:
    ids = seeded(lab, 80)
    lab.world.faults.put(Fault(kind, on=UPDATE))

    results = by_id(tracker.apply(adding(ids, KR1)))

    assert outcomes(results[each] for each in ids[:50]) == {EditOutcome.UNKNOWN}
    assert outcomes(results[each] for each in ids[50:]) == {EditOutcome.DONE}
    assert lab.counts["write"] == 2


@pytest.mark.usefixtures("labels")
def test_what_is_too_complex_is_halved_and_stays_so(lab: Lab, tracker: Tracker) -> None:
    ids = seeded(lab, 100)
    body = orjson.dumps(errors.refused(errors.too_complex(12_304, 10_000)))
    lab.world.faults.put(Fault(FaultKind.STATUS, UPDATE, 400, JSON, body, times=2))

    assert outcomes(tracker.apply(adding(ids, KR1))) == {EditOutcome.DONE}
    assert lab.counts["write"] == 2 + 9  # of twelve
    assert lab.waits == []


@pytest.mark.usefixtures("labels")
def test_a_batch_refused_for_its_rate_is_waited_out_and_sent_again(
    lab: Lab, tracker: Tracker
) -> None:
    ids = seeded(lab, 20)
    headers = {"Retry-After": "90", **JSON}
    body = orjson.dumps(errors.refused(errors.rate_limited()))
    lab.world.faults.put(Fault(FaultKind.STATUS, UPDATE, 400, headers, body))

    assert outcomes(tracker.apply(adding(ids, KR1))) == {EditOutcome.DONE}
    assert lab.waits == [90.0]
    assert len(lab.world.writes) == 20


@pytest.mark.usefixtures("labels")
def test_a_rate_refused_midway_repeats_nothing(lab: Lab, tracker: Tracker) -> None:
    ids = seeded(lab, 20)
    limited = errors.rate_limited()
    entry = {"message": str(limited), "path": ["issue7"], "extensions": limited.extensions}
    body = orjson.dumps({"errors": [entry], "data": None})
    lab.world.faults.put(Fault(FaultKind.STATUS, UPDATE, 400, JSON, body))

    results = by_id(tracker.apply(adding(ids, KR1)))

    assert results[ids[7]].outcome is EditOutcome.FAILED
    assert outcomes(results[each] for each in ids if each != ids[7]) == {EditOutcome.UNKNOWN}
    assert lab.counts["write"] == 1


@pytest.mark.usefixtures("labels")
def test_a_batch_refused_as_a_whole_is_tried_one_by_one(lab: Lab, tracker: Tracker) -> None:
    ids = seeded(lab, 12)
    body = orjson.dumps(errors.refused(errors.RefusalError("Argument Validation Error")))
    lab.world.faults.put(Fault(FaultKind.STATUS, UPDATE, 400, JSON, body))

    assert outcomes(tracker.apply(adding(ids, KR1))) == {EditOutcome.DONE}
    assert lab.counts["write"] == 13


@pytest.mark.usefixtures("labels")
def test_who_is_leaving_sends_no_further_batch(lab: Lab) -> None:
    lab.connection["stopping"] = lambda: lab.counts["write"] > 0
    ids = seeded(lab, 80)

    results = by_id(lab.connect().apply(adding(ids, KR1)))

    assert outcomes(results[each] for each in ids[:50]) == {EditOutcome.DONE}
    assert outcomes(results[each] for each in ids[50:]) == {EditOutcome.FAILED}


@pytest.mark.usefixtures("labels")
def test_connections_in_many_threads_do_not_disturb_each_other(lab: Lab) -> None:
    lab.pace = Pace(lambda: 0.0)
    groups = [seeded(lab, 60) for _ in range(4)]
    trackers = [lab.connect() for _ in groups]

    def work(number: int) -> tuple[set[EditOutcome], int]:
        done = outcomes(trackers[number].apply(adding(groups[number], (KR1, KR2)[number % 2])))
        return done, sum(1 for _ in shown_items(trackers[number], "GRO"))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(work, range(4)))

    assert answers == [({EditOutcome.DONE}, 240)] * 4
    for number, ids in enumerate(groups):
        assert {lab.world.labels(each) for each in ids} == {frozenset({(KR1, KR2)[number % 2]})}


def test_nothing_lasts_longer_than_its_answer(lab: Lab, tracker: Tracker) -> None:
    assert tracker.lasting(adding(seeded(lab, 60), KR1)) == frozenset()


class TestStamps:
    def test_a_scope_in_which_nothing_changed_costs_one_small_request(
        self, lab: Lab, tracker: Tracker
    ) -> None:
        seeded(lab, 40)
        since = lab.later(minutes=1)

        assert list(tracker.stamps("GRO", since)) == []
        assert lab.counts == {"search": 1}
        assert lab.world.complexity < 1000

    def test_the_moment_itself_counts_to_the_millisecond(self, lab: Lab, tracker: Tracker) -> None:
        ids = []
        for _ in range(3):
            ids += seeded(lab, 1)
            lab.later(milliseconds=1)
        moments = [lab.world.issue(each).updated_at for each in ids]
        assert all(b - a == timedelta(milliseconds=1) for a, b in pairwise(moments))

        told = list(tracker.stamps("GRO", moments[1]))

        assert sorted(told) == sorted(map(Stamp, ids[1:], moments[1:]))
        assert tracker.time() is not None


HEADERS = {
    "x-ratelimit-requests-limit": "2500",
    "x-ratelimit-requests-remaining": "0",
    "x-ratelimit-requests-reset": "1772442001500",
    "x-ratelimit-complexity-limit": "3000000",
    "x-ratelimit-complexity-remaining": "2999000",
    "x-ratelimit-complexity-reset": "1772445600000",
    "x-ratelimit-endpoint-name": "searchIssues",
    "x-ratelimit-endpoint-requests-limit": "30",
    "x-ratelimit-endpoint-requests-remaining": "29",
    "date": "Mon, 02 Mar 2026 09:00:00 GMT",
}


class TestAllowance:
    def test_every_budget_is_told_by_name(self, lab: Lab) -> None:
        told = {each.name: each for each in budgets(HEADERS)}
        assert told.keys() == {"requests", "complexity", "searchIssues requests"}
        at = lab.clock.now() + timedelta(seconds=1.5)
        assert told["requests"] == Budget("requests", 2500, 0, at)

    def test_a_spent_budget_is_waited_for_exactly(self) -> None:
        assert seconds_spent(HEADERS) == 1.5
        assert seconds_spent(HEADERS | {"x-ratelimit-requests-remaining": "1"}) is None

    def test_a_spent_endpoint_holds_nobody_else(self) -> None:
        spent = {
            "x-ratelimit-requests-remaining": "1",
            "x-ratelimit-endpoint-requests-remaining": "0",
            "x-ratelimit-endpoint-requests-reset": "1772442060000",
        }
        assert seconds_spent(HEADERS | spent) is None
        assert seconds_to_wait(HEADERS | spent) == 60

    def test_an_answer_that_spends_the_last_request_holds_everybody(self, lab: Lab) -> None:
        time = [0.0]
        pace = Pace(lambda: time[0])
        told: dict[str, Budget] = {}
        lab.connection["budget"] = lambda budget: told.update({budget.name: budget})
        lab.pace = pace
        lab.world.budget.requests.left = 1.0
        tracker, other = lab.connect(), lab.connect()

        list(tracker.stamps("GRO"))
        assert (told["requests"].remaining, lab.waits) == (0, [])
        lab.world.budget.requests.left = 100.0
        list(other.stamps("GRO"))

        assert lab.waits == [3600.0]
        assert replace(told["requests"], resets=None) == Budget("requests", 2500, 99)
