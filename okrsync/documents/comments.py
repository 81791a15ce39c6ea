"""Comments that speak to okrsync: ``# okrsync: WORD …``, and what they stand beside.

Found by looking at the text, because the fast YAML parser forgets comments. A comment at the end of
a line is about what stands on that line; one on a line of its own is about the next thing below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okrsync.documents.read import Document, Steps

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*okrsync:[ \t]*(?P<said>[^\r\n]*)", re.MULTILINE)
_MARK = b"okrsync:"


@dataclass(frozen=True, slots=True)
class Comment:
    """What a comment says after ``okrsync:``, where it is, and the paths of what it is about."""

    said: str
    place: Place
    about: tuple[Steps, ...]


def comments(text: bytes, document: Document) -> Iterator[Comment]:
    """Yield the comments of a file that speak to okrsync; *document* was read from *text*."""
    if _MARK not in text:
        return
    decoded = text.decode("utf-8-sig")
    spots = _Spots(document)
    for found in _COMMENT.finditer(decoded):
        begins = decoded.rfind("\n", 0, found.start()) + 1
        line = decoded.count("\n", 0, begins) + 1
        if spots.hold(found[0]):
            continue
        alone = not decoded[begins : found.start()].strip()
        about = spots.after(line) if alone else spots.at_or_before(line)
        place = Place(document.file, line, found.start() - begins + 1)
        yield Comment(found["said"].strip(), place, tuple(about))


class _Spots:
    """What stands on which line."""

    def __init__(self, document: Document) -> None:
        self._paths: dict[int, list[Steps]] = {}
        self._scalars: list[str] = []
        for line, path, value in document.spots():
            self._paths.setdefault(line, []).append(path)
            if isinstance(value, str) and "okrsync:" in value:
                self._scalars.append(value)
        self._lines = sorted(self._paths)

    def hold(self, words: str) -> bool:
        """Whether these words are no comment but part of a text."""
        return any(words[:40].rstrip("\"'}]") in scalar for scalar in self._scalars)

    def after(self, line: int) -> Sequence[Steps]:
        return self._paths.get(next((each for each in self._lines if each > line), 0), [])

    def at_or_before(self, line: int) -> Sequence[Steps]:
        before = [each for each in self._lines if each <= line]
        return self._paths[before[-1]] if before else []


def innermost(paths: Sequence[Steps], owners: Mapping[Steps, object]) -> tuple[Steps, ...]:
    """Return the owners that hold any of *paths*, without those that hold another such owner."""
    holding = {
        path[:size] for path in paths for size in range(len(path) + 1) if path[:size] in owners
    }
    return tuple(
        each
        for each in sorted(holding, key=str)
        if not any(other != each and other[: len(each)] == each for other in holding)
    )
