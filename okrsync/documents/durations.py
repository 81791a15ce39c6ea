"""The one grammar of durations: ``30s``, ``15min``, ``3h``, ``3d``, ``3w``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PATTERN = r"[0-9]{1,5}(s|min|h|d|w)"
_DURATION = re.compile(r"(?P<count>[0-9]{1,5})(?P<unit>s|min|h|d|w)")


def read_duration(text: object) -> timedelta:
    """Read a duration.

    Raises:
        ValueError: it is not written as the grammar says.

    """
    if isinstance(text, timedelta):
        return text
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        given = repr(getattr(text, "source", text))
        raise ValueError(f"must be a duration such as 15min, 3h, 3d or 3w, not {given}")
    return timedelta(**{_UNITS[found["unit"]]: int(found["count"])})


def write_duration(duration: timedelta) -> str:
    """Write a duration in its largest whole unit."""
    seconds = int(duration.total_seconds())
    for unit, size in (("w", 604_800), ("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def whole_days(duration: timedelta) -> int:
    """Round a duration up to days."""
    return -(-duration // timedelta(days=1))


Duration = Annotated[
    timedelta,
    BeforeValidator(read_duration),
    PlainSerializer(write_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_PATTERN}$"}),
]
"""A length of time as people write it."""
