"""Jira Data Center is read to the truth and written several issues at a time, as Cloud is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import pytest
import responses

from okrsync.core.pace import Pace
from okrsync.core.work import ItemRef, LabelChange
from okrsync.errors import TrackerRefusedError
from okrsync.ports.tracker import Budget, EditOutcome, TaskState
from okrsync.testing.tracker_world import shown_items
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.jira import Deployment, JiraWorld
from okrsync_simulators.jira.limits import AccountBucket
from okrsync_simulators.people import MIRA

if TYPE_CHECKING:
    from okrsync_jira.tracker import JiraTracker

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
SITE = "https://jira.shop.example/tracker"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def world(clock) -> JiraWorld:
    world = JiraWorld(clock, deployment=Deployment.DATACENTER)
    for key in ("PAY", "WEB"):
        world.create_project(key)
    return world


@pytest.fixture
def opened(desk, url, world):
    def opened(**settings) -> JiraTracker:
        return desk.open(url, **{"email": None, "deployment": None} | settings)

    yield opened
    assert world.protocol_breaches == []


class TestAdmission:
    def test_the_kind_of_jira_is_asked_of_the_server(self, opened, desk, world) -> None:
        opened().check()

        assert world.requests["serverInfo"] >= 1
        assert world.requests["project"] == 1

    def test_a_kind_that_is_named_is_not_asked_for(self, opened, world) -> None:
        list(shown_items(opened(deployment="datacenter"), "PAY"))

        assert world.requests["serverInfo"] == 0

    def test_the_wrong_name_is_refused_with_the_right_one(self, desk, url) -> None:
        with pytest.raises(TrackerRefusedError) as raised:
            desk.open(url, email=None, deployment="cloud").check()
        assert "`deployment: datacenter`" in (raised.value.hint or "")

    def test_wrong_tokens_are_refused_with_advice_on_personal_ones(self, opened) -> None:
        with pytest.raises(TrackerRefusedError) as raised:
            opened(token="wrong").check()
        assert "personal access token" in (raised.value.hint or "")

    def test_a_scope_that_cannot_be_seen_is_named_with_the_nearest(self, opened) -> None:
        with pytest.raises(TrackerRefusedError) as raised:
            opened(scopes=["PAI"]).check()
        assert "Did you mean PAY?" in (raised.value.hint or "")

    @pytest.mark.parametrize("kind", ["Server", "DataCenter"])
    def test_either_word_for_it_is_understood(self, desk, kind) -> None:
        api = f"{SITE}/rest/api/2"
        me = {"key": "JIRAUSER10100", "name": "okrs", "timeZone": "Europe/Berlin"}
        with responses.RequestsMock() as jira:
            jira.get(f"{api}/serverInfo", json={"deploymentType": kind})
            jira.get(f"{api}/myself", json=me)
            jira.get(f"{api}/project", json=[{"key": "PAY", "name": "Payments"}])
            jira.get(f"{api}/field", json=[])
            account = desk.open(SITE, email=None, deployment=None).check()
        assert (account.id, account.time_zone) == ("JIRAUSER10100", "Europe/Berlin")

    def test_another_kind_of_server_is_refused(self, desk) -> None:
        with responses.RequestsMock() as jira:
            jira.get(f"{SITE}/rest/api/2/serverInfo", json={"deploymentType": "Toaster"})
            with pytest.raises(TrackerRefusedError, match="Toaster"):
                desk.open(SITE, deployment=None).check()

    def test_a_server_that_cannot_be_reached_fails_each_edit(self, desk, edit) -> None:
        tracker = desk.open("http://127.0.0.1:1", deployment=None)

        results = list(tracker.apply([edit("1", "a"), edit("2", "a")]))

        assert [each.outcome for each in results] == [EditOutcome.FAILED] * 2


class TestAbove:
    def test_sub_tasks_epics_and_parent_links_are_what_is_above(self, opened, world) -> None:
        top = world.create_issue(project="WEB", type="Initiative")
        epic = world.create_issue(project="PAY", type="Epic", parent=top)
        story = world.create_issue(project="PAY", parent=epic)
        sub_task = world.create_issue(project="PAY", type="Sub-task", parent=story)
        world.catalog.type_named("Initiative")

        pulled = {item.ref.id: item.parent for item in shown_items(opened(), "PAY")}
        read = {item.ref.id: item.parent for item in opened().read([top, epic, story, sub_task])}

        above = {epic: top, story: epic, sub_task: story}
        assert pulled == {id_: ItemRef("shop-jira", up) for id_, up in above.items()}
        assert read == {top: None, **pulled}

    def test_many_epics_elsewhere_are_looked_up_together(self, opened, world) -> None:
        epics = [world.create_issue(project="WEB", type="Epic") for _ in range(30)]
        for epic in epics:
            world.create_issue(project="PAY", parent=epic)

        pulled = [item.parent for item in shown_items(opened(), "PAY")]

        assert pulled == [ItemRef("shop-jira", epic) for epic in epics]
        assert world.requests["search"] == 2
        assert world.requests["issue.get"] == 0

    def test_an_epic_is_found_under_its_new_key_while_search_knows_the_old(
        self, opened, world
    ) -> None:
        epic = world.create_issue(project="WEB", type="Epic")
        story = world.create_issue(project="PAY", parent=epic)
        world.flush_index()
        world.lag_seconds = 1e9
        world.move(epic, "OPS")

        pulled = {item.ref.id: item.parent for item in shown_items(opened(), "PAY")}

        assert pulled == {story: ItemRef("shop-jira", epic)}

    def test_a_key_that_changed_between_two_reads_still_names_the_epic(self, opened, world) -> None:
        epic = world.create_issue(project="PAY", type="Epic")
        story = world.create_issue(project="WEB", parent=epic)
        tracker = opened(scopes=["WEB"])
        first = [item.parent for item in shown_items(tracker, "WEB")]
        world.rename_project("PAY", "CASH")
        world.create_project("PAY")

        assert [item.parent for item in tracker.read([story])] == first
        assert first == [ItemRef("shop-jira", epic)]

    def test_an_epic_that_cannot_be_seen_is_above_nobody(self, opened, world) -> None:
        epic = world.create_issue(project="WEB", type="Epic")
        world.create_issue(project="PAY", parent=epic)
        world.create_issue(project="PAY", parent=epic)
        world.hide(epic)

        assert [item.parent for item in shown_items(opened(), "PAY")] == [None, None]


class TestReading:
    def test_what_is_unknown_hidden_or_gone_hides_nothing_else(self, opened, world) -> None:
        there, hidden, gone, last = (world.create_issue(project="PAY") for _ in range(4))
        world.hide(hidden)
        world.delete(gone)

        read = opened().read([there, hidden, gone, "99999999", "PAY-1", "project:6f", last])

        assert [item.ref.id for item in read] == [there, last]

    def test_a_refusal_of_what_search_shows_is_an_error(self, opened, world) -> None:
        id_ = world.create_issue(project="PAY")
        world.faults.put(Fault(FaultKind.STATUS, "issue.get", status=403, body=b"{}"))

        with pytest.raises(TrackerRefusedError):
            list(opened().read([id_]))

    def test_wiki_text_is_read_as_plain_text(self, opened, desk, url, world) -> None:
        text = "h1. Why\n*Serves* _KR-1_ for [~mira], see [the note|https://x.example/KR-2]."
        id_ = world.create_issue(project="PAY", description=text)

        tracker = desk.open(url, email=None, deployment=None, with_text=True)

        assert next(tracker.read([id_])).text == "Why\nServes KR-1 for  , see the note."

    def test_an_answer_to_somebody_else_is_refused(self, desk) -> None:
        api = f"{SITE}/rest/api/2"
        ours, anonymous = {"X-AUSERNAME": "okrs"}, {"X-AUSERNAME": "anonymous"}
        with responses.RequestsMock() as jira:
            jira.get(f"{api}/myself", json={"key": "us", "name": "okrs"}, headers=ours)
            jira.get(f"{api}/field", json=[], headers=ours)
            jira.get(f"{api}/issue/1", status=404, json={"errorMessages": ["No"]}, headers=ours)
            empty = {"issues": [], "total": 0, "maxResults": 100}
            jira.post(f"{api}/search", json=empty, headers=anonymous)
            jira.get(f"{api}/myself", json={"key": "them", "name": "anonymous"}, headers=anonymous)
            tracker = desk.open(SITE, email=None, deployment="datacenter")
            assert list(tracker.read(["1"])) == []
            with pytest.raises(TrackerRefusedError, match="another account"):
                list(shown_items(tracker, "PAY"))

    def test_custom_fields_are_read_as_on_cloud(self, opened, world) -> None:
        values = {"customfield_10016": 3.0, "customfield_10050": "KR-1"}
        id_ = world.create_issue(project="PAY", custom=values)

        item = next(opened(fields={"estimate": "Story Points", "goal": "OKR"}).read([id_]))

        assert (item.estimate, item.fields) == (3.0, {"goal": ("KR-1",)})

    def test_a_long_listing_of_what_changed_reaches_back_far_enough(
        self, opened, world, clock
    ) -> None:
        world.page_size = 3
        ids = [world.create_issue(project="PAY") for _ in range(20)]
        since = clock.now()
        clock.advance(timedelta(minutes=30))
        tracker = opened()
        told = set()
        for stamp in tracker.stamps("PAY", since):
            told.add(stamp.id)
            clock.advance(timedelta(seconds=30))  # ten minutes in all

        assert told == set(ids)
        assert world.requests["search"] < 15


class TestHistories:
    def test_they_come_in_batches(self, opened, world) -> None:
        ids = [world.create_issue(project="PAY") for _ in range(120)]
        for id_ in ids:
            world.person_edits_labels(id_, add=["a"])

        histories = list(opened().histories(ids))

        assert sorted(each.ref.id for each in histories) == sorted(ids)
        assert world.requests["search"] == 3
        assert world.requests["issue.get"] == 0

    def test_what_search_does_not_know_is_asked_by_itself(self, opened, world) -> None:
        world.lag_seconds = 1e9
        new = world.create_issue(project="PAY")
        world.person_edits_labels(new, add=["a"])

        (history,) = opened().histories([new, "99999999"])

        assert history.ref.id == new
        assert [each.added for each in history.changes] == [{"a"}]

    def test_a_changelog_that_is_cut_off_is_said_to_be(self, desk) -> None:
        entry = {
            "id": "7",
            "created": "2026-11-02T09:00:00.000+0000",
            "author": {"key": "us", "name": "okrs"},
            "items": [{"field": "labels", "fieldtype": "jira", "fromString": "", "toString": "a"}],
        }
        cut = {"id": "1", "changelog": {"total": 2, "histories": [entry]}}
        api = f"{SITE}/rest/api/2"
        with responses.RequestsMock() as jira:
            jira.get(f"{api}/myself", json={"key": "us", "name": "okrs"})
            jira.post(f"{api}/search", json={"issues": [cut]})
            jira.get(f"{api}/issue/1", json=cut)
            (history,) = desk.open(SITE, email=None, deployment="datacenter").histories(["1"])
        assert not history.complete
        assert history.changes == (LabelChange(START, True, frozenset({"a"})),)

    @pytest.mark.parametrize(
        ("author", "ours"),
        [
            ({"key": "us", "name": "okrs"}, True),
            ({"key": "us", "name": "renamed"}, True),
            ({"key": "them", "name": "us"}, False),
            ({"name": "us"}, True),
            (None, False),
        ],
    )
    def test_we_are_known_by_our_key(self, desk, author, ours) -> None:
        items = [{"field": "labels", "fieldtype": "jira", "fromString": "", "toString": "a"}]
        other = [{"field": "labels", "fieldtype": "custom", "fromString": "", "toString": "b"}]
        entry = {"id": "7", "created": "2026-11-02T09:00:00.000+0000", "items": items + other}
        entry["author"] = author
        found = {"id": "1", "changelog": {"total": 1, "histories": [entry]}}
        api = f"{SITE}/rest/api/2"
        with responses.RequestsMock() as jira:
            jira.get(f"{api}/myself", json={"key": "us", "name": "okrs"})
            jira.post(f"{api}/search", json={"issues": [found]})
            (history,) = desk.open(SITE, email=None, deployment="datacenter").histories(["1"])
        assert history.changes == (LabelChange(START, ours, frozenset({"a"})),)


class TestWriting:
    def test_every_edit_is_made_once_by_several_at_a_time(self, opened, desk, world, edit) -> None:
        ids = [world.create_issue(project="PAY", labels=["team", "old"]) for _ in range(90)]

        results = list(opened().apply([edit(id_, "new", remove=("old",)) for id_ in ids]))

        assert [each.edit.ref.id for each in results] == ids
        assert {each.outcome for each in results} == {EditOutcome.DONE}
        assert {world.labels(id_) for id_ in ids} == {frozenset({"team", "new"})}
        assert len(world.writes) == len(ids)
        assert desk.sent["write"] == len(ids)
        assert world.notifications == []

    def test_requests_overlap(self, opened, world) -> None:
        ids = [world.create_issue(project="PAY") for _ in range(12)]
        tracker = opened()
        list(tracker.read(ids[:1]))
        world.faults.put(Fault(FaultKind.SLOW, "issue.get", seconds=0.2, times=12))
        before = monotonic()

        assert len(list(tracker.read(ids))) == 12

        assert monotonic() - before < 12 * 0.2 * 0.7

    def test_edits_of_one_issue_stay_in_order(self, opened, world, edit) -> None:
        id_ = world.create_issue(project="PAY")
        others = [world.create_issue(project="PAY") for _ in range(10)]
        steps = [edit(id_, "a"), edit(id_, "b", remove=("a",)), edit(id_, "c", remove=("b",))]

        list(opened().apply([*steps, *(edit(other, "x") for other in others)]))

        assert world.labels(id_) == {"c"}
        assert [w.add for w in world.writes if w.issue_id == id_] == [("a",), ("b",), ("c",)]

    def test_nothing_goes_on_after_its_answer(self, opened, world, edit) -> None:
        tracker = opened(deployment="datacenter")
        ids = [world.create_issue(project="PAY") for _ in range(60)]

        assert tracker.lasting([edit(id_, "a") for id_ in ids]) == frozenset()
        assert tracker.task("7") is TaskState.UNKNOWN

    def test_labels_that_are_not_on_the_edit_screen_are_refused_with_the_remedy(
        self, opened, world, edit
    ) -> None:
        off, fine = world.create_issue(project="WEB"), world.create_issue(project="PAY")
        world.take_labels_off_screen("WEB")

        results = {e.edit.ref.id: e for e in opened().apply([edit(off, "a"), edit(fine, "a")])}

        assert results[off].outcome is EditOutcome.REFUSED
        assert "Put the field Labels on the screen" in results[off].message
        assert results[fine].outcome is EditOutcome.DONE

    def test_where_silence_is_denied_people_are_notified_and_it_is_remembered(
        self, opened, desk, world, edit
    ) -> None:
        world.deny_silent_edits("PAY")
        ids = [world.create_issue(project="PAY") for _ in range(40)]
        tracker = opened()

        first = list(tracker.apply([edit(id_, "a") for id_ in ids]))
        desk.sent.clear()
        second = list(tracker.apply([edit(id_, "b") for id_ in ids]))

        assert {each.outcome for each in first + second} == {EditOutcome.DONE}
        assert {world.labels(id_) for id_ in ids} == {frozenset({"a", "b"})}
        assert desk.sent == {"write": 40, "read": 1}

    def test_a_server_that_is_down_is_not_hammered(self, opened, world, edit) -> None:
        ids = [world.create_issue(project="PAY") for _ in range(60)]
        world.faults.put(Fault(FaultKind.STATUS, "issue.edit", status=502, times=99))

        results = list(opened().apply([edit(id_, "a") for id_ in ids]))

        assert len(results) == 60
        sent = [each for each in results if each.outcome is EditOutcome.UNKNOWN]
        assert 3 <= len(sent) <= 6


class TestLimits:
    def test_the_bucket_is_obeyed_and_told(self, opened, desk, world, clock, edit) -> None:
        time = [0.0]

        def sleep(seconds: float) -> None:
            time[0] += seconds
            clock.advance(timedelta(seconds=seconds))

        desk.pace, desk.meanwhile = Pace(lambda: time[0]), sleep
        ids = [world.create_issue(project="PAY") for _ in range(40)]
        world.limits = AccountBucket(most=10, fill=5, every=timedelta(seconds=2))

        results = list(opened().apply([edit(id_, "a") for id_ in ids]))

        assert {each.outcome for each in results} == {EditOutcome.DONE}
        assert len(world.writes) == 40
        assert desk.budgets.keys() == {"requests"}
        assert desk.budgets["requests"].limit == 10
        assert world.limits.refused > 0

    def test_when_the_bucket_is_full_again_is_reckoned(self, desk) -> None:
        headers = {
            "X-RateLimit-Limit": "100",
            "X-RateLimit-Remaining": "40",
            "X-RateLimit-Interval-Seconds": "3",
            "X-RateLimit-FillRate": "10",
            "Date": "Mon, 02 Nov 2026 09:00:00 GMT",
        }
        with responses.RequestsMock() as jira:
            jira.get(f"{SITE}/rest/api/2/myself", json={"key": "us"}, headers=headers)
            desk.open(SITE, email=None, deployment="datacenter")._us()
        full = START + timedelta(seconds=18)
        assert desk.budgets == {"requests": Budget("requests", 100, 40, full)}

    def test_a_refusal_that_names_no_wait_waits_for_the_next_filling(self, desk) -> None:
        busy = {"retry-after": "0", "X-RateLimit-Interval-Seconds": "5"}
        with responses.RequestsMock() as jira:
            jira.get(f"{SITE}/rest/api/2/myself", status=429, headers=busy)
            jira.get(f"{SITE}/rest/api/2/myself", json={"key": "us"})
            desk.open(SITE, email=None, deployment="datacenter")._us()
        assert desk.waits == [5.0]


def test_nobody_is_named(opened, world) -> None:
    id_ = world.create_issue(project="PAY")
    world.person_edits_labels(id_, add=["a"])

    told = repr([*opened().read([id_]), *opened().histories([id_])])

    assert not [word for word in (MIRA.id, MIRA.name, MIRA.email, "mira") if word in told]
