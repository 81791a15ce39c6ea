"""What the simulated Jira says in its webhooks, and how it signs them."""

from __future__ import annotations

import hashlib
import hmac
from itertools import count
from typing import TYPE_CHECKING, Any

import orjson

from okrsync_simulators.jira.datacenter_render import DataCenterRenderer
from okrsync_simulators.jira.render import Renderer
from okrsync_simulators.jira.world import Deployment
from okrsync_simulators.webhooks import Letter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from okrsync_simulators.jira.model import ChangeItem
    from okrsync_simulators.jira.world import JiraWorld

SITE = "https://shop.example"
EVENT_TYPES = {"jira:issue_created": "issue_created", "jira:issue_updated": "issue_updated"}


def announce(world: JiraWorld, take: Callable[[Letter], None]) -> None:
    """Let the world write a letter for everything that happens to its issues from now on."""
    numbers = count(1)
    cloud = world.deployment is Deployment.CLOUD
    render = (Renderer if cloud else DataCenterRenderer)(world, SITE, "2")

    def told(event: str, issue_id: str, items: tuple[ChangeItem, ...]) -> None:
        issue = render.issue(world.issue(issue_id), render.wanted(("*all",)))
        body: dict[str, Any] = {
            "timestamp": int(world.now().timestamp() * 1000),
            "webhookEvent": event,
            "issue": issue,
        }
        if event in EVENT_TYPES:
            body["issue_event_type_name"] = EVENT_TYPES[event]
        if items:
            body["changelog"] = {"id": str(next(numbers)), "items": [_item(i) for i in items]}
        identifier = f"{world.now():%Y%m%d}-{next(numbers)}"
        take(Letter(orjson.dumps(body), _headers(identifier), sign))

    world.announce = told


def sign(secret: str, body: bytes) -> Mapping[str, str]:
    """Return the header that proves who wrote a body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature": f"sha256={digest}"}


def _headers(identifier: str) -> Mapping[str, str]:
    return {
        "Content-Type": "application/json; charset=UTF-8",
        "X-Atlassian-Webhook-Identifier": identifier,
        "X-Atlassian-Webhook-Flow": "Primary",
    }


def _item(item: ChangeItem) -> dict[str, Any]:
    return {
        "field": item.field,
        "fieldId": item.field_id,
        "fieldtype": "jira",
        "from": item.from_id,
        "fromString": item.from_string,
        "to": item.to_id,
        "toString": item.to_string,
    }
