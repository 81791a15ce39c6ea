"""Titles of real work held against the words of goals, one title at a time.

Careful on purpose: two texts say the same only if all words that carry one stand in the other, and
hardly another does. A key result that says who does what by how much restates nothing: then the
epic was named after it. What is kept grows with the goals and not with the items.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind, Objective
from okrsync.lint.parts import has_target, kind_of
from okrsync.lint.rules.common import key_results, objectives
from okrsync.lint.words import contains_in_a_row, content_words, words
from okrsync.lint.work import Brief, brief, is_epic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okrsync.core.goals import KeyResult
    from okrsync.core.work import WorkItem
    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Ground, Seen

_ALIKE = 0.75
"""From this share of its words on, three at least, a text says the same as the longer one."""
_EPICS_ALIKE = 0.6
"""The same for an epic, whose title is a name and leaves things out."""
_ENDING = re.compile(r"(?:at)?(?:ions?|ing|ed|e|ers?|ors?)$|ments?$")
_NAMED_AFTER = 0.6
"""A title that makes up more of a goal's words than this was named after the goal."""

_MAKING = words(
    """
    add build complete create deliver deploy design develop finish implement introduce launch make
    new release roll rollout ship start update write
    """
)


@dataclass(frozen=True, slots=True, order=True)
class Restated:
    """A piece of work that a key result restates, the best first."""

    rank: tuple[bool, float]
    """Smaller is better: epics first, then by how unlike they are."""
    key: str
    item: Brief


@dataclass(frozen=True, slots=True)
class Named:
    """A thing to build that a goal names, and the work that builds it."""

    title: str
    item: Brief


class Titles:
    """Looks at titles as they pass."""

    def __init__(self, given: LintInput, ground: Ground) -> None:
        self.restated: dict[str, Restated] = {}
        """Key result -> the work that it restates."""
        self.named: dict[str, Named] = {}
        """Objective or key result -> the epic or project that it names."""
        self._ground = ground
        self._said = {kr.id: _words_of_work(kr.text) for kr in _comparable(given)}
        self._with_word = _index(self._said)
        self._goals = list(_nameable(given))
        self._known: set[object] = set()

    def look_at(self, seen: Seen) -> None:
        """Compare an item's title, and the titles of what holds it."""
        item = seen.item
        self._compare(item)
        if is_epic(item):
            self._find_in_goals(item)
        for up in seen.above:
            if (not up.scope or is_epic(up)) and up.ref not in self._known:
                self._known.add(up.ref)
                self._compare(up)
                self._find_in_goals(up)

    def _compare(self, item: WorkItem) -> None:
        told = _words_of_work(item.title)
        shared = Counter(kr for word in told for kr in self._with_word.get(word, ()))
        for kr_id, common in shared.items():
            unlike = _unlike(self._said[kr_id], told, common, heap=_is_heap(item))
            if unlike is None:
                continue
            one = brief(item, self._ground)
            found = Restated((not _is_heap(item), unlike), one.key, one)
            known = self.restated.get(kr_id)
            if known is None or (found.rank, found.key) < (known.rank, known.key):
                self.restated[kr_id] = found

    def _find_in_goals(self, item: WorkItem) -> None:
        piece = content_words(item.title)
        if len(piece) < 2:
            return
        for goal_id, spoken, text in self._goals:
            if piece[0] not in spoken or not contains_in_a_row(spoken, piece):
                continue
            after_it = len(piece) > _NAMED_AFTER * len(spoken)
            if not after_it and _is_a_name(item.title, text):
                self.named.setdefault(goal_id, Named(item.title, brief(item, self._ground)))


def _comparable(given: LintInput) -> Iterator[KeyResult]:
    for objective in objectives(given.goals):
        for kr in key_results(objective):
            output = kind_of(kr, given).kind in {Kind.TASK, Kind.SYSTEM}
            if output or not has_target(kr, given):
                yield kr


def _nameable(given: LintInput) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield objectives, and key results that are no tasks: KR201 is the trouble of those."""
    for objective in objectives(given.goals):
        goals: list[Objective | KeyResult] = [objective]
        goals += (kr for kr in key_results(objective) if kind_of(kr, given).kind is not Kind.TASK)
        yield from ((goal.id, content_words(goal.text), goal.text) for goal in goals)


def _words_of_work(text: str) -> frozenset[str]:
    """Return the words that carry it, alike for "migrate" and "migration"."""
    return frozenset(filter(None, map(_of_work, content_words(text))))


@lru_cache(maxsize=20_000)
def _of_work(word: str) -> str:
    """Return the stem of a word; nothing of a verb of making."""
    bare = _ENDING.sub("", word)
    return "" if word in _MAKING else bare if len(bare) > 3 else word


def _index(said: dict[str, frozenset[str]]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for kr_id, spoken in said.items():
        for word in spoken:
            found[word].append(kr_id)
    return dict(found)


def _unlike(said: frozenset[str], told: frozenset[str], common: int, *, heap: bool) -> float | None:
    """Return how unlike two texts are, from 0 on; None where they do not say the same."""
    fewer, more = sorted((len(said), len(told)))
    if common < fewer or common < 2:
        return None
    if fewer == more:
        return 0.0
    alike = fewer / more
    return None if common < 3 or alike < (_EPICS_ALIKE if heap else _ALIKE) else 1 - alike


def _is_heap(item: WorkItem) -> bool:
    return is_epic(item) or not item.scope


def _is_a_name(title: str, text: str) -> bool:
    """Whether the title is a name in the text: three words that carry, or written as a name."""
    if len(content_words(title)) > 2:
        return True
    capitals: Sequence[str] = [word for word in title.split() if word[:1].isupper()]
    return len(capitals) > 1 and title in text
