"""Webhooks of Linear: who sent one, and which item it rings for."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.ports.tracker import Delivery
from okrsync_linear import MANIFEST
from okrsync_linear.webhooks import LinearWebhooks
from okrsync_simulators.linear.webhooks import sign

SECRET = "lin_wh_secret"
ISSUE = "2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9"
OTHER = "5f0c1a2b-0000-4000-8000-000000000017"
HOOKS = LinearWebhooks(SECRET)


def body(kind: str = "Issue", action: str = "update", **data: object) -> bytes:
    return orjson.dumps({"type": kind, "action": action, "data": data, "webhookId": OTHER})


@given(st.binary(), st.text(min_size=1), st.text(min_size=1))
def test_only_who_knows_the_secret_can_sign(content: bytes, secret: str, other: str) -> None:
    headers = {name.lower(): value for name, value in sign(secret, content).items()}
    assert LinearWebhooks(secret).authentic(headers, content)
    assert not LinearWebhooks(secret).authentic(headers, content + b" ")
    assert LinearWebhooks(other).authentic(headers, content) == (other == secret)


@pytest.mark.parametrize("signature", ["", "sha256=", "0" * 64, "é", "\udcff"])
def test_another_signature_is_not_authentic(signature: str) -> None:
    assert not HOOKS.authentic({"linear-signature": signature}, b"{}")
    assert not HOOKS.authentic({}, b"{}")


def test_a_repeated_delivery_is_known_by_its_id_not_by_the_webhooks() -> None:
    headers = {"linear-delivery": "d-1", "linear-event": "Issue"}
    assert HOOKS.delivery(headers, body(id=ISSUE)) == Delivery("d-1", (ISSUE,), "Issue.update")
    assert HOOKS.delivery({}, body(id=ISSUE)).id is None


@pytest.mark.parametrize(
    ("kind", "data", "items"),
    [
        ("Issue", {"id": ISSUE, "projectId": OTHER, "labels": [{"id": OTHER}]}, (ISSUE,)),
        ("Project", {"id": OTHER}, (f"project:{OTHER}",)),
        ("ProjectMilestone", {"id": OTHER}, (f"milestone:{OTHER}",)),
        ("Initiative", {"id": OTHER}, (f"initiative:{OTHER}",)),
        ("ProjectUpdate", {"id": ISSUE, "projectId": OTHER}, (f"project:{OTHER}",)),
        ("InitiativeUpdate", {"id": ISSUE, "initiativeId": OTHER}, (f"initiative:{OTHER}",)),
        ("Comment", {"id": OTHER, "issueId": ISSUE}, (ISSUE,)),
        ("Comment", {"id": OTHER, "issueId": None}, ()),
        ("IssueLabel", {"id": OTHER, "name": "Bug"}, ()),
        ("Cycle", {"id": OTHER}, ()),
    ],
)
def test_each_kind_rings_for_what_okrsync_reads(kind, data, items) -> None:
    assert HOOKS.delivery({}, body(kind, **data)).items == items


@pytest.mark.parametrize("action", ["create", "update", "remove"])
def test_whatever_happened_to_it_the_item_is_rung_for(action: str) -> None:
    delivery = HOOKS.delivery({}, body(action=action, id=ISSUE))
    assert (delivery.items, delivery.event) == ((ISSUE,), f"Issue.{action}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"type": "Issue", "action": "update"}',
        b'{"type": "Issue", "action": "update", "data": []}',
        b'{"type": 1, "action": "update", "data": {}}',
        body(),
        body(id="GRO-SECRET"),
    ],
)
def test_what_is_malformed_is_told_without_a_quote(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"^the ") as raised:
        HOOKS.delivery({}, content)
    assert "SECRET" not in str(raised.value)


def test_without_a_secret_there_are_none() -> None:
    given = {"token": "t", "scopes": ["GRO"]}
    assert MANIFEST.webhooks(MANIFEST.settings.model_validate(given)) is None
    with_one = MANIFEST.settings.model_validate(given | {"webhook_secret": SECRET})
    headers = {"linear-signature": sign(SECRET, b"x")["Linear-Signature"]}
    assert MANIFEST.webhooks(with_one).authentic(headers, b"x")
