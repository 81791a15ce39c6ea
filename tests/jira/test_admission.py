"""`check` lets only the right account on the right kind of site go on."""

from __future__ import annotations

import pytest

from okrsync.errors import TrackerRefusedError
from okrsync.testing.tracker_world import shown_items
from okrsync_simulators.faults import Fault, FaultKind
from okrsync_simulators.jira.app import GATEWAY, build_app
from okrsync_simulators.jira.world import Access, JiraWorld
from okrsync_simulators.people import BOT
from okrsync_simulators.server import serve


@pytest.fixture
def world():
    world = JiraWorld(user_zone="America/New_York")
    world.create_project("PAY", "Payments")
    world.create_project("WEB", "Web shop")
    return world


def refusal(tracker) -> TrackerRefusedError:
    with pytest.raises(TrackerRefusedError) as raised:
        tracker.check()
    return raised.value


def test_we_are_who_the_credentials_say(desk, url, world) -> None:
    account = desk.open(url, scopes=["PAY", "WEB"]).check()

    assert (account.id, account.time_zone) == (BOT.id, "America/New_York")
    assert world.protocol_breaches == []


def test_no_socket_is_opened_before_the_check(desk) -> None:
    desk.open("http://127.0.0.1:1")

    assert desk.sent == {}


def test_wrong_credentials_are_refused_with_advice_on_scoped_tokens(desk, url) -> None:
    assert "/ex/jira/" in (refusal(desk.open(url, token="wrong")).hint or "")


@pytest.mark.parametrize("access", [Access.SCOPED, Access.OAUTH])
def test_the_gateway_is_a_door_too_and_links_still_lead_to_the_site(desk, access) -> None:
    world = JiraWorld(access=access)
    world.create_issue(project="PAY", summary="One-tap payment")
    email = world.email if access is Access.SCOPED else None
    with serve(build_app(world)) as url:
        tracker = desk.open(url + GATEWAY, site="https://shop.example/", email=email)
        tracker.check()
        item = next(shown_items(tracker, "PAY"))

    assert item.url == "https://shop.example/browse/PAY-1"


def test_a_scoped_token_at_the_sites_door_is_refused(desk) -> None:
    with serve(build_app(JiraWorld(access=Access.SCOPED))) as url:
        assert "cloud id" in (refusal(desk.open(url)).hint or "")


def test_an_answer_to_nobody_is_refused(desk, url, world) -> None:
    world.faults.put(Fault(FaultKind.STATUS, on="myself", status=200, body=b'{"self": "x"}'))

    assert "anonymous" in str(refusal(desk.open(url)))


def test_the_kind_of_jira_is_asked_of_the_server(desk, url, world) -> None:
    desk.open(url, deployment=None).check()

    assert world.requests["serverInfo"] == 1
    assert world.protocol_breaches == []


def test_a_site_of_another_kind_than_named_is_refused(desk, url) -> None:
    assert "`deployment: cloud`" in (refusal(desk.open(url, deployment="datacenter")).hint or "")


@pytest.mark.parametrize(
    ("scope", "hint"),
    [
        ("PAI", "Did you mean PAY?"),
        ("pay", "Did you mean PAY?"),
        ("Payments", "Did you mean PAY?"),
        ("ZZZZZ", "PAY, WEB"),
    ],
)
def test_a_scope_that_cannot_be_seen_is_named_with_the_nearest(desk, url, scope, hint) -> None:
    error = refusal(desk.open(url, scopes=["WEB", scope]))

    assert repr(scope) in str(error)
    assert hint in (error.hint or "")


def test_many_scopes_are_looked_up_in_few_requests(desk, url, world) -> None:
    keys = [f"P{n}" for n in range(60)]
    for key in keys:
        world.create_project(key)

    desk.open(url, scopes=keys).check()

    assert world.requests["project"] == 2
    assert world.protocol_breaches == []
