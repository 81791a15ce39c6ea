"""The effective settings for people: each leaf with its value and where that comes from.

Secrets are never shown, nor is the password in the store's address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, SecretStr

from okrsync.documents.durations import write_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.documents.read import Steps
    from okrsync.settings.tree import Settings

BLANK = "********"
_PASSWORD = re.compile(r"(://[^/@]*?:)[^@]*@")


@dataclass(frozen=True, slots=True)
class Shown:
    """One leaf. The value is what JSON knows: text, number, truth value, list, mapping, null."""

    path: str
    value: Any
    origin: str


def show(settings: Settings) -> list[Shown]:
    """List every leaf of the settings, in the order of the tree."""
    return [
        Shown(".".join(map(str, path)), _plain(value), settings.origin(path))
        for path, value in _leaves(settings, ())
    ]


def _leaves(value: Any, path: Steps) -> Iterator[tuple[Steps, Any]]:
    if isinstance(value, BaseModel):
        aliases = {name: field.alias or name for name, field in type(value).model_fields.items()}
        for name, inner in value:
            # A tracker's options are keys of its section, beside the adapter.
            own = path if name == "options" else (*path, aliases.get(name, name))
            yield from _leaves(inner, own)
    elif isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    else:
        yield path, value


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {".".join(map(str, path)): _plain(leaf) for path, leaf in _leaves(value, ())}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    match value:
        case SecretStr():
            return BLANK
        case timedelta():
            return write_duration(value)
        case str():
            return _PASSWORD.sub(rf"\1{BLANK}@", value)
        case Path() | date():
            return str(value)
        case _:
            return value
