"""Custom fields: from the names people give in the settings to Jira's ids, and values to text.

Fields that hold people are refused, and people inside other values are left out.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from okrsync.errors import TrackerRefusedError
from okrsync_jira.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Json = dict[str, Any]


def resolve(
    wanted: Mapping[str, str], listed: Sequence[Json], *, tracker: str
) -> Mapping[str, str]:
    """Return the settings' name of each field with its id in Jira."""
    return {name: _field_id(name, given, listed, tracker) for name, given in wanted.items()}


def texts(value: Any) -> tuple[str, ...]:
    """Return a field's value as texts: none, one, or one for each thing chosen."""
    return tuple(text for text in _texts(value) if text)


def number(value: Any) -> float | None:
    """Return a field's value as a number if it is one."""
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _field_id(name: str, given: str, listed: Sequence[Json], tracker: str) -> str:
    found = _matching(given, listed)
    if not found:
        raise TrackerRefusedError(
            f"{tracker}: fields.{name}: Jira shows no field {given!r}",
            tracker=tracker,
            hint=_nearest(given, listed),
        )
    if len(found) > 1:
        ids = ", ".join(sorted(str(each["id"]) for each in found))
        raise TrackerRefusedError(
            f"{tracker}: fields.{name}: {len(found)} fields are called {given!r}",
            tracker=tracker,
            hint=f"Give the id instead of the name; one of {ids}.",
        )
    if _holds_people(found[0]):
        raise TrackerRefusedError(
            f"{tracker}: fields.{name}: the field {given!r} holds people",
            tracker=tracker,
            hint="okrsync is about teams and reads nothing of persons; name another field.",
        )
    return str(found[0]["id"])


def _matching(given: str, listed: Sequence[Json]) -> list[Json]:
    by_id = [each for each in listed if each.get("id") == given]
    wanted = given.casefold()
    return by_id or [each for each in listed if str(each.get("name", "")).casefold() == wanted]


def _holds_people(field: Json) -> bool:
    schema = field.get("schema") or {}
    return "user" in {schema.get("type"), schema.get("items")}


def _nearest(given: str, listed: Sequence[Json]) -> str:
    names = {str(each.get("name", "")).casefold(): str(each.get("name", "")) for each in listed}
    close = get_close_matches(given.casefold(), names, n=1)
    if close:
        return f"Did you mean {names[close[0]]!r}?"
    return "Give the field's name as Jira shows it, or its id such as customfield_10016."


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        yield from _chosen(value)
    elif isinstance(value, float) and value.is_integer():
        yield str(int(value))
    elif value is not None:
        yield str(value).strip()


def _chosen(value: Json) -> Iterator[str]:
    if "accountId" in value or "emailAddress" in value or "displayName" in value:
        return
    if value.get("type") == "doc":
        yield plain(value) or ""
        return
    yield str(value.get("value") or value.get("name") or value.get("title") or "").strip()
    if "child" in value:  # a choice within a choice
        yield from _texts(value["child"])
