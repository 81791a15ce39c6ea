"""The definitions of labels and Linear's rules about them.

A name is unique, whatever its case, among the workspace's labels and those of each team, in or out
of groups, retired and archived ones included. A group cannot be applied, and of its children an
issue carries one at most. This module knows rules; which issue carries what is the world's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from okrsync_simulators.linear.errors import RefusalError, not_found

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from okrsync_simulators.linear.model import Label


class LabelBook:
    """All label definitions of a workspace."""

    def __init__(self) -> None:
        self.by_id: dict[str, Label] = {}

    def get(self, label_id: str) -> Label:
        """Return a definition or refuse."""
        try:
            return self.by_id[label_id]
        except KeyError:
            raise not_found("IssueLabel") from None

    def named(self, name: str, team_ids: Collection[str] = ()) -> Label | None:
        """Return the label of that name which the teams, or the whole workspace, can see."""
        for label in self.by_id.values():
            in_reach = label.team_id is None or label.team_id in team_ids
            if in_reach and label.name.casefold() == name.casefold():
                return label
        return None

    def create(self, label: Label) -> Label:
        """Add a definition or refuse it."""
        if label.id in self.by_id:
            raise RefusalError(
                "conflict on insert of IssueLabel", f"IssueLabel {label.id} already exists."
            )
        self._refuse_misfit(label)
        self.by_id[label.id] = label
        return label

    def update(self, label_id: str, changes: Mapping[str, Any]) -> Label:
        """Change a definition or refuse."""
        label = replace(self.get(label_id), **changes)
        self._refuse_misfit(label)
        self.by_id[label_id] = label
        return label

    def delete(self, label_id: str) -> Label:
        """Drop a definition; the children of a group go on without it."""
        label = self.get(label_id)
        del self.by_id[label_id]
        for child in self.children(label_id):
            self.by_id[child.id] = replace(child, parent_id=None)
        return label

    def children(self, label_id: str) -> list[Label]:
        """Return the labels inside a group."""
        return [label for label in self.by_id.values() if label.parent_id == label_id]

    def touch(self, label_ids: Iterable[str], at: datetime) -> None:
        """Note a use: putting a label on an issue, or taking it off, changes the label too."""
        for label_id in label_ids:
            if label := self.by_id.get(label_id):
                self.by_id[label_id] = replace(label, updated_at=at, last_applied_at=at)

    def refuse_unfit(
        self, *, carried: Iterable[str], added: Iterable[str], team_ids: Collection[str]
    ) -> None:
        """Refuse to add labels to an issue of a team (named with its ancestors) that carries some.

        *carried* is what stays on the issue beside the labels added.
        """
        siblings = {
            label.parent_id: label
            for label in map(self.by_id.get, carried)
            if label is not None and label.parent_id
        }
        for label in map(self.get, added):
            self._refuse_unusable(label, team_ids)
            if label.parent_id is None:
                continue
            if label.parent_id in siblings:
                raise _not_exclusive(label, siblings[label.parent_id])
            siblings[label.parent_id] = label

    def _refuse_unusable(self, label: Label, team_ids: Collection[str]) -> None:
        if label.is_group:
            raise RefusalError(
                "labelIds for parent labels",
                f"The label '{label.name}' is a group and cannot be applied to an issue.",
            )
        if label.archived_at is not None or label.retired_at is not None:
            raise RefusalError(
                "labelIds for retired labels",
                f"The label '{label.name}' is retired and cannot be applied to issues.",
            )
        if label.team_id is not None and label.team_id not in team_ids:
            raise RefusalError(
                "LabelIds for incorrect team",
                f"The label '{label.name}' is not associated with the same team as the issue.",
            )

    def _refuse_misfit(self, label: Label) -> None:
        _refuse_bad_id(label.id)
        if not label.name.strip():
            raise RefusalError("Argument Validation Error", "name should not be empty")
        if label.parent_id is not None:
            self._refuse_parent(label, self.get(label.parent_id))
        for other in self.by_id.values():
            if other.id != label.id and _share_a_scope(label, other):
                raise RefusalError(
                    "Duplicate label name", f'A label named "{other.name}" already exists.'
                )

    @staticmethod
    def _refuse_parent(label: Label, parent: Label) -> None:
        if not parent.is_group:
            raise RefusalError(
                "parent label is not a group",
                f"The parent label '{parent.name}' is not a group.",
            )
        if label.is_group:
            raise RefusalError("a label group cannot be inside another group")


def _refuse_bad_id(label_id: str) -> None:
    try:
        version = UUID(label_id).version
    except ValueError:
        version = None
    if version != 4:
        raise RefusalError("Argument Validation Error", "id must be a UUID v4")


def _share_a_scope(one: Label, other: Label) -> bool:
    """Tell whether two labels of one name would be visible side by side."""
    if one.name.casefold() != other.name.casefold():
        return False
    return one.team_id is None or other.team_id is None or one.team_id == other.team_id


def _not_exclusive(label: Label, sibling: Label) -> RefusalError:
    return RefusalError(
        "labelIds not exclusive child labels",
        f"The label '{label.name}' is in the same group as '{sibling.name}'. "
        "Only one label of a group can be applied to an issue.",
    )
