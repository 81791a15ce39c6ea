"""Other people's words in YAML: as values that mean what they say, and as comments that end."""

from __future__ import annotations

import json

LONGEST_COMMENT = 90


def quoted(value: str) -> str:
    """Write a value so that YAML reads it back as it is, whatever is in it."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in text)


def comment(text: str) -> str:
    """Return the beginning of *text* as it may stand in a comment, on one line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_COMMENT else line[: LONGEST_COMMENT - 1] + "…"
