"""Faults as data: a test queues them, the simulated tracker suffers them.

A fault is taken by the first request it fits and then gone. Nothing here knows a vendor: how a
page token is refused is told by whoever builds the `FaultyApp`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from threading import Lock
from typing import TYPE_CHECKING, Any

from okrsync_simulators.server import TRANSPORT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ANY = "any"


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    SLOW = "slow"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    EXPIRED_TOKEN = "expired-token"  # noqa: S105 (a kind of fault, no secret)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, on the operation it names (or one that begins so), some times."""

    kind: FaultKind
    on: str = ANY
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 0.0
    times: int = 1

    def fits(self, operation: str) -> bool:
        """Tell whether this fault waits for *operation*."""
        return self.on == ANY or operation.startswith(self.on)


class FaultQueue:
    """Faults that wait for their requests; safe between threads."""

    def __init__(self, otherwise: Callable[[str], Fault | None] | None = None) -> None:
        self._waiting: list[tuple[Fault, int]] = []
        self._otherwise = otherwise
        self._lock = Lock()

    def put(self, *faults: Fault) -> None:
        """Queue *faults* behind those that wait."""
        with self._lock:
            self._waiting.extend((fault, fault.times) for fault in faults)

    def take(self, operation: str) -> Fault | None:
        """Return the first fault that fits *operation*, once less often than before."""
        with self._lock:
            for position, (fault, left) in enumerate(self._waiting):
                if fault.fits(operation):
                    self._waiting[position : position + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault
            return self._otherwise(operation) if self._otherwise else None

    def draw_from(self, source: Callable[[str], Fault | None] | None) -> None:
        """Ask *source* whenever nothing queued fits."""
        with self._lock:
            self._otherwise = source

    @property
    def pending(self) -> tuple[Fault, ...]:
        """The faults that still wait."""
        with self._lock:
            return tuple(fault for fault, _ in self._waiting)


def random_faults(seed: int, rate: float) -> Callable[[str], Fault | None]:
    """Return a source that fails a share *rate* of requests, the same ones for the same seed."""
    random = Random(seed)
    kinds = (
        Fault(FaultKind.STATUS, status=503),
        Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "1"}),
        Fault(FaultKind.STATUS, status=502, body=b"<html>Bad gateway</html>"),
        Fault(FaultKind.RESET_BEFORE),
        Fault(FaultKind.RESET_AFTER),
        Fault(FaultKind.TRUNCATED),
        Fault(FaultKind.MALFORMED),
    )

    def draw(_operation: str) -> Fault | None:
        return random.choice(kinds) if random.random() < rate else None

    return draw


class FaultyApp:
    """An ASGI app that suffers the faults of *queue* on its way to *app*."""

    def __init__(
        self,
        app: Any,
        queue: FaultQueue,
        operation_of: Callable[[Mapping[str, Any], bytes], str],
        *,
        expired_token: Fault,
    ) -> None:
        self._app = app
        self._queue = queue
        self._operation_of = operation_of
        self._expired_token = expired_token

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request, or fail to."""
        body = await _whole_body(receive)
        if body is None:
            return
        fault = self._queue.take(self._operation_of(scope, body))
        again = _Replay(body, receive)
        if fault is None:
            await self._app(scope, again, send)
        else:
            await self._suffer(fault, scope, again, send)

    async def _suffer(self, fault: Fault, scope: Any, receive: _Replay, send: Any) -> None:
        match fault.kind:
            case FaultKind.STATUS:
                await _answer(send, fault.status, fault.headers, fault.body or b"")
            case FaultKind.EXPIRED_TOKEN:
                refusal = self._expired_token
                await _answer(send, refusal.status, refusal.headers, refusal.body or b"")
            case FaultKind.MALFORMED:
                headers = {"Content-Type": "application/json"}
                await _answer(send, 200, headers, fault.body or b'{"issues": [{"id": ')
            case FaultKind.SLOW:
                await asyncio.sleep(fault.seconds)
                await self._app(scope, receive, send)
            case FaultKind.RESET_BEFORE:
                await _cut(scope, receive.upstream)
            case FaultKind.RESET_AFTER:
                await self._app(scope, receive, _Collector())
                await _cut(scope, receive.upstream)
            case FaultKind.TRUNCATED:
                await self._truncate(scope, receive, send)

    async def _truncate(self, scope: Any, receive: _Replay, send: Any) -> None:
        whole = _Collector()
        await self._app(scope, receive, whole)
        await send(whole.start)
        await send(
            {
                "type": "http.response.body",
                "body": whole.body[: len(whole.body) // 2],
                "more_body": True,
            }
        )
        scope["extensions"][TRANSPORT].close()
        await _until_disconnected(receive.upstream)


class _Replay:
    """Hands the body that was read once more to the app, then listens as before."""

    def __init__(self, body: bytes, upstream: Any) -> None:
        self.upstream = upstream
        self._body: bytes | None = body

    async def __call__(self) -> Any:
        if self._body is None:
            return await self.upstream()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class _Collector:
    """Takes an app's response instead of the client."""

    def __init__(self) -> None:
        self.start: dict[str, Any] = {}
        self.body = b""

    async def __call__(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")


async def _whole_body(receive: Any) -> bytes | None:
    """Return what was sent, or nothing if the client was gone before it had sent all."""
    parts = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _answer(send: Any, status: int, headers: Mapping[str, str], body: bytes) -> None:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _cut(scope: Any, receive: Any) -> None:
    transport = scope["extensions"][TRANSPORT]
    # Lingering for no time makes the kernel send a reset where it would politely say goodbye.
    transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    transport.abort()
    await _until_disconnected(receive)


async def _until_disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
