"""Reads issues from a file: a JSON array or JSON lines, plain or gzipped, told by the content.

What the objects mean is not known here.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GZIP_MAGIC = b"\x1f\x8b"


class UnreadableIssuesError(ValueError):
    """A file that is neither a JSON array of objects nor JSON lines."""


def read_issues(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of *path*; a file of lines is never held in memory whole."""
    with path.open("rb") as raw:
        zipped = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        with gzip.GzipFile(fileobj=raw) if zipped else raw as content:
            yield from _objects(path, content)


def _objects(path: Path, content: Any) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(content, start=1):
        if not line.strip():
            continue
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            yield from _document(path, number, line + content.read())
            return
        for each in entry if isinstance(entry, list) else [entry]:
            yield _as_object(path, number, each)


def _document(path: Path, number: int, text: bytes) -> Iterator[dict[str, Any]]:
    """Read what does not end with its line: a whole array, or one object over many lines."""
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UnreadableIssuesError(
            f"{path}: neither a JSON array nor JSON lines (from line {number}: {error})"
        ) from error
    for entry in document if isinstance(document, list) else [document]:
        yield _as_object(path, number, entry)


def _as_object(path: Path, number: int, entry: object) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise UnreadableIssuesError(
            f"{path}: expected JSON objects, found a {type(entry).__name__} (from line {number})"
        )
    return entry
