"""Makes workspaces of any size for benchmarks, the same ones for the same seed."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from okrsync_simulators.linear.model import Issue
from okrsync_simulators.linear.workspace import entered
from okrsync_simulators.linear.world import LinearWorld

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync_simulators.clock import Clock

TEAM = "GEN"
LABELS = tuple(f"area {number}" for number in range(30))
PROJECTS = tuple(f"Project {number}" for number in range(12))
STATES = ("Backlog", "Todo", "In Progress", "Done", "Canceled")
WEIGHTS = (30, 25, 15, 26, 4)
SECONDS_A_YEAR = 31_536_000


def generated(n: int, seed: int, clock: Clock) -> LinearWorld:
    """Return a world of one team with *n* issues, written and changed within the last year."""
    world = LinearWorld(clock, seed=seed)
    random = Random(f"generated {seed}")
    now = world.moment()
    issues: list[Issue] = []
    for number in range(1, n + 1):
        parent = random.choice(issues) if issues and random.random() < 0.15 else None
        issue = _issue(world, number, parent, random=random, now=now)
        issues.append(issue)
        world.add_issue(issue)
    return world


def _issue(
    world: LinearWorld, number: int, parent: Issue | None, *, random: Random, now: datetime
) -> Issue:
    team = world.team(TEAM)
    state = world.state(team.id, random.choices(STATES, WEIGHTS)[0])
    created = now - timedelta(seconds=random.randrange(60, SECONDS_A_YEAR))
    updated = created + (now - created) * random.random()
    updated = updated.replace(microsecond=updated.microsecond // 1000 * 1000)
    labels = random.sample(LABELS, random.choices((0, 1, 2, 3), (40, 30, 20, 10))[0])
    project = random.choice(PROJECTS) if random.random() < 0.6 else None
    issue = Issue(
        id=world.new_id(),
        identifier=f"{TEAM}-{number}",
        number=number,
        title=f"Generated issue {number}",
        team_id=team.id,
        state_id=state.id,
        created_at=created,
        updated_at=updated,
        label_ids=tuple(world.workspace_label(name).id for name in labels),
        description=f"What issue {number} is about. " * random.randrange(1, 12),
        parent_id=parent.id if parent else None,
        project_id=world.project(project).id if project else None,
        estimate=random.choice((None, 1.0, 2.0, 3.0, 5.0)),
    )
    return entered(issue, state, updated)
