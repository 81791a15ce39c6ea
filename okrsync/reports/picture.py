"""A trend as a PNG: one line on a clear ground, in a colour that light and dark mode can show.

Drawn by hand, because a drawing library weighs more than the rest of okrsync together. It tells
nothing that the text beside it does not say in numbers.
"""

from __future__ import annotations

import struct
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.reports.value import Point

WIDTH, HEIGHT = 1120, 200
"""In pixels; it is shown at half of that, for dense screens."""
EDGE = 14
_THICK = 3.0
_DOT = 9.0
_COLOUR = (64, 132, 206)
_FAINT = (128, 140, 152)
_LEVELS = 64
"""Steps from clear to opaque: an index a pixel is enough then."""


def trend_png(points: Sequence[Point]) -> bytes | None:
    """Draw the trend from 0 to 100 percent; nothing where there is none yet."""
    if len(points) < 2:
        return None
    rows = [bytearray(WIDTH) for _ in range(HEIGHT)]
    for level in (0, 50, 100):
        _rule(rows, round(_height_of(level)))
    places = _places(points)
    for (x0, y0), (x1, y1) in pairwise(places):
        _segment(rows, x0, y0, x1, y1)
    _dot(rows, *places[-1])
    return _encoded(rows)


def _places(points: Sequence[Point]) -> list[tuple[float, float]]:
    first = points[0].day
    days = max((points[-1].day - first).days, 1)
    across = WIDTH - 2 * EDGE
    return [
        (EDGE + across * (point.day - first).days / days, _height_of(point.percent))
        for point in points
    ]


def _height_of(percent: float) -> float:
    return EDGE + (HEIGHT - 2 * EDGE) * (1 - percent / 100)


def _rule(rows: list[bytearray], y: int) -> None:
    """Draw a faint dotted line across."""
    for x in range(EDGE, WIDTH - EDGE):
        if x % 8 < 4:
            rows[y][x] = _LEVELS + 1


def _segment(rows: list[bytearray], x0: float, y0: float, x1: float, y1: float) -> None:
    slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
    half = _THICK * (1 + slope * slope) ** 0.5  # as thick across as along
    for x in range(int(x0), int(x1) + 1):
        middle = y0 + slope * (min(max(x, x0), x1) - x0)
        for y in range(max(int(middle - half) - 1, 0), min(int(middle + half) + 2, HEIGHT)):
            _ink(rows, x, y, half + 0.5 - abs(y - middle))


def _dot(rows: list[bytearray], x0: float, y0: float) -> None:
    for y in range(max(int(y0 - _DOT) - 1, 0), min(int(y0 + _DOT) + 2, HEIGHT)):
        for x in range(max(int(x0 - _DOT) - 1, 0), min(int(x0 + _DOT) + 2, WIDTH)):
            _ink(rows, x, y, _DOT + 0.5 - ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5)


def _ink(rows: list[bytearray], x: int, y: int, cover: float) -> None:
    """Make a pixel at least as opaque as it is covered."""
    level = round(min(max(cover, 0.0), 1.0) * _LEVELS)
    if level and (rows[y][x] > _LEVELS or rows[y][x] < level):
        rows[y][x] = level


def _encoded(rows: Sequence[bytearray]) -> bytes:
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    colours = bytes(_COLOUR) * (_LEVELS + 1) + bytes(_FAINT)
    opacity = bytes(round(255 * level / _LEVELS) for level in range(_LEVELS + 1)) + bytes([150])
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    parts = [(b"IHDR", head), (b"PLTE", colours), (b"tRNS", opacity), (b"IDAT", pixels)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in [*parts, (b"IEND", b"")])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
