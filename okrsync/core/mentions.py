"""Finds goal ids in prose: whole words, exactly as the goal files spell them.

Prose is strict because there a goal's id may stand by chance. The time taken goes with the length
of the text and hardly with the number of goals. What Markdown and Jira's wiki put around a word is
no part of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goals

LONGEST_TEXT = 32 * 1024
"""Bytes of a description that are kept; a word that ends just there may be half of one."""

# Letters that go on a word. Scripts that put no space between words, or hang their particles on to
# foreign ones, are left out: "KR-1を" and "KR-1을" name the goal.
LETTERS = r"0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u052f\u1e00-\u1fff"
LETTER = re.compile(f"[{LETTERS}]")
JOINTS = "._-"
"""They join letters to one word, and may also stand around one."""
ESCAPED = re.compile(r"\\([._-])")


class Mentions:
    """Knows the ids of all goals and their former ids."""

    def __init__(self, goals: Goals) -> None:
        former = {old: goal.id for goal in goals.by_fold.values() for old in goal.previously}
        words = former | {goal.id: goal.id for goal in goals.by_fold.values()}
        # An id may end in a joint, and so may a sentence: the longest id that fits is meant.
        self._by_core: dict[str, list[tuple[str, str]]] = {}
        for word in sorted(words, key=len, reverse=True):
            self._by_core.setdefault(word.rstrip(JOINTS), []).append((word, words[word]))
        firsts = "".join(sorted({word[0] for word in words}))
        self._pattern = re.compile(f"[{firsts}][{LETTERS}{JOINTS}]*") if words else None

    def found_in(self, text: str | None) -> Iterator[tuple[str, str]]:
        """Yield each word that names a goal, in order, with the id that goal has now."""
        if not text or self._pattern is None:
            return
        if "\\" in text:
            text = ESCAPED.sub(r"\1", text)
        for hit in self._pattern.finditer(text):
            named = self._named(hit.group())
            if named and _begins(text, hit.start()) and not _cut_off(text, hit.end()):
                yield named

    def _named(self, word: str) -> tuple[str, str] | None:
        fitting = self._by_core.get(word.rstrip(JOINTS), ())
        return next((pair for pair in fitting if word.startswith(pair[0])), None)


def _begins(text: str, start: int) -> bool:
    """Tell whether a word begins here: ``X-KR-1`` is one word, ``-KR-1`` is listed or struck."""
    before = start
    while before and text[before - 1] in JOINTS:
        before -= 1
    return before == 0 or LETTER.match(text[before - 1]) is None


def _cut_off(text: str, end: int) -> bool:
    # A last letter that did not fit may have left up to three bytes empty.
    return end == len(text) and len(text.encode(errors="replace")) > LONGEST_TEXT - 4
