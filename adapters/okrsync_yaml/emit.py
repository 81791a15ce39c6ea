"""Plain data as YAML text, as a person would write it: no line is folded, numbers are short."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENDLESS = 1 << 24
_WHOLE_BELOW = 1e15
_HARMLESS = re.compile(r"\w(?:[\w .,;()/%'+-]*[\w.)%])?")
"""Texts that may stand without quotes, unless the writer knows better; others get double ones."""


def flow(data: Any) -> str:
    """Write *data* on one line, in braces and brackets, or a single word or number."""
    return _dumped(inline(data)).removesuffix("...\n").rstrip("\n")


def block(data: Any) -> str:
    """Write *data* with a line for each key of a mapping or entry of a list."""
    return _dumped(data)


def given(**keys: Any) -> dict[str, Any]:
    """Make a mapping of the keys that say something; a trailing underscore is not written."""
    return {
        key.rstrip("_"): number(value)
        for key, value in keys.items()
        if value is not None and value not in ("", (), [], {})
    }


def number(value: Any) -> Any:
    """Turn a number without a fraction into one that is written without a point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE_BELOW:
        return int(value)
    return value


def inline(data: Any) -> Any:
    """Mark *data* to be written on one line wherever it stands."""
    if isinstance(data, dict):
        mapping = CommentedMap({key: inline(value) for key, value in data.items()})
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(data, list | tuple):
        listed = CommentedSeq([inline(each) for each in data])
        listed.fa.set_flow_style()
        return listed
    return data


class _Representer(RoundTripRepresenter):
    """Quotes with care: parsers differ in what ends a line, an alias or a word."""


def _text(writer: _Representer, text: str) -> Any:
    style = None if _HARMLESS.fullmatch(text) else '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Representer.add_representer(str, _text)


def _dumped(data: Mapping[str, Any] | list[Any]) -> str:
    writer = YAML(typ="rt", pure=True)
    writer.Representer = _Representer
    writer.width = _ENDLESS
    writer.allow_unicode = True
    writer.default_flow_style = False
    writer.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    writer.dump(data, text)
    return text.getvalue()
