"""A loopback Linear: one workspace behind `/graphql`, after the vendor's schema and errors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from okrsync_simulators.clock import SystemClock
from okrsync_simulators.linear.app import linear_app
from okrsync_simulators.linear.loading import load_company, load_file
from okrsync_simulators.linear.world import API_KEY, LinearWorld
from okrsync_simulators.manifest import Running, Simulator
from okrsync_simulators.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okrsync_simulators.clock import Clock

__all__ = ["LINEAR", "LinearWorld", "open_linear", "serve_world"]


@contextmanager
def open_linear(
    *,
    issues: Path | None = None,
    seed: int = 1,
    lag_seconds: float = 0.0,
    port: int = 0,
    clock: Clock | None = None,
) -> Iterator[Running]:
    """Serve the issues of a file, or the example company of *seed*."""
    world = LinearWorld(clock or SystemClock(), lag_seconds=lag_seconds, seed=seed)
    if issues is None:
        load_company(world, seed)
    else:
        load_file(world, issues)
    with serve_world(world, port=port) as running:
        yield running


@contextmanager
def serve_world(world: LinearWorld, *, port: int = 0) -> Iterator[Running]:
    """Serve a world that was made elsewhere; searching has seen all of it."""
    world.flush_index()
    with serve(linear_app(world), port=port) as url:
        settings = {
            "adapter": "linear",
            "url": f"{url}/graphql",
            "auth": "key",
            "token": API_KEY,
            "scopes": [team.key for team in world.teams.values()],
        }
        yield Running(url, world, settings)


LINEAR = Simulator(name="linear", tracker_adapter="linear", open=open_linear)
