"""The trackers of a company as its people use them, and who changed which label there.

Whoever acts here is a person, also with okrsync's own account; every other entry of that account
in a tracker's history came in over the API.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from okrsync_simulators.clock import SystemClock
from okrsync_simulators.jira import Deployment, JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import serve_world as serve_linear
from okrsync_simulators.linear.budget import Budget
from okrsync_simulators.people import BOT, MIRA, Account

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ARCHIVE = "ARC"
"""A project, or team, that okrsync is not told of."""
EPICS = 2
"""So many items of a place, the oldest, are what others hang below."""


@dataclass(frozen=True)
class Change:
    """One change of labels as the tracker's own history tells it."""

    at: datetime
    added: frozenset[str]
    removed: frozenset[str]
    by_us: bool


class Place:
    """One tracker."""

    deployment = ""

    def __init__(self, name: str, world: Any, scopes: Sequence[str], serve: Any) -> None:
        self.name = name
        self.world = world
        self.scopes = tuple(scopes)
        self.serve = serve
        self.items: list[str] = []
        """What is not deleted, the epics first."""
        self.titles: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.outside: set[str] = set()
        self.hidden: set[str] = set()
        self.touched: set[str] = set()
        """Items with a word of okrsync's vocabulary that a person put there or took away."""
        self.stirred: defaultdict[str, list[datetime]] = defaultdict(list)
        """When something changed by which an item may be judged otherwise."""
        self.buried: dict[str, list[Change]] = {}
        """What the history of deleted items was."""
        self.vanished: defaultdict[str, list[datetime]] = defaultdict(list)
        """Labels whose definition was deleted, and when."""
        self._by_people: set[str] = set()

    @property
    def epics(self) -> list[str]:
        return self.items[:EPICS]

    @property
    def others(self) -> list[str]:
        return self.items[EPICS:]

    def labels(self, item: str) -> frozenset[str]:
        found: frozenset[str] = self.world.labels(item)
        return found

    def create(self, title: str, scope: str) -> None:
        with self.world.lock:
            self._settle_in(self._create(title, scope), title)

    def clone(self, item: str) -> None:
        with self.world.lock:
            copy = self.world.clone(item)
            self._settle_in(copy, self.titles[item])
            self.touched.add(copy)
            if item in self.outside:
                self.outside.add(copy)
            if item in self.parents:
                self.parents[copy] = self.parents[item]

    def edit(self, item: str, add: Iterable[str], remove: Iterable[str], who: Account) -> None:
        """Let somebody change labels by hand."""
        with self.world.lock:
            before = len(self._entries(item))
            self.world.person_edits_labels(item, add, remove, who)
            self._by_people |= {entry.id for entry in self._entries(item)[before:]}
            if any(label.startswith("okr:") for label in (*add, *remove)):
                self.touched.add(item)
                self.stir(item)

    def retitle(self, item: str, title: str) -> None:
        with self.world.lock:
            self.titles[item] = title
            self._retitle(item, title)
            self.stir(item)

    def hang(self, item: str, parent: str | None) -> None:
        with self.world.lock:
            self.parents.pop(item, None)
            if parent is not None:
                self.parents[item] = parent
            self._hang(item, parent)
            self.stir(item)

    def move(self, item: str, scope: str) -> None:
        with self.world.lock:
            (self.outside.add if scope == ARCHIVE else self.outside.discard)(item)
            self.world.move(item, scope)
            self.stir(item)

    def delete(self, item: str) -> None:
        with self.world.lock:
            self.items.remove(item)
            self.buried[item] = list(self._told(item))
            self._delete(item)

    def history(self, item: str) -> list[Change]:
        with self.world.lock:
            return self.buried[item] if item in self.buried else list(self._told(item))

    def everything(self) -> list[str]:
        """Name every item there ever was."""
        return [*self.items, *self.buried]

    def stir(self, item: str) -> None:
        self.stirred[item].append(self.world.clock.now())

    def set_lag(self, seconds: float) -> None:
        raise NotImplementedError

    def _settle_in(self, item: str, title: str) -> None:
        self.items.append(item)
        self.titles[item] = title

    def _create(self, title: str, scope: str) -> str:
        raise NotImplementedError

    def _retitle(self, item: str, title: str) -> None:
        raise NotImplementedError

    def _hang(self, item: str, parent: str | None) -> None:
        raise NotImplementedError

    def _delete(self, item: str) -> None:
        raise NotImplementedError

    def _entries(self, item: str) -> Sequence[Any]:
        raise NotImplementedError

    def _told(self, item: str) -> Iterator[Change]:
        raise NotImplementedError


