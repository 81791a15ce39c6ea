"""Goals as bytes and back, to keep the last good ones in the store."""

from __future__ import annotations

import datetime as dt
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from okrsync.core import goals as model

_BY_NAME: dict[str, type[Any]] = {
    cls.__name__: cls
    for cls in (model.Objective, model.KeyResult, model.Hypothesis, model.Belief, model.Cycle)
}
_NAMES = {"date": dt.date, "dt": dt, "Mapping": Mapping}


def dump(values: typing.Iterable[Any]) -> bytes:
    """Write objectives, key results, hypotheses, beliefs and cycles."""
    told = [{"is": type(value).__name__, "value": _plain(value)} for value in values]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def load(payload: bytes) -> list[Any]:
    """Read what `dump` wrote.

    Raises:
        ValueError: it was written by an okrsync that knew other fields.

    """
    try:
        return [_built(entry["value"], _BY_NAME[entry["is"]]) for entry in json.loads(payload)]
    except (KeyError, TypeError) as error:
        raise ValueError("these goals were stored by another version") from error


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _built(value: Any, wanted: Any) -> Any:
    if value is None:
        return None
    if get_origin(wanted) in {typing.Union, types.UnionType}:
        return _built(value, next(arg for arg in get_args(wanted) if arg is not type(None)))
    if get_origin(wanted) is tuple:
        return tuple(_built(one, get_args(wanted)[0]) for one in value)
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = get_type_hints(wanted, vars(model) | _NAMES)
        return wanted(**{name: _built(one, hints[name]) for name, one in value.items()})
    if wanted is dt.date:
        return dt.date.fromisoformat(value)
    return wanted(value)
