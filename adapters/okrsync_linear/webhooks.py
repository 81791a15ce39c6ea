"""Linear's webhooks: who signed one, and which item it rings for. Pure.

Nothing of the body is believed but ids. Its timestamp is not looked at: Linear repeats a delivery
hours later, to the byte, and a bell that rings twice does no harm. What happens to a label is not
told of the issues that carry it; those are found by reading.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import orjson

from okrsync.ports.tracker import Delivery
from okrsync_linear import wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okrsync_linear.settings import LinearSettings

SIGNATURE, DELIVERY = "linear-signature", "linear-delivery"
ITEMS = {
    "Issue": "",
    "Project": wire.PROJECT,
    "ProjectMilestone": wire.MILESTONE,
    "Initiative": wire.INITIATIVE,
}
"""What okrsync reads -> what its id begins with there."""
HOLDERS = {"issueId": "", "projectId": wire.PROJECT, "initiativeId": wire.INITIATIVE}
"""Where anything else, such as a comment or an update, names what it belongs to."""


def webhooks(settings: LinearSettings) -> LinearWebhooks | None:
    """Return the reader of webhooks, if there is a secret that signs them."""
    secret = settings.webhook_secret
    return LinearWebhooks(secret.get_secret_value()) if secret is not None else None


class LinearWebhooks:
    """Reads webhooks that are signed with *secret*."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def authentic(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether `Linear-Signature` is ours for this body."""
        expected = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        given = headers.get(SIGNATURE, "").strip()
        return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))

    def delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Return the item that something happened to, or none for other events."""
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise ValueError("the body is no JSON") from None
        match said:
            case {"type": str(kind), "action": str(action), "data": dict(data)}:
                items = tuple(dict.fromkeys(_items(kind, data)))
                return Delivery(headers.get(DELIVERY) or None, items, f"{kind}.{action}")
        raise ValueError("the body is no event with type, action and data")


def _items(kind: str, data: Mapping[str, Any]) -> Iterator[str]:
    if kind in ITEMS:
        if not _is_id(data.get("id")):
            raise ValueError("the data has no id")
        yield ITEMS[kind] + data["id"]
        return
    for name, start in HOLDERS.items():
        if _is_id(data.get(name)):
            yield start + data[name]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and wire.is_id(value)
