"""Puts the lines of an issue's history in the order in which they happened; pure.

Linear tells when, to the millisecond. What happened within one is put so that it fits what was
there before: a label can go only where it is, and come only where it is not. A copied issue began
with labels of which no line tells; what is there now and all lines together do.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from okrsync_linear.wire import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def in_sequence(
    entries: Iterable[Mapping[str, Any]], now: Iterable[str]
) -> Iterator[Mapping[str, Any]]:
    """Yield the lines oldest first, each once; *now* are the ids of the labels that are there."""
    lines = {entry["id"]: entry for entry in entries}
    oldest_first = sorted(lines.values(), key=_when)
    there = _at_first(oldest_first, now)
    for _, at_once in groupby(oldest_first, _when):
        left = list(at_once)
        while left:
            line = next((each for each in left if _fits(each, there)), left[0])
            left.remove(line)
            there |= dict.fromkeys(line["removedLabelIds"] or (), False)
            there |= dict.fromkeys(line["addedLabelIds"] or (), True)
            yield line


def _at_first(lines: Iterable[Mapping[str, Any]], now: Iterable[str]) -> dict[str, bool]:
    """Take back all that happened; a label that went with its definition is left out."""
    count = Counter(now)
    for line in lines:
        count.subtract(line["addedLabelIds"] or ())
        count.update(line["removedLabelIds"] or ())
    return {label: bool(n) for label, n in count.items() if n in {0, 1}}


def _when(entry: Mapping[str, Any]) -> Any:
    return moment(entry["createdAt"])


def _fits(entry: Mapping[str, Any], there: Mapping[str, bool]) -> bool:
    """Tell whether a line can come next; of a label never met nobody knows whether it is there."""
    goes = all(there.get(label, True) for label in entry["removedLabelIds"] or ())
    return goes and not any(there.get(label, False) for label in entry["addedLabelIds"] or ())
