"""Shows issues the way Jira Data Center does: people by name and key, epics by key, wiki text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync_simulators.jira.catalog import EPIC_LEVEL, SUB_TASK_LEVEL
from okrsync_simulators.jira.render import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable

    from okrsync_simulators.jira.model import Change, Issue, IssueType, Project
    from okrsync_simulators.jira.world import JiraWorld
    from okrsync_simulators.people import Account

EPIC_LINK, PARENT_LINK = "customfield_10101", "customfield_10102"
LINKS = {
    EPIC_LINK: ("Epic Link", "com.pyxis.greenhopper.jira:gh-epic-link"),
    PARENT_LINK: ("Parent Link", "com.atlassian.jpo:jpo-custom-field-parent"),
}


class DataCenterRenderer(Renderer):
    """Renders for one base URL; there is but one version of the API."""

    def __init__(self, world: JiraWorld, base: str, _version: str) -> None:
        super().__init__(world, base, "2")
        del self._fields["statuscategorychangedate"]
        self._fields |= {each: self._link(each) for each in LINKS}

    def project(self, project: Project) -> dict[str, Any]:
        """Show a project."""
        return {name: value for name, value in super().project(project).items() if name in PROJECT}

    def change(self, change: Change) -> dict[str, Any]:
        """Show a changelog entry, whose items name no field's id."""
        shown = super().change(change)
        for item in shown["items"]:
            item.pop("fieldId", None)
        return shown

    def account(self, account: Account) -> dict[str, Any]:
        """Show a person."""
        name = user_name(account)
        return {
            "self": f"{self._rest}/user?username={name}",
            "name": name,
            "key": account.id,
            "emailAddress": account.email,
            "displayName": account.name,
            "active": True,
            "timeZone": self._world.user_zone.key,
        }

    def fields(self) -> list[dict[str, Any]]:
        """Show the fields of the site, with those that link to what is above."""
        return [each for each in super().fields() if each["id"] not in LINKS] + [
            {
                "id": id_,
                "name": name,
                "custom": True,
                "clauseNames": [f"cf[{id_.removeprefix('customfield_')}]", name],
                "schema": {"type": "any", "custom": kind, "customId": int(id_[-5:])},
            }
            for id_, (name, kind) in LINKS.items()
        ]

    def _type(self, type_: IssueType) -> dict[str, Any]:
        return {k: v for k, v in super()._type(type_).items() if k != "hierarchyLevel"}

    def _parent(self, issue: Issue) -> dict[str, Any] | None:
        return super()._parent(issue) if issue.type.level == SUB_TASK_LEVEL else None

    def _link(self, field: str) -> Callable[[Issue], str | None]:
        def show(issue: Issue) -> str | None:
            above = self._world.issues.get(issue.parent_id) if issue.parent_id else None
            if above is None or issue.type.level == SUB_TASK_LEVEL:
                return None
            is_epic = above.type.level == EPIC_LEVEL
            return above.key if is_epic is (field == EPIC_LINK) else None

        return show


PROJECT = frozenset({"self", "id", "key", "name", "projectTypeKey"})


def user_name(account: Account) -> str:
    """Return what somebody logs in with."""
    return account.email.partition("@")[0]
