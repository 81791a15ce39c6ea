"""Fills a simulated Jira with the example company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync_simulators.company import jira_seed
from okrsync_simulators.jira.catalog import STATUSES, STORY_POINTS, SUB_TASK_LEVEL, TEAM

if TYPE_CHECKING:
    from okrsync_simulators.company import JiraSeedIssue
    from okrsync_simulators.jira.world import JiraWorld

RESOLUTIONS = ("Done", "Won't Do", "Duplicate", "Cannot Reproduce")


def seed_company(world: JiraWorld, seed: int) -> None:
    """Create the company's issues; search knows them at once, and the log of writes is empty."""
    world.catalog.type_named("Sub-bug", SUB_TASK_LEVEL)
    for status in STATUSES:
        world.catalog.status_named(status)
    for resolution in RESOLUTIONS:
        world.catalog.resolution_named(resolution)
    ids: dict[tuple[str, int | None], str] = {}
    for entry in jira_seed(seed, world.now()):
        ids[entry.project, entry.number] = _create(world, entry, ids)
    world.flush_index()
    world.writes.clear()


def _create(world: JiraWorld, entry: JiraSeedIssue, ids: dict[tuple[str, int | None], str]) -> str:
    custom: dict[str, object] = {}
    if entry.story_points is not None:
        custom[STORY_POINTS.id] = entry.story_points
    if entry.team is not None:
        custom[TEAM.id] = entry.team
    issue_id = world.create_issue(
        project=entry.project,
        number=entry.number,
        summary=entry.title,
        type=entry.type,
        description=entry.description,
        labels=_first_labels(entry),
        components=entry.components,
        parent=ids.get((entry.project, entry.parent_number)),
        status=entry.status,
        resolution=entry.resolution,
        due=entry.due,
        custom=custom,
        created=entry.created,
        updated=entry.updated,
        resolved=entry.resolved,
    )
    for change in entry.label_changes:
        world.person_edits_labels(
            issue_id, change.add, change.remove, account=change.account, at=change.at
        )
    return issue_id


def _first_labels(entry: JiraSeedIssue) -> set[str]:
    """Return what the labels were before anybody changed them."""
    labels = set(entry.labels)
    for change in reversed(entry.label_changes):
        labels -= set(change.add)
        labels |= set(change.remove)
    return labels
