"""A simulated Jira, Cloud or Data Center."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from okrsync_simulators.jira.app import GATEWAY, build_app
from okrsync_simulators.jira.generate import generated
from okrsync_simulators.jira.loading import load_issues
from okrsync_simulators.jira.seeding import seed_company
from okrsync_simulators.jira.world import Access, Deployment, JiraWorld
from okrsync_simulators.manifest import Running, Simulator
from okrsync_simulators.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okrsync_simulators.clock import Clock

__all__ = [
    "JIRA",
    "JIRA_DATACENTER",
    "Access",
    "Deployment",
    "JiraWorld",
    "build_app",
    "generated",
    "load_issues",
    "open_jira",
    "seed_company",
    "serve_world",
]


@contextmanager
def open_jira(
    *,
    issues: Path | None = None,
    seed: int = 1,
    lag_seconds: float = 0.0,
    port: int = 0,
    clock: Clock | None = None,
    deployment: Deployment = Deployment.CLOUD,
) -> Iterator[Running]:
    """Serve the issues of a file, or the example company of *seed*."""
    world = JiraWorld(clock, lag_seconds=lag_seconds, deployment=deployment)
    if issues is None:
        seed_company(world, seed)
    else:
        load_issues(world, issues)
    with serve_world(world, port=port) as running:
        yield running


@contextmanager
def serve_world(world: JiraWorld, *, port: int = 0) -> Iterator[Running]:
    """Serve a tenant that was made already."""
    with serve(build_app(world), port=port) as url:
        settings: dict[str, object] = {
            "adapter": "jira",
            "url": url + (GATEWAY if world.access is not Access.BASIC else ""),
            "site": url,
            "deployment": world.deployment.value,
            "email": world.email,
            "token": world.token,
            "scopes": [project.key for project in world.catalog.projects],
        }
        if world.access is Access.OAUTH or world.deployment is Deployment.DATACENTER:
            del settings["email"]  # a bearer token stands alone
        yield Running(url=url, world=world, settings=settings)


JIRA = Simulator(name="jira", tracker_adapter="jira", open=open_jira)
JIRA_DATACENTER = Simulator(
    name="jira-datacenter",
    tracker_adapter="jira",
    open=partial(open_jira, deployment=Deployment.DATACENTER),
)
