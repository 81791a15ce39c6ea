"""Makes a report smaller where a form of it would be too large: shorter texts, fewer examples.

Numbers stay as they are, and what is shown no more is counted among what is not shown. Names, links
and commands are never cut: half a command is worse than none.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from okrsync.reports.texts import clean

if TYPE_CHECKING:
    from okrsync.reports.value import Report

STEPS = ((120, 5), (80, 4), (60, 3), (40, 2), (30, 1))
"""How many characters of a text and how many examples are left, step by step."""
_TEXTS = frozenset({"message", "title", "text", "why", "what", "because", "saved", "owners"})
_EXAMPLES = frozenset(
    {"shown", "goals", "items", "lessons", "troubles", "objectives", "key_results"}
)


def shortened(report: Report, texts: int, examples: int) -> Report:
    """Return the same report with at most so much of each text and so many of each example."""
    short: Report = _short(report, texts, examples)
    return short


def _short(value: Any, texts: int, examples: int) -> Any:
    if isinstance(value, tuple):
        return tuple(_short(each, texts, examples) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {}
    for each in fields(value):
        old = getattr(value, each.name)
        new = _short(old, texts, examples)
        if each.name in _TEXTS and isinstance(old, str):
            new = clean(old, texts)
        elif each.name in _EXAMPLES and isinstance(new, tuple):
            new = new[:examples]
        if new is not old:
            changed[each.name] = new
    return replace(value, **changed) if changed else value
