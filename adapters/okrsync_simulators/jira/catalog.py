"""What a simulated Jira site is configured with: projects, types, statuses, resolutions, fields.

Whatever loaded issues name is added on the way, under an id that nobody chose.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypeVar

from okrsync_simulators.jira.model import (
    CustomField,
    IssueType,
    Project,
    Resolution,
    Status,
    StatusCategory,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

TO_DO = StatusCategory(2, "new", "To Do", "blue-gray")
IN_PROGRESS = StatusCategory(4, "indeterminate", "In Progress", "yellow")
DONE = StatusCategory(3, "done", "Done", "green")
CATEGORIES = {category.key: category for category in (TO_DO, IN_PROGRESS, DONE)}

STORY_POINTS = CustomField("customfield_10016", "Story Points", "float", "number")
TEAM = CustomField("customfield_10031", "Team", "select", "option")
GOAL = CustomField("customfield_10050", "OKR", "textfield", "string")
CUSTOM_FIELDS = (STORY_POINTS, TEAM, GOAL)

EPIC_LEVEL, STANDARD_LEVEL, SUB_TASK_LEVEL = 1, 0, -1
LEVELS = {"epic": EPIC_LEVEL, "sub-task": SUB_TASK_LEVEL, "subtask": SUB_TASK_LEVEL}
STATUSES = {
    "Backlog": TO_DO,
    "To Do": TO_DO,
    "In Progress": IN_PROGRESS,
    "In Review": IN_PROGRESS,
    "Done": DONE,
}

Named = TypeVar("Named", Project, IssueType, Status, Resolution)


class Catalog:
    """Finds what issues name, by name or id, whatever the case; adds what is new."""

    def __init__(self) -> None:
        self._ids = count(10_001)
        self._projects: dict[str, Project] = {}
        self._types: dict[str, IssueType] = {}
        self._statuses: dict[str, Status] = {}
        self._resolutions: dict[str, Resolution] = {}

    @property
    def projects(self) -> tuple[Project, ...]:
        """All projects, the oldest first."""
        return tuple(self._projects.values())

    def add_project(self, key: str, name: str, id_: str | None = None) -> Project:
        """Return the project of that key, which is new if there was none."""
        known = next((each for each in self._projects.values() if each.key == key), None)
        if known is None:
            known = Project(id_ or self._next_id(), key, name)
            self._projects[known.id] = known
        return known

    def rekey_project(self, project: Project, key: str) -> Project:
        """Give *project* another key and return it as it is now."""
        renamed = Project(project.id, key, project.name)
        self._projects[project.id] = renamed
        return renamed

    def type_named(self, name: str, level: int | None = None) -> IssueType:
        """Return the type of that name, which is new if there was none."""
        known = self._types.get(name)
        if known is None:
            actual = LEVELS.get(name.casefold(), STANDARD_LEVEL) if level is None else level
            known = self._types[name] = IssueType(self._next_id(), name, actual)
        return known

    def status_named(self, name: str, category: StatusCategory | None = None) -> Status:
        """Return the status of that name, which is new if there was none."""
        known = self._statuses.get(name)
        if known is None:
            actual = category or STATUSES.get(name, TO_DO)
            known = self._statuses[name] = Status(self._next_id(), name, actual)
        return known

    def resolution_named(self, name: str) -> Resolution:
        """Return the resolution of that name, which is new if there was none."""
        known = self._resolutions.get(name)
        if known is None:
            known = self._resolutions[name] = Resolution(self._next_id(), name)
        return known

    def find_projects(self, text: str) -> frozenset[str]:
        """Return the ids of the projects with that key, name or id."""
        wanted = text.casefold()
        keys = {each.id for each in self.projects if each.key.casefold() == wanted}
        return frozenset(keys) | _ids(self.projects, text)

    def find_types(self, text: str) -> frozenset[str]:
        """Return the ids of the types with that name or id."""
        return _ids(self._types.values(), text)

    def find_statuses(self, text: str) -> frozenset[str]:
        """Return the ids of the statuses with that name or id."""
        return _ids(self._statuses.values(), text)

    def find_resolutions(self, text: str) -> frozenset[str]:
        """Return the ids of the resolutions with that name or id."""
        return _ids(self._resolutions.values(), text)

    def find_categories(self, text: str) -> frozenset[str]:
        """Return the keys of the status categories with that name, key or id."""
        wanted = text.casefold()
        return frozenset(
            each.key
            for each in CATEGORIES.values()
            if wanted in {each.key, each.name.casefold(), str(each.id)}
        )

    def _next_id(self) -> str:
        return str(next(self._ids))


def custom_field(text: str) -> CustomField | None:
    """Return the custom field of that id, name or `cf[number]`."""
    wanted = text.casefold()
    for each in CUSTOM_FIELDS:
        short = f"cf[{each.id.removeprefix('customfield_')}]"
        if wanted in {each.id, each.name.casefold(), short}:
            return each
    return None


def _ids(things: Iterable[Named], text: str) -> frozenset[str]:
    wanted = text.casefold()
    return frozenset(each.id for each in things if wanted in {each.id, each.name.casefold()})
