"""Tells outcomes from impacts, measures of the system and tasks, by the words people wrote.

Pure, deterministic, offline, and for any text. A reader of another language only has to be a
`KeyResultReader` and a `HypothesisReader`.
"""

from __future__ import annotations

from okrsync.wording.kinds import kind_of
from okrsync.wording.languages import LANGUAGES, reader
from okrsync.wording.reading import (
    CONFIDENT,
    Direction,
    HypothesisReader,
    HypothesisReading,
    KeyResultReader,
    Reading,
    Span,
    Target,
)

__all__ = [
    "CONFIDENT",
    "LANGUAGES",
    "Direction",
    "HypothesisReader",
    "HypothesisReading",
    "KeyResultReader",
    "Reading",
    "Span",
    "Target",
    "kind_of",
    "reader",
]
