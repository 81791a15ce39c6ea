"""Runs the application in a thread of its own; the rest of the process goes on without it.

Where its address is taken, it tries again until it is free: an okrsync that stands by on the same
machine gets it together with the timetable. Polling is enough meanwhile.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING

import structlog
import uvicorn

from okrsync.web.connection import PATIENCE, Connection

if TYPE_CHECKING:
    from starlette.applications import Starlette


@dataclass(slots=True, kw_only=True)
class WebServer:
    """Listens while it lives."""

    app: Starlette
    host: str
    port: int
    retry_after: float = 1.0
    connection: type[Connection] = Connection
    """How a connection is held."""
    listening: tuple[str, int] | None = None
    """Where it listens, once it does."""
    _why: str = "not started"
    _ended: Event = field(default_factory=Event)
    _server: uvicorn.Server | None = None
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin to listen, as soon as the address is free."""
        self._thread = Thread(target=self._run, name="web", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Answer what is being answered, and nothing more."""
        self._ended.set()
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(seconds)

    def health(self) -> str:
        """Return ``ok``, or why it does not listen."""
        alive = self._thread is not None and self._thread.is_alive()
        return "ok" if alive and self.listening else self._why

    def _run(self) -> None:
        while not self._ended.is_set():
            bound = self._bound()
            if bound is None:
                self._ended.wait(self.retry_after)
                continue
            with bound:
                self._serve(bound)

    def _bound(self) -> socket.socket | None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # told to be TCP, or asyncio would leave answers waiting for more to send
        bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((self.host, self.port))
            bound.listen(128)
        except OSError as error:
            bound.close()
            self._say_once(f"cannot listen: {error.strerror}")
            return None
        return bound

    def _say_once(self, why: str) -> None:
        if why != self._why:
            self._why = why
            structlog.get_logger().warning("web.waits", why=why, host=self.host, port=self.port)

    def _serve(self, bound: socket.socket) -> None:
        config = uvicorn.Config(
            self.app,
            http=self.connection,
            ws="none",
            lifespan="off",
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_keep_alive=round(PATIENCE),
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=64 * 1024,
        )
        self._server = uvicorn.Server(config)
        self.listening = bound.getsockname()[:2]
        host, port = self.listening
        structlog.get_logger().info("web.listens", host=host, port=port)
        if not self._ended.is_set():
            self._server.run(sockets=[bound])
        self.listening, self._why = None, "it ended"
