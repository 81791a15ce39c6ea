"""Jira's webhooks, of Cloud and of Server: who signed one, and which issue it rings for. Pure.

Nothing of the body is believed but the issue's id. Age is not looked at: Jira delivers late, again
and in any order, and a bell that rings twice does no harm. Those that Connect and OAuth apps
register are signed otherwise, and are not taken.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Any

import orjson

from okrsync.ports.tracker import Delivery
from okrsync_jira.wire import is_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrsync_jira.settings import JiraSettings

SIGNATURE = "x-hub-signature"
METHOD = "sha256="
IDENTIFIER = "x-atlassian-webhook-identifier"
COMMENTED_ISSUE = re.compile(r"/issue/(\d+)/comment/")


def webhooks(settings: JiraSettings) -> JiraWebhooks | None:
    """Return the reader of webhooks, if there is a secret that signs them."""
    secret = settings.webhook_secret
    return JiraWebhooks(secret.get_secret_value()) if secret is not None else None


class JiraWebhooks:
    """Reads webhooks that are signed with *secret*."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def authentic(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether `X-Hub-Signature` is ours for this body."""
        expected = METHOD + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        given = headers.get(SIGNATURE, "").strip()
        return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))

    def delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Return the issue that something happened to, or none for other events."""
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise ValueError("the body is no JSON") from None
        event = said.get("webhookEvent") if isinstance(said, dict) else None
        if not isinstance(event, str) or not event:
            raise ValueError("the body names no webhookEvent")
        return Delivery(headers.get(IDENTIFIER) or None, _items(said), event)


def _items(said: Mapping[str, Any]) -> tuple[str, ...]:
    if "issue" not in said:
        return _commented(said.get("comment"))
    issue = said["issue"]
    id_ = str(issue.get("id")) if isinstance(issue, dict) else ""
    if not is_id(id_):
        raise ValueError("the issue has no id")
    return (id_,)


def _commented(comment: Any) -> tuple[str, ...]:
    """Return the issue of a comment, which Server names in the comment's address alone."""
    address = comment.get("self") if isinstance(comment, dict) else None
    found = COMMENTED_ISSUE.search(address) if isinstance(address, str) else None
    return (found[1],) if found else ()
