"""The workspace's objects as GraphQL sees them: dictionaries in Linear's names.

Everything that reaches on to another object is a function, called only if a query asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync_simulators.linear.connections import ordered, page
from okrsync_simulators.linear.filters import Filters
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from okrsync_simulators.linear.model import (
        HistoryEntry,
        Initiative,
        Issue,
        Label,
        Milestone,
        Project,
        State,
        Team,
    )
    from okrsync_simulators.linear.workspace import Workspace

SITE = "https://linear.app/shop"
FOUNDED = "2024-01-08T09:00:00.000Z"

View = dict[str, Any]


class Views:
    """Shows the objects of one workspace."""

    def __init__(self, world: Workspace) -> None:
        self._world = world

    def issue(self, issue: Issue) -> View:
        """Show an issue."""
        world = self._world
        return {
            "id": issue.id,
            "identifier": issue.identifier,
            "number": issue.number,
            "title": issue.title,
            "description": issue.description,
            "url": f"{SITE}/issue/{issue.identifier}",
            **_dates(issue),
            "trashed": issue.trashed,
            "startedAt": _iso(issue.started_at),
            "completedAt": _iso(issue.completed_at),
            "canceledAt": _iso(issue.canceled_at),
            "dueDate": issue.due.isoformat() if issue.due else None,
            "estimate": issue.estimate,
            "previousIdentifiers": issue.previous_identifiers,
            "labelIds": issue.label_ids,
            "labels": self.connection(
                lambda: self._labels(issue.label_ids), self.label, Filters.label
            ),
            "team": lambda _info: self.team(world.teams[issue.team_id]),
            "parent": lambda _info: self._or_none(world.index.find(issue.parent_id or "")),
            "children": self.connection(
                lambda: [one for one in world.index.current() if one.parent_id == issue.id],
                self.issue,
                Filters.issue,
            ),
            "project": self._to_one(world.projects, issue.project_id, self.project),
            "projectMilestone": self._to_one(world.milestones, issue.milestone_id, self.milestone),
            "state": lambda _info: self.state(world.states[issue.state_id]),
            "history": self.connection(lambda: world.history.get(issue.id, ()), self.history),
        }

    def history(self, entry: HistoryEntry) -> View:
        """Show a line of an issue's history; labels deleted since are missing among its objects."""
        moment = _iso(entry.created_at)
        return {
            "id": entry.id,
            "createdAt": moment,
            "updatedAt": moment,
            "actorId": entry.actor_id,
            "actor": self.user(entry.actor_id) if entry.actor_id else None,
            "addedLabelIds": entry.added_label_ids or None,
            "removedLabelIds": entry.removed_label_ids or None,
            "addedLabels": self._label_views(entry.added_label_ids),
            "removedLabels": self._label_views(entry.removed_label_ids),
            "fromStateId": entry.from_state_id,
            "toStateId": entry.to_state_id,
            "fromTeamId": entry.from_team_id,
            "toTeamId": entry.to_team_id,
            "archived": entry.archived,
            "trashed": entry.trashed,
        }

    def label(self, label: Label) -> View:
        """Show a label's definition."""
        world, book = self._world, self._world.label_book
        return {
            "id": label.id,
            "name": label.name,
            "color": label.color,
            "description": label.description,
            "isGroup": label.is_group,
            "parent": self._to_one(book.by_id, label.parent_id, self.label),
            "children": self.connection(lambda: book.children(label.id), self.label, Filters.label),
            "team": self._to_one(world.teams, label.team_id, self.team),
            "inheritedFrom": self._to_one(book.by_id, label.inherited_from_id, self.label),
            **_dates(label),
            "retiredAt": _iso(label.retired_at),
            "lastAppliedAt": _iso(label.last_applied_at),
        }

    def team(self, team: Team) -> View:
        """Show a team."""
        world = self._world

        def issues() -> list[Issue]:
            return [issue for issue in world.index.current() if issue.team_id == team.id]

        def labels() -> list[Label]:
            return [one for one in world.label_book.by_id.values() if one.team_id == team.id]

        def states() -> list[State]:
            return [state for state in world.states.values() if state.team_id == team.id]

        return {
            "id": team.id,
            "key": team.key,
            "name": team.name,
            "displayName": team.name,
            "private": False,
            "parent": self._to_one(world.teams, team.parent_id, self.team),
            **_dates(team),
            "retiredAt": None,
            "issueCount": lambda _info, **_arguments: len(issues()),
            "issues": self.connection(issues, self.issue, Filters.issue),
            "labels": self.connection(labels, self.label, Filters.label),
            "states": self.connection(states, self.state, Filters.state),
        }

    def state(self, state: State) -> View:
        """Show a workflow state."""
        return {
            "id": state.id,
            "name": state.name,
            "type": state.type.value,
            "position": state.position,
            "team": lambda _info: self.team(self._world.teams[state.team_id]),
            **_dates(state),
        }

    def project(self, project: Project) -> View:
        """Show a project."""
        world = self._world
        return {
            **_named(project, "project"),
            "description": project.description,
            "content": project.content,
            "status": {
                "id": f"status-{project.status}",
                "name": project.status.capitalize(),
                "type": project.status.value,
            },
            "initiatives": self.connection(
                lambda: [
                    one for one in world.initiatives.values() if project.id in one.project_ids
                ],
                self.initiative,
                Filters.project,
            ),
            "projectMilestones": self.connection(
                lambda: [one for one in world.milestones.values() if one.project_id == project.id],
                self.milestone,
                Filters.milestone,
            ),
        }

    def milestone(self, milestone: Milestone) -> View:
        """Show a milestone of a project."""
        return {
            "id": milestone.id,
            "name": milestone.name,
            "description": milestone.description,
            "status": "unstarted",
            "project": lambda _info: self.project(self._world.projects[milestone.project_id]),
            **_dates(milestone),
        }

    def initiative(self, initiative: Initiative) -> View:
        """Show an initiative."""
        projects, initiatives = self._world.projects, self._world.initiatives
        return {
            **_named(initiative, "initiative"),
            "description": initiative.description,
            "content": initiative.content,
            "status": "Active",
            "parentInitiative": self._to_one(initiatives, initiative.parent_id, self.initiative),
            "projects": self.connection(
                lambda: [projects[i] for i in initiative.project_ids],
                self.project,
                Filters.project,
            ),
        }

    def user(self, user_id: str) -> View:
        """Show an account."""
        account = self._world.users[user_id]
        return {
            "id": account.id,
            "name": account.name,
            "displayName": account.email.partition("@")[0],
            "email": account.email,
            "active": True,
            "app": False,
            "isMe": account.id == BOT.id,
            "createdAt": FOUNDED,
            "updatedAt": FOUNDED,
        }

    def _labels(self, label_ids: Iterable[str]) -> list[Label]:
        known = self._world.label_book.by_id
        return [known[label_id] for label_id in label_ids if label_id in known]

    def _label_views(self, label_ids: Iterable[str]) -> list[View] | None:
        return [self.label(label) for label in self._labels(label_ids)] or None

    def _or_none(self, issue: Issue | None) -> View | None:
        return self.issue(issue) if issue else None

    @staticmethod
    def _to_one(
        things: Mapping[str, Any], key: str | None, view: Callable[[Any], View]
    ) -> Callable[[Any], View | None] | None:
        thing = things.get(key) if key else None
        return (lambda _info: view(thing)) if thing is not None else None

    def connection(
        self,
        rows: Callable[[], Iterable[Any]],
        view: Callable[[Any], View],
        compiled: Callable[..., Callable[[Any], bool]] | None = None,
    ) -> Callable[..., View]:
        """Return the resolver of a connection, which hides archived rows unless asked for them."""

        def resolve(_info: Any, **arguments: Any) -> View:
            found = shown(rows(), archived=bool(arguments.get("includeArchived")))
            if compiled and arguments.get("filter"):
                filters = Filters(self._world, self._world.moment())
                found = filter(compiled(filters, arguments["filter"]), found)
            listing = ordered(found, arguments.get("orderBy"))
            return page(listing, view, arguments.get("first"), arguments.get("after"))

        return resolve


def shown(rows: Iterable[Any], *, archived: bool) -> Iterable[Any]:
    """Leave out archived rows, unless they were asked for."""
    return rows if archived else (r for r in rows if getattr(r, "archived_at", None) is None)


def _named(thing: Project | Initiative, kind: str) -> View:
    return {
        "id": thing.id,
        "name": thing.name,
        "slugId": thing.id[:12],
        "url": f"{SITE}/{kind}/{thing.id[:12]}",
        "trashed": thing.trashed,
        **_dates(thing),
    }


def _dates(thing: Any) -> View:
    return {
        "createdAt": _iso(thing.created_at),
        "updatedAt": _iso(getattr(thing, "updated_at", thing.created_at)),
        "archivedAt": _iso(getattr(thing, "archived_at", None)),
    }


def _iso(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
