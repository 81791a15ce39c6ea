"""Tells outcomes from impacts, measures of the system and tasks, by the words people wrote.

Pure, deterministic, and for any text. A better reader only has to be a `KeyResultReader`.
"""

from __future__ import annotations

from okrsync.wording.kinds import kind_of
from okrsync.wording.plain import plain_reader
from okrsync.wording.reading import CONFIDENT, KeyResultReader, Reading

__all__ = [
    "CONFIDENT",
    "KeyResultReader",
    "Reading",
    "kind_of",
    "plain_reader",
]
