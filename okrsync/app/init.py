"""What `okrsync init` starts from: which work there is, and first rules that would name it.

Only counts and suggests. No suggestion is in force before a person completes it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.ports.survey import PlannedInitiative, VisibleScope
    from okrsync.ports.tracker import Tracker

MOST_ITEMS = 500
"""Items looked at in one scope: enough to see what is common, and read in seconds."""
MOST_RULES = 12
LEAST_ITEMS = 2
"""What holds fewer items is no pattern."""
KEEPING_UP = frozenset({"incident", "outage", "security", "vulnerability", "dependency update"})
"""Types of work that no goal asks for and nobody may leave."""
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a person chose."""

    name: str
    """What the tracker is called in the settings."""
    adapter: str
    section: Mapping[str, str]
    """Keys of the tracker's section beside its token and scopes."""
    token_file: str | None = None
    """As written into the settings; without one the token is in the environment."""
    scopes: tuple[VisibleScope, ...]
    timezone: str = "UTC"
    today: date
    initiatives: tuple[PlannedInitiative, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A rule that a person may want."""

    id: str
    scope: str | None
    """Nothing where it holds for all of them."""
    condition: tuple[str, str]
    """Key and value, as in a rule's `when`."""
    count: int
    called: str = ""
    """What people call it, where the value does not say."""
    exempt: bool = False


@dataclass(slots=True)
class Pattern:
    """What items of one scope have in common."""

    scope: str
    components: Counter[str] = field(default_factory=Counter)
    projects: Counter[str] = field(default_factory=Counter)
    parents: Counter[ItemRef] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    known: dict[ItemRef, WorkItem] = field(default_factory=dict)


def look_around(tracker: Tracker, scopes: Iterable[str]) -> list[Suggestion]:
    """Read some items of these scopes; return rules for what most of them share."""
    patterns = [_pattern(scope, _some_items(tracker, scope)) for scope in scopes]
    found = [*_exempting(patterns), *(each for one in patterns for each in _suggested(one))]
    best = sorted(found, key=lambda each: (-each.exempt, -each.count, each.condition))
    return _with_ids(best[:MOST_RULES])


def _some_items(tracker: Tracker, scope: str) -> Iterator[WorkItem]:
    seen = {each.id: each for each in islice(tracker.pull(scope), MOST_ITEMS)}
    return (each.item() for each in seen.values())


def cycle_around(day: date) -> tuple[str, date, date]:
    """Return the quarter that *day* is in: its id, first and last day."""
    quarter = (day.month - 1) // 3
    first = date(day.year, 3 * quarter + 1, 1)
    following = date(day.year + quarter // 3, (3 * quarter + 3) % 12 + 1, 1)
    return f"{day.year}-q{quarter + 1}", first, following - timedelta(days=1)


def word(text: str) -> str:
    """Return what is left of a name as part of an id; nothing of a name in another script."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:LONGEST_WORD].rstrip("-")


def distinct(wanted: Iterable[str]) -> Iterator[str]:
    """Yield ids that differ whatever their case, by a number at the end where needed."""
    taken: set[str] = set()
    for one in wanted:
        free, number = one, 2
        while free.casefold() in taken:
            free, number = f"{one}-{number}", number + 1
        taken.add(free.casefold())
        yield free


def _pattern(scope: str, items: Iterable[WorkItem]) -> Pattern:
    pattern = Pattern(scope)
    for item in items:
        pattern.known[item.ref] = item
        pattern.components.update(item.components)
        pattern.types[item.type] += 1
        if item.parent is not None:
            pattern.parents[item.parent] += 1
        if scope not in item.projects:  # in Jira the project is the scope, and says nothing
            pattern.projects.update(item.projects)
    return pattern


def _exempting(patterns: Iterable[Pattern]) -> Iterator[Suggestion]:
    types: Counter[str] = sum((pattern.types for pattern in patterns), Counter())
    for name, count in types.items():
        if name.casefold() in KEEPING_UP:
            yield _suggestion(None, "type", name, count, exempt=True)


def _suggested(pattern: Pattern) -> Iterator[Suggestion]:
    for key, counted in (("component", pattern.components), ("project", pattern.projects)):
        for name, count in counted.items():
            yield _suggestion(pattern.scope, key, name, count)
    for ref, count in pattern.parents.items():
        parent = pattern.known.get(ref)
        if parent is not None and count >= LEAST_ITEMS:
            yield _suggestion(pattern.scope, "parent", parent.key, count, called=parent.title)


def _suggestion(
    scope: str | None, key: str, value: str, count: int, *, called: str = "", exempt: bool = False
) -> Suggestion:
    return Suggestion(
        id=(word(called or value) or word(f"{scope or 'any'} {key}")).lower(),
        scope=scope,
        condition=(key, value),
        count=count,
        called=called,
        exempt=exempt,
    )


def _with_ids(found: list[Suggestion]) -> list[Suggestion]:
    ids = distinct(each.id for each in found)
    return [replace(each, id=id_) for each, id_ in zip(found, ids, strict=True)]
