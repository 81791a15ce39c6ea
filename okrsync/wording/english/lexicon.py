"""The words that are known, by class, read from the text files beside this module.

An entry may have several words. Words are compared in one written form (`written`), the same for
the lists and for the text, so that it need not be right, only regular.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILES = ("verbs.txt", "people.txt", "nouns.txt", "small.txt")
_AS_WRITTEN = frozenset({"openers", "aux", "person_endings"})
_KEEP_S = ("ss", "us", "is", "ous", "series", "news", "always")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All classes of words, and the nouns of every class by their words."""

    classes: dict[str, frozenset[str]]
    cues: dict[str, frozenset[str]]
    """Words as they are written, by which the grammar decides."""
    irregular: dict[str, str]
    phrases: dict[str, str]
    longest: dict[str, int]
    """How many words the longest entry has that begins with a word."""

    def __getitem__(self, name: str) -> frozenset[str]:
        """Return the words of one class."""
        return self.classes[name]


@lru_cache(maxsize=4_096)
def written(word: str) -> str:
    """Return the form words are compared in: lower case, no hyphen, apostrophe or plural."""
    word = word.lower().replace("-", "").replace("’", "'")
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(_KEEP_S):
        return word[:-1]
    return word


@cache
def english() -> Lexicon:
    """Return the English lists; they are read once, when first asked for."""
    raw: dict[str, list[str]] = {}
    for name in _FILES:
        _read(_text(name), raw)
    irregular = dict(pair.split("=") for pair in raw.pop("irregular"))
    classes = {
        name: frozenset(words if name in _AS_WRITTEN else map(written_phrase, words))
        for name, words in raw.items()
    }
    phrases = {
        entry: name
        for name in ("people", "thing", "machine", "business", "act")
        for entry in classes[name]
    }
    cues: dict[str, list[str]] = {}
    _read(_text("cues.txt"), cues)
    return Lexicon(
        classes,
        {name: frozenset(words) for name, words in cues.items()},
        irregular,
        phrases,
        longest=_longest(phrases),
    )


def _longest(phrases: Iterable[str]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for phrase in phrases:
        words = phrase.split()
        longest[words[0]] = max(longest.get(words[0], 1), len(words))
    return longest


def cue(name: str) -> frozenset[str]:
    """Return small words, as written."""
    return english().cues[name]


@cache
def union(*names: str) -> frozenset[str]:
    """Return the words of several classes."""
    return frozenset().union(*(english()[name] for name in names))


def _text(name: str) -> str:
    return files(__package__).joinpath("data", name).read_text("utf-8")


def _read(text: str, into: dict[str, list[str]]) -> None:
    """Read the classes of one file: a name in brackets, then entries between commas."""
    for section in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        name, _, body = section.partition("]")
        told = " ".join(line for line in body.splitlines() if not line.startswith("# "))
        entries = (entry.strip() for entry in told.split(","))
        into.setdefault(name, []).extend(entry for entry in entries if entry)


def written_phrase(entry: str) -> str:
    """Return the form an entry of several words is compared in."""
    return " ".join(map(written, entry.split()))
