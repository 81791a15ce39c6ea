"""What people do with projects, their milestones, and the initiatives above them.

They are told by their names, as people do; what two may share a name is told by its id.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from okrsync_simulators.linear.model import Initiative, Milestone, ProjectStatus
from okrsync_simulators.linear.workspace import Workspace
from okrsync_simulators.people import MIRA

if TYPE_CHECKING:
    from collections.abc import Iterable


class Containers(Workspace):
    """A workspace in which people plan."""

    def plan_into(self, issue_id: str, project: str, milestone: str | None = None) -> None:
        """Put an issue into a project and, if wanted, under one of its milestones."""
        with self.lock:
            issue = self.issue(issue_id)
            self.change(
                issue,
                self.entry(issue, MIRA),
                project_id=self.project(project).id,
                milestone_id=self.create_milestone(project, milestone) if milestone else None,
            )

    def set_project_status(self, name: str, status: str) -> None:
        """Move a project on, to a status named as Linear names its types."""
        self.change_container(self.project(name).id, status=ProjectStatus(status))

    def create_milestone(self, project: str, name: str) -> str:
        """Return the id of a project's milestone of that name, new if need be."""
        project_id = self.project(project).id
        for milestone in self.milestones.values():
            if milestone.project_id == project_id and milestone.name == name:
                return milestone.id
        now = self.moment()
        milestone = Milestone(self.new_id(), name, project_id, now, now)
        self.milestones[milestone.id] = milestone
        return milestone.id

    def create_initiative(
        self, name: str, *, projects: Iterable[str] = (), parent: str | None = None
    ) -> str:
        """Gather projects under an initiative, and put it below another, given by its id."""
        now = self.moment()
        members = tuple(self.project(project).id for project in projects)
        initiative = Initiative(self.new_id(), name, now, now, members, parent)
        self.initiatives[initiative.id] = initiative
        return initiative.id

    def change_container(self, container_id: str, **changes: Any) -> None:
        """Change what is known of a project, a milestone or an initiative."""
        kinds: tuple[dict[str, Any], ...] = (self.projects, self.milestones, self.initiatives)
        (held,) = (kind for kind in kinds if container_id in kind)
        held[container_id] = replace(held[container_id], **changes, updated_at=self.moment())

    def archive_container(self, container_id: str) -> None:
        """Archive a project, a milestone or an initiative; what it holds stays."""
        self.change_container(container_id, archived_at=self.moment())
