"""Data Center's wiki text as plain text.

As of Cloud's documents, layout is not rebuilt, and people who are mentioned are left out. Marks go
only where they stand around words, so that what is written with an underscore or a dash in the
middle stays as it is; what is shown as code is taken as it stands. No pattern looks far ahead, so
that no text takes long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 64 * 1024
"""Characters that are looked at; more is kept of no text."""
VERBATIM = re.compile(r"(\{(?:code|noformat)(?::[^}\n]{0,200})?\}|\{\{|\}\})")
MACRO = re.compile(
    r"\{(?:color|quote|panel|html|info|note|tip|warning|anchor)(?::[^}\n]{0,200})?\}"
)
PERSON = re.compile(r"\[(?:[^|\[\]\n]{0,200}\|)?~[^\[\]\n]{0,200}\]")
LINK = re.compile(r"\[([^|\[\]\n]{1,500})(?:\|[^\[\]\n]{0,1000})?\]")
PICTURE = re.compile(r"(?<![\w!])!(?=\S)[^!\n]{0,200}\.[^!\n]{1,100}!(?![\w!])")
OPENING = re.compile(r"^[ \t]{0,20}(?:h[1-6]\.|bq\.|[*#-]{1,9})[ \t]+", re.MULTILINE)
RULER = re.compile(r"^[ \t]{0,20}-{4,}[ \t]*$", re.MULTILINE)
CELLS = re.compile(r"(?:^|[ \t]|(?<=\w))\|{1,2}(?=[ \t]|\w|$)", re.MULTILINE)
MARKED = re.compile(
    r"(?<![^\s(\[{>|,;:.!?\"'*_+^~-])(\?\?|[*_+^~-])(?=\S)(?!\1)([^\n]{1,200}?)(?<=\S)\1"
    r"(?![^\s)\]}<|,;:.!?\"'*_+^~-])"
)
LINE_BREAK = re.compile(r"\\\\[ \t]?")
ESCAPED = re.compile(r"\\([^\w\s])")
DEEPEST = 3
"""How many marks around one word are seen through."""


def plain(text: str | None) -> str | None:
    """Return wiki text without its marks."""
    return "".join(_pieces((text or "").replace("\r\n", "\n")[:LONGEST])).strip() or None


def _pieces(text: str) -> Iterator[str]:
    """Yield what is shown: prose without its marks, and what is code as it stands."""
    inside = ""
    for number, piece in enumerate(VERBATIM.split(text)):
        if number % 2 == 0:
            yield piece if inside else _unmarked(piece)
        elif not inside:
            inside = _kind(piece) if piece != "}}" else ""
        elif _kind(piece) == inside:
            inside = ""
        else:
            yield piece


def _kind(tag: str) -> str:
    """Return what a tag opens or closes."""
    return tag.strip("{}").partition(":")[0] or "monospaced"


def _unmarked(text: str) -> str:
    text = PERSON.sub(" ", MACRO.sub("", text))
    text = LINK.sub(r"\1", PICTURE.sub(" ", text))
    text = RULER.sub("", LINE_BREAK.sub("\n", text))
    text = CELLS.sub(" ", OPENING.sub("", text))
    for _ in range(DEEPEST):
        text = MARKED.sub(r"\2", text)
    return ESCAPED.sub(r"\1", text)
