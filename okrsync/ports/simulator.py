"""What the demo and `okrsync simulate` need from an installed simulator.

Simulators know nothing of okrsync, so this is told by shape alone. Public: others offer theirs
through the entry point group ``okrsync.simulators``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path


class Running(Protocol):
    """A simulated tracker that listens on the loopback interface."""

    @property
    def url(self) -> str:
        """Where it listens."""

    @property
    def world(self) -> Any:
        """What it simulates."""

    @property
    def settings(self) -> Mapping[str, object]:
        """The keys of a tracker's section in okrsync.yaml, ``token`` among them."""


class OpenSimulator(Protocol):
    """Starts a simulated tracker for as long as the context lasts."""

    def __call__(
        self,
        *,
        issues: Path | None = None,
        seed: int = 1,
        lag_seconds: float = 0.0,
        port: int = 0,
    ) -> AbstractContextManager[Running]:
        """Serve the issues of a file, or the example company of *seed*."""


class Simulator(Protocol):
    """What an entry point of the group must point at."""

    @property
    def name(self) -> str:
        """What people call it on the command line."""

    @property
    def open(self) -> OpenSimulator:
        """How to start it."""
