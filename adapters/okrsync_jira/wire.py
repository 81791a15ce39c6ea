"""Jira's JSON as okrsync's values. Pure.

What is read has the shape that version 3 of Cloud's API gives it: the one whose contract Jira
publishes for search and for bulk reads. Its descriptions are documents, so their text is taken out
here. No field of a person is ever
asked for. An issue that lacks what every issue has raises `KeyError`, `TypeError` or `ValueError`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from okrsync.core.work import Category, History, ItemRef, LabelChange, WorkItem
from okrsync_jira.fields import number, texts
from okrsync_jira.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json = dict[str, Any]
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
)
CATEGORIES = {"new": Category.TODO, "indeterminate": Category.DOING, "done": Category.DONE}
ESTIMATE, TEAM = "estimate", "team"
EARLIEST_IN_MILLISECONDS = 10**11
"""Whole numbers from here on count milliseconds since 1970 and not seconds (the year 5138)."""


@dataclass(frozen=True, slots=True)
class Log:
    """The changelog of an issue as Jira gives it."""

    entries: Sequence[Json] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """How issues are looked at."""

    tracker: str
    site: str
    cancelled: frozenset[str]
    """Resolutions that mean not done, case-folded."""
    custom: Mapping[str, str]
    """The settings' name of a field -> its id in Jira."""
    also: tuple[str, ...] = ()
    """Fields that only this kind of Jira has."""
    with_text: bool = False

    @property
    def salt(self) -> bytes:
        """Which field means what; in Jira people may rename fields, and no issue tells of it."""
        told = repr(sorted(self.custom.items()))
        return hashlib.blake2b(told.encode(), digest_size=16).digest()

    @property
    def fields(self) -> list[str]:
        """What to ask Jira for."""
        text = ["description"] if self.with_text else []
        return list(dict.fromkeys([*FIELDS, *self.also, *text, *self.custom.values()]))


def is_id(text: str) -> bool:
    """Tell whether *text* is an issue's id: keys and what is no issue at all are not."""
    return text.isascii() and text.isdigit()


def told(issue: Json) -> bytes:
    """Return all of an issue that `work_item` reads, in the order in which Jira wrote it."""
    return orjson.dumps({name: issue[name] for name in ("id", "key", "fields")})


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


def account_id(person: Json) -> str | None:
    """Return what names an account for ever: Data Center has keys, before them mere names."""
    id_ = person.get("accountId") or person.get("key") or person.get("name")
    return str(id_) if id_ else None


def tells_of_labels(entry: Json) -> bool:
    """Tell whether a changelog entry is about the labels."""
    return any(_is_labels(item) for item in entry.get("items") or ())


def history(ref: ItemRef, log: Log, *, us: str, since: datetime | None = None) -> History:
    """Return what an issue's changelog says about labels, oldest first."""
    ordered = sorted(log.entries, key=lambda entry: (moment(entry["created"]), int(entry["id"])))
    changes = (_label_change(entry, us) for entry in ordered if _reaches(entry, since))
    told = tuple(each for each in changes if each.added or each.removed)
    return History(ref, told, complete=log.complete)


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
        if _is_labels(item):
            before, after = _spelled(item.get("fromString")), _spelled(item.get("toString"))
            added |= after - before
            removed |= before - after
    author = account_id(entry.get("author") or {})
    return LabelChange(moment(entry["created"]), author == us, frozenset(added), frozenset(removed))


def _is_labels(item: Json) -> bool:
    """Tell the labels from a custom field of that name, which Data Center gives no id."""
    return (
        item.get("field") == "labels"
        and item.get("fieldId") in {None, "labels"}
        and item.get("fieldtype") != "custom"
    )


def _spelled(whole_set: str | None) -> set[str]:
    return {label for label in (whole_set or "").split(" ") if label}