class JiraPlace(Place):
    """A Jira of either kind."""

    def __init__(self, name: str, scopes: Sequence[str], deployment: Deployment) -> None:
        world = JiraWorld(page_size=25, deployment=deployment)
        for scope in (*scopes, ARCHIVE):
            world.create_project(scope)
        super().__init__(name, world, scopes, serve_jira)
        self.deployment = deployment.value

    def set_lag(self, seconds: float) -> None:
        self.world.lag_seconds = seconds

    def hide(self, item: str) -> None:
        """Take okrsync's permission to see an item."""
        self.hidden.add(item)
        self.world.hide(item)

    def show_all(self) -> None:
        for item in self.hidden & set(self.items):
            self.world.show(item)
            self.stir(item)
        self.hidden.clear()

    def _create(self, title: str, scope: str) -> str:
        return str(self.world.create_issue(project=scope, summary=title, labels=["theirs-0"]))

    def _retitle(self, item: str, title: str) -> None:
        self.world.set_summary(item, title)

    def _hang(self, item: str, parent: str | None) -> None:
        self.world.set_parent(item, parent)

    def _delete(self, item: str) -> None:
        self.world.delete(item)

    def _entries(self, item: str) -> Sequence[Any]:
        return tuple(self.world.changes(item))

    def _told(self, item: str) -> Iterator[Change]:
        for entry in self._entries(item):
            for part in entry.items:
                if part.field == "labels":
                    before = frozenset((part.from_string or "").split())
                    after = frozenset((part.to_string or "").split())
                    ours = entry.account == BOT and entry.id not in self._by_people
                    yield Change(entry.at, after - before, before - after, ours)


class LinearPlace(Place):
    """A Linear workspace."""

    def __init__(self, name: str, scopes: Sequence[str]) -> None:
        clock = SystemClock()
        generous = Budget(clock, requests=10**9, complexity=10**12)
        world = LinearWorld(clock, budget=generous)
        for scope in (*scopes, ARCHIVE):
            world.create_team(scope)
        super().__init__(name, world, scopes, serve_linear)
        self._names: dict[str, str] = {}
        """Of labels whose definition was deleted, by id."""

    def delete_definition(self, name: str) -> None:
        """Delete a label as it is defined: it vanishes from all items, and no history tells."""
        with self.world.lock:
            self._names[self.world.label_named(name).id] = name
            self.vanished[name].append(self.world.clock.now())
            self.world.delete_label(name)

    def set_lag(self, seconds: float) -> None:
        self.world.index.lag = timedelta(seconds=seconds)

    def _create(self, title: str, scope: str) -> str:
        return str(self.world.create_issue(scope, title, labels=["theirs-0"]))

    def _retitle(self, item: str, title: str) -> None:
        self._change(item, title=title)

    def _hang(self, item: str, parent: str | None) -> None:
        self._change(item, parent_id=parent)

    def _change(self, item: str, **what: Any) -> None:
        issue = self.world.issue(item)
        self.world.change(issue, self.world.entry(issue, MIRA), **what)

    def _delete(self, item: str) -> None:
        self.world.trash(item)

    def _entries(self, item: str) -> Sequence[Any]:
        return tuple(self.world.history.get(item, ()))

    def _told(self, item: str) -> Iterator[Change]:
        for entry in self._entries(item):
            ours = entry.actor_id == BOT.id and entry.id not in self._by_people
            added, removed = (
                frozenset(self._name(each) for each in ids)
                for ids in (entry.added_label_ids, entry.removed_label_ids)
            )
            if added or removed:
                yield Change(entry.created_at, added, removed, ours)

    def _name(self, label: str) -> str:
        gone = self._names.get(label)
        return gone or str(self.world.label_book.by_id[label].name)
