"""Health, readiness and metrics: what a watcher may know. No keys, no titles, no people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Answers ``/healthz``, ``/readyz`` and ``/metrics``."""

    parts: Callable[[], Mapping[str, str]]
    """Of each part of the process ``ok``, or what is wrong with it."""
    state: Callable[[], str]
    """``ready``, or why it is not."""
    troubles: Callable[[], Mapping[str, Any]]
    """What a person should know though the process is well: files refused, scopes that fail."""
    metrics: Callable[[], bytes]
    metrics_type: str

    async def healthz(self, _request: Request) -> Response:
        """Tell whether the process is well; if not, it should be started again."""
        parts = dict(self.parts())
        well = all(each == "ok" for each in parts.values())
        told = {"status": "ok" if well else "failing", "state": self.state(), "parts": parts}
        return JSONResponse(told | dict(self.troubles()), status_code=200 if well else 503)

    async def readyz(self, _request: Request) -> Response:
        """Tell whether this process does the work now, and not another one or nobody."""
        state = self.state()
        return JSONResponse({"status": state}, status_code=200 if state == READY else 503)

    async def exposition(self, _request: Request) -> Response:
        """Return the metrics."""
        return Response(self.metrics(), headers={"content-type": self.metrics_type})
