"""Fills a simulated Jira with issues from files: whole ones as Jira gives them, or slim extracts.

The tenant is Cloud, so an epic that a Server names in a field of its own becomes the parent. What a
file leaves out is derived; a parent that is not in the file is none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from okrsync_simulators.jira.catalog import CATEGORIES, CUSTOM_FIELDS, SUB_TASK_LEVEL
from okrsync_simulators.jira.model import NOTHING, Issue
from okrsync_simulators.loading import read_issues

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from okrsync_simulators.jira.world import JiraWorld

TIME = "%Y-%m-%dT%H:%M:%S.%f%z"


class UnusableIssueError(ValueError):
    """An object that has neither an id nor a key, or no fields."""


def load_issues(world: JiraWorld, path: Path) -> int:
    """Add the issues of *path* and return how many; search knows them at once."""
    now = world.now()
    parents: dict[str, str] = {}
    total = 0
    for raw in read_issues(path):
        issue = _issue(world, raw, now)
        if parent := _parent_id(raw["fields"]):
            parents[issue.id] = parent
        world.add_loaded(issue, now)
        total += 1
    for issue_id, parent in parents.items():
        known = world.store.find(parent)
        if known and known != issue_id:
            world.add_loaded(replace(world.issues[issue_id], parent_id=known), now)
    world.flush_index()
    return total


def _issue(world: JiraWorld, raw: Mapping[str, Any], now: datetime) -> Issue:
    fields = raw.get("fields")
    if not isinstance(fields, dict) or not raw.get("key"):
        raise UnusableIssueError(f"not an issue with a key and fields: {str(raw)[:80]}")
    key, _, number = str(raw["key"]).rpartition("-")
    project = fields.get("project") or {}
    created = _time(fields.get("created")) or now
    type_ = fields.get("issuetype") or {"name": "Task"}
    resolution = _name(fields.get("resolution"))
    return Issue(
        id=str(raw.get("id") or world.store.next_id()),
        project=world.catalog.add_project(key, project.get("name", key), project.get("id")),
        number=int(number),
        summary=fields.get("summary") or "",
        type=world.catalog.type_named(type_["name"], _level(type_)),
        status=_status(world, fields.get("status")),
        created=created,
        updated=_time(fields.get("updated")) or created,
        resolution=world.catalog.resolution_named(resolution) if resolution else None,
        resolved=_time(fields.get("resolutiondate")),
        labels=frozenset(fields.get("labels") or ()),
        components=tuple(_names(fields.get("components") or ())),
        due=date.fromisoformat(due) if (due := fields.get("duedate")) else None,
        description=_text(fields.get("description")),
        custom=_custom(fields),
    )


def _parent_id(fields: Mapping[str, Any]) -> str | None:
    for name in ("parent", "epic"):
        above = fields.get(name)
        if isinstance(above, dict):
            return str(above.get("id") or above["key"])
        if above:
            return str(above)
    return None


def _level(type_: Mapping[str, Any]) -> int | None:
    if type_.get("subtask"):
        return SUB_TASK_LEVEL
    level = type_.get("hierarchyLevel")
    return int(level) if level is not None else None


def _status(world: JiraWorld, raw: Mapping[str, Any] | None) -> Any:
    status = raw or {"name": "To Do"}
    category = CATEGORIES.get((status.get("statusCategory") or {}).get("key", ""))
    return world.catalog.status_named(status["name"], category)


def _names(values: Any) -> Iterator[str]:
    for value in values:
        if name := _name(value):
            yield name


def _name(value: Any) -> str | None:
    """Return a name that stands by itself in slim files, and inside an object in whole ones."""
    return value.get("name") if isinstance(value, dict) else value


def _custom(fields: Mapping[str, Any]) -> Mapping[str, object]:
    known = {each.id: fields[each.id] for each in CUSTOM_FIELDS if fields.get(each.id) is not None}
    return MappingProxyType(known) if known else NOTHING


def _time(text: str | None) -> datetime | None:
    return datetime.strptime(text, TIME).astimezone(UTC) if text else None


def _text(description: Any) -> str:
    """Return a description as plain text, whether it came as a text or as a document."""
    if isinstance(description, dict):
        blocks = (_text(each) for each in description.get("content", ()))
        separator = "\n" if description.get("type") == "doc" else ""
        return str(description.get("text", "")) + separator.join(blocks)
    return description or ""
