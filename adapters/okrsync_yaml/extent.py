"""Where a piece of YAML ends in its text; the parser lets a block end where the next begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

_ALIAS = re.compile(r"\s*:\s*\*[^\s,\[\]{}]+")


class NoRoomError(Exception):
    """A text cannot be changed there without touching something else."""


def end_of(text: str, node: Node) -> int:
    """Tell where the last thing in *node* ends, without comments and blank lines behind it.

    Raises:
        NoRoomError: an alias stands there that cannot be followed.

    """
    if isinstance(node, ScalarNode):
        return _end_of_scalar(text, node)
    if isinstance(node, SequenceNode) and node.value and not node.flow_style:
        return end_of(text, node.value[-1])
    if isinstance(node, MappingNode) and node.value and not node.flow_style:
        return end_inside(text, node)
    return int(node.end_mark.index)


def end_inside(text: str, mapping: MappingNode) -> int:
    """Tell where the last value of *mapping* ends, before a brace that closes it.

    Raises:
        NoRoomError: an alias stands there that cannot be followed.

    """
    key, value = mapping.value[-1]
    if value.start_mark.index >= key.end_mark.index:
        return end_of(text, value)
    alias = _ALIAS.match(text, key.end_mark.index)
    if alias is None:
        raise NoRoomError("an alias stands in the way")
    return alias.end()


def _end_of_scalar(text: str, node: ScalarNode) -> int:
    """Leave blank lines out, unless they are part of the text (``|+``)."""
    begin, end = int(node.start_mark.index), int(node.end_mark.index)
    header = text[begin:end].partition("\n")[0]
    if node.style in {"|", ">"} and "+" in header:
        return end
    return begin + len(text[begin:end].rstrip())
