"""Puts the lines of an issue's history in the order in which they happened; pure.

Linear tells when, to the millisecond. What happened within one is put so that it fits what was
there before: a label can go only where it is, and come only where it is not.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from okrsync_linear.wire import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def in_sequence(entries: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the lines oldest first, each once."""
    lines = {entry["id"]: entry for entry in entries}
    oldest_first = sorted(lines.values(), key=_when)
    there: dict[str, bool] = {}
    for _, at_once in groupby(oldest_first, _when):
        left = list(at_once)
        while left:
            line = next((each for each in left if _fits(each, there)), left[0])
            left.remove(line)
            there |= dict.fromkeys(line["removedLabelIds"] or (), False)
            there |= dict.fromkeys(line["addedLabelIds"] or (), True)
            yield line


def _when(entry: Mapping[str, Any]) -> Any:
    return moment(entry["createdAt"])


def _fits(entry: Mapping[str, Any], there: Mapping[str, bool]) -> bool:
    """Tell whether a line can come next; of a label never met nobody knows whether it is there."""
    goes = all(there.get(label, True) for label in entry["removedLabelIds"] or ())
    return goes and not any(there.get(label, False) for label in entry["addedLabelIds"] or ())
