"""The simulated Data Center has what the real one has, and lacks what it lacks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import Deployment, JiraWorld, serve_world
from okrsync_simulators.jira.limits import AccountBucket
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
ME = {"Authorization": "Bearer simulated-token"}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def world(clock) -> JiraWorld:
    return JiraWorld(clock, deployment=Deployment.DATACENTER)


@pytest.fixture
def jira(world) -> Iterator[httpx.Client]:
    with (
        serve_world(world) as running,
        httpx.Client(base_url=f"{running.url}/rest/api/2", headers=ME) as client,
    ):
        assert running.settings["deployment"] == "datacenter"
        assert "email" not in running.settings
        yield client


def search(jira: httpx.Client, jql: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = jira.post("/search", json={"jql": jql, **more}).json()
    return found


def test_it_says_that_it_is_a_server_and_who_is_asking(jira) -> None:
    answer = jira.get("/serverInfo")
    assert answer.json()["deploymentType"] == "Server"
    assert answer.headers["X-AUSERNAME"] == "okrs"
    me = jira.get("/myself").json()
    assert (me["name"], me["key"]) == ("okrs", BOT.id)
    assert "accountId" not in me


def test_a_wrong_token_is_refused_and_no_token_is_nobody(jira, world) -> None:
    world.create_issue(project="PAY")
    assert jira.get("/serverInfo", headers={"Authorization": "Bearer x"}).status_code == 401
    nobody = httpx.post(f"{jira.base_url}search", json={"jql": "project = PAY"})
    assert nobody.headers["X-AUSERNAME"] == "anonymous"
    assert nobody.json()["total"] == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/search/jql"),
        ("POST", "/issue/bulkfetch"),
        ("POST", "/changelog/bulkfetch"),
        ("POST", "/bulk/issues/fields"),
        ("GET", "/bulk/queue/7"),
        ("GET", "/project/search"),
        ("GET", "/label"),
    ],
)
def test_what_only_cloud_has_is_not_there(jira, world, method, path) -> None:
    answer = jira.request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == 404
    assert len(world.protocol_breaches) == 1


def test_version_3_is_not_there(jira, world) -> None:
    assert httpx.get(str(jira.base_url).replace("/2/", "/3/") + "myself").status_code == 404


def test_pages_shift_while_issues_leave(jira, world) -> None:
    ids = [world.create_issue(project="PAY") for _ in range(4)]
    jql = "project = PAY ORDER BY key"
    first = search(jira, jql, maxResults=2)
    world.delete(ids[0])
    second = search(jira, jql, maxResults=2, startAt=2)
    assert [each["id"] for each in first["issues"]] == ids[:2]
    assert [each["id"] for each in second["issues"]] == ids[3:]
    assert (first["total"], second["total"]) == (4, 3)


def test_one_unknown_id_spoils_a_search_unless_it_is_not_validated(jira, world) -> None:
    id_ = world.create_issue(project="PAY")
    jql = f"id in ({id_}, 99999999)"
    assert jira.post("/search", json={"jql": jql}).status_code == 400
    assert [each["id"] for each in search(jira, jql, validateQuery=False)["issues"]] == [id_]


def test_epics_and_parents_are_named_by_fields_that_only_their_schema_tells(jira, world) -> None:
    top = world.create_issue(project="PAY", type="Initiative")
    epic = world.create_issue(project="PAY", type="Epic", parent=top)
    story = world.create_issue(project="PAY", parent=epic)
    sub_task = world.create_issue(project="PAY", type="Sub-task", parent=story)
    kinds = {e["schema"].get("custom", ""): e["id"] for e in jira.get("/field").json()}
    epic_link = kinds["com.pyxis.greenhopper.jira:gh-epic-link"]
    parent_link = kinds["com.atlassian.jpo:jpo-custom-field-parent"]

    def fields(id_: str) -> dict[str, Any]:
        shown: dict[str, Any] = jira.get(f"/issue/{id_}").json()["fields"]
        return shown

    assert (fields(epic)[parent_link], fields(epic)[epic_link]) == ("PAY-1", None)
    assert (fields(story)[parent_link], fields(story)[epic_link]) == (None, "PAY-2")
    assert "parent" not in fields(story)
    assert fields(sub_task)["parent"]["id"] == story
    assert "statuscategorychangedate" not in fields(story)
    assert "hierarchyLevel" not in fields(story)["issuetype"]


def test_texts_are_wiki_text_and_histories_come_with_a_search(jira, world) -> None:
    id_ = world.create_issue(project="PAY", description="*bold*")
    world.person_edits_labels(id_, add=["a"])
    (found,) = search(jira, f"id = {id_}", expand=["changelog"], fields=["description"])["issues"]
    (entry,) = found["changelog"]["histories"]
    assert found["fields"] == {"description": "*bold*"}
    assert entry["author"]["name"] == "mira"
    assert entry["items"] == [
        {
            "field": "labels",
            "fieldtype": "jira",
            "from": None,
            "fromString": "",
            "to": None,
            "toString": "a",
        }
    ]


def test_labels_that_are_not_on_the_screen_cannot_be_edited(jira, world) -> None:
    id_ = world.create_issue(project="PAY")
    body = {"update": {"labels": [{"add": "a"}]}}
    world.take_labels_off_screen("PAY")
    refused = jira.put(f"/issue/{id_}", json=body)
    assert refused.status_code == 400
    assert "not on the appropriate screen" in refused.json()["errors"]["labels"]
    assert "labels" not in jira.get(f"/issue/{id_}/editmeta").json()["fields"]
    assert world.labels(id_) == frozenset()


def test_a_hidden_issue_is_refused_and_a_deleted_one_denied(jira, world) -> None:
    hidden, gone = world.create_issue(project="PAY"), world.create_issue(project="PAY")
    world.hide(hidden)
    world.delete(gone)
    assert jira.get(f"/issue/{hidden}").status_code == 403
    assert jira.get(f"/issue/{gone}").status_code == 404


def test_a_label_with_a_space_is_refused_in_its_own_words(jira, world) -> None:
    id_ = world.create_issue(project="PAY")
    refused = jira.put(f"/issue/{id_}", json={"update": {"labels": [{"add": "a b"}]}})
    assert refused.json()["errors"]["labels"] == "The label 'a b' contains spaces which is invalid."


def test_the_bucket_empties_and_is_filled_up_again(jira, world, clock) -> None:
    world.limits = AccountBucket(most=3, fill=2, every=timedelta(seconds=4))
    answers = [jira.get("/myself") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each.headers["X-RateLimit-Remaining"] for each in answers] == ["2", "1", "0", "0"]
    assert answers[3].headers["retry-after"] == "4"
    assert answers[3].headers["X-RateLimit-FillRate"] == "2"
    clock.advance(timedelta(seconds=4))
    assert [jira.get("/myself").status_code for _ in range(3)] == [200, 200, 429]
