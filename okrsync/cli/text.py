"""What commands write for people, in which nothing that a ticket says can move the cursor.

Titles, labels and the words of trackers are other people's: whoever can write a ticket must not
be able to recolour, overwrite or reverse a line on the terminal of somebody who reads about it.
"""

from __future__ import annotations

import re
from typing import Any

import typer

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tab and new line, and the marks that reverse the order of words."""

_STAND_IN = "\N{REPLACEMENT CHARACTER}"


def safe(text: str) -> str:
    """Return *text* with a visible stand-in for whatever a terminal would obey."""
    return _UNSAFE.sub(_STAND_IN, text)


def safe_json(text: str) -> str:
    """Return JSON that means the same and holds nothing that a terminal would obey."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def one_line(text: str) -> str:
    """Return *text* safe and on one line, such as a title."""
    return safe(" ".join(text.split()))


def say(text: object = "", *, err: bool = False, nl: bool = True, **style: Any) -> None:
    """Write a result for people; *style* is `typer.style`'s."""
    typer.secho(safe(str(text)), err=err, nl=nl, **style)
