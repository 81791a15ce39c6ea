"""Makes a simulated Jira of any size for benchmarks: projects, epics, stories and sub-tasks."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from okrsync_simulators.jira.model import Issue
from okrsync_simulators.jira.world import JiraWorld

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync_simulators.clock import Clock

ISSUES_PER_PROJECT = 10_000
EPIC_EVERY = 50
SUB_TASK_EVERY = 5
LABELS = ("one-tap", "coupon-wall", "tech-debt", "i18n", "quick-win", "idea", "urgent", "docs")
COMPONENTS = ("wallet", "cards", "refunds", "checkout", "search", "platform")
THINGS = ("wallet", "receipt", "coupon", "basket", "refund", "filter", "address", "mail")
DEEDS = ("Show the", "Remove the", "Explain the", "Measure the", "Repair the", "Shorten the")
TYPES = ("Story", "Story", "Story", "Bug", "Task", "Research", "Incident", "Dependency update")


def generated(
    n: int, seed: int = 1, clock: Clock | None = None, *, lag_seconds: float = 0.0
) -> JiraWorld:
    """Return a tenant of *n* issues, the same for the same seed and moment."""
    world = JiraWorld(clock, lag_seconds=lag_seconds)
    random = Random(f"generated {seed}")
    now = world.now()
    epic = story = ""
    for index in range(n):
        kind = _kind(index, random)
        parent = None if kind == "Epic" else story if kind == "Sub-task" else epic
        issue = _issue(world, index, kind, parent=parent, random=random, now=now)
        world.add_loaded(issue, now)
        if kind == "Epic":
            epic = story = issue.id
        elif kind != "Sub-task":
            story = issue.id
    world.flush_index()
    return world


def _kind(index: int, random: Random) -> str:
    if index % EPIC_EVERY == 0:
        return "Epic"
    if index % EPIC_EVERY > 1 and index % SUB_TASK_EVERY == 0:
        return "Sub-task"
    return random.choice(TYPES)


def _issue(
    world: JiraWorld, index: int, kind: str, *, parent: str | None, random: Random, now: datetime
) -> Issue:
    project = world.create_project(f"GEN{index // ISSUES_PER_PROJECT + 1}")
    updated = now - timedelta(seconds=random.randint(60, 300 * 86_400))
    ended = random.random() < 0.5
    return Issue(
        id=world.store.next_id(),
        project=project,
        number=world.store.next_number(project),
        summary=f"{random.choice(DEEDS)} {random.choice(THINGS)} ({index})",
        type=world.catalog.type_named(kind),
        status=world.catalog.status_named(
            "Done" if ended else random.choice(("To Do", "In Review"))
        ),
        created=updated - timedelta(days=random.randint(1, 90)),
        updated=updated,
        resolution=world.catalog.resolution_named("Done") if ended else None,
        resolved=updated if ended else None,
        labels=frozenset(random.sample(LABELS, k=random.choice((0, 0, 1, 2)))),
        components=(random.choice(COMPONENTS),) if random.random() < 0.4 else (),
        parent_id=parent,
        description="What shoppers tell us about it, and what we mean to try.",
    )
