"""What an item names in writing: goals in its goal field, in its title and in its description.

The field is matched case aside, because people choose or type into it to name a goal; prose is left
to `mentions`. A word that no goal is called is no signal; `Written.unknown` tells of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.mentions import JOINTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okrsync.core.mentions import Mentions
    from okrsync.core.names import Names
    from okrsync.core.work import WorkItem

GOAL_FIELD = "goal"
"""The name under which a tracker's settings configure the field that names goals."""

PIECES = re.compile(r"[,;|\n]+")
WORDS = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
LIKE_AN_ID = re.compile(r"(?=.*[0-9A-Z])[0-9A-Za-z]+(?:[._-]+[0-9A-Za-z]+)+")


@dataclass(frozen=True, slots=True)
class Named:
    """A goal, the word that names it, and where that stands."""

    goal: str
    word: str
    place: str

    @property
    def because(self) -> str:
        """Say where the goal is named, and what it is called by now if that is something else."""
        renamed = self.word.casefold() != self.goal.casefold()
        return f"{self.place} says {self.word}" + (f", which is {self.goal} now" if renamed else "")


@dataclass(frozen=True, slots=True)
class Unknown:
    """What stands in a place for goals, and no goal is called."""

    word: str
    place: str


@dataclass(frozen=True, slots=True)
class Written:
    """Reads items for the goals they name."""

    names: Names
    mentions: Mentions | None = None
    """None where prose does not count."""
    field_names: Mapping[str, str] = field(default_factory=dict)
    """Tracker -> what people call its goal field."""

    def in_field(self, item: WorkItem) -> Iterator[Named]:
        """Yield the goals that the goal field names, each once."""
        seen: set[str] = set()
        for piece in _pieces(item):
            for word, goal in self._words(piece):
                if goal is not None and goal not in seen:
                    seen.add(goal)
                    yield Named(goal, word, self._field_of(item))

    def in_prose(self, item: WorkItem) -> Iterator[Named]:
        """Yield the goals that title and description mention, each once."""
        if self.mentions is None:
            return
        seen: set[str] = set()
        for place, text in (("the title", item.title), ("the description", item.text)):
            for word, goal in self.mentions.found_in(text):
                if goal not in seen:
                    seen.add(goal)
                    yield Named(goal, word, place)

    def unknown(self, item: WorkItem) -> Iterator[Unknown]:
        """Yield what the goal field and link labels name and no goal is called.

        Beside a known id a field may hold more, such as that goal's words; only what looks like
        an id is unknown there.
        """
        for piece in _pieces(item):
            words = list(self._words(piece))
            if any(goal for _, goal in words):
                strange = [word for word, goal in words if not goal and LIKE_AN_ID.fullmatch(word)]
            else:
                strange = [piece.strip()] if words else []
            yield from (Unknown(word, self._field_of(item)) for word in strange)
        for label in sorted(item.labels):
            word = self.names.vocabulary.goal_word(label)
            if word is not None and self.names.goal_id(word) is None:
                yield Unknown(word, f"the label {label}")

    def _words(self, piece: str) -> Iterator[tuple[str, str | None]]:
        """Yield the words of a piece, each with the id of the goal that it names."""
        for found in WORDS.findall(piece):
            word = self.names.vocabulary.word(found) or found
            goal = self.names.goal_id(word)
            if goal is None and word[-1] in JOINTS:  # the end of a sentence
                word = word.rstrip(JOINTS)
                goal = self.names.goal_id(word)
            yield word, goal

    def _field_of(self, item: WorkItem) -> str:
        return f"the field {self.field_names.get(item.ref.tracker, GOAL_FIELD)}"


def _pieces(item: WorkItem) -> Iterator[str]:
    for value in item.fields.get(GOAL_FIELD, ()):
        yield from PIECES.split(value)
