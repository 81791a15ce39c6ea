"""Cuts a text into words, numbers and marks, in time linear in its length.

Only the beginning of a long text is read: a key result is a sentence, and whatever follows the
first few hundred words decides nothing any more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from okrsync.wording.english.lexicon import english, written

LONGEST_READ = 4_000
"""Characters of a text that are looked at."""

# No alternative can match in two ways, so that the time is linear in the text.
_PIECE = re.compile(
    r"(?P<number>[$€£¥]?\d+(?:[.,:]\d+)*(?:%|[a-zA-Z]{1,3}\b)?[+%]?)"
    r"|(?P<word>[^\W\d_][^\W_]*(?:[-'’&][^\W_]+)*)"
    r"|(?P<mark>->|=>|→|[<>≥≤]=?|[^\w\s])"
)
_NUMBER = re.compile(r"([$€£¥]?)(\d+(?:[.,:]\d+)*)(\D*)")
_SCALE = {"k": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark, where it stands, and the forms it is looked up by."""

    text: str
    start: int
    end: int
    low: str
    noun: str
    verbs: tuple[str, ...]
    """The base forms it may have as a verb, the likeliest first."""
    value: float | None = None
    unit: str = ""
    aside: bool = False
    """Whether it stands in brackets."""

    @property
    def is_word(self) -> bool:
        """Whether it is a word, and neither number nor mark."""
        return self.text[0].isalpha()

    @property
    def is_past(self) -> bool:
        """Whether it looks like a past form or participle."""
        return self.low.endswith("ed") or self.low in english().irregular

    @property
    def is_base(self) -> bool:
        """Whether it is a known verb as it stands in a command."""
        return self.low in self.verbs

    @property
    def third_person(self) -> bool:
        """Whether it could be a verb behind one person."""
        return self.low.endswith("s") and not self.low.endswith("ss")

    def verb_in(self, known: frozenset[str]) -> str | None:
        """Return the base form under which it is one of the *known* verbs."""
        return next((verb for verb in self.verbs if verb in known), None)


def tokens_of(text: str) -> list[Token]:
    """Cut *text* into tokens."""
    found = []
    depth = 0
    for match in _PIECE.finditer(text, 0, min(len(text), LONGEST_READ)):
        piece = match.group()
        depth += piece in "([{"
        found.append(_token(match.lastgroup, piece, match.start(), aside=depth > 0))
        depth -= piece in ")]}" and depth > 0
    return found


def _token(group: str | None, piece: str, start: int, *, aside: bool) -> Token:
    low = piece.lower()
    end = start + len(piece)
    if group == "number":
        value, unit = _amount(low)
        return Token(piece, start, end, low, low, (), value, unit, aside)
    if group == "word":
        return Token(piece, start, end, low, written(low), verb_forms(low), aside=aside)
    return Token(piece, start, end, low, low, (), aside=aside)


def _amount(low: str) -> tuple[float | None, str]:
    match = _NUMBER.match(low)
    if match is None:
        return None, ""
    money, digits, tail = match.groups()
    tail = tail.rstrip("+")
    try:
        value = float(digits.replace(",", "")) * _SCALE.get(tail, 1)
    except ValueError:  # "12:30" and "1.2.3" are no amounts
        return None, tail
    return value, money or (tail.upper() if tail in _SCALE else tail)


@cache
def _bases() -> frozenset[str]:
    words = english()
    names = ("make", "process", "raise", "lower", "hold", "reach", "obtain", "ensure", "behave")
    return frozenset(verb for name in names for verb in words[name])


@lru_cache(maxsize=4_096)
def verb_forms(low: str) -> tuple[str, ...]:
    """Return the base forms that *low* may have as a verb; those that are known only."""
    found = [base for base in _candidates(low.replace("’", "'")) if base in _bases()]
    return tuple(dict.fromkeys(found))


def _candidates(low: str) -> list[str]:
    words = english()
    found = [written(low), low, low.replace("-", "")]
    if low in words.irregular:
        found.append(words.irregular[low])
    for ending in ("ing", "ed", "es", "s"):
        if low.endswith(ending) and len(low) > len(ending) + 1:
            stem = low.removesuffix(ending)
            found += [stem, f"{stem}e"]
            if ending in {"ing", "ed"} and len(stem) > 2 and stem[-1] == stem[-2]:
                found.append(stem[:-1])
            if stem.endswith("i"):
                found.append(f"{stem[:-1]}y")
    return found
