"""What must hold between settings, beyond what each section can know of itself.

Looked at before the sections are known to be sound, so that these mistakes are told with theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from okrsync.core.place import Problem, did_you_mean
from okrsync.settings.environment import variable_of
from okrsync.settings.layers import items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okrsync.documents.read import Steps
    from okrsync.documents.validate import Placing
    from okrsync.settings.tree import TrackerSection

_KEYS = {"yaml": ("source", "path"), "database": ("source", "url")}
"""The keys of the sources we know; what others take is theirs to check."""


def cross_checks(
    data: Mapping[str, Any], trackers: Mapping[str, TrackerSection], placing: Placing
) -> Iterator[Problem]:
    """Yield everything that does not fit together."""
    yield from _source_keys("okrs", data.get("okrs"), placing)
    yield from _source_keys("mapping", data.get("mapping"), placing)
    yield from _shared_scopes(trackers, placing)
    labels = dict(items(data.get("labels")))
    yield from _queries(str(labels.get("prefix", "okr:")), trackers, placing)


def database_urls(data: Mapping[str, Any]) -> Iterator[tuple[Steps, Any]]:
    """Yield the addresses of databases and where they were given, each address once."""
    yield ("store",), data.get("store")
    for section in ("okrs", "mapping"):
        url = dict(items(data.get(section))).get("url")
        if url != data.get("store"):
            yield (section, "url"), url


def written_password(path: Steps, url: Any, placing: Placing) -> Iterator[Problem]:
    """Refuse a password in the address of a database, where that stands in the file."""
    try:
        password = urlsplit(url).password if isinstance(url, str) else None
    except ValueError:
        return
    if password is not None:
        what = "store" if path == ("store",) else "database"
        told = f"the password of the {what} must not stand in this file"
        variable = variable_of(path)
        hint = f"give the whole address as {variable} in the environment, or use ~/.pgpass"
        yield Problem(placing(path), told, hint)


def _source_keys(section: str, data: Any, placing: Placing) -> Iterator[Problem]:
    given = dict(items(data))
    source = given.get("source", "yaml")
    known = _KEYS.get(source) if isinstance(source, str) else None
    for key in given if known else ():
        if known and key not in known:
            told = f"unknown key {key!r} for source: {source}"
            yield Problem(placing((section, key), key=True), told, did_you_mean(key, known))


def _shared_scopes(trackers: Mapping[str, TrackerSection], placing: Placing) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for name, tracker in trackers.items():
        url = str(getattr(tracker.options, "url", name)).rstrip("/").casefold()
        for index, scope in enumerate(getattr(tracker.options, "scopes", ())):
            other = first.setdefault((url, scope.casefold()), name)
            path = ("trackers", name, "scopes", index)
            if other != name:
                told = f"{other!r} has the scope {scope!r} of the same address already"
                yield Problem(placing(path), told, "an item belongs to one tracker")


def _queries(
    prefix: str, trackers: Mapping[str, TrackerSection], placing: Placing
) -> Iterator[Problem]:
    for name, tracker in trackers.items():
        query = getattr(tracker.options, "jql", None) or ""
        if prefix.casefold() in query.casefold():
            told = f"'jql' names labels that begin with {prefix!r}"
            hint = "what okrsync writes must not decide what it reads"
            yield Problem(placing(("trackers", name, "jql")), told, hint)
