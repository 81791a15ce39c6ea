"""Jira's JSON as okrsync's values. Pure.

Version 3 of the API is read: it is the one whose contract Jira publishes for search and for bulk
reads. Its descriptions are documents, so their text is taken out here. No field of a person is ever
asked for. An issue that lacks what every issue has raises `KeyError`, `TypeError` or `ValueError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from okrsync.core.work import Category, History, ItemRef, LabelChange, WorkItem
from okrsync_jira.fields import number, texts
from okrsync_jira.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Json = dict[str, Any]
UNDERSTOOD_FAILURES = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
FIELDS = (
    "summary",
    "status",
    "issuetype",
    "project",
    "parent",
    "labels",
    "components",
    "duedate",
    "created",
    "updated",
    "resolution",
    "resolutiondate",
    "statuscategorychangedate",
)
CATEGORIES = {"new": Category.TODO, "indeterminate": Category.DOING, "done": Category.DONE}
ESTIMATE, TEAM = "estimate", "team"
EARLIEST_IN_MILLISECONDS = 10**11
"""Whole numbers from here on count milliseconds since 1970 and not seconds (the year 5138)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """How issues are looked at."""

    tracker: str
    site: str
    cancelled: frozenset[str]
    """Resolutions that mean not done, case-folded."""
    custom: Mapping[str, str]
    """The settings' name of a field -> its id in Jira."""
    with_text: bool = False

    @property
    def fields(self) -> list[str]:
        """What to ask Jira for."""
        text = ["description"] if self.with_text else []
        return list(dict.fromkeys([*FIELDS, *text, *self.custom.values()]))


def work_item(issue: Json, lens: Lens) -> WorkItem:
    """Return an issue as an item."""
    fields, key, project = issue["fields"], issue["key"], issue["fields"]["project"]
    category = _category(fields, lens.cancelled)
    custom = {name: texts(fields.get(id_)) for name, id_ in lens.custom.items() if name != ESTIMATE}
    return WorkItem(
        ref=ItemRef(lens.tracker, str(issue["id"])),
        key=key,
        scope=project["key"],
        title=fields.get("summary") or "",
        type=fields["issuetype"]["name"],
        status=fields["status"]["name"],
        category=category,
        updated=moment(fields["updated"]),
        created=moment(fields["created"]),
        labels=frozenset(fields.get("labels") or ()),
        text=plain(fields.get("description")) if lens.with_text else None,
        parent=_parent(fields.get("parent"), lens.tracker),
        projects=(project["key"], project["name"]),
        components=tuple(each["name"] for each in fields.get("components") or ()),
        team=next(iter(custom.get(TEAM, ())), None),
        fields={name: values for name, values in custom.items() if values},
        due=_day(fields.get("duedate")),
        estimate=number(fields.get(lens.custom.get(ESTIMATE, ""))),
        resolved=_resolved(fields, category),
        url=f"{lens.site}/browse/{key}",
    )


def history(
    ref: ItemRef, entries: Iterable[Json], *, us: str, since: datetime | None = None
) -> History:
    """Return what an issue's changelog entries say about labels, oldest first."""
    ordered = sorted(entries, key=lambda entry: (moment(entry["created"]), int(entry["id"])))
    changes = (_label_change(entry, us) for entry in ordered if _reaches(entry, since))
    return History(ref, tuple(each for each in changes if each.added or each.removed))


def moment(value: str | int) -> datetime:
    """Return a time as Jira writes it: a text, milliseconds, or seconds since 1970."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    seconds = value / 1000 if value >= EARLIEST_IN_MILLISECONDS else value
    return datetime.fromtimestamp(seconds, UTC)


def _category(fields: Json, cancelled: frozenset[str]) -> Category:
    category = CATEGORIES.get(fields["status"]["statusCategory"]["key"], Category.TODO)
    resolution = (fields.get("resolution") or {}).get("name", "")
    # A resolution left over from before an item was reopened cancels nothing.
    if category is Category.DONE and resolution.casefold() in cancelled:
        return Category.CANCELLED
    return category


def _resolved(fields: Json, category: Category) -> datetime | None:
    # Many workflows end without a resolution; then the day the status became a done one counts.
    at = fields.get("resolutiondate") or fields.get("statuscategorychangedate")
    return moment(at) if at and category.ended else None


def _parent(parent: Json | None, tracker: str) -> ItemRef | None:
    return ItemRef(tracker, str(parent["id"])) if parent else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _reaches(entry: Json, since: datetime | None) -> bool:
    if since is None:
        return True
    created = entry["created"]
    if isinstance(created, int) and created < EARLIEST_IN_MILLISECONDS:
        # Known to the second only: it may have been later in that second.
        return moment(created) >= since.replace(microsecond=0)
    return moment(created) >= since


def _label_change(entry: Json, us: str) -> LabelChange:
    added: set[str] = set()
    removed: set[str] = set()
    for item in entry.get("items") or ():
        if item.get("field") == "labels" and item.get("fieldId") in {None, "labels"}:
            before, after = _spelled(item.get("fromString")), _spelled(item.get("toString"))
            added |= after - before
            removed |= before - after
    author = (entry.get("author") or {}).get("accountId")
    return LabelChange(moment(entry["created"]), author == us, frozenset(added), frozenset(removed))


def _spelled(whole_set: str | None) -> set[str]:
    return {label for label in (whole_set or "").split(" ") if label}
