"""Shows issues and their histories the way Jira's REST API does, and only the fields asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync_simulators.jira.catalog import CUSTOM_FIELDS, SUB_TASK_LEVEL
from okrsync_simulators.jira.dates import site_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from okrsync_simulators.jira.model import (
        Change,
        ChangeItem,
        CustomField,
        Issue,
        IssueType,
        Project,
        Resolution,
        Status,
    )
    from okrsync_simulators.jira.world import JiraWorld
    from okrsync_simulators.people import Account

ALL = ("*all", "*navigable")
Wanted = tuple[str, ...]


class Renderer:
    """Renders for one base URL and one version of the API: 2 has plain texts, 3 documents."""

    def __init__(self, world: JiraWorld, base: str, version: str) -> None:
        self._world = world
        self.base = base
        self._rest = f"{base}/rest/api/{version}"
        self._version = version
        self._seen: dict[str, dict[str, Any]] = {}
        self._fields: dict[str, Callable[[Issue], Any]] = {
            "summary": lambda issue: issue.summary,
            "issuetype": lambda issue: self._type(issue.type),
            "project": lambda issue: self.project(issue.project),
            "status": lambda issue: self._status(issue.status),
            "resolution": lambda issue: self._resolution(issue.resolution),
            "resolutiondate": lambda issue: self._time(issue.resolved),
            "statuscategorychangedate": lambda issue: self._time(issue.resolved),
            "labels": lambda issue: sorted(issue.labels),
            "components": lambda issue: [self._component(name) for name in issue.components],
            "parent": self._parent,
            "subtasks": self._subtasks,
            "created": lambda issue: self._time(issue.created),
            "updated": lambda issue: self._time(issue.updated),
            "duedate": lambda issue: issue.due.isoformat() if issue.due else None,
            "description": self._description,
            "priority": lambda _: {"self": f"{self._rest}/priority/3", "id": "3", "name": "Medium"},
            "assignee": lambda _: None,
        }
        self._fields |= {each.id: self._custom(each) for each in CUSTOM_FIELDS}

    def wanted(self, names: Iterable[str]) -> Wanted:
        """Return the fields that a request's `fields` stand for; unknown ones are ignored."""
        asked = list(names)
        everything = any(name in ALL or name.startswith("-") for name in asked)
        without = {name.removeprefix("-") for name in asked if name.startswith("-")}
        return tuple(
            name for name in self._fields if (everything or name in asked) and name not in without
        )

    def issue(self, issue: Issue, wanted: Wanted) -> dict[str, Any]:
        """Show an issue with the fields asked for; a parent it does not have is left out."""
        fields = {name: self._fields[name](issue) for name in wanted}
        if fields.get("parent", issue) is None:
            del fields["parent"]
        return {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog",
            "id": issue.id,
            "self": f"{self._rest}/issue/{issue.id}",
            "key": issue.key,
            "fields": fields,
        }

    def names(self, wanted: Wanted) -> dict[str, str]:
        """Return what people call the fields."""
        custom = {each.id: each.name for each in CUSTOM_FIELDS}
        return {name: custom.get(name, name.title()) for name in wanted}

    def project(self, project: Project) -> dict[str, Any]:
        """Show a project."""
        return self._once(
            f"project {project.id} {project.key}",
            lambda: {
                "self": f"{self._rest}/project/{project.id}",
                "id": project.id,
                "key": project.key,
                "name": project.name,
                "projectTypeKey": "software",
                "simplified": False,
            },
        )

    def change(self, change: Change) -> dict[str, Any]:
        """Show a changelog entry."""
        return {
            "id": change.id,
            "author": self.account(change.account),
            "created": self._time(change.at),
            "items": [_item(item) for item in change.items],
        }

    def bulk_change(self, change: Change, items: Iterable[ChangeItem]) -> dict[str, Any]:
        """Show a changelog entry in bulk, where the time is in milliseconds since 1970."""
        return {
            "id": change.id,
            "author": self.account(change.account),
            "created": round(change.at.timestamp() * 1000),
            "items": [_item(item) for item in items],
        }

    def account(self, account: Account) -> dict[str, Any]:
        """Show a person."""
        return {
            "self": f"{self._rest}/user?accountId={account.id}",
            "accountId": account.id,
            "accountType": "atlassian",
            "emailAddress": account.email,
            "displayName": account.name,
            "active": True,
            "timeZone": self._world.user_zone.key,
        }

    def fields(self) -> list[dict[str, Any]]:
        """Show the fields of the site."""
        system = [name for name in self._fields if not name.startswith("customfield_")]
        return [_system_field(name) for name in system] + [
            _custom_field(each) for each in CUSTOM_FIELDS
        ]

    def _once(self, thing: str, show: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        if thing not in self._seen:
            self._seen[thing] = show()
        return self._seen[thing]

    def _time(self, at: datetime | None) -> str | None:
        return site_time(at, self._world.site_zone) if at else None

    def _type(self, type_: IssueType) -> dict[str, Any]:
        return self._once(
            f"type {type_.id}",
            lambda: {
                "self": f"{self._rest}/issuetype/{type_.id}",
                "id": type_.id,
                "name": type_.name,
                "subtask": type_.level == SUB_TASK_LEVEL,
                "hierarchyLevel": type_.level,
            },
        )

    def _status(self, status: Status) -> dict[str, Any]:
        category = status.category
        return self._once(
            f"status {status.id}",
            lambda: {
                "self": f"{self._rest}/status/{status.id}",
                "id": status.id,
                "name": status.name,
                "statusCategory": {
                    "self": f"{self._rest}/statuscategory/{category.id}",
                    "id": category.id,
                    "key": category.key,
                    "colorName": category.colour,
                    "name": category.name,
                },
            },
        )

    def _resolution(self, resolution: Resolution | None) -> dict[str, Any] | None:
        if resolution is None:
            return None
        url = f"{self._rest}/resolution/{resolution.id}"
        return {"self": url, "id": resolution.id, "name": resolution.name}

    def _component(self, name: str) -> dict[str, Any]:
        return {"self": f"{self._rest}/component/{name}", "id": f"component-{name}", "name": name}

    def _parent(self, issue: Issue) -> dict[str, Any] | None:
        parent = self._world.issues.get(issue.parent_id) if issue.parent_id else None
        return self._glimpse(parent) if parent else None

    def _subtasks(self, issue: Issue) -> list[dict[str, Any]]:
        children = self._world.store.children(issue.id)
        return [self._glimpse(each) for each in children if each.type.level == SUB_TASK_LEVEL]

    def _glimpse(self, issue: Issue) -> dict[str, Any]:
        return {
            "id": issue.id,
            "key": issue.key,
            "self": f"{self._rest}/issue/{issue.id}",
            "fields": {
                "summary": issue.summary,
                "status": self._status(issue.status),
                "issuetype": self._type(issue.type),
            },
        }

    def _description(self, issue: Issue) -> str | dict[str, Any] | None:
        if not issue.description:
            return None
        return issue.description if self._version == "2" else _document(issue.description)

    def _custom(self, field: CustomField) -> Callable[[Issue], Any]:
        def show(issue: Issue) -> Any:
            value = issue.custom.get(field.id)
            if value is None or field.value_type != "option":
                return value
            return {"self": f"{self._rest}/customFieldOption/{value}", "value": value}

        return show


def _item(item: ChangeItem) -> dict[str, Any]:
    shown: dict[str, Any] = {"field": item.field, "fieldtype": "jira"}
    if item.field_id:
        shown["fieldId"] = item.field_id
    return shown | {
        "from": item.from_id,
        "fromString": item.from_string,
        "to": item.to_id,
        "toString": item.to_string,
    }


def _document(text: str) -> dict[str, Any]:
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []}
        for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def _system_field(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "key": name,
        "name": name.title(),
        "custom": False,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [name],
        "schema": {"type": "string", "system": name},
    }


def _custom_field(field: CustomField) -> dict[str, Any]:
    number = int(field.id.removeprefix("customfield_"))
    return {
        "id": field.id,
        "key": field.id,
        "name": field.name,
        "custom": True,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": [f"cf[{number}]", field.name],
        "schema": {
            "type": field.value_type,
            "custom": f"com.atlassian.jira.plugin.system.customfieldtypes:{field.kind}",
            "customId": number,
        },
    }
