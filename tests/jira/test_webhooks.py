"""Webhooks of Jira, Cloud and Server: who sent one, and which issue it rings for."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.ports.tracker import Delivery
from okrsync_jira import MANIFEST
from okrsync_jira.webhooks import JiraWebhooks
from okrsync_simulators.jira.webhooks import sign

# The vendor's own test vector.
SECRET = "It's a Secret to Everybody"
BODY = b"Hello World!"
SIGNATURE = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
RECORDED = 55
WITHOUT_ISSUE = "webhook-server-comment"


@pytest.fixture
def hooks() -> JiraWebhooks:
    return JiraWebhooks(SECRET)


def test_the_vendors_test_vector_is_authentic(hooks) -> None:
    assert hooks.authentic({"x-hub-signature": SIGNATURE}, BODY)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        SIGNATURE.removeprefix("sha256="),
        SIGNATURE.replace("sha256", "sha1"),
        SIGNATURE[:-1],
        SIGNATURE[:-1] + "8",
        SIGNATURE + "0",
        "sha256=é",
        "sha256=\udcff",
    ],
)
def test_another_signature_is_not(hooks, signature) -> None:
    assert not hooks.authentic({"x-hub-signature": signature}, BODY)


def test_no_signature_is_not(hooks) -> None:
    assert not hooks.authentic({}, BODY)


@given(st.binary(), st.text(min_size=1), st.text(min_size=1))
def test_only_who_knows_the_secret_can_sign(body: bytes, secret: str, other: str) -> None:
    headers = {name.lower(): value for name, value in sign(secret, body).items()}
    assert JiraWebhooks(secret).authentic(headers, body)
    assert not JiraWebhooks(secret).authentic(headers, body + b" ")
    assert JiraWebhooks(other).authentic(headers, body) == (other == secret)


def test_a_repeated_delivery_is_known_by_its_identifier(hooks) -> None:
    body = orjson.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": "10040"}})
    headers = {"x-atlassian-webhook-identifier": "a-17", "x-atlassian-webhook-retry": "3"}
    assert hooks.delivery(headers, body) == Delivery("a-17", ("10040",), "jira:issue_updated")
    assert hooks.delivery({}, body).id is None


@pytest.mark.parametrize("event", ["sprint_started", "jira:version_released", "user_created"])
def test_what_concerns_no_issue_rings_for_none(hooks, event) -> None:
    assert hooks.delivery({}, orjson.dumps({"webhookEvent": event})).items == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"17",
        b"{}",
        b'{"webhookEvent": 3}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {}}',
        b'{"webhookEvent": "jira:issue_updated", "issue": "PAY-1"}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "../1"}}',
        b'{"webhookEvent": "jira:issue_updated", "issue": {"id": null, "key": "SECRET-1"}}',
    ],
)
def test_what_is_malformed_is_told_without_a_quote(hooks, body) -> None:
    with pytest.raises(ValueError, match=r"^the ") as raised:
        hooks.delivery({}, body)
    assert "SECRET" not in str(raised.value)


NAMES = st.sampled_from(["webhookEvent", "issue", "comment", "id", "self"])
JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
)


@given(st.binary() | JSON.map(orjson.dumps))
def test_whatever_comes_is_understood_or_malformed(body: bytes) -> None:
    try:
        delivery = JiraWebhooks(SECRET).delivery({}, body)
    except ValueError:
        return
    assert delivery.event
    assert all(item.isdigit() for item in delivery.items)


def test_every_recorded_webhook_rings_for_its_issue(hooks) -> None:
    folder = os.environ.get("TRACKER_REAL_DATA")
    if not folder:
        pytest.skip("TRACKER_REAL_DATA names no folder of recorded webhooks")
    files = sorted(Path(folder, "jira-webhooks-mattermost").glob("*.json"))
    assert len(files) == RECORDED
    for file in files:
        body = file.read_bytes()
        said = orjson.loads(body)
        delivery = hooks.delivery({}, body)
        assert delivery.event == said["webhookEvent"]
        if file.name.startswith(WITHOUT_ISSUE):
            assert f"/issue/{delivery.items[0]}/comment/" in said["comment"]["self"]
        else:
            assert delivery.items == (said["issue"]["id"],), file.name


def test_without_a_secret_there_are_none() -> None:
    given = {"url": "https://shop.example", "token": "t", "scopes": ["PAY"]}
    without = MANIFEST.settings.model_validate(given)
    with_one = MANIFEST.settings.model_validate(given | {"webhook_secret": SECRET})
    assert MANIFEST.webhooks(without) is None
    assert MANIFEST.webhooks(with_one).authentic({"x-hub-signature": SIGNATURE}, BODY)
