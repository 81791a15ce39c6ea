"""Goals as bytes and back, to keep the last good ones in the store."""

from __future__ import annotations

import datetime as dt
import json
import sys
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
_NAMES = vars(model) | {"date": dt.date, "dt": dt, "Mapping": Mapping, "MappingType": Mapping}


def dump(values: typing.Iterable[Any]) -> bytes:
    """Write objectives, key results, hypotheses, beliefs and cycles."""
    told = [{"is": type(value).__name__, "value": plain(value)} for value in values]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def load(payload: bytes) -> list[Any]:
    """Read what `dump` wrote.

    Raises:
        ValueError: it was written by an okrsync that knew other fields.

    """
    try:
        return [built(entry["value"], _BY_NAME[entry["is"]]) for entry in json.loads(payload)]
    except (KeyError, TypeError) as error:
        raise ValueError("these goals were stored by another version") from error


def plain(value: Any) -> Any:
    """Return a value of ours as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def built(value: Any, wanted: Any) -> Any:
    """Return what `plain` was given, as *wanted* describes it.

    Raises:
        KeyError, TypeError, ValueError: it was not of that kind.

    """
    if value is None:
        return None
    if get_origin(wanted) is not None:
        return _built_of(value, get_origin(wanted), get_args(wanted))
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = get_type_hints(wanted, vars(sys.modules[wanted.__module__]) | _NAMES)
        return wanted(**{name: built(one, hints[name]) for name, one in value.items()})
    if wanted is dt.date:
        return dt.date.fromisoformat(value)
    return wanted(value)


def _built_of(value: Any, kind: Any, arguments: tuple[Any, ...]) -> Any:
    if kind in {typing.Union, types.UnionType}:
        return built(value, next(arg for arg in arguments if arg is not type(None)))
    if kind is tuple:
        return tuple(built(one, arguments[0]) for one in value)
    if kind is Mapping:
        return {key: built(one, arguments[1]) for key, one in value.items()}
    return value  # one of a few words
