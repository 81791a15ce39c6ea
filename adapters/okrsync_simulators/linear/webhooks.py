"""What the simulated Linear says in its webhooks, and how it signs them."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import orjson

from okrsync_simulators.webhooks import Letter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from okrsync_simulators.linear.model import Issue
    from okrsync_simulators.linear.world import LinearWorld

ORGANIZATION = "5f0c1a2b-0000-4000-8000-000000000001"
CONFIGURATION = "5f0c1a2b-0000-4000-8000-00000000eb00"


def announce(world: LinearWorld, take: Callable[[Letter], None]) -> None:
    """Let the world write a letter for everything that happens to its issues from now on."""

    def told(before: Issue | None, after: Issue) -> None:
        now = world.clock.now()
        body: dict[str, Any] = {
            "action": "create" if before is None else "update",
            "type": "Issue",
            "createdAt": now.isoformat(),
            "data": _data(world, after),
            "organizationId": ORGANIZATION,
            "webhookTimestamp": int(now.timestamp() * 1000),
            "webhookId": CONFIGURATION,
        }
        if before is not None and before.label_ids != after.label_ids:
            body["updatedFrom"] = {"labelIds": list(before.label_ids)}
        if after.trashed:
            body["action"] = "remove"
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Linear-Delivery": world.new_id(),
            "Linear-Event": "Issue",
            "Linear-Timestamp": str(body["webhookTimestamp"]),
        }
        take(Letter(orjson.dumps(body), headers, sign))

    world.announce = told


def sign(secret: str, body: bytes) -> Mapping[str, str]:
    """Return the header that proves who wrote a body."""
    return {"Linear-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def _data(world: LinearWorld, issue: Issue) -> dict[str, Any]:
    """Show an issue as webhooks do: its labels in a flat list."""
    known = world.label_book.by_id
    labels = [known[each] for each in issue.label_ids if each in known]
    return {
        "id": issue.id,
        "identifier": issue.identifier,
        "number": issue.number,
        "title": issue.title,
        "teamId": issue.team_id,
        "stateId": issue.state_id,
        "projectId": issue.project_id,
        "createdAt": issue.created_at.isoformat(),
        "updatedAt": issue.updated_at.isoformat(),
        "labelIds": list(issue.label_ids),
        "labels": [{"id": each.id, "name": each.name} for each in labels],
    }
