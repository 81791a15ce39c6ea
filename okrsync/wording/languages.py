"""The languages that can be read. There is one; another is one more line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.errors import ConfigError
from okrsync.wording.english.reader import EnglishReader, english_reader

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGES = {"en": english_reader}
"""Code -> what makes a reader of it from the names of the customer register."""


def reader(language: str = "en", people: Iterable[str] = ()) -> EnglishReader:
    """Return the reader of a language; *people* are further names of those who act.

    Raises:
        ConfigError: the language cannot be read.

    """
    make = LANGUAGES.get(language)
    if make is None:
        known = ", ".join(sorted(LANGUAGES))
        raise ConfigError(f"texts in {language!r} cannot be read", hint=f"known: {known}")
    return make(people)
