"""What is above an issue of Data Center's: the parent of a sub-task, an epic, a parent link.

Epic and parent link are custom fields, known by what they are and not by a name or a number; they
hold keys. A key is only a name, so the id is looked up afresh in every listing; a search shows most
of them, and the rest are asked for one by one, by which Jira also follows a key of former days.
What then cannot be seen is above nobody. The issues go out as Cloud would show them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from okrsync.errors import ItemGoneError
from okrsync_jira.failures import DeniedError
from okrsync_jira.lanes import batches
from okrsync_jira.session import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from okrsync_jira.lanes import Lanes
    from okrsync_jira.session import JiraSession

Json = dict[str, Any]
LINKS = ("com.pyxis.greenhopper.jira:gh-epic-link", "com.atlassian.jpo:jpo-custom-field-parent")
"""The nearer first."""
KEY = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+", re.IGNORECASE)
AT_ONCE = 100
LEAST = "updated"
"""A field that is asked for where only the id is wanted."""


def link_fields(listed: Sequence[Json]) -> tuple[str, ...]:
    """Return the ids of the fields that link to what is above an issue."""
    kinds = {
        (each.get("schema") or {}).get("custom"): str(each["id"]) for each in listed if "id" in each
    }
    return tuple(kinds[kind] for kind in LINKS if kind in kinds)


class Above:
    """Looks up what is above issues, for one listing."""

    def __init__(
        self,
        fields: Sequence[str],
        find: Callable[[Sequence[str]], Iterable[Json]],
        lanes: Lanes,
    ) -> None:
        self._fields = fields
        self._find = find
        self._lanes = lanes
        self._ids: dict[str, str | None] = {}

    def shown(self, issues: Sequence[Json]) -> list[Json]:
        """Return the issues with the parent that each has."""
        keys = {str(issue["id"]): _linked(issue["fields"], self._fields) for issue in issues}
        here = {_folded(issue["key"]): str(issue["id"]) for issue in issues}
        self._look_up({_folded(key) for key in keys.values() if key} - here.keys())
        known: Mapping[str, str | None] = self._ids | here
        return [_below(each, known.get(_folded(keys[str(each["id"])]))) for each in issues]

    def _look_up(self, keys: set[str]) -> None:
        unknown = sorted(keys - self._ids.keys())
        for batch in batches(unknown, AT_ONCE):
            for issue in self._find(batch):
                self._ids[_folded(issue["key"])] = str(issue["id"])
        missing = [key for key in unknown if key not in self._ids]
        self._ids |= zip(missing, self._lanes.each(_one, missing), strict=True)


def _linked(fields: Json, links: Sequence[str]) -> str | None:
    """Return the key of what is above an issue, unless its parent says it by id."""
    if fields.get("parent"):
        return None
    return next(_keys(fields.get(link) for link in links), None)


def _keys(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        key = value.get("key") if isinstance(value, dict) else value
        if isinstance(key, str) and KEY.fullmatch(key.strip()):
            yield key.strip()


def _below(issue: Json, id_: str | None) -> Json:
    if id_ is None or id_ == str(issue["id"]):
        return issue
    return {**issue, "fields": {**issue["fields"], "parent": {"id": id_}}}


def _one(session: JiraSession, key: str) -> str | None:
    call = Call(method="GET", path=f"/issue/{key}", kind="read", query={"fields": LEAST})
    try:
        return str(session.reading(call)["id"])
    except (ItemGoneError, DeniedError):  # no search found it either
        return None


def _folded(key: str | None) -> str:
    return (key or "").upper()
