"""Which rules to try: by code, by the beginning of a code, or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rules import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.lint.rule import Rule


def chosen(select: Sequence[str], ignore: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules that *select* names (all, if it names none) less those of *ignore*.

    Raises:
        ValueError: a word names no rule.

    """
    wanted = _named(select) if select else set(ALL)
    left = wanted - _named(ignore)
    return tuple(rule for rule in ALL if rule in left)


def _named(words: Sequence[str]) -> set[Rule]:
    found: set[Rule] = set()
    for word in words:
        matching = {rule for rule in ALL if _matches(rule, word)}
        if not matching:
            raise ValueError(f"{word!r} names no rule")
        found |= matching
    return found


def _matches(rule: Rule, word: str) -> bool:
    return rule.code.startswith(word.upper()) or rule.name == word.casefold()
