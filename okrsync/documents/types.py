"""The kinds of value that fields of our files have, each with a message a person understands.

Nothing is guessed: a text is no number, a number is no truth value, and one text where a list may
stand is a list of one. A text written without quotes is taken as written, `2026` and `007` too.
"""

from __future__ import annotations

import math
import re
from datetime import date
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, WithJsonSchema

from okrsync.documents.scalars import SourceFloat, SourceInt

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class FileModel(BaseModel):
    """A mapping of known keys; whatever else is written there is a mistake."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, validate_by_name=False
    )


def one_or_more(value: object) -> object:
    """Take one value for a list of one."""
    if isinstance(value, list | tuple):
        return value
    if value is None:
        raise ValueError("must not be empty")
    return (value,)


def is_loopback(host: str) -> bool:
    """Tell whether *host* is this machine and nothing else."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, SourceInt | SourceFloat):
        return value.source
    raise ValueError(f"must be text, not {_kind(value)}")


def _name(value: object) -> str:
    text = _text(value).strip()
    if not text:
        raise ValueError("must not be empty")
    return text


def _secret(value: object) -> SecretStr:
    return value if isinstance(value, SecretStr) else SecretStr(_text(value))


def _url(value: object) -> str:
    text = _name(value).rstrip("/")
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"}:
        raise ValueError("must be an address such as https://shop.example")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user or a password")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must begin with https:// because secrets are sent there")
    return text


def _list(value: object) -> object:
    if isinstance(value, list | tuple):
        return value
    raise ValueError(f"must be a list, not {_kind(value)}")


def _number(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise ValueError(f"must be a number, not {_kind(value)}")


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    raise ValueError(f"must be a whole number, not {_kind(value)}")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"must be true or false, not {_kind(value)}")


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError(f"must be a date such as 2026-01-31, not {_kind(value)}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"must be a date that exists, and {value} does not") from None


def _kind(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) < 60 else f"{value[:57]}...")
    if isinstance(value, SourceInt | SourceFloat):
        return value.source
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    return "a mapping of keys" if isinstance(value, dict) else "a list"


Text = Annotated[str, BeforeValidator(_text), WithJsonSchema({"type": ["string", "number"]})]
"""Text as written."""

Name = Annotated[
    str, BeforeValidator(_name), WithJsonSchema({"type": ["string", "number"], "minLength": 1})
]
"""Text as written that says something: an id, a name."""

Secret = Annotated[SecretStr, BeforeValidator(_secret), Field(min_length=1)]
"""A secret: in a file only as a path, under `NAME_file`."""

Url = Annotated[str, BeforeValidator(_url), WithJsonSchema({"type": "string", "format": "uri"})]
"""An address secrets may be sent to: https, or http on this machine."""

Number = Annotated[float, BeforeValidator(_number)]
"""A finite number."""

Share = Annotated[Number, Field(ge=0, le=1)]
"""A number from 0 to 1."""

Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""`true` or `false`."""

Day = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar date."""

_SOME = {"type": ["string", "number"]}
_ONE_OR_MORE: dict[str, Any] = {"anyOf": [_SOME, {"type": "array", "items": _SOME}]}

Names = Annotated[tuple[Name, ...], BeforeValidator(_list)]
"""A list of names."""

OneOrMore = Annotated[tuple[Name, ...], BeforeValidator(one_or_more), WithJsonSchema(_ONE_OR_MORE)]
"""One name, or a list of names."""

AsList = BeforeValidator(_list)
"""For lists of mappings: refuses whatever is no list in our words."""

OneAsList = BeforeValidator(one_or_more)
"""For lists of mappings that may also be a single mapping."""
