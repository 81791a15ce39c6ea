"""Other people's texts, made safe and short enough for any mail client, terminal or file.

Control characters and marks that reverse the order of words are taken out, and long texts are cut
between words. What a format of its own would obey (HTML, Markdown) is the renderer's to escape.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

TITLE, SENTENCE = 110, 260
"""How many characters of a title and of a sentence are shown."""
LONGEST_URL = 500

_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{3,}")
"""More combining marks in a row than any language has: they paint over other lines."""


def clean(text: str, most: int = TITLE) -> str:
    """Return *text* on one line, safe, and of at most so many characters."""
    plain = _MARKS.sub("", _UNSAFE.sub(" ", text[: most * 40]))
    line = " ".join(plain.split())
    return line if len(line) <= most else f"{_cut(line, most - 1)}…"


def advice(text: str, most: int) -> str:
    """Return the same of a sentence with commands between backticks: none of them is cut in two."""
    shown = clean(text, most)
    if shown.endswith("…") and shown.count("`") % 2:
        shown = f"{shown[: shown.rindex('`')].rstrip()}…"
    return shown


def web_address(url: str | None) -> str | None:
    """Return an address that people may click, or None."""
    if url is None or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    safe = parts.scheme in {"http", "https"} and parts.netloc and not set(url) & set(' "<>\\')
    return url if safe else None


def right_to_left(text: str) -> bool:
    """Whether any letter is of a script that runs from right to left."""
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def _cut(line: str, most: int) -> str:
    """Cut between words, if there is a gap near the end; never between a letter and its marks."""
    end = most
    while end > 1 and unicodedata.combining(line[end]):
        end -= 1
    head = line[:end]
    gap = head.rfind(" ")
    return (head[:gap] if gap > most * 2 // 3 else head).rstrip()
