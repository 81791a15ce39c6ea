"""The simulated Linear behaves as Linear is known to, seen over HTTP as a client sees it."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from okrsync_simulators.clock import ManualClock
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.linear import LINEAR, LinearWorld, serve_world
from okrsync_simulators.linear.budget import Budget
from okrsync_simulators.linear.generate import generated
from okrsync_simulators.linear.schema import schema
from okrsync_simulators.linear.world import OAUTH_TOKEN
from okrsync_simulators.people import BOT, MIRA

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

PAGE = """
query Page($filter: IssueFilter, $first: Int, $after: String, $order: PaginationOrderBy,
           $archived: Boolean) {
  issues(filter: $filter, first: $first, after: $after, orderBy: $order,
         includeArchived: $archived) {
    nodes { id identifier updatedAt labelIds }
    pageInfo { hasNextPage endCursor }
  }
}
"""
UPDATE = """
mutation Update($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success lastSyncId issue { updatedAt labelIds } }
}
"""
BATCH = """
mutation Batch($ids: [UUID!]!, $input: IssueUpdateInput!) {
  issueBatchUpdate(ids: $ids, input: $input) { success issues { id labelIds } }
}
"""
CREATE_LABEL = """
mutation Create($input: IssueLabelCreateInput!) {
  issueLabelCreate(input: $input) { success issueLabel { id name isGroup parent { id } } }
}
"""
HISTORY = """
query History($id: String!, $first: Int) {
  issue(id: $id) { history(first: $first) {
    nodes { createdAt actorId addedLabelIds removedLabelIds addedLabels { name }
            removedLabels { name } }
    pageInfo { hasNextPage }
  } }
}
"""


class Tenant:
    """A served world and a client that holds its key."""

    def __init__(self, world: LinearWorld, url: str, token: str) -> None:
        self.world = world
        self.url = url
        self.client = httpx.Client(headers={"Authorization": token})

    def post(self, document: str, **variables: Any) -> httpx.Response:
        return self.client.post(self.url, json={"query": document, "variables": variables})

    def ask(self, document: str, **variables: Any) -> Any:
        response = self.post(document, **variables)
        content = response.json()
        assert "errors" not in content, content["errors"]
        assert response.status_code == 200
        return content["data"]

    def refusal(self, document: str, **variables: Any) -> dict[str, Any]:
        response = self.post(document, **variables)
        assert response.status_code == 400
        error: dict[str, Any] = response.json()["errors"][0]
        return error

    def found(self, **variables: Any) -> list[str]:
        return [node["identifier"] for node in self.ask(PAGE, **variables)["issues"]["nodes"]]

    def update(self, issue_id: str, **change: Any) -> Any:
        return self.ask(UPDATE, id=issue_id, input=change)["issueUpdate"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def tenant(clock: ManualClock) -> Iterator[Tenant]:
    with ExitStack() as stack:
        yield _tenant(LinearWorld(clock), stack)


def _tenant(world: LinearWorld, stack: ExitStack) -> Tenant:
    running = stack.enter_context(serve_world(world))
    tenant = Tenant(world, str(running.settings["url"]), str(running.settings["token"]))
    stack.callback(tenant.client.close)
    return tenant


class TestAccess:
    def test_a_key_is_sent_bare_and_an_oauth_token_as_bearer(self, tenant: Tenant) -> None:
        key = tenant.client.headers["Authorization"]
        statuses = {}
        for sent in (key, f"Bearer {key}", f"Bearer {OAUTH_TOKEN}", "lin_api_other"):
            tenant.client.headers["Authorization"] = sent
            statuses[sent] = tenant.post("{ viewer { id } }").status_code
        assert list(statuses.values()) == [200, 401, 200, 401]
        assert tenant.world.protocol_breaches == ["API key sent as a bearer token"]

    def test_a_wrong_key_is_an_authentication_error(self, tenant: Tenant) -> None:
        tenant.client.headers["Authorization"] = "lin_api_other"
        error = tenant.post("{ viewer { id } }").json()["errors"][0]
        assert error["extensions"]["code"] == "AUTHENTICATION_ERROR"

    def test_a_document_the_schema_does_not_know_is_refused_whole(self, tenant: Tenant) -> None:
        error = tenant.refusal("{ viewer { id } issues { nodes { sprint } } }")
        assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert tenant.world.requests.total() == 0

    def test_the_date_header_is_the_simulated_time(self, tenant: Tenant) -> None:
        told = tenant.post("{ viewer { id } }").headers["Date"]
        assert parsedate_to_datetime(told) == START


class TestLimits:
    @pytest.mark.parametrize(
        ("query", "points"),
        [
            ("{ teams(first: 50) { nodes { id key name private createdAt updatedAt } %s } }", 140),
            ("{ issueLabels { nodes { id name color parent { id name color } } %s } }", 190),
            ("{ teams { nodes { id } %s } }", 115),
        ],
    )  # fmt: skip
    def test_complexity_follows_the_recorded_formula(
        self, tenant: Tenant, query: str, points: int
    ) -> None:
        response = tenant.post(query % "pageInfo { hasNextPage endCursor }")
        assert response.headers["X-Complexity"] == str(points)

    def test_a_query_above_ten_thousand_is_refused_though_nothing_would_be_found(
        self, tenant: Tenant
    ) -> None:
        nested = "labels { nodes { id name } pageInfo { hasNextPage } }"
        error = tenant.refusal(f"{{ issues(first: 250) {{ nodes {{ id {nested} }} }} }}")
        assert error["message"] == "Query too complex"
        assert error["extensions"]["code"] == "INPUT_ERROR"
        assert "Maximum allowed complexity: 10000." in error["extensions"]["userPresentableMessage"]

    def test_an_exhausted_budget_is_ratelimited_within_http_400(self, clock: ManualClock) -> None:
        with ExitStack() as stack:
            tenant = _tenant(LinearWorld(clock, budget=Budget(clock, requests=2)), stack)
            headers = [tenant.post("{ viewer { id } }").headers for _ in range(2)]
            assert [h["X-RateLimit-Requests-Remaining"] for h in headers] == ["1", "0"]
            refused = tenant.post("{ viewer { id } }")
            extensions = refused.json()["errors"][0]["extensions"]
            assert (refused.status_code, extensions["code"]) == (400, "RATELIMITED")
            assert extensions["statusCode"] == 429
            reset = int(refused.headers["X-RateLimit-Requests-Reset"])
            assert reset == (START + timedelta(hours=1)).timestamp() * 1000
            clock.advance(timedelta(minutes=30))
            assert tenant.post("{ viewer { id } }").status_code == 200

    def test_the_budget_can_be_asked_for(self, tenant: Tenant) -> None:
        limits = tenant.ask("{ rateLimitStatus { limits { type remainingAmount } } }")
        assert limits["rateLimitStatus"]["limits"][0] == {
            "type": "requests",
            "remainingAmount": 2499,
        }

    def test_faults_wait_for_the_operation_they_name(self, tenant: Tenant) -> None:
        tenant.world.faults.put(Fault(FaultKind.STATUS, on="mutation:issueUpdate", status=503))
        assert tenant.post("{ viewer { id } }").status_code == 200
        issue = tenant.world.create_issue("OPS", "One")
        assert tenant.post(UPDATE, id=issue, input={}).status_code == 503
        assert tenant.post(UPDATE, id=issue, input={}).status_code == 200


class TestReading:
    def test_pages_are_newest_first_and_meet_every_issue_once(self, tenant: Tenant) -> None:
        for number in range(7):
            tenant.world.create_issue("OPS", f"Issue {number}")
        found: list[str] = []
        after = None
        while True:
            page = tenant.ask(PAGE, first=3, after=after)["issues"]
            found += [node["identifier"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert sorted(found) == [f"OPS-{number}" for number in range(1, 8)]

    def test_a_change_between_two_pages_hides_an_issue_from_the_later_one(
        self, tenant: Tenant, clock: ManualClock
    ) -> None:
        ids = []
        for number in range(4):
            ids.append(tenant.world.create_issue("OPS", f"Issue {number}"))
            clock.advance(MINUTE)
        first = tenant.ask(PAGE, first=2, order="updatedAt")["issues"]
        assert [node["identifier"] for node in first["nodes"]] == ["OPS-4", "OPS-3"]
        tenant.world.person_edits_labels(ids[0], add=["Bug"])
        after = first["pageInfo"]["endCursor"]
        assert tenant.found(first=2, order="updatedAt", after=after) == ["OPS-2"]

    def test_lists_hold_fifty_unless_told_and_250_at_most(self, clock: ManualClock) -> None:
        with ExitStack() as stack:
            tenant = _tenant(generated(300, 1, clock), stack)
            assert len(tenant.found()) == 50
            assert len(tenant.found(first=250)) == 250
            assert tenant.refusal(PAGE, first=251)["extensions"]["code"] == "INPUT_ERROR"

    def test_nested_lists_are_cut_at_fifty_in_silence(self, tenant: Tenant) -> None:
        names = [f"label {number:02}" for number in range(60)]
        issue = tenant.world.create_issue("OPS", "Much", labels=names)
        query = "query($id: String!) { issue(id: $id) { labelIds labels { nodes { name } } } }"
        seen = tenant.ask(query, id=issue)["issue"]
        assert (len(seen["labelIds"]), len(seen["labels"]["nodes"])) == (60, 50)

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            ({"team": {"key": {"eq": "OPS"}}}, {"OPS-1", "OPS-2", "OPS-3"}),
            ({"team": {"key": {"in": ["GRO", "WEB"]}}}, {"GRO-1"}),
            ({"state": {"type": {"nin": ["completed", "canceled"]}}}, {"OPS-1", "OPS-3", "GRO-1"}),
            ({"parent": {"null": True}}, {"OPS-1", "OPS-2", "GRO-1"}),
            ({"parent": {"title": {"eq": "First"}}}, {"OPS-3"}),
            ({"project": {"name": {"containsIgnoreCase": "SHOP"}}}, {"OPS-2"}),
            ({"labels": {"some": {"name": {"eqIgnoreCase": "bug"}}}}, {"OPS-1"}),
            ({"labels": {"name": {"startsWith": "ur"}}}, {"OPS-1", "GRO-1"}),
            ({"labels": {"every": {"name": {"neq": "Bug"}}}}, {"OPS-2", "OPS-3", "GRO-1"}),
            ({"labels": {"null": True}}, {"OPS-2", "OPS-3"}),
            ({"labels": {"length": {"gte": 2}}}, {"OPS-1"}),
            ({"updatedAt": {"gte": "2026-03-02T09:02:00.000Z"}}, {"OPS-3", "GRO-1"}),
            ({"updatedAt": {"gt": "2026-03-02T09:00:00Z", "lt": "2026-03-02T09:03:00Z"}},
             {"OPS-2", "OPS-3"}),
            ({"updatedAt": {"gte": "-PT2M"}}, {"OPS-3", "GRO-1"}),
            ({"or": [{"number": {"eq": 3}}, {"team": {"key": {"eq": "GRO"}}}]}, {"OPS-3", "GRO-1"}),
            ({"and": [{"number": {"eq": 1}}, {"team": {"key": {"eq": "GRO"}}}]}, {"GRO-1"}),
            ({}, {"OPS-1", "OPS-2", "OPS-3", "GRO-1"}),
        ],
    )  # fmt: skip
    def test_filters(
        self, tenant: Tenant, clock: ManualClock, condition: dict[str, Any], expected: set[str]
    ) -> None:
        world = tenant.world
        parent = world.create_issue("OPS", "First", labels=["Bug", "urgent"])
        clock.advance(MINUTE)
        world.create_issue("OPS", "Second", state="Done", project="New shop")
        clock.advance(MINUTE)
        world.create_issue("OPS", "Third", parent=parent)
        clock.advance(MINUTE)
        world.create_issue("GRO", "Fourth", labels=["urgent"])
        clock.advance(MINUTE)
        assert set(tenant.found(filter=condition)) == expected

    def test_an_unreadable_date_is_refused(self, tenant: Tenant) -> None:
        error = tenant.refusal(PAGE, filter={"updatedAt": {"gte": "yesterday"}})
        assert error["extensions"]["code"] == "INPUT_ERROR"

    def test_archived_and_trashed_issues_are_listed_only_on_demand(self, tenant: Tenant) -> None:
        for end in (tenant.world.archive, tenant.world.trash):
            end(tenant.world.create_issue("OPS", "Gone"))
        assert tenant.found() == []
        assert sorted(tenant.found(archived=True)) == ["OPS-1", "OPS-2"]
        shown = tenant.ask('{ issue(id: "OPS-2") { trashed archivedAt } }')["issue"]
        assert shown == {"trashed": True, "archivedAt": "2026-03-02T09:00:00.000Z"}

    def test_a_moved_issue_is_found_by_its_id_and_by_both_identifiers(self, tenant: Tenant) -> None:
        issue = tenant.world.create_issue("OPS", "Moves")
        tenant.world.move(issue, "GRO")
        query = "query($id: String!) { issue(id: $id) { identifier previousIdentifiers } }"
        shown = [tenant.ask(query, id=name)["issue"] for name in (issue, "OPS-1", "GRO-1")]
        assert shown == [{"identifier": "GRO-1", "previousIdentifiers": ["OPS-1"]}] * 3
        assert tenant.world.clone(issue) != issue
        assert set(tenant.found()) == {"GRO-1", "GRO-2"}

    def test_an_unknown_issue_is_an_input_error_without_data(self, tenant: Tenant) -> None:
        error = tenant.refusal('{ issue(id: "OPS-9") { id } }')
        assert error["message"] == "Entity not found: Issue"
        assert error["extensions"]["code"] == "INPUT_ERROR"
        assert error["path"] == ["issue"]

    def test_searching_lags_behind_and_asking_by_id_does_not(self, clock: ManualClock) -> None:
        with ExitStack() as stack:
            world = LinearWorld(clock, lag_seconds=30)
            issue = world.create_issue("OPS", "Known")
            tenant = _tenant(world, stack)
            world.person_edits_labels(issue, add=["Bug"])
            world.create_issue("OPS", "New")
            bug = [world.label_named("Bug").id]
            by_id = {"id": {"in": [issue]}}
            assert tenant.ask(PAGE, filter={})["issues"]["nodes"][0]["labelIds"] == []
            assert tenant.ask(PAGE, filter=by_id)["issues"]["nodes"][0]["labelIds"] == bug
            assert tenant.found() == ["OPS-1"]
            clock.advance(timedelta(seconds=30))
            assert sorted(tenant.found()) == ["OPS-1", "OPS-2"]
            world.transition(issue, "Done")
            done = {"state": {"type": {"eq": "completed"}}}
            assert tenant.found(filter=done) == []
            world.flush_index()
            assert tenant.found(filter=done) == ["OPS-1"]

    def test_projects_milestones_initiatives_and_children_hang_together(
        self, tenant: Tenant
    ) -> None:
        parent = tenant.world.create_issue("OPS", "Parent", project="Shop", milestone="Beta")
        tenant.world.create_issue("OPS", "Child", parent=parent)
        tenant.world.create_initiative("Grow", projects=["Shop"])
        tenant.world.set_project_status("Shop", "paused")
        query = """query($id: String!) { issue(id: $id) {
          children { nodes { title parent { identifier } } }
          project { name status { type } initiatives { nodes { name } } }
          projectMilestone { name } } }"""
        assert tenant.ask(query, id=parent)["issue"] == {
            "children": {"nodes": [{"title": "Child", "parent": {"identifier": "OPS-1"}}]},
            "project": {
                "name": "Shop",
                "status": {"type": "paused"},
                "initiatives": {"nodes": [{"name": "Grow"}]},
            },
            "projectMilestone": {"name": "Beta"},
        }


class TestWritingLabels:
    def test_deltas_touch_what_they_name_and_move_the_update_time(
        self, tenant: Tenant, clock: ManualClock
    ) -> None:
        world = tenant.world
        issue = world.create_issue("OPS", "One", labels=["Bug", "old"])
        new = world.create_label("new")
        clock.advance(MINUTE)
        payload = tenant.update(
            issue, addedLabelIds=[new], removedLabelIds=[world.label_named("old").id]
        )
        assert payload["success"] is True
        assert payload["issue"]["updatedAt"] == "2026-03-02T09:01:00.000Z"
        assert payload["issue"]["labelIds"] == [world.label_named("Bug").id, new]
        assert world.labels(issue) == {"Bug", "new"}
        [write] = world.writes
        assert (write.operation, write.issue_id) == ("issueUpdate", issue)
        assert write.added == {"new"}
        assert write.removed == {"old"}
        assert world.label_named("new").last_applied_at == START + MINUTE

    def test_adding_what_is_there_changes_nothing(self, tenant: Tenant, clock: ManualClock) -> None:
        issue = tenant.world.create_issue("OPS", "One", labels=["Bug"])
        clock.advance(MINUTE)
        tenant.update(issue, addedLabelIds=[tenant.world.label_named("Bug").id])
        assert tenant.world.issue(issue).updated_at == START
        assert tenant.ask(HISTORY, id=issue)["issue"]["history"]["nodes"] == []

    def test_label_ids_replaces_the_set_and_counts_as_a_breach(self, tenant: Tenant) -> None:
        issue = tenant.world.create_issue("OPS", "One", labels=["Bug"])
        tenant.update(issue, labelIds=[tenant.world.create_label("new")])
        assert tenant.world.labels(issue) == {"new"}
        assert tenant.world.protocol_breaches == ["issueUpdate OPS-1: labelIds"]

    def test_single_label_mutations(self, tenant: Tenant) -> None:
        issue = tenant.world.create_issue("OPS", "One")
        label = tenant.world.create_label("Bug")
        document = "mutation($i: String!, $l: String!) { %s(id: $i, labelId: $l) { success } }"
        tenant.ask(document % "issueAddLabel", i="OPS-1", l=label)
        assert tenant.world.labels(issue) == {"Bug"}
        tenant.ask(document % "issueRemoveLabel", i=issue, l=label)
        assert tenant.world.labels(issue) == frozenset()

    def test_history_tells_who_changed_which_labels_newest_first(
        self, tenant: Tenant, clock: ManualClock
    ) -> None:
        world = tenant.world
        issue = world.create_issue("OPS", "One")
        world.person_edits_labels(issue, add=["Bug", "gone"], account=MIRA)
        clock.advance(MINUTE)
        tenant.update(issue, removedLabelIds=[world.label_named("Bug").id])
        clock.advance(MINUTE)
        world.person_edits_labels(issue, add=["Bug"], account=None)
        bug, gone = world.label_named("Bug").id, world.label_named("gone").id
        world.delete_label("gone")
        entries = tenant.ask(HISTORY, id=issue)["issue"]["history"]["nodes"]
        assert [entry["actorId"] for entry in entries] == [None, BOT.id, MIRA.id]
        assert entries[1]["removedLabelIds"] == [bug]
        assert entries[1]["addedLabelIds"] is None
        assert entries[2]["addedLabelIds"] == [bug, gone]
        assert entries[2]["addedLabels"] == [{"name": "Bug"}]
        first = tenant.ask(HISTORY, id=issue, first=1)["issue"]["history"]
        assert first["pageInfo"]["hasNextPage"] is True

    def test_changes_soon_after_creation_can_be_folded(self, clock: ManualClock) -> None:
        with ExitStack() as stack:
            tenant = _tenant(LinearWorld(clock, fold_history_seconds=180), stack)
            issue = tenant.world.create_issue("OPS", "One")
            tenant.world.person_edits_labels(issue, add=["early"])
            clock.advance(timedelta(minutes=3))
            tenant.world.person_edits_labels(issue, add=["later"])
            [entry] = tenant.ask(HISTORY, id=issue)["issue"]["history"]["nodes"]
            assert entry["addedLabels"] == [{"name": "later"}]

    def test_a_group_cannot_be_applied_and_has_one_child_on_an_issue(self, tenant: Tenant) -> None:
        world = tenant.world
        group = world.create_label("verdict", is_group=True)
        one, two = (world.create_label(name, parent="verdict") for name in ("fits", "strays"))
        issue = world.create_issue("OPS", "One")
        refused = tenant.refusal(UPDATE, id=issue, input={"addedLabelIds": [group]})
        assert refused["extensions"]["code"] == "INPUT_ERROR"
        tenant.update(issue, addedLabelIds=[one])
        refused = tenant.refusal(UPDATE, id=issue, input={"addedLabelIds": [two]})
        assert refused["message"] == "labelIds not exclusive child labels"
        assert world.labels(issue) == {"fits"}
        tenant.update(issue, addedLabelIds=[two], removedLabelIds=[one])
        assert world.labels(issue) == {"strays"}
        world.person_edits_labels(issue, add=["fits"])
        assert world.labels(issue) == {"fits"}

    def test_a_swap_can_be_made_to_need_two_steps(self, tenant: Tenant) -> None:
        world = tenant.world
        world.swap_needs_two_steps = True
        world.create_label("verdict", is_group=True)
        one, two = (world.create_label(name, parent="verdict") for name in ("fits", "strays"))
        issue = world.create_issue("OPS", "One", labels=["fits"])
        swap = {"addedLabelIds": [two], "removedLabelIds": [one]}
        assert "exclusive" in tenant.refusal(UPDATE, id=issue, input=swap)["message"]
        tenant.update(issue, removedLabelIds=[one])
        tenant.update(issue, addedLabelIds=[two])
        assert world.labels(issue) == {"strays"}

    def test_a_team_label_stays_within_its_team_and_those_below(self, tenant: Tenant) -> None:
        world = tenant.world
        world.create_team("OPS")
        world.create_team("NIGHT", parent="OPS")
        label = world.create_label("pager", team="OPS")
        below = world.create_issue("NIGHT", "Below")
        beside = world.create_issue("GRO", "Beside")
        tenant.update(below, addedLabelIds=[label])
        refused = tenant.refusal(UPDATE, id=beside, input={"addedLabelIds": [label]})
        assert refused["message"] == "LabelIds for incorrect team"
        world.move(below, "GRO")
        assert world.labels(below) == frozenset()

    def test_a_retired_label_stays_but_cannot_be_applied(self, tenant: Tenant) -> None:
        world = tenant.world
        carries = world.create_issue("OPS", "One", labels=["old"])
        world.retire_label("old")
        assert world.labels(carries) == {"old"}
        wanted = {"addedLabelIds": [world.label_named("old").id]}
        other = world.create_issue("OPS", "Two")
        assert "retired" in tenant.refusal(UPDATE, id=other, input=wanted)["message"]

    @pytest.mark.parametrize("ending", ["trash", "archive"])
    def test_what_is_trashed_or_archived_cannot_be_written(
        self, tenant: Tenant, ending: str
    ) -> None:
        issue = tenant.world.create_issue("OPS", "One")
        getattr(tenant.world, ending)(issue)
        label = tenant.world.create_label("Bug")
        refused = tenant.refusal(UPDATE, id=issue, input={"addedLabelIds": [label]})
        assert refused["message"] == "Entity not found: Issue"
        assert tenant.world.writes == []

    def test_a_state_is_entered_with_its_dates(self, tenant: Tenant) -> None:
        issue = tenant.world.create_issue("OPS", "One")
        team = tenant.world.issue(issue).team_id
        tenant.update(issue, stateId=tenant.world.state(team, "Done").id)
        assert tenant.world.issue(issue).completed_at == START


class TestBatches:
    def test_one_input_goes_to_all(self, tenant: Tenant) -> None:
        ids = [tenant.world.create_issue("OPS", f"Issue {number}") for number in range(50)]
        label = tenant.world.create_label("Bug")
        changed = tenant.ask(BATCH, ids=ids, input={"addedLabelIds": [label]})["issueBatchUpdate"]
        assert [issue["id"] for issue in changed["issues"]] == ids
        assert all(tenant.world.labels(issue) == {"Bug"} for issue in ids)
        assert tenant.world.requests == {"mutation:issueBatchUpdate": 1}

    def test_more_than_fifty_are_refused(self, tenant: Tenant) -> None:
        ids = [str(uuid4()) for _ in range(51)]
        refused = tenant.refusal(BATCH, ids=ids, input={})
        assert "50" in refused["extensions"]["userPresentableMessage"]

    def test_identifiers_are_no_ids(self, tenant: Tenant) -> None:
        tenant.world.create_issue("OPS", "One")
        refused = tenant.refusal(BATCH, ids=["OPS-1"], input={})
        assert refused["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"

    @pytest.mark.parametrize(("midway", "first_labels"), [(False, set()), (True, {"Bug"})])
    def test_one_unfit_issue_fails_the_batch(
        self, tenant: Tenant, midway: bool, first_labels: set[str]
    ) -> None:
        world = tenant.world
        world.batches_stop_midway = midway
        ids = [world.create_issue("OPS", f"Issue {number}") for number in range(2)]
        world.trash(ids[1])
        label = world.create_label("Bug")
        refused = tenant.refusal(BATCH, ids=ids, input={"addedLabelIds": [label]})
        assert refused["message"] == "Entity not found: Issue"
        assert world.labels(ids[0]) == first_labels


class TestDefinitions:
    def test_a_client_chooses_the_id_and_cannot_create_twice(self, tenant: Tenant) -> None:
        given = {"id": str(uuid4()), "name": "verdict", "isGroup": True}
        created = tenant.ask(CREATE_LABEL, input=given)["issueLabelCreate"]["issueLabel"]
        assert created == {**given, "parent": None}
        assert tenant.refusal(CREATE_LABEL, input=given)["extensions"]["code"] == "INPUT_ERROR"
        child = tenant.ask(CREATE_LABEL, input={"name": "fits", "parentId": given["id"]})
        assert child["issueLabelCreate"]["issueLabel"]["parent"] == {"id": given["id"]}

    def test_the_parent_must_be_a_group(self, tenant: Tenant) -> None:
        parent = tenant.world.create_label("plain")
        refused = tenant.refusal(CREATE_LABEL, input={"name": "fits", "parentId": parent})
        assert refused["message"] == "parent label is not a group"

    @pytest.mark.parametrize("hide", ["retire_label", "archive_label"])
    def test_a_hidden_label_still_takes_its_name(self, tenant: Tenant, hide: str) -> None:
        tenant.world.create_label("Old")
        getattr(tenant.world, hide)("Old")
        listed = "query($all: Boolean) { issueLabels(includeArchived: $all) { nodes { name } } }"
        assert tenant.ask(listed)["issueLabels"]["nodes"] == []
        assert tenant.ask(listed, all=True)["issueLabels"]["nodes"] == [{"name": "Old"}]
        assert tenant.refusal(CREATE_LABEL, input={"name": "OLD"})["message"] == (
            "Duplicate label name"
        )

    def test_names_are_unique_across_groups_but_not_across_teams(self, tenant: Tenant) -> None:
        world = tenant.world
        for group in ("one", "two"):
            world.create_label(group, is_group=True)
        world.create_label("Q1", parent="one")
        inside = {"name": "q1", "parentId": world.label_named("two").id}
        assert tenant.refusal(CREATE_LABEL, input=inside)["message"] == "Duplicate label name"
        for key in ("OPS", "GRO"):
            team = world.team(key).id
            tenant.ask(CREATE_LABEL, input={"name": "pager", "teamId": team})
        assert tenant.refusal(CREATE_LABEL, input={"name": "Pager"})["message"] == (
            "Duplicate label name"
        )

    def test_definitions_are_renamed_retired_restored_and_deleted(self, tenant: Tenant) -> None:
        world = tenant.world
        issue = world.create_issue("OPS", "One", labels=["Bug"])
        label = world.label_named("Bug").id
        rename = (
            'mutation($i: String!) { issueLabelUpdate(id: $i, input: {name: "Flaw"}) { success } }'
        )
        tenant.ask(rename, i=label)
        assert world.labels(issue) == {"Flaw"}
        simple = "mutation($i: String!) { %s(id: $i) { success } }"
        tenant.ask(simple % "issueLabelRetire", i=label)
        assert world.label_named("Flaw").retired_at == START
        tenant.ask(simple % "issueLabelRestore", i=label)
        assert world.label_named("Flaw").retired_at is None
        tenant.ask(simple % "issueLabelDelete", i=label)
        assert world.labels(issue) == frozenset()
        assert tenant.refusal(simple % "issueLabelDelete", i=label)["message"] == (
            "Entity not found: IssueLabel"
        )

    def test_people_who_delete_or_merge_definitions_leave_no_trace_on_issues(
        self, tenant: Tenant, clock: ManualClock
    ) -> None:
        world = tenant.world
        issue = world.create_issue("OPS", "One", labels=["gone", "bug"])
        world.create_label("defect")
        clock.advance(MINUTE)
        world.delete_label("gone")
        world.merge_labels("bug", "defect")
        assert world.labels(issue) == {"defect"}
        assert world.issue(issue).updated_at == START
        assert world.history.get(issue) is None

    def test_a_label_given_to_a_team_has_a_new_id_and_leaves_the_others(
        self, tenant: Tenant
    ) -> None:
        world = tenant.world
        inside, outside = (world.create_issue(key, "One", labels=["x"]) for key in ("OPS", "GRO"))
        before = world.label_named("x").id
        after = world.convert_to_team_label("x", "OPS")
        assert after != before
        assert world.issue(inside).label_ids == (after,)
        assert world.labels(outside) == frozenset()


class TestContents:
    def test_the_example_company_is_the_same_for_the_same_seed(self, clock: ManualClock) -> None:
        def issues(seed: int) -> Any:
            with LINEAR.open(seed=seed, clock=clock) as running:
                assert running.settings["scopes"] == ["GRO", "OPS"]
                return running.world.index.current()

        assert issues(1) == issues(1)
        assert issues(1) != issues(2)

    def test_the_company_holds_sub_issues_projects_and_every_state_type(
        self, clock: ManualClock
    ) -> None:
        with LINEAR.open(clock=clock) as running:
            world = running.world
            issues = world.index.current()
            assert any(issue.parent_id for issue in issues)
            assert any(issue.project_id for issue in issues)
            kinds = {world.states[issue.state_id].type for issue in issues}
            assert {"backlog", "started", "completed", "canceled"} <= kinds

    def test_an_export_without_teams_is_taken_over(
        self, clock: ManualClock, tmp_path: Path
    ) -> None:
        export = tmp_path / "issues.json"
        export.write_text(
            """[{"id": "42a9a869-78eb-45b2-a0b9-81df84541e9e", "identifier": "GAR-7",
            "title": "Docs", "description": null, "priority": 3, "state": {"name": "Done"},
            "labels": {"nodes": [{"name": "Epic: Docs"}]}, "assignee": null,
            "createdAt": "2026-02-27T13:45:52.436Z", "updatedAt": "2026-02-28T13:45:52.436Z"}]"""
        )
        with LINEAR.open(issues=export, clock=clock) as running:
            assert running.settings["scopes"] == ["GAR"]
            [issue] = running.world.index.current()
            assert issue.completed_at == datetime(2026, 2, 28, 13, 45, 52, 436000, UTC)
            assert running.world.labels(issue.id) == {"Epic: Docs"}
            assert running.world.create_issue("GAR", "Next") != issue.id
            assert running.world.issue("GAR-8").title == "Next"

    def test_real_issues_are_taken_over_whole(self, clock: ManualClock) -> None:
        folder = os.environ.get("TRACKER_REAL_DATA")
        if not folder:
            pytest.skip("TRACKER_REAL_DATA names no folder of real issues")
        path = Path(folder) / "linear-garrarust" / "linear_issues.json"
        with LINEAR.open(issues=path, clock=clock) as running:
            issues = running.world.index.current()
            assert len(issues) == 100
            assert sum(bool(issue.label_ids) for issue in issues) == 15
            assert sum(issue.completed_at is not None for issue in issues) == 85


@pytest.mark.parametrize("name", sorted(n for n in schema().type_map if not n.startswith("__")))
def test_our_schema_is_a_part_of_the_vendors(name: str, vendor: GraphQLSchema) -> None:
    ours, theirs = schema().type_map[name], vendor.type_map[name]
    assert type(ours) is type(theirs)
    match ours, theirs:
        case GraphQLObjectType(), GraphQLObjectType():
            for field_name, field in ours.fields.items():
                counterpart = theirs.fields[field_name]
                assert str(field.type) == str(counterpart.type), field_name
                for argument_name, argument in field.args.items():
                    known = counterpart.args[argument_name]
                    assert str(argument.type) == str(known.type), (field_name, argument_name)
        case GraphQLInputObjectType(), GraphQLInputObjectType():
            for field_name, input_field in ours.fields.items():
                known_field = theirs.fields[field_name]
                assert str(input_field.type) == str(known_field.type), field_name
        case GraphQLEnumType(), GraphQLEnumType():
            assert set(ours.values) <= set(theirs.values)


@pytest.fixture(scope="module")
def vendor() -> GraphQLSchema:
    folder = os.environ.get("TRACKER_CONTRACTS")
    if not folder:
        pytest.skip("TRACKER_CONTRACTS names no folder with linear.schema.graphql")
    return build_schema((Path(folder) / "linear.schema.graphql").read_text("utf-8"))
