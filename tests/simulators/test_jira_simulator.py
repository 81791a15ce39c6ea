"""The simulated Jira behaves over HTTP as the vendor says, traps included."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from okrsync_simulators import JIRA
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import Access, JiraWorld, generated, serve_world
from okrsync_simulators.people import BOT, MIRA, PRIYA

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SEARCH = "/rest/api/3/search/jql"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def world(clock: ManualClock) -> JiraWorld:
    return JiraWorld(clock, page_size=2)


@contextmanager
def connected(world: JiraWorld, **auth: Any) -> Iterator[httpx.Client]:
    auth = auth or {"auth": (world.email, world.token)}
    with (
        serve_world(world) as running,
        httpx.Client(base_url=str(running.settings["url"]), **auth) as client,
    ):
        yield client


@pytest.fixture
def client(world: JiraWorld) -> Iterator[httpx.Client]:
    with connected(world) as client:
        yield client


def found(client: httpx.Client, jql: str, **more: Any) -> list[str]:
    """Return all keys that a search finds, page by page."""
    keys: list[str] = []
    body: dict[str, Any] = {"jql": jql, "fields": ["summary"], **more}
    while True:
        page = client.post(SEARCH, json=body).raise_for_status().json()
        keys += [issue["key"] for issue in page["issues"]]
        if page["isLast"]:
            assert "nextPageToken" not in page
            return keys
        body["nextPageToken"] = page["nextPageToken"]


def edit(client: httpx.Client, key: str, *operations: dict[str, Any], **query: Any):
    body = {"update": {"labels": list(operations)}}
    return client.put(f"/rest/api/3/issue/{key}", json=body, params=query)


# Who calls


def test_the_caller_is_named(client):
    answer = client.get("/rest/api/3/myself")
    assert answer.json()["accountId"] == answer.headers["X-AAccountId"] == BOT.id
    assert answer.json()["timeZone"] == "America/New_York"
    assert answer.headers["X-RateLimit-Remaining"]


def test_wrong_credentials_are_nobody_and_find_nothing(world):
    world.create_issue(project="PAY")
    with connected(world, auth=(world.email, "wrong")) as client:
        assert client.get("/rest/api/3/myself").status_code == 401
        assert found(client, "project = PAY") == []
        assert client.get("/rest/api/3/issue/PAY-1").status_code == 404
        assert edit(client, "PAY-1", {"add": "a"}).status_code == 404
        assert client.get("/rest/api/2/serverInfo").json()["deploymentType"] == "Cloud"


def test_scoped_credentials_enter_through_the_gateway_only(clock):
    world = JiraWorld(clock, access=Access.SCOPED)
    world.create_issue(project="PAY")
    with connected(world) as client:
        answer = client.get("rest/api/3/issue/PAY-1")
        assert "/ex/jira/" in answer.json()["self"]
        site = str(client.base_url).split("/ex/")[0]
        assert client.get(f"{site}/rest/api/3/myself").status_code == 401
        cloud_id = client.get(f"{site}/_edge/tenant_info").json()["cloudId"]
        assert cloud_id in str(client.base_url)


def test_a_bearer_enters_through_the_gateway(clock):
    world = JiraWorld(clock, access=Access.OAUTH)
    with connected(world, headers={"Authorization": f"Bearer {world.token}"}) as client:
        assert client.get("rest/api/3/myself").status_code == 200
    with connected(world, headers={"Authorization": "Bearer wrong"}) as client:
        assert client.get("rest/api/3/myself").status_code == 401


# Searching


def test_pages_follow_their_tokens_to_the_last(world, client):
    for _ in range(5):
        world.create_issue(project="PAY")
    expected = [f"PAY-{number}" for number in range(1, 6)]
    assert found(client, "project = PAY ORDER BY id") == expected
    assert world.requests["search"] == 3


def test_search_gives_bare_ids_unless_asked(world, client):
    issue_id = world.create_issue(project="PAY")
    page = client.get(SEARCH, params={"jql": "project = PAY"}).json()
    assert page == {"issues": [{"id": issue_id}], "isLast": True}


def test_fields_are_those_asked_for(world, client):
    epic = world.create_issue(project="PAY", type="Epic")
    world.create_issue(project="PAY", parent=epic, labels=["b", "a", "B"], description="x\ny")
    query = [("jql", "parent = PAY-1"), ("fields", "labels,parent"), ("fields", "issuetype")]
    (issue,) = client.get(SEARCH, params=query).json()["issues"]
    assert issue["fields"]["labels"] == ["B", "a", "b"]
    assert issue["fields"]["parent"]["id"] == epic
    assert issue["fields"]["parent"]["fields"]["issuetype"]["hierarchyLevel"] == 1
    assert set(issue["fields"]) == {"labels", "parent", "issuetype"}


def test_a_description_is_a_document_in_version_3_and_a_text_in_version_2(world, client):
    world.create_issue(project="PAY", description="One\nTwo")
    old = client.get("/rest/api/2/issue/PAY-1").json()["fields"]["description"]
    new = client.get("/rest/api/3/issue/PAY-1").json()["fields"]["description"]
    assert old == "One\nTwo"
    assert [each["content"][0]["text"] for each in new["content"]] == ["One", "Two"]


def test_times_carry_milliseconds_and_the_sites_zone(world, client):
    world.create_issue(project="PAY", created=datetime(2026, 7, 1, 10, 0, 0, 5000, UTC))
    created = client.get("/rest/api/3/issue/PAY-1").json()["fields"]["created"]
    assert created == "2026-07-01T12:00:00.005+0200"


def test_search_lags_behind_and_direct_reads_do_not(world, clock, client):
    world.lag_seconds = 30
    world.create_issue(project="PAY", summary="old", labels=["x"])
    assert found(client, "project = PAY") == []
    clock.advance(timedelta(seconds=31))
    assert found(client, "labels = x") == ["PAY-1"]
    world.person_edits_labels("PAY-1", remove=["x"])
    assert found(client, "labels = x") == ["PAY-1"]
    assert client.get("/rest/api/3/issue/PAY-1").json()["fields"]["labels"] == []
    reconciled = {"reconcileIssues": [int(world.issue("PAY-1").id)]}
    assert found(client, "labels = x", **reconciled) == []
    world.flush_index()
    assert found(client, "labels = x") == []


def test_an_issue_deleted_between_pages_leaves_a_short_page(world, client):
    for _ in range(4):
        world.create_issue(project="PAY")
    body = {"jql": "project = PAY ORDER BY id", "fields": ["summary"]}
    token = client.post(SEARCH, json=body).json()["nextPageToken"]
    world.delete("PAY-3")
    world.flush_index()
    page = client.post(SEARCH, json=body | {"nextPageToken": token}).json()
    assert [issue["key"] for issue in page["issues"]] == ["PAY-4"]


@pytest.mark.parametrize("change", ["time", "question", "forgotten"])
def test_a_token_belongs_to_its_question_and_grows_old(world, clock, client, change):
    for _ in range(3):
        world.create_issue(project="PAY")
    body = {"jql": "project = PAY", "fields": ["summary"]}
    body["nextPageToken"] = client.post(SEARCH, json=body).json()["nextPageToken"]
    if change == "time":
        clock.advance(timedelta(days=8))
    elif change == "question":
        body["jql"] = "project = PAY ORDER BY id"
    else:
        world.pages.forget_all()
    assert client.post(SEARCH, json=body).status_code == 400


def test_an_unbounded_or_wrong_query_is_refused(client):
    for jql in ("", "ORDER BY updated", "project = NOPE"):
        answer = client.get(SEARCH, params={"jql": jql})
        assert answer.status_code == 400
        assert answer.json()["errorMessages"]


def test_a_count_counts(world, client):
    world.create_issue(project="PAY")
    answer = client.post("/rest/api/3/search/approximate-count", json={"jql": "project = PAY"})
    assert answer.json() == {"count": 1}


def test_the_old_search_is_gone(world, client):
    assert client.get("/rest/api/3/search", params={"jql": "project = PAY"}).status_code == 410
    assert world.protocol_breaches == ["the old search was called; it is gone"]


# Reading directly


def test_bulk_fetch_leaves_out_what_cannot_be_seen(world, client):
    ids = [world.create_issue(project="PAY") for _ in range(4)]
    world.hide(ids[1])
    world.delete(ids[2])
    body = {"issueIdsOrKeys": ["PAY-4", ids[2], ids[1], ids[0], "PAY-1"], "fields": ["labels"]}
    answer = client.post("/rest/api/3/issue/bulkfetch", json=body).json()
    assert [issue["id"] for issue in answer["issues"]] == [ids[0], ids[3]]
    assert answer["issueErrors"] == []


def test_bulk_fetch_tells_apart_what_it_could_not_read_this_time(world, client):
    issue_id = world.create_issue(project="PAY")
    world.stumble_over(issue_id)
    url, body = "/rest/api/3/issue/bulkfetch", {"issueIdsOrKeys": [issue_id]}
    first, second = (client.post(url, json=body).json() for _ in range(2))
    assert first["issues"] == []
    assert [error["id"] for error in first["issueErrors"]] == [issue_id]
    assert [issue["id"] for issue in second["issues"]] == [issue_id]


def test_bulk_fetch_takes_a_hundred(world, client):
    url = "/rest/api/3/issue/bulkfetch"
    assert client.post(url, json={"issueIdsOrKeys": ["PAY-1"] * 101}).status_code == 400
    assert client.post(url, json={"issueIdsOrKeys": []}).status_code == 400
    assert len(world.protocol_breaches) == 2


def test_a_hidden_issue_is_as_if_it_were_not(world, client):
    issue_id = world.create_issue(project="PAY")
    world.hide(issue_id)
    assert client.get(f"/rest/api/3/issue/{issue_id}").status_code == 404
    assert found(client, "project = PAY") == []
    world.show(issue_id)
    assert found(client, "project = PAY") == ["PAY-1"]


def test_a_moved_issue_answers_to_its_old_key_with_the_new_one(world, client):
    issue_id = world.create_issue(project="PAY")
    assert world.move(issue_id, "WEB") == "WEB-1"
    answer = client.get("/rest/api/3/issue/pay-1").json()
    assert (answer["id"], answer["key"]) == (issue_id, "WEB-1")
    assert [item.field for item in world.changes(issue_id)[0].items] == ["Key", "project"]
    world.rename_project("WEB", "SHOP")
    assert client.get("/rest/api/3/issue/web-1").json()["key"] == "SHOP-1"


def test_a_clone_brings_labels_without_a_history(world):
    original = world.create_issue(project="PAY")
    world.person_edits_labels(original, add=["okr:aligned"])
    copy = world.clone(original)
    assert world.labels(copy) == {"okr:aligned"}
    assert world.changes(copy) == ()


def test_deleting_takes_sub_tasks_along(world):
    story = world.create_issue(project="PAY")
    sub = world.create_issue(project="PAY", type="Sub-task", parent=story)
    world.delete(story)
    assert sub not in world.issues


def test_a_transition_resolves(world, client):
    issue_id = world.create_issue(project="PAY")
    world.transition(issue_id, "Done", "Duplicate")
    fields = client.get(f"/rest/api/3/issue/{issue_id}").json()["fields"]
    assert fields["status"]["statusCategory"]["key"] == "done"
    assert fields["resolution"]["name"] == "Duplicate"
    assert fields["resolutiondate"] == fields["updated"]


# Editing labels


def test_labels_are_added_and_removed_and_the_rest_stays(world, clock, client):
    world.create_issue(project="PAY", labels=["theirs", "old"])
    clock.advance(timedelta(minutes=1))
    answer = edit(client, "PAY-1", {"remove": "old"}, {"add": "new"}, {"remove": "absent"})
    assert (answer.status_code, answer.content) == (204, b"")
    issue = world.issue("PAY-1")
    assert issue.labels == {"theirs", "new"}
    assert issue.updated == NOW + timedelta(minutes=1)
    (write,) = world.writes
    assert (write.add, write.remove, write.account) == (("new",), ("old", "absent"), BOT)
    assert write.over_api
    assert world.protocol_breaches == []


def test_an_edit_that_changes_nothing_leaves_no_trace(world, clock, client):
    world.create_issue(project="PAY", labels=["a"])
    clock.advance(timedelta(minutes=1))
    assert edit(client, "PAY-1", {"add": "a"}, {"remove": "b"}).status_code == 204
    assert world.issue("PAY-1").updated == NOW
    assert world.changes("PAY-1") == ()


def test_the_issue_is_returned_if_asked(world, client):
    world.create_issue(project="PAY")
    answer = edit(client, "PAY-1", {"add": "a"}, returnIssue="true")
    assert answer.json()["fields"]["labels"] == ["a"]


def test_case_variants_are_different_labels(world, client):
    world.create_issue(project="PAY", labels=["ios"])
    edit(client, "PAY-1", {"add": "iOS"}, {"remove": "IOS"})
    assert world.labels("PAY-1") == {"ios", "iOS"}


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("two words", "The label 'two words' can't contain spaces."),
        ("x" * 256, "exceeds the maximum length for a single label of 255 characters"),
    ],
)
def test_one_bad_label_fails_the_whole_edit(world, client, label, message):
    world.create_issue(project="PAY")
    answer = edit(client, "PAY-1", {"add": "good"}, {"add": label})
    assert answer.status_code == 400
    assert message in answer.json()["errors"]["labels"]
    assert world.labels("PAY-1") == frozenset()


def test_the_whole_set_works_and_is_a_breach(world, client):
    world.create_issue(project="PAY", labels=["theirs"])
    answer = client.put("/rest/api/3/issue/PAY-1", json={"fields": {"labels": ["ours"]}})
    assert answer.status_code == 204
    assert world.labels("PAY-1") == {"ours"}
    edit(client, "PAY-1", {"set": ["a"]})
    assert world.protocol_breaches == ["the whole label set of PAY-1 was sent"] * 2


def test_a_field_stands_in_fields_or_update(world, client):
    world.create_issue(project="PAY")
    body = {"fields": {"labels": []}, "update": {"labels": []}}
    answer = client.put("/rest/api/3/issue/PAY-1", json=body)
    assert answer.status_code == 400
    assert "labels" in answer.json()["errors"]


def test_silence_without_permission_fails_the_whole_edit(world, client):
    world.create_issue(project="PAY")
    world.deny_silent_edits("PAY")
    answer = edit(client, "PAY-1", {"add": "a"}, notifyUsers="false")
    assert answer.status_code == 403
    assert "To discard the user notification" in answer.json()["errorMessages"][0]
    assert world.labels("PAY-1") == frozenset()
    assert edit(client, "PAY-1", {"add": "a"}, notifyUsers="true").status_code == 204


def test_other_fields_are_not_editable(world, client):
    world.create_issue(project="PAY")
    answer = client.put("/rest/api/3/issue/PAY-1", json={"fields": {"summary": "x"}})
    assert answer.status_code == 400
    assert world.protocol_breaches == ["an edit of the field summary was sent"]


# Histories


def test_the_changelog_tells_whole_sets_and_who(world, client):
    world.create_issue(project="PAY", labels=["b"])
    world.person_edits_labels("PAY-1", add=["a"], account=PRIYA)
    world.bot_edits_labels("PAY-1", remove=["b"])
    page = client.get("/rest/api/3/issue/PAY-1/changelog").json()
    assert (page["total"], page["isLast"]) == (2, True)
    assert [entry["author"]["accountId"] for entry in page["values"]] == [PRIYA.id, BOT.id]
    assert page["values"][0]["items"] == [
        {
            "field": "labels",
            "fieldtype": "jira",
            "fieldId": "labels",
            "from": None,
            "fromString": "b",
            "to": None,
            "toString": "a b",
        }
    ]
    updated = client.get("/rest/api/3/issue/PAY-1").json()["fields"]["updated"]
    assert updated < page["values"][1]["created"]


def test_the_changelog_is_paged_by_offset_and_expanded_backwards(world, client):
    world.create_issue(project="PAY")
    for label in "abc":
        world.person_edits_labels("PAY-1", add=[label])
    page = client.get("/rest/api/3/issue/PAY-1/changelog", params={"startAt": 2}).json()
    assert [entry["items"][0]["toString"] for entry in page["values"]] == ["a b c"]
    issue = client.get("/rest/api/3/issue/PAY-1", params={"expand": "changelog"}).json()
    newest = issue["changelog"]["histories"][0]
    assert newest["items"][0]["toString"] == "a b c"


def test_bulk_changelogs_are_filtered_paged_and_grouped(world, clock, client):
    for _ in range(2):
        world.create_issue(project="PAY")
    for label in "abc":
        for key in ("PAY-2", "PAY-1"):
            clock.advance(timedelta(seconds=1))
            world.person_edits_labels(key, add=[label])
            world.set_summary(key, f"About {label}")
    body = {"issueIdsOrKeys": ["PAY-1", "PAY-2"], "fieldIds": ["labels"], "maxResults": 4}
    url = "/rest/api/3/changelog/bulkfetch"
    first = client.post(url, json=body).json()
    last = client.post(url, json=body | {"nextPageToken": first["nextPageToken"]}).json()
    assert "nextPageToken" not in last
    told = {
        log["issueId"]: [
            item["toString"] for entry in log["changeHistories"] for item in entry["items"]
        ]
        for log in first["issueChangeLogs"]
    }
    assert told == {world.issue("PAY-1").id: ["a", "a b"], world.issue("PAY-2").id: ["a", "a b"]}
    assert [len(log["changeHistories"]) for log in last["issueChangeLogs"]] == [1, 1]
    created = first["issueChangeLogs"][0]["changeHistories"][0]["created"]
    assert created == round((NOW + timedelta(seconds=2, milliseconds=3)).timestamp() * 1000)


def test_bulk_changelogs_have_their_limits(world, client):
    url = "/rest/api/3/changelog/bulkfetch"
    many = {"issueIdsOrKeys": ["PAY-1"] * 1001}
    wide = {"issueIdsOrKeys": ["PAY-1"], "fieldIds": [f"f{n}" for n in range(11)]}
    assert [client.post(url, json=body).status_code for body in (many, wide)] == [400, 400]
    assert len(world.protocol_breaches) == 2


def test_a_parent_change_lacks_the_field_id(world, client):
    epic = world.create_issue(project="PAY", type="Epic")
    story = world.create_issue(project="PAY")
    world.set_parent(story, epic)
    page = client.get(f"/rest/api/3/issue/{story}/changelog").json()
    (item,) = page["values"][0]["items"]
    assert (item["field"], item["toString"]) == ("IssueParentAssociation", "PAY-1")
    assert "fieldId" not in item


# The site


def test_fields_and_projects_are_listed(world, client):
    world.create_project("PAY")
    world.create_project("WEB")
    fields = {each["name"]: each for each in client.get("/rest/api/3/field").json()}
    assert fields["Story Points"]["schema"]["type"] == "number"
    assert fields["Labels"]["custom"] is False
    page = client.get("/rest/api/3/project/search", params={"keys": "WEB"}).json()
    assert [each["key"] for each in page["values"]] == ["WEB"]


@pytest.mark.parametrize(
    ("request_line", "body", "status"),
    [
        ("GET /rest/api/3/issues", None, 404),
        ("DELETE /rest/api/3/issue/PAY-1", None, 404),
        (f"GET {SEARCH}?jql=project=PAY&startAt=0", None, 400),
        (f"POST {SEARCH}", {"jql": "project = PAY", "total": True}, 400),
        ("POST /rest/api/3/issue/bulkfetch", ["PAY-1"], 400),
        ("PUT /rest/api/3/issue/PAY-1", {"update": {"labels": [{"push": "a"}]}}, 400),
        ("PUT /rest/api/3/issue/PAY-1", {"update": {"labels": [{"add": 1}]}}, 400),
    ],
)
def test_what_is_outside_the_contract_is_refused_and_noted(
    world, client, request_line, body, status
):
    method, url = request_line.split(" ")
    world.create_issue(project="PAY")
    assert client.request(method, url, json=body).status_code == status
    assert len(world.protocol_breaches) == 1


def test_the_example_company_is_the_same_for_the_same_seed(clock):
    def titles(seed: int) -> list[tuple[str, str, frozenset[str]]]:
        with JIRA.open(seed=seed, clock=clock) as running:
            issues = running.world.issues.values()
            assert running.settings["scopes"] == ["PAY", "WEB"]
            return [(issue.key, issue.summary, issue.labels) for issue in issues]

    first = titles(1)
    assert 150 <= len(first) <= 220
    assert first == titles(1) != titles(2)


def test_the_example_company_has_a_past(clock):
    with JIRA.open(clock=clock) as running:
        world: JiraWorld = running.world
        assert all(issue.created <= issue.updated <= NOW for issue in world.issues.values())
        assert all(
            (change.at < NOW and change.account != BOT)
            for issue in world.issues
            for change in world.changes(issue)
        )
        assert any(world.changes(issue) for issue in world.issues)
        assert world.writes == []


def test_a_persons_edit_is_dated_and_signed(world, clock):
    world.create_issue(project="PAY")
    clock.advance(timedelta(hours=1))
    world.person_edits_labels("PAY-1", add=["a"])
    (change,) = world.changes("PAY-1")
    assert change.account == MIRA
    assert change.at - world.issue("PAY-1").updated == timedelta(milliseconds=3)


def test_a_generated_tenant_has_the_size_asked_for(clock):
    world = generated(500, seed=4, clock=clock)
    assert len(world.issues) == 500
    with connected(world) as client:
        keys = found(client, "project = GEN1 ORDER BY updated ASC, id ASC", maxResults=100)
    assert len(set(keys)) == 500
    assert world.requests["search"] == 5
