"""Every way in which a tracker keeps okrsync from working is one line with its remedy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from okrsync_simulators.clock import ManualClock, SystemClock
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.jira import Access
from okrsync_simulators.linear.world import OAUTH_TOKEN
from tests.doctor.conftest import TOKENS

if TYPE_CHECKING:
    from tests.doctor.conftest import Ward


def test_a_healthy_set_up_is_said_to_be_healthy(ward: Ward):
    ran = ward.doctor()
    assert ran.code == 0, ran.out
    assert "shop-jira: knows us and shows PAY" in ran.out
    assert "shop-linear: knows us and shows GRO" in ran.out


def test_nothing_is_written_and_no_contract_broken(ward: Ward):
    before = sorted(path for path in ward.folder.rglob("*") if path.name != "okrsync.yaml")
    ward.doctor()
    after = sorted(path for path in ward.folder.rglob("*") if path.name != "okrsync.yaml")
    assert after == before
    assert ward.jira.writes == []
    assert ward.linear.writes == []
    assert [request for request in ward.linear.requests if request.startswith("mutation")] == []
    assert ward.jira.protocol_breaches == []
    assert ward.linear.protocol_breaches == []


def test_an_expired_token_of_jira(ward: Ward):
    ward.environ[TOKENS["shop-jira"]] = "old"
    found = ward.only_finding()
    assert (found["code"], found["about"], found["exit"]) == ("login", "shop-jira", 5)
    assert "expired" in found["remedy"]


def test_an_expired_token_of_linear(ward: Ward):
    ward.environ[TOKENS["shop-linear"]] = "lin_api_old"
    found = ward.only_finding()
    assert (found["code"], found["about"], found["exit"]) == ("login", "shop-linear", 5)


def test_being_anonymous(ward: Ward):
    body = b'{"displayName": "Anonymous"}'
    headers = {"Content-Type": "application/json"}
    ward.jira.faults.put(
        Fault(FaultKind.STATUS, "myself", status=200, headers=headers, body=body, times=9)
    )
    found = ward.only_finding()
    assert found["code"] == "login"
    assert "anonymous" in found["message"]


def test_a_scoped_token_at_the_site_names_the_gateway(ward: Ward):
    ward.jira.access = Access.SCOPED
    site = ward.trackers["shop-jira"]["url"]
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("wrong-address", 6)
    assert f"`url: {site}/ex/jira/" in found["remedy"]
    ward.trackers["shop-jira"]["url"] = found["remedy"].split("`url: ")[1].split("`")[0]
    assert ward.found() == (0, [])


@pytest.mark.parametrize(("auth", "token"), [("bearer", "lin_api_x"), ("key", OAUTH_TOKEN)])
def test_a_token_of_the_other_kind_names_the_key_to_set(ward: Ward, auth: str, token: str):
    ward.trackers["shop-linear"]["auth"] = auth
    ward.environ[TOKENS["shop-linear"]] = token
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("wrong-address", 6)
    assert "`auth: " in found["remedy"]
    assert ward.linear.protocol_breaches == []  # it was not even sent


def test_a_tracker_that_cannot_be_reached(ward: Ward):
    ward.trackers["shop-jira"]["url"] = "http://127.0.0.1:9"
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("unreachable", 5)


def test_a_tracker_that_is_down(ward: Ward):
    ward.linear.faults.put(Fault(FaultKind.STATUS, status=503, times=99))
    found = ward.only_finding()
    assert (found["code"], found["about"], found["exit"]) == ("unreachable", "shop-linear", 5)


def test_something_else_that_answers_in_jiras_place(ward: Ward):
    page = Fault(
        FaultKind.STATUS,
        status=200,
        headers={"Content-Type": "text/html"},
        body=b"<html>",
        times=99,
    )
    ward.jira.faults.put(page)
    found = ward.only_finding()
    assert found["code"] == "login"
    assert "url" in found["remedy"]


@pytest.mark.parametrize("operation", ["project", "permissions"])
def test_an_answer_of_another_shape(ward: Ward, operation: str):
    body = b'{"values": [{"key": []}], "permissions": [1], "isLast": true}'
    told = {"Content-Type": "application/json"}
    ward.jira.faults.put(
        Fault(FaultKind.STATUS, operation, status=200, headers=told, body=body, times=9)
    )
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("unreachable", 5)
    assert "understood" in found["message"]


@pytest.mark.parametrize(
    ("tracker", "asked", "meant"),
    [
        ("shop-jira", "PYA", "PAY"),
        ("shop-linear", "GRP", "GRO"),
    ],
)
def test_a_scope_that_cannot_be_seen(ward: Ward, tracker: str, asked: str, meant: str):
    ward.trackers[tracker]["scopes"] = [asked]
    found = ward.only_finding()
    assert (found["code"], found["about"]) == ("scope-invisible", f"{tracker} {asked}")
    assert found["exit"] == 5
    assert f"Did you mean '{meant}'?" in found["remedy"]


def test_edits_that_are_not_allowed_in_a_project(ward: Ward):
    ward.trackers["shop-jira"]["scopes"] = ["PAY", "WEB"]
    ward.jira.deny_edits("WEB")
    found = ward.only_finding()
    assert (found["code"], found["about"], found["exit"]) == ("edit-denied", "shop-jira WEB", 5)
    assert "Edit issues" in found["remedy"]


def test_edits_that_notify_people(ward: Ward):
    ward.jira.deny_silent_edits("PAY")
    found = ward.only_finding()
    assert (found["code"], found["about"], found["exit"]) == ("notifies", "shop-jira PAY", 1)
    assert "Administer projects" in found["remedy"]


def test_bulk_changes_that_are_not_allowed_are_no_failure(ward: Ward):
    ward.jira.bulk.allowed = False
    found = ward.only_finding()
    assert (found["code"], found["grade"], found["exit"]) == ("no-bulk", "advice", 0)


def test_a_custom_field_that_is_not_there(ward: Ward):
    ward.trackers["shop-jira"]["fields"] = {"goal": "Serves"}
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("refused", 5)
    assert "'Serves'" in found["message"]


def test_a_label_in_the_place_of_our_group(ward: Ward):
    ward.linear.create_label("OKR")
    found = ward.only_finding()  # once, although it stands in the way of every verdict
    assert (found["code"], found["exit"]) == ("label-misfit", 5)
    assert "is no group" in found["message"]
    assert "labels.linear_group" in found["remedy"]


def test_a_group_of_a_team_in_the_place_of_ours(ward: Ward):
    ward.linear.create_label("OKR", team="GRO", is_group=True)
    found = ward.only_finding()
    assert "belongs to the team GRO" in found["message"]


def test_a_verdict_outside_our_group(ward: Ward):
    ward.linear.create_label("okr:stale")
    found = ward.only_finding()
    assert "okr:stale cannot be written" in found["message"]
    assert "Move it into the group 'OKR'" in found["remedy"]


def test_a_link_label_inside_a_group(ward: Ward):
    ward.linear.create_label("Theirs", is_group=True)
    ward.linear.create_label("okr:KR-PAY", parent="Theirs")
    assert "in the group 'Theirs'" in ward.only_finding()["message"]


def test_a_retired_definition(ward: Ward):
    label = ward.linear.create_label("okr:KR-PAY")
    ward.linear.label_book.update(label, {"retired_at": ward.linear.moment()})
    found = ward.only_finding()
    assert "is retired" in found["message"]
    assert "Restore it" in found["remedy"]


def test_a_clock_that_is_wrong(ward: Ward):
    ward.jira.clock = ManualClock(SystemClock().now() - timedelta(minutes=7))
    found = ward.only_finding()
    assert (found["code"], found["grade"], found["exit"]) == ("clock", "warning", 1)
    assert "ahead of the tracker's" in found["message"]


def test_an_allowance_that_is_nearly_used_up(ward: Ward):
    bucket = ward.linear.budget.requests
    bucket.left = bucket.limit * 0.02
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("quota", 1)
    assert "of 2500 requests are left" in found["message"]


def test_an_allowance_that_is_used_up_is_said_at_once(ward: Ward):
    told = Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "1800"}, times=9)
    ward.jira.faults.put(told)
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("unreachable", 5)
    assert "1800 s" in found["message"]


def test_one_project_under_two_addresses(ward: Ward):
    first = ward.trackers["shop-jira"]
    ward.trackers["again"] = first | {"url": first["url"].replace("127.0.0.1", "localhost")}
    ward.environ["OKRSYNC_TRACKERS__AGAIN__TOKEN"] = ward.environ[TOKENS["shop-jira"]]
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("shared-items", 6)
    assert "shop-jira PAY" in found["message"]
    assert "again PAY" in found["message"]


def test_two_teams_of_one_workspace_share_nothing(ward: Ward):
    ward.linear.create_team("OPS")
    ward.trackers["again"] = ward.trackers["shop-linear"] | {"scopes": ["OPS"]}
    ward.environ["OKRSYNC_TRACKERS__AGAIN__TOKEN"] = ward.environ[TOKENS["shop-linear"]]
    assert ward.found() == (0, [])
