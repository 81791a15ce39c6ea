"""Webhooks: who says something changed, and what. How it changed is found out by reading it.

A delivery that the tracker signed rings a bell for its items and is answered at once. Duplicates,
retries hours later and any order are harmless, because nothing is believed of a delivery but its
signature and the ids in it. Bodies and signatures are never logged, nor anything quoted from them.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from okrsync.ports.tracker import Delivery, Webhooks

LARGEST = 5 * 1024 * 1024
"""Bytes of one delivery. Jira itself sends up to 25 MB, nearly all of it text that nobody reads
here; what is too large is left to the next pass."""
SLOWEST = 15.0
"""Seconds in which a delivery must have arrived; trackers give up after 5 to 20."""
HELD = 64 * 1024 * 1024
"""Bytes of deliveries that are held at the same time: who sends them is known only at their end."""
QUIET = 60.0
"""Seconds for which refusals like one that was told are only counted: anybody can cause them."""
REMEMBERED = 20_000
"""Deliveries that a duplicate is known by."""


class Outcome(StrEnum):
    """What became of a delivery."""

    RUNG = "rung"
    IGNORED = "ignored"
    """It is about nothing that carries labels."""
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    """No such tracker, or no secret is configured for it."""
    FORGED = "forged"
    """Not signed, or not with our secret."""
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    CLOSED = "closed"
    """This process cannot take it now: it stands by, or ends, or too much arrives at once."""


STATUS = {
    Outcome.RUNG: 200,  # Linear takes nothing else for a yes
    Outcome.IGNORED: 200,
    Outcome.DUPLICATE: 200,
    Outcome.UNKNOWN: 404,
    Outcome.FORGED: 401,
    Outcome.MALFORMED: 400,
    Outcome.TOO_LARGE: 413,
    Outcome.TOO_SLOW: 408,
    Outcome.CLOSED: 503,  # the tracker delivers it again
}
_EXPECTED = frozenset({Outcome.RUNG, Outcome.IGNORED, Outcome.DUPLICATE})


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Answers ``POST /webhooks/{tracker}``."""

    webhooks: Callable[[], Mapping[str, Webhooks]]
    """What reads each tracker's deliveries, as the settings in force have it."""
    ring: Callable[[str, tuple[str, ...]], bool]
    """Asks for items to be looked at; false while nobody works here. Must return at once."""
    count: Callable[[str, str], None]
    """Told the tracker, if it is a configured one, and what became of a delivery."""
    largest: int = LARGEST
    slowest: float = SLOWEST
    most_held: int = HELD
    quiet: float = QUIET
    remembered: int = REMEMBERED
    _held: int = 0
    _told: dict[tuple[str, Outcome], float] = field(default_factory=dict)
    """When a refusal was told last, by tracker and outcome."""
    _known: OrderedDict[tuple[str, str], None] = field(default_factory=OrderedDict)

    async def answer(self, request: Request) -> Response:
        """Answer one delivery."""
        name = request.path_params["tracker"]
        reader = self.webhooks().get(name)
        if reader is None:
            return self._answered("", Outcome.UNKNOWN, "no tracker of this name has a secret")
        outcome, why = await self._receive(name, reader, request)
        return self._answered(name, outcome, why)

    async def _receive(self, name: str, reader: Webhooks, request: Request) -> tuple[Outcome, str]:
        try:
            async with asyncio.timeout(self.slowest):
                body = await self._body(request)
        except TimeoutError:
            return Outcome.TOO_SLOW, "it did not arrive in time"
        except ClientDisconnect:
            return Outcome.MALFORMED, "it broke off"
        except _RefusedError as refused:
            return refused.outcome, str(refused)
        headers = _headers(request)
        if not reader.authentic(headers, body):
            return Outcome.FORGED, "its signature is missing or wrong"
        try:
            delivery = reader.delivery(headers, body)
        except ValueError as error:
            return Outcome.MALFORMED, str(error)
        taken = self._take(name, delivery)
        return taken, "this process stands by, or ends" if taken is Outcome.CLOSED else ""

    async def _body(self, request: Request) -> bytes:
        """Read no more than we take; what a sender says of the length is believed only if bad."""
        told = request.headers.get("content-length", "")
        if told.isascii() and told.isdigit() and int(told[:20]) > self.largest:
            raise self._too_large()
        chunks, size = [], 0
        try:
            async for chunk in request.stream():
                size += len(chunk)
                self._held += len(chunk)
                if size > self.largest:
                    raise self._too_large()
                if self._held > self.most_held:
                    raise _RefusedError(Outcome.CLOSED, "too much arrives at the same time")
                chunks.append(chunk)
            return b"".join(chunks)
        finally:
            self._held -= size

    def _too_large(self) -> _RefusedError:
        return _RefusedError(Outcome.TOO_LARGE, f"it has more than {self.largest} bytes")

    def _take(self, name: str, delivery: Delivery) -> Outcome:
        key = (name, delivery.id) if delivery.id else None
        if key in self._known:
            return Outcome.DUPLICATE
        if delivery.items and not self.ring(name, delivery.items):
            return Outcome.CLOSED
        if key is not None:
            self._known[key] = None
            while len(self._known) > self.remembered:
                self._known.popitem(last=False)
        return Outcome.RUNG if delivery.items else Outcome.IGNORED

    def _answered(self, name: str, outcome: Outcome, why: str) -> Response:
        self.count(name, outcome.value)
        if outcome not in _EXPECTED:
            self._tell(name, outcome, why)
        return PlainTextResponse(f"{outcome.value}\n", status_code=STATUS[outcome])

    def _tell(self, name: str, outcome: Outcome, why: str) -> None:
        now, kind = monotonic(), (name, outcome)
        if now - self._told.get(kind, -self.quiet) >= self.quiet:
            self._told[kind] = now
            structlog.get_logger().warning(
                "webhook.refused", tracker=name, outcome=outcome.value, why=why
            )


class _RefusedError(Exception):
    """A delivery is not read to its end."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome


def _headers(request: Request) -> dict[str, str]:
    """Return headers as text; one that was given twice is left out: which of them would count."""
    given = [(name.decode("latin-1").lower(), value) for name, value in request.headers.raw]
    times = Counter(name for name, _ in given)
    return {name: value.decode("latin-1") for name, value in given if times[name] == 1}
