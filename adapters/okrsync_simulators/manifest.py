"""What a simulator offers to those who start one: the values behind `okrsync.simulators`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from okrsync_simulators.clock import Clock


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that listens: where, with what inside, and how a client connects to it."""

    url: str
    world: Any
    settings: Mapping[str, object]


class Open(Protocol):
    """Starts a simulator for as long as the context lasts."""

    def __call__(
        self,
        *,
        issues: Path | None = None,
        seed: int = 1,
        lag_seconds: float = 0.0,
        port: int = 0,
        clock: Clock | None = None,
    ) -> AbstractContextManager[Running]:
        """Serve the issues of a file, or the example company of *seed*."""
        ...


@dataclass(frozen=True, slots=True)
class Simulator:
    """A simulated tracker and the name of the adapter that it stands in for."""

    name: str
    tracker_adapter: str
    open: Open
