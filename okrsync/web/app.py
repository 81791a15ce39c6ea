"""Routes, and what holds for every answer: a token where there is one, and headers that close."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from okrsync.web.receiver import Receiver
    from okrsync.web.views import Views

    Message = MutableMapping[str, Any]
    Asgi = Callable[..., Awaitable[None]]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

WEBHOOKS = "/webhooks/"
CLOSING = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


def create_app(receiver: Receiver, views: Views, token: Callable[[], str | None]) -> Starlette:
    """Build the application; *token* returns what callers must show, webhooks excepted."""
    return Starlette(
        routes=[
            Route(f"{WEBHOOKS}{{tracker}}", receiver.answer, methods=["POST"]),
            Route("/healthz", views.healthz),
            Route("/readyz", views.readyz),
            Route("/metrics", views.exposition),
        ],
        middleware=[Middleware(_Closed), Middleware(_Guarded, token=token)],
    )


class _Closed:
    """Adds the headers that let a browser do nothing with what it gets."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *CLOSING]
            await send(message)

        await self._app(scope, receive, closing)


class _Guarded:
    """Asks for the token. Webhooks are signed instead: trackers can show no token."""

    def __init__(self, app: Asgi, token: Callable[[], str | None]) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        wanted = self._token()
        free = scope["type"] != "http" or scope["path"].startswith(WEBHOOKS)
        if free or wanted is None or _shown(scope, wanted):
            await self._app(scope, receive, send)
            return
        headers = {"www-authenticate": "Bearer"}
        answer = PlainTextResponse("a token is needed\n", status_code=401, headers=headers)
        await answer(scope, receive, send)


def _shown(scope: Message, wanted: str) -> bool:
    shown = [value for name, value in scope["headers"] if name == b"authorization"]
    kind, _, token = (shown[0] if len(shown) == 1 else b"").partition(b" ")
    return hmac.compare_digest(token, wanted.encode()) and kind.lower() == b"bearer"
