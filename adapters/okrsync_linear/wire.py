"""Linear's JSON as okrsync's values; pure.

Linear has no issue types: every issue is an `Issue`, sub-issues too. No field that names a person
is read, and none is asked for.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from okrsync.core.work import Category, ItemRef, LabelChange, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROJECT, MILESTONE, INITIATIVE = "project:", "milestone:", "initiative:"
LONGEST_TEXT = 32 * 1024

ISSUE_CATEGORIES: Mapping[str, Category] = {
    "triage": Category.TODO,
    "backlog": Category.TODO,
    "unstarted": Category.TODO,
    "started": Category.DOING,
    "completed": Category.DONE,
    "canceled": Category.CANCELLED,
    "duplicate": Category.CANCELLED,
}
PROJECT_CATEGORIES: Mapping[str, Category] = {
    "backlog": Category.TODO,
    "planned": Category.TODO,
    "started": Category.DOING,
    "paused": Category.DOING,
    "completed": Category.DONE,
    "canceled": Category.CANCELLED,
}
MILESTONE_CATEGORIES: Mapping[str, Category] = {
    "unstarted": Category.TODO,
    "next": Category.DOING,
    "overdue": Category.DOING,
    "done": Category.DONE,
}
INITIATIVE_CATEGORIES: Mapping[str, Category] = {
    "Proposed": Category.TODO,
    "Planned": Category.TODO,
    "Active": Category.DOING,
    "Completed": Category.DONE,
    "Canceled": Category.CANCELLED,
}


def is_id(text: str) -> bool:
    """Tell whether this is a bare UUID: Linear would take an issue's key too, which moves."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def is_there(node: Mapping[str, Any]) -> bool:
    """Tell whether a thing is neither archived nor in the bin."""
    return not node.get("archivedAt") and not node.get("trashed")


def digest(node: Mapping[str, Any], names: Mapping[str, str]) -> bytes:
    """Digest all that `issue` reads: a label that is renamed changes no issue, but what it says."""
    told = orjson.dumps((node, [names[label_id] for label_id in node["labelIds"]]))
    return hashlib.blake2b(told, digest_size=16).digest()


def issue(node: Mapping[str, Any], names: Mapping[str, str], *, tracker: str) -> WorkItem:
    """Return an issue; *names* has the name of every label id it carries."""
    project, milestone = node["project"], node["projectMilestone"]
    return WorkItem(
        ref=ItemRef(tracker, node["id"]),
        key=node["identifier"],
        scope=node["team"]["key"],
        title=node["title"],
        type="Issue",
        status=node["state"]["name"],
        category=ISSUE_CATEGORIES.get(node["state"]["type"], Category.TODO),
        updated=moment(node["updatedAt"]),
        created=moment(node["createdAt"]),
        labels=frozenset(names[label_id] for label_id in node["labelIds"]),
        label_ids={names[label_id]: label_id for label_id in node["labelIds"]},
        text=_cut(node.get("description")),
        parent=ItemRef(tracker, node["parent"]["id"]) if node["parent"] else None,
        containers=(*_held(PROJECT, [project], tracker), *_held(MILESTONE, [milestone], tracker)),
        projects=(project["name"],) if project else (),
        milestone=milestone["name"] if milestone else None,
        initiatives=_names(project["initiatives"]) if project else (),
        due=date.fromisoformat(node["dueDate"]) if node["dueDate"] else None,
        estimate=node["estimate"],
        resolved=_resolved(node),
        url=node["url"],
    )


def project(node: Mapping[str, Any], *, tracker: str) -> WorkItem:
    """Return a project as a container, which only passes on what it is linked to."""
    return WorkItem(
        ref=ItemRef(tracker, PROJECT + node["id"]),
        key=node["name"],
        scope="",
        title=node["name"],
        type="Project",
        status=node["status"]["name"],
        category=PROJECT_CATEGORIES.get(node["status"]["type"], Category.TODO),
        updated=moment(node["updatedAt"]),
        created=moment(node["createdAt"]),
        text=_texts(node),
        containers=_held(INITIATIVE, node["initiatives"]["nodes"], tracker),
        projects=(node["name"],),
        initiatives=_names(node["initiatives"]),
        url=node["url"],
    )


def milestone(node: Mapping[str, Any], *, tracker: str) -> WorkItem:
    """Return a project's milestone as a container; many are called alike, so both names count."""
    project = node["project"]
    return WorkItem(
        ref=ItemRef(tracker, MILESTONE + node["id"]),
        key=f"{project['name']} / {node['name']}",
        scope="",
        title=node["name"],
        type="Milestone",
        status=node["status"],
        category=MILESTONE_CATEGORIES.get(node["status"], Category.TODO),
        updated=moment(node["updatedAt"]),
        created=moment(node["createdAt"]),
        text=_texts(node),
        containers=_held(PROJECT, [project], tracker),
        projects=(project["name"],),
        milestone=node["name"],
        url=project["url"],
    )


def initiative(node: Mapping[str, Any], *, tracker: str) -> WorkItem:
    """Return an initiative as a container, which another one may hold."""
    return WorkItem(
        ref=ItemRef(tracker, INITIATIVE + node["id"]),
        key=node["name"],
        scope="",
        title=node["name"],
        type="Initiative",
        status=node["status"],
        category=INITIATIVE_CATEGORIES.get(node["status"], Category.TODO),
        updated=moment(node["updatedAt"]),
        created=moment(node["createdAt"]),
        text=_texts(node),
        containers=_held(INITIATIVE, [node["parentInitiative"]], tracker),
        initiatives=(node["name"],),
        url=node["url"],
    )


def change(entry: Mapping[str, Any], names: Mapping[str, str], *, account: str) -> LabelChange:
    """Return a line of history; a label that has no name in *names* is called by its id."""
    return LabelChange(
        at=moment(entry["createdAt"]),
        by_us=entry["actorId"] == account,
        added=_named(entry["addedLabelIds"], names),
        removed=_named(entry["removedLabelIds"], names),
    )


def changed_ids(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of all labels that a line of history speaks of."""
    return (*(entry["addedLabelIds"] or ()), *(entry["removedLabelIds"] or ()))


def names_in(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the names that a line of history gives itself."""
    given = (*(entry["addedLabels"] or ()), *(entry["removedLabels"] or ()))
    return {label["id"]: label["name"] for label in given}


def moment(text: str) -> datetime:
    """Read Linear's ISO 8601 with milliseconds and `Z`."""
    return datetime.fromisoformat(text)


def _named(label_ids: list[str] | None, names: Mapping[str, str]) -> frozenset[str]:
    return frozenset(names.get(label_id, label_id) for label_id in label_ids or ())


def _names(connection: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(node["name"] for node in connection["nodes"])


def _held(
    kind: str, holders: Iterable[Mapping[str, Any] | None], tracker: str
) -> tuple[ItemRef, ...]:
    return tuple(ItemRef(tracker, kind + holder["id"]) for holder in holders if holder)


def _texts(node: Mapping[str, Any]) -> str | None:
    """Return a container's short description and its long one."""
    return _cut("\n".join(filter(None, (node.get("description"), node.get("content")))) or None)


def _resolved(node: Mapping[str, Any]) -> datetime | None:
    ended = node["completedAt"] or node["canceledAt"]
    return moment(ended) if ended else None


def _cut(text: str | None) -> str | None:
    if text is None:
        return None
    return text.encode()[:LONGEST_TEXT].decode(errors="ignore")
