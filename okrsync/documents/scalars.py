"""What an unquoted YAML 1.2 scalar means, without forgetting how it was written.

A date stays text (YAML 1.2 has none), and so does anything that only looks like a number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

Scalar = str | int | float | bool | None

LONGEST_NUMBER = 40
"""Longer rows of digits are text: nobody counts with them."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_MAYBE_NUMBER = frozenset("0123456789+-.")


class SourceInt(int):
    """A whole number that remembers its spelling, so that an id ``007`` stays ``007``."""

    source: str

    @classmethod
    def read(cls, source: str) -> Self:
        """Make the number that *source* spells in YAML 1.2."""
        base = 0 if source.startswith(("0o", "0x")) else 10
        number = cls(source, base)
        number.source = source
        return number


class SourceFloat(float):
    """A number with a fraction or an exponent that remembers its spelling."""

    source: str

    @classmethod
    def read(cls, source: str) -> Self:
        """Make the number that *source* spells."""
        number = cls(source)
        number.source = source
        return number


def resolve(text: str) -> Scalar:
    """Give an unquoted scalar its YAML 1.2 meaning."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if text[0] not in _MAYBE_NUMBER or len(text) > LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return SourceInt.read(text)
    if _FLOAT.fullmatch(text):
        return SourceFloat.read(text)
    return text
