"""The words of a text that carry it, for rules that compare texts. Knows no grammar."""

from __future__ import annotations

import re
from functools import lru_cache


def words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SMALL = words(
    """
    a an and are as at be by each every for from have in into is it its more less most least of off
    on onto or our out over own per so that the their them they this those to up us was we when
    where which while who whose with within without
    percent number rate share count total amount
    """
)
_CHANGE = words(
    """
    achieve boost bring cut decrease double drop enhance get go grow improve increase keep lift
    lower maximise maximize minimise minimize move push raise reach reduce rise triple
    """
)


def content_words(text: str) -> tuple[str, ...]:
    """Return the words that say what it is about: no numbers, small words or verbs of change."""
    return tuple(filter(None, map(_carrying, _WORD.findall(text.casefold()))))


def contains_in_a_row(words: tuple[str, ...], piece: tuple[str, ...]) -> bool:
    """Whether *piece* stands in *words*, whole and in order."""
    size = len(piece)
    return any(words[at : at + size] == piece for at in range(len(words) - size + 1))


@lru_cache(maxsize=20_000)
def _carrying(word: str) -> str:
    """Return a word as it is compared; nothing if it carries nothing."""
    plain = _plain(word)
    return "" if plain in _SMALL or plain in _CHANGE else plain


def _plain(word: str) -> str:
    """Take off the plural, roughly: both texts are treated alike."""
    word = word.replace("’", "'").removesuffix("'s").removesuffix("'")
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
