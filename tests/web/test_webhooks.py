"""A webhook rings a bell and carries no facts; whoever cannot sign rings nothing."""

from __future__ import annotations

import json
import socket
import string
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.web.conftest import (
    JIRA_SECRET,
    LARGEST,
    LINEAR_SECRET,
    REMEMBERED,
    jira_body,
    signed_by_jira,
    signed_by_linear,
)

if TYPE_CHECKING:
    from tests.web.conftest import Site


def test_a_signed_delivery_rings_for_its_item(site: Site) -> None:
    answer = site.jira(jira_body("10001"))
    assert (answer.status_code, site.house.rung) == (200, [("shop-jira", ("10001",))])


def test_linear_is_understood_too(site: Site) -> None:
    issue = "2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9"
    body = json.dumps({"action": "update", "type": "Issue", "data": {"id": issue}}).encode()
    answer = site.post("/webhooks/shop-linear", body, signed_by_linear(body))
    assert (answer.status_code, site.house.rung) == (200, [("shop-linear", (issue,))])


def test_an_event_about_no_item_is_accepted_and_rings_nothing(site: Site) -> None:
    answer = site.jira(b'{"webhookEvent": "project_created", "project": {"id": 3}}')
    assert (answer.status_code, site.house.rung) == (200, [])
    assert site.house.outcomes == {("shop-jira", "ignored"): 1}


def test_a_delivery_that_came_before_is_accepted_and_rings_nothing(site: Site) -> None:
    once = {"x-atlassian-webhook-identifier": "d-1"}
    answers = [site.jira(jira_body(), **once) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(site.house.rung) == 1
    assert site.house.outcomes["shop-jira", "duplicate"] == 2


def test_a_delivery_that_nobody_heard_is_no_duplicate_when_it_comes_again(site: Site) -> None:
    once = {"x-atlassian-webhook-identifier": "d-unheard"}
    site.house.open = False
    assert site.jira(jira_body(), **once).status_code == 503
    site.house.open = True
    assert site.jira(jira_body(), **once).status_code == 200
    assert len(site.house.rung) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature": ""},
        {"x-hub-signature": "sha256=0"},
        {"x-hub-signature": b"sha256=\xff\xe4"},
        signed_by_jira(jira_body(), "another secret"),
        signed_by_linear(jira_body(), JIRA_SECRET),
        [*signed_by_jira(jira_body()).items(), ("x-hub-signature", "sha256=1")],
    ],
    ids=["none", "empty", "short", "bytes", "another", "bare", "two"],
)
def test_whoever_cannot_sign_rings_nothing(site: Site, headers: object) -> None:
    answer = site.post("/webhooks/shop-jira", jira_body(), headers)
    assert (answer.status_code, site.house.rung) == (401, [])


def test_the_signature_is_over_the_very_bytes(site: Site) -> None:
    signature = signed_by_jira(jira_body())
    assert site.post("/webhooks/shop-jira", jira_body() + b" ", signature).status_code == 401


def test_a_signature_for_another_tracker_is_worth_nothing(site: Site) -> None:
    body = jira_body()
    answer = site.post("/webhooks/shop-linear", body, signed_by_jira(body))
    assert (answer.status_code, site.house.rung) == (401, [])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"webhookEvent": 7}', b"\xff"])
def test_what_is_signed_and_not_understood_is_refused(site: Site, body: bytes) -> None:
    answer = site.jira(body)
    assert (answer.status_code, site.house.rung) == (400, [])


def test_an_unknown_tracker_is_not_found_and_not_counted_by_name(site: Site) -> None:
    answer = site.post("/webhooks/nobody", jira_body(), signed_by_jira(jira_body()))
    assert answer.status_code == 404
    assert site.house.outcomes == {("", "unknown"): 1}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_not_allowed(site: Site, method: str) -> None:
    assert site.client.request(method, "/webhooks/shop-jira").status_code == 405


def test_what_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    with socket.create_connection(site.client.base_url.netloc.decode().split(":")) as line:  # type: ignore[arg-type]
        line.sendall(
            b"POST /webhooks/shop-jira HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n"
        )
        assert line.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_what_turns_out_too_large_is_refused_too(site: Site) -> None:
    answer = site.client.post(
        "/webhooks/shop-jira", content=(b"x" * 1000 for _ in range(LARGEST // 1000 + 1))
    )
    assert (answer.status_code, site.house.rung) == (413, [])


def test_a_body_that_does_not_arrive_is_not_waited_for(site: Site) -> None:
    with socket.create_connection(site.client.base_url.netloc.decode().split(":")) as line:  # type: ignore[arg-type]
        line.sendall(b"POST /webhooks/shop-jira HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_answers_come_within_milliseconds(site: Site) -> None:
    site.jira(jira_body())
    took = []
    for number in range(50):
        begun = time.perf_counter()
        site.jira(jira_body(str(number)))
        took.append(time.perf_counter() - begun)
    assert sorted(took)[25] < 0.02


def test_neither_bodies_nor_secrets_reach_the_log(site: Site) -> None:
    title = "The merger with Initech"
    body = jira_body(comment=title)
    with capture_logs() as logs:
        site.jira(body)
        site.post("/webhooks/shop-jira", body, signed_by_jira(body, "guess"))
        site.jira(title.encode())
        site.post("/webhooks/shop-jira", body)
    told = repr(logs)
    assert [entry["outcome"] for entry in logs] == ["forged", "malformed", "forged"]
    for secret in (JIRA_SECRET, LINEAR_SECRET, title, "sha256=", "Initech"):
        assert secret not in told


NAMES = ("x-hub-signature", "linear-signature", "x-atlassian-webhook-identifier", "content-type")
TEXT = st.text(string.printable.strip(), max_size=80)


@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    path=st.sampled_from(["/webhooks/shop-jira", "/webhooks/shop-linear", "/webhooks/"])
    | st.text("abc/%.?-0", max_size=20).map(lambda end: f"/webhooks/{end}"),
    headers=st.dictionaries(st.sampled_from(NAMES), TEXT, max_size=4),
    body=st.binary(max_size=300),
)
def test_nothing_that_is_forged_rings_and_nothing_breaks(
    site: Site, path: str, headers: dict[str, str], body: bytes
) -> None:
    try:
        answer = site.post(path, body, headers)
    except httpx.InvalidURL:
        return
    assert answer.status_code < 500
    assert site.house.rung == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["webhookEvent", "issue", "id", "key", "comment", "type", "action", "data", "x"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(said=JSON)
def test_whatever_is_signed_has_a_sensible_answer(site: Site, said: object) -> None:
    body = json.dumps(said).encode()
    both = signed_by_jira(body) | signed_by_linear(body)
    for tracker in ("shop-jira", "shop-linear"):
        assert site.post(f"/webhooks/{tracker}", body, both).status_code in {200, 400}


def test_the_memory_of_deliveries_is_bounded(site: Site) -> None:
    for number in (*range(REMEMBERED + 1), 0, REMEMBERED):
        site.jira(jira_body(), **{"x-atlassian-webhook-identifier": f"bounded-{number}"})
    assert site.house.outcomes["shop-jira", "duplicate"] == 1
    assert len(site.house.rung) == REMEMBERED + 2
