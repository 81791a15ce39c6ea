"""Which kind a key result counts as: a person's word first, then a waiver, then the reader.

What is unclear counts as an outcome, so that a weak reader never raises a false alarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from okrsync.core.goals import KeyResult
    from okrsync.wording.reading import KeyResultReader

CODE_OF_KIND = {Kind.TASK: "KR201", Kind.SYSTEM: "KR206", Kind.IMPACT: "KR207"}
"""The finding each kind draws; waiving it overrules the reader."""


def kind_of(kr: KeyResult, reader: KeyResultReader, waived: Collection[str]) -> Kind:
    """Return what *kr* counts as; *waived* are the codes of findings waived for it today."""
    if kr.kind is not None:
        return _counted(kr.kind)
    reading = reader.read(kr.text)
    if not reading.confident or CODE_OF_KIND.get(reading.kind) in waived:
        return Kind.OUTCOME
    return _counted(reading.kind)


def _counted(kind: Kind) -> Kind:
    return Kind.OUTCOME if kind is Kind.UNCLEAR else kind
