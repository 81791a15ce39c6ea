"""The words that are known, by class, read from the text files beside this module.

An entry may have several words. Words are compared in one written form (`written`), the same for
the lists and for the text, so that it need not be right, only regular.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FILES = ("verbs.txt", "people.txt", "nouns.txt", "small.txt")
_KEEP_S = ("ss", "us", "is", "ous", "series", "news", "always")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All classes of words; `phrases` finds the nouns of measures, the longest entry first."""

    classes: dict[str, frozenset[str]]
    irregular: dict[str, str]
    phrases: dict[str, str]
    longest: int

    def __getitem__(self, name: str) -> frozenset[str]:
        """Return the words of one class."""
        return self.classes[name]


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
        _read(files(__package__).joinpath("data", name).read_text("utf-8"), raw)
    irregular = dict(pair.split("=") for pair in raw.pop("irregular"))
    plain = {"openers", "aux", "person_endings"}
    classes = {
        name: frozenset(words if name in plain else map(written_phrase, words))
        for name, words in raw.items()
    }
    phrases = {
        entry: name
        for name in ("people", "thing", "machine", "business", "act")
        for entry in classes[name]
    }
    return Lexicon(classes, irregular, phrases, max(p.count(" ") for p in phrases) + 1)


def _read(text: str, into: dict[str, list[str]]) -> None:
    words: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            words = into.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            words.extend(entry.strip() for entry in line.split(",") if entry.strip())


def written_phrase(entry: str) -> str:
    """Return the form an entry of several words is compared in."""
    return " ".join(map(written, entry.split()))
