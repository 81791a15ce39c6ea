"""Fills a world: with the example company, or with issues exported from a real Linear.

An export often lacks what it takes for granted. The team is then told by the identifier, and the
date of an end by the last update. People are not taken over.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from okrsync_simulators.company.linear import linear_seed
from okrsync_simulators.linear.model import Issue, State, StateType
from okrsync_simulators.linear.workspace import entered
from okrsync_simulators.loading import read_issues

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from okrsync_simulators.company.linear import LinearSeedIssue
    from okrsync_simulators.linear.world import LinearWorld


def load_company(world: LinearWorld, seed: int) -> None:
    """Let the example company's growth and operations teams move in."""
    ids: dict[tuple[str, int | None], str] = {}
    for entry in linear_seed(seed, world.moment()):
        issue_id = ids[entry.team, entry.number] = world.new_id()
        world.add_issue(
            _seed_issue(world, entry, issue_id, ids.get((entry.team, entry.parent_number)))
        )


def load_file(world: LinearWorld, path: Path) -> None:
    """Take over the issues of an export, whose GraphQL names are Linear's own."""
    for entry in read_issues(path):
        world.add_issue(_exported_issue(world, entry))


def _seed_issue(
    world: LinearWorld, entry: LinearSeedIssue, issue_id: str, parent_id: str | None
) -> Issue:
    team = world.team(entry.team)
    return Issue(
        id=issue_id,
        identifier=f"{entry.team}-{entry.number}",
        number=entry.number,
        title=entry.title,
        team_id=team.id,
        state_id=_state(world, team.id, entry.state_name, entry.state_type).id,
        created_at=entry.created,
        updated_at=entry.updated,
        label_ids=_label_ids(world, entry.labels),
        description=entry.description or None,
        parent_id=parent_id,
        project_id=world.project(entry.project).id if entry.project else None,
        due=entry.due,
        estimate=entry.estimate,
        completed_at=entry.completed,
        canceled_at=entry.canceled,
    )


def _exported_issue(world: LinearWorld, entry: Mapping[str, Any]) -> Issue:
    key, _, number = entry["identifier"].rpartition("-")
    team = world.team(key)
    exported_state = entry.get("state") or {"name": "Backlog"}
    state = _state(world, team.id, exported_state["name"], exported_state.get("type"))
    updated = _moment(entry["updatedAt"])
    parent, project = entry.get("parent"), entry.get("project")
    issue = Issue(
        id=entry["id"],
        identifier=entry["identifier"],
        number=int(number),
        title=entry["title"],
        team_id=team.id,
        state_id=state.id,
        created_at=_moment(entry["createdAt"]),
        updated_at=updated,
        label_ids=_label_ids(world, _label_names(entry.get("labels"))),
        description=entry.get("description"),
        parent_id=parent["id"] if parent else None,
        project_id=world.project(project["name"]).id if project else None,
        due=date.fromisoformat(entry["dueDate"]) if entry.get("dueDate") else None,
        estimate=entry.get("estimate"),
    )
    return entered(issue, state, updated)


def _label_names(labels: Any) -> list[str]:
    nodes = labels["nodes"] if isinstance(labels, dict) else labels or []
    return [label["name"] for label in nodes]


def _label_ids(world: LinearWorld, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(world.workspace_label(name).id for name in names))


def _state(world: LinearWorld, team_id: str, name: str, kind: str | None) -> State:
    """Return the team's state of that name; an unknown one joins its workflow."""
    for state in world.states.values():
        if state.team_id == team_id and state.name.casefold() == name.casefold():
            return state
    return world.add_state(team_id, name, StateType(kind or StateType.UNSTARTED))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
