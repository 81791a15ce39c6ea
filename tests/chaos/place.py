"""One tracker of a company as its people use it, and who changed which label there.

Whoever acts here is a person, also with okrsync's own account; every other entry of that account
in the tracker's history came in over the API.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from okrsync_simulators.people import MIRA, Account

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ARCHIVE = "ARC"
"""A project, or team, that okrsync is not told of."""
FIRST_LABEL = "theirs-0"
EPICS = 2
"""So many items of a place, the oldest, are what others hang below."""
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    """One change of labels as the tracker's own history tells it."""

    at: datetime
    added: frozenset[str]
    removed: frozenset[str]
    by_us: bool
    borrowed: bool = False
    """Whether a person did it under okrsync's own name."""


@dataclass(frozen=True)
class Word:
    """What a person said about an item with labels, and nobody took back since."""

    vetoed: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    at: datetime = NEVER


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
        self.strayed: set[str] = set()
        """What was outside at any time."""
        self.touched: set[str] = set()
        """Items with a word of okrsync's vocabulary that a person put there or took away."""
        self.said: dict[str, Word] = {}
        """Of those that are not in `touched` any more, what people said last."""
        self.own: dict[str, set[str]] = {}
        """The labels of people that are none of okrsync's vocabulary."""
        self.titled: defaultdict[str, set[str]] = defaultdict(set)
        """All titles an item ever had."""
        self.since: dict[str, datetime] = {}
        """When an item came to be."""
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
            self._settle_in(self._create(title, scope), title, {FIRST_LABEL})

    def clone(self, item: str) -> None:
        with self.world.lock:
            copy = self.world.clone(item)
            self._settle_in(copy, self.titles[item], self.own[item])
            self.touched.add(copy)
            if item in self.outside:
                self.outside.add(copy)
                self.strayed.add(copy)
            if item in self.parents:
                self.parents[copy] = self.parents[item]

    def edit(self, item: str, add: Iterable[str], remove: Iterable[str], who: Account) -> None:
        """Let somebody change labels by hand."""
        with self.world.lock:
            before = len(self._entries(item))
            self.world.person_edits_labels(item, add, remove, who)
            self._by_people |= {entry.id for entry in self._entries(item)[before:]}
            self.own[item] = (self.own[item] | _foreign(add)) - _foreign(remove)
            if {*add, *remove} - _foreign((*add, *remove)):
                self.touched.add(item)
                self.said.pop(item, None)
                self.stir(item)

    def say(self, item: str, add: Iterable[str], remove: Iterable[str], word: Word) -> None:
        """Let somebody say something with labels of which is known what must follow."""
        with self.world.lock:
            self.edit(item, add, remove, MIRA)
            self.touched.discard(item)
            self.said[item] = replace(word, at=self.world.clock.now())

    def retitle(self, item: str, title: str) -> None:
        with self.world.lock:
            self.titles[item] = title
            self.titled[item].add(title)
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
            self.outside.discard(item)
            if scope == ARCHIVE:
                self.outside.add(item)
                self.strayed.add(item)
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

    @property
    def plain(self) -> list[str]:
        """The items in scope about which nobody said anything, and that inherit nothing."""
        special = self.touched | self.outside | self.hidden | self.parents.keys() | self.said.keys()
        return [item for item in self.others if item not in special]

    def strays(self, item: str) -> list[str]:
        """Tell what okrsync's account did to an item over the API beside changing labels."""
        raise NotImplementedError

    def set_lag(self, seconds: float) -> None:
        raise NotImplementedError

    def _settle_in(self, item: str, title: str, own: Iterable[str]) -> None:
        self.items.append(item)
        self.titles[item] = title
        self.titled[item].add(title)
        self.own[item] = set(own)
        self.since[item] = self.world.clock.now()

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


def _foreign(labels: Iterable[str]) -> set[str]:
    return {label for label in labels if not label.startswith("okr:")}
