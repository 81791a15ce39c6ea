"""Items as search and direct reads show them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime

import orjson
import pytest
import responses
from responses import matchers

from okrsync.core.work import Category, ItemRef
from okrsync.errors import TrackerRefusedError, TrackerUnavailableError
from okrsync.testing.tracker_world import shown_items
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.people import BOT, PEOPLE

SITE = "https://shop.example"
SEARCH = f"{SITE}/rest/api/3/search/jql"
FETCH = f"{SITE}/rest/api/3/issue/bulkfetch"
US = {"X-AAccountId": "us"}
AT = datetime(2026, 11, 2, 9, 30, 15, 123_000, tzinfo=UTC)


def issue(id_: int, **fields):
    return {
        "id": str(id_),
        "key": f"PAY-{id_}",
        "self": f"https://api.example/{id_}",
        "fields": {
            "summary": "Something",
            "status": {"name": "To Do", "statusCategory": {"key": "new"}},
            "issuetype": {"name": "Story"},
            "project": {"id": "1", "key": "PAY", "name": "Payments"},
            "created": "2026-04-24T12:01:32.764+0200",
            "updated": "2026-04-24T12:01:32.764+0200",
            "labels": [],
        }
        | fields,
    }


@pytest.fixture
def jira():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{SITE}/rest/api/3/myself", json={"accountId": "us"}, headers=US)
        yield mock


class TestItem:
    def test_everything_that_matters_is_there(self, desk, url, world) -> None:
        epic = world.create_issue(project="PAY", type="Epic", summary="One-tap payment")
        story = world.create_issue(
            project="PAY",
            summary="Pay with one tap",
            labels=["ios", "iOS", "okr:aligned"],
            parent=epic,
            components=["wallet", "checkout"],
            status="In Progress",
            due=date(2026, 12, 1),
            description="Serves KR-1.\nSoon.",
            created=AT,
            updated=AT,
        )

        item = next(desk.open(url).read([story]))

        assert item.ref == ItemRef("shop-jira", story)
        assert (item.key, item.scope, item.projects) == ("PAY-2", "PAY", ("PAY", "Payments"))
        assert (item.title, item.type, item.status) == ("Pay with one tap", "Story", "In Progress")
        assert item.category is Category.DOING
        assert item.labels == {"ios", "iOS", "okr:aligned"}
        assert item.parent == ItemRef("shop-jira", epic)
        assert item.components == ("wallet", "checkout")
        assert item.due == date(2026, 12, 1)
        assert (item.created, item.updated) == (AT, AT)
        assert item.url == f"{url}/browse/PAY-2"
        assert item.text is None
        assert item.resolved is None

    def test_the_description_comes_only_if_asked_for(self, desk, url, world) -> None:
        id_ = world.create_issue(project="PAY", description="Serves KR-1.\nSoon.")

        assert next(desk.open(url, with_text=True).read([id_])).text == "Serves KR-1.\nSoon."

    @pytest.mark.parametrize(
        ("status", "resolution", "category"),
        [
            ("To Do", None, Category.TODO),
            ("In Review", None, Category.DOING),
            ("Done", "Done", Category.DONE),
            ("Done", None, Category.DONE),
            ("Done", "Won't Do", Category.CANCELLED),
            ("Done", "DUPLICATE", Category.CANCELLED),
            ("In Progress", "Won't Do", Category.DOING),
        ],
    )
    def test_cancelled_is_not_done(self, desk, url, world, *, status, resolution, category) -> None:
        id_ = world.create_issue(
            project="PAY", status=status, resolution=resolution, updated=AT, created=AT
        )

        item = next(desk.open(url).read([id_]))

        assert item.category is category
        assert item.resolved == (AT if resolution and category.ended else None)

    def test_nothing_of_any_person_is_in_an_item(self, desk, url, world) -> None:
        id_ = world.create_issue(
            project="PAY", description="x", custom={"customfield_10031": "Wallet"}
        )
        world.person_edits_labels(id_, add=["okr:KR-1"])
        tracker = desk.open(url, with_text=True, fields={"team": "Team"})

        shown = str(asdict(next(tracker.read([id_]))) | asdict(next(shown_items(tracker, "PAY"))))

        for person in (*PEOPLE, BOT):
            for mark in (person.id, person.name, person.email):
                assert mark not in shown


class TestFields:
    def test_by_name_or_id_whatever_the_case(self, desk, url, world) -> None:
        custom = {
            "customfield_10016": 3.0,
            "customfield_10031": "Wallet",
            "customfield_10050": "H-1",
        }
        id_ = world.create_issue(project="PAY", custom=custom)
        wanted = {"goal": "okr", "team": "TEAM", "estimate": "customfield_10016"}

        item = next(desk.open(url, fields=wanted).read([id_]))

        assert item.team == "Wallet"
        assert item.estimate == 3.0
        assert item.fields == {"goal": ("H-1",), "team": ("Wallet",)}

    def test_an_empty_field_is_no_value(self, desk, url, world) -> None:
        world.create_issue(project="PAY")

        item = next(
            shown_items(desk.open(url, fields={"goal": "OKR", "estimate": "Story points"}), "PAY")
        )

        assert (item.fields, item.team, item.estimate) == ({}, None, None)

    def test_an_unknown_field_is_refused_with_the_nearest(self, desk, url, world) -> None:
        world.create_project("PAY")
        with pytest.raises(TrackerRefusedError) as raised:
            desk.open(url, fields={"estimate": "Story Point"}).check()

        assert raised.value.hint == "Did you mean 'Story Points'?"

    def test_two_fields_of_one_name_are_refused_with_their_ids(self, desk, jira) -> None:
        listed = [
            {"id": f"customfield_{n}", "name": name} for n, name in ((7, "Size"), (3, "size"))
        ]
        jira.get(f"{SITE}/rest/api/3/field", json=listed)

        with pytest.raises(TrackerRefusedError) as raised:
            next(shown_items(desk.open(fields={"estimate": "Size"}), "PAY"))

        assert "customfield_3, customfield_7" in (raised.value.hint or "")

    @pytest.mark.parametrize("schema", [{"type": "user"}, {"type": "array", "items": "user"}])
    def test_a_field_that_holds_people_is_refused(self, desk, jira, schema) -> None:
        jira.get(f"{SITE}/rest/api/3/field", json=[{"id": "a", "name": "Owner", "schema": schema}])

        with pytest.raises(TrackerRefusedError, match="holds people"):
            next(shown_items(desk.open(fields={"owner": "Owner"}), "PAY"))

    @pytest.mark.parametrize(
        ("value", "texts"),
        [
            ("H-1", ("H-1",)),
            (3.0, ("3",)),
            (0.5, ("0.5",)),
            ({"value": "Wallet"}, ("Wallet",)),
            ({"id": "7", "name": "Wallet team"}, ("Wallet team",)),
            ([{"value": "a"}, {"value": "b"}], ("a", "b")),
            ({"value": "a", "child": {"value": "b"}}, ("a", "b")),
            (["x", "y"], ("x", "y")),
            ({"type": "doc", "content": [{"type": "text", "text": "H-1"}]}, ("H-1",)),
            ({"accountId": "5f0c", "displayName": "Mira"}, ()),
            ([], ()),
            (None, ()),
        ],
    )
    def test_values_of_every_shape_become_texts(self, desk, jira, value, texts) -> None:
        jira.get(f"{SITE}/rest/api/3/field", json=[{"id": "customfield_1", "name": "Goal"}])
        jira.post(SEARCH, json={"issues": [issue(1, customfield_1=value)]}, headers=US)

        item = next(shown_items(desk.open(fields={"goal": "Goal"}), "PAY"))

        assert item.fields.get("goal", ()) == texts


class TestPull:
    def test_every_item_of_the_scope_comes_once_over_many_pages(self, desk, url, world) -> None:
        ids = {world.create_issue(project="PAY") for _ in range(25)}
        world.create_issue(project="WEB")

        pulled = [item.ref.id for item in shown_items(desk.open(url, page_size=7), "PAY")]

        assert len(pulled) == 25
        assert set(pulled) == ids
        assert desk.sent["search"] == 4
        assert world.protocol_breaches == []

    def test_the_settings_narrow_the_scope(self, desk, url, world) -> None:
        world.create_issue(project="PAY", type="Story")
        world.create_issue(project="PAY", type="Bug")

        narrow = desk.open(url, jql="issuetype = Bug OR labels = nowhere")

        assert [item.type for item in shown_items(narrow, "PAY")] == ["Bug"]

    def test_a_search_that_jira_refuses_is_no_empty_scope(self, desk, url, world) -> None:
        world.create_project("PAY")
        with pytest.raises(TrackerRefusedError, match="400"):
            list(shown_items(desk.open(url, jql="issuetype = Nonsense"), "PAY"))

    def test_nothing_but_what_is_needed_is_asked_for(self, desk, jira) -> None:
        asked = matchers.json_params_matcher(
            {"maxResults": 50, "jql": 'project = "PAY" AND (x = "y") ORDER BY id ASC'},
            strict_match=False,
        )
        jira.post(SEARCH, match=[asked], json={"issues": [], "isLast": True}, headers=US)

        assert list(shown_items(desk.open(jql='x = "y"', page_size=50), "PAY")) == []
        fields = orjson.loads(jira.calls[-1].request.body)["fields"]
        assert "labels" in fields
        assert {"assignee", "reporter", "creator", "description"}.isdisjoint(fields)

    def test_an_empty_or_short_page_with_a_token_is_not_the_last(self, desk, jira) -> None:
        jira.post(SEARCH, json={"issues": [], "nextPageToken": "a"}, headers=US)
        jira.post(SEARCH, json={"issues": [issue(1)], "nextPageToken": "b"}, headers=US)
        jira.post(SEARCH, json={"issues": [], "nextPageToken": "c"}, headers=US)
        jira.post(SEARCH, json={"issues": [issue(2)], "nextPageToken": None}, headers=US)

        assert [item.ref.id for item in shown_items(desk.open(), "PAY")] == ["1", "2"]

    def test_an_item_on_two_pages_is_no_mistake(self, desk, jira) -> None:
        jira.post(SEARCH, json={"issues": [issue(1)], "nextPageToken": "a"}, headers=US)
        jira.post(SEARCH, json={"issues": [issue(1), issue(2)]}, headers=US)

        assert [item.ref.id for item in shown_items(desk.open(), "PAY")] == ["1", "1", "2"]

    def test_a_token_that_comes_twice_ends_in_an_error(self, desk, jira) -> None:
        jira.post(SEARCH, json={"issues": [issue(1)], "nextPageToken": "a"}, headers=US)
        jira.post(SEARCH, json={"issues": [issue(2)], "nextPageToken": "a"}, headers=US)

        with pytest.raises(TrackerUnavailableError, match="twice"):
            list(shown_items(desk.open(), "PAY"))

    @pytest.mark.parametrize(
        ("answer", "error", "message"),
        [
            ({"issues": [], "isLast": False}, TrackerUnavailableError, "incomplete"),
            (
                {"issues": [], "warnings": [{"type": "JQL_FUNCTION_LIMIT_EXCEEDED"}]},
                TrackerRefusedError,
                "JQL_FUNCTION_LIMIT_EXCEEDED",
            ),
            ({}, TrackerUnavailableError, "understood"),
            (
                {"issues": [{"id": "1", "key": "PAY-1", "fields": {}}]},
                TrackerRefusedError,
                "KeyError",
            ),
            ({"issues": [issue(1, updated="yesterday")]}, TrackerRefusedError, "ValueError"),
            ({"issues": [issue(1, status=None)]}, TrackerRefusedError, "TypeError"),
        ],
    )
    def test_an_incomplete_or_odd_answer_is_no_small_scope(
        self, desk, jira, answer, error, message
    ) -> None:
        jira.post(SEARCH, json=answer, headers=US)

        with pytest.raises(error, match=message):
            list(shown_items(desk.open(), "PAY"))

    def test_an_expired_token_starts_the_pull_anew_and_nothing_is_missed(
        self, desk, url, world
    ) -> None:
        ids = [world.create_issue(project="PAY") for _ in range(9)]
        world.faults.put(Fault(FaultKind.EXPIRED_TOKEN, on="search.page"))

        pulled = [item.ref.id for item in shown_items(desk.open(url, page_size=4), "PAY")]

        assert pulled == ids[:4] + ids
        assert desk.sent["search"] == 5

    def test_a_token_that_always_expires_ends_in_an_error(self, desk, url, world) -> None:
        for _ in range(9):
            world.create_issue(project="PAY")
        world.faults.put(Fault(FaultKind.EXPIRED_TOKEN, on="search.page", times=99))

        with pytest.raises(TrackerRefusedError, match="token"):
            list(shown_items(desk.open(url, page_size=4), "PAY"))

        assert desk.sent["search"] == 8

    @pytest.mark.parametrize(
        "kind", [FaultKind.TRUNCATED, FaultKind.MALFORMED, FaultKind.RESET_AFTER, FaultKind.STATUS]
    )
    def test_a_page_that_breaks_is_asked_for_again(self, desk, url, world, kind) -> None:
        ids = [world.create_issue(project="PAY") for _ in range(9)]
        world.faults.put(Fault(kind, on="search.page"))

        assert [item.ref.id for item in shown_items(desk.open(url, page_size=4), "PAY")] == ids
        assert len(desk.waits) == 1

    def test_an_error_that_stays_is_raised(self, desk, url, world) -> None:
        for _ in range(9):
            world.create_issue(project="PAY")
        world.faults.put(Fault(FaultKind.STATUS, on="search.page", times=99))

        with pytest.raises(TrackerUnavailableError):
            list(shown_items(desk.open(url, page_size=4), "PAY"))

    @pytest.mark.parametrize("read", [lambda t: shown_items(t, "PAY"), lambda t: t.read(["10000"])])
    def test_what_jira_shows_to_anybody_is_not_believed(self, desk, url, world, read) -> None:
        world.create_issue(project="PAY")
        tracker = desk.open(url)
        tracker.check()
        world.token = "revoked"

        with pytest.raises(TrackerRefusedError, match="401"):
            list(read(tracker))

    def test_an_answer_that_does_not_say_to_whom_is_checked(self, desk, jira) -> None:
        jira.post(SEARCH, json={"issues": [issue(1)]})

        assert [item.key for item in shown_items(desk.open(), "PAY")] == ["PAY-1"]
        assert desk.sent == {"other": 2, "search": 1}

    def test_an_answer_to_another_account_is_refused(self, desk, jira) -> None:
        jira.get(f"{SITE}/rest/api/3/myself", json={"accountId": "somebody"})
        jira.post(SEARCH, json={"issues": []}, headers={"X-AAccountId": "somebody"})

        with pytest.raises(TrackerRefusedError, match="another account"):
            list(shown_items(desk.open(), "PAY"))


class TestRead:
    def test_any_number_of_ids_in_batches_that_jira_takes(self, desk, url, world) -> None:
        ids = [world.create_issue(project="PAY") for _ in range(230)]

        read = {item.ref.id for item in desk.open(url).read([*ids, *ids])}

        assert read == set(ids)
        assert desk.sent["read"] == 3
        assert world.protocol_breaches == []

    def test_what_is_not_there_is_left_out(self, desk, url, world) -> None:
        there, hidden, gone = (world.create_issue(project="PAY") for _ in range(3))
        world.hide(hidden)
        world.delete(gone)

        read = desk.open(url).read([there, hidden, gone, "99999999", "project:6f2c", "PAY-1"])

        assert [item.ref.id for item in read] == [there]

    def test_nothing_asked_is_nothing_sent(self, desk, url, world) -> None:
        assert list(desk.open(url).read(["PAY-1", ""])) == []
        assert desk.sent["read"] == 0

    def test_a_moved_issue_keeps_its_id_and_has_its_new_key(self, desk, url, world) -> None:
        id_ = world.create_issue(project="PAY")
        key = world.move(id_, "WEB")

        item = next(desk.open(url).read([id_]))

        assert (item.ref.id, item.key, item.scope) == (id_, key, "WEB")

    def test_a_direct_read_does_not_lag(self, desk, url, world) -> None:
        world.lag_seconds = 3600
        id_ = world.create_issue(project="PAY")
        world.flush_index()
        world.person_edits_labels(id_, add=["okr:KR-1"])
        tracker = desk.open(url)

        assert next(shown_items(tracker, "PAY")).labels == frozenset()
        assert next(tracker.read([id_])).labels == {"okr:KR-1"}

    def test_another_issue_than_the_one_asked_for_is_left_out(self, desk, jira) -> None:
        jira.post(FETCH, json={"issues": [issue(2)], "issueErrors": []}, headers=US)

        assert list(desk.open().read(["1"])) == []

    def test_what_jira_could_not_read_is_asked_for_again(self, desk, jira) -> None:
        errors = [{"id": "2", "errorMessage": "too much"}]
        jira.post(FETCH, json={"issues": [issue(1)], "issueErrors": errors}, headers=US)
        jira.post(FETCH, json={"issues": [issue(2)], "issueErrors": []}, headers=US)

        assert [item.ref.id for item in desk.open().read(["1", "2"])] == ["1", "2"]
        assert orjson.loads(jira.calls[-1].request.body)["issueIdsOrKeys"] == ["2"]

    def test_what_jira_can_never_read_is_an_error_and_not_a_missing_item(self, desk, jira) -> None:
        jira.post(FETCH, json={"issues": [], "issueErrors": [{"id": "2"}]}, headers=US)

        with pytest.raises(TrackerUnavailableError, match="could not read 1"):
            list(desk.open().read(["2"]))
        assert len(desk.waits) == 5


def test_a_field_that_is_renamed_into_anothers_place_changes_the_digest(desk, url, world) -> None:
    id_ = world.create_issue(project="PAY")
    numbers = {}
    for given in ({"goal": "OKR", "team": "Story points"}, {"team": "OKR", "goal": "Story points"}):
        (seen,) = desk.open(url, fields=given).pull("PAY")
        numbers[given["goal"]] = seen.digest
        assert seen.id == id_
    assert len(set(numbers.values())) == 2
