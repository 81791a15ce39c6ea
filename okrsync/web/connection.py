"""A connection that is held only by whoever asks for something.

uvicorn waits for the first request as long as its sender likes. Whoever says nothing, or a header
byte now and then, would so take up a place for ever, and a few dozen of them all places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

MOST = 512
"""Connections at the same time; who comes then is turned away, and who is there is served."""
PATIENCE = 20.0
"""Seconds in which a request, up to the end of its headers, must have come."""


class Connection(H11Protocol):
    """One connection; it is closed when no request comes in time."""

    patience = PATIENCE
    most = MOST
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        super().connection_lost(exc)
        if self._waiting is not None:
            self._waiting.cancel()

    def on_response_complete(self) -> None:
        """Wait for the next request, but not for ever."""
        self._wait()
        super().on_response_complete()

    def _wait(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self.loop.call_later(self.patience, self._give_up)

    def _give_up(self) -> None:
        asked = self.cycle is not None and not self.cycle.response_complete
        if not asked:
            self.transport.abort()
