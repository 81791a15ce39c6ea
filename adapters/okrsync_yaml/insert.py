"""Put one entry more into the text of an OKR file, and leave every other character as it is.

The text is looked at, not written anew: comments, order, quotes and line ends stay. Where nothing
can be added without touching what stands there, nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from okrsync_yaml.emit import block, flow
from okrsync_yaml.extent import NoRoomError, end_inside, end_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ruamel.yaml.nodes import Node

    from okrsync.core.place import Place

_BOM = "\ufeff"


def with_entry(text: bytes, place: Place, key: str, entry: Mapping[str, Any]) -> bytes:
    """Add *entry* to the list under *key* of the mapping whose ``id`` stands at *place*.

    Raises:
        NoRoomError: it cannot be added without touching something else.

    """
    decoded = text.decode("utf-8")
    bom = _BOM if decoded.startswith(_BOM) else ""
    page = _Page(decoded.removeprefix(_BOM))
    try:
        root = YAML(typ="rt", pure=True).compose(page.text)
    except YAMLError as error:
        raise NoRoomError("only YAML 1.1 knows how to read this file") from error
    goal, dash = _goal(root, place)
    listed = next((value for name, value in goal.value if name.value == key), None)
    if listed is None:
        page.add_list(goal, dash, key, entry)
    else:
        page.add_to(listed, goal, entry)
    return (bom + page.text).encode()


def _goal(root: Node | None, place: Place) -> tuple[MappingNode, int]:
    """Find the mapping by its id, and how far the dash of its list is from the list's key."""
    for mapping, dash in _mappings(root, 0):
        for key, value in mapping.value:
            at = value.start_mark
            if key.value == "id" and (at.line + 1, at.column + 1) == (place.line, place.column):
                return mapping, dash
    raise NoRoomError("the goal is not where it was")


def _mappings(node: Node | None, dash: int) -> Iterator[tuple[MappingNode, int]]:
    if isinstance(node, MappingNode):
        yield node, dash
        for key, value in node.value:
            yield from _mappings(value, value.start_mark.column - key.start_mark.column)
    elif isinstance(node, SequenceNode):
        for each in node.value:
            yield from _mappings(each, dash)


@dataclass(slots=True)
class _Page:
    """The text of a file, with positions that the parser told."""

    text: str

    def add_list(self, goal: MappingNode, dash: int, key: str, entry: Mapping[str, Any]) -> None:
        """Give the goal a list that it does not have yet."""
        end = end_inside(self.text, goal)
        if goal.flow_style:
            self._put(end, f", {key}: [{flow(entry)}]")
            return
        column = goal.value[0][0].start_mark.column
        indent = " " * (column + (dash if dash in {0, 2, 4} else 2))
        self._put_lines(end, [f"{' ' * column}{key}:", f"{indent}- {flow(entry)}"])

    def add_to(self, listed: Node, goal: MappingNode, entry: Mapping[str, Any]) -> None:
        """Add to the end of a list."""
        if not isinstance(listed, SequenceNode):
            raise NoRoomError("what stands there is no list")
        if listed.start_mark.index < goal.start_mark.index:
            raise NoRoomError("the list is shared by an alias")
        if not listed.flow_style:
            dash = " " * listed.start_mark.column
            self._put_lines(end_of(self.text, listed), _listed(entry, listed.value[-1], dash))
        elif listed.value:
            self._put(end_of(self.text, listed.value[-1]), f", {flow(entry)}")
        else:
            self._put(self.text.index("[", listed.start_mark.index) + 1, flow(entry))

    def _put(self, at: int, words: str) -> None:
        self.text = self.text[:at] + words + self.text[at:]

    def _put_lines(self, after: int, lines: list[str]) -> None:
        """Add lines below the one in which position *after* is, comments at its end included."""
        newline = "\r\n" if "\r\n" in self.text else "\n"
        told = "".join(line + newline for line in lines)
        if after and self.text[after - 1] == "\n":
            self._put(after, told)
            return
        end = self.text.find("\n", after)
        if end < 0:
            self._put(len(self.text), newline + told.removesuffix(newline))
        else:
            self._put(end + 1, told)


def _listed(entry: Mapping[str, Any], neighbour: Node, indent: str) -> list[str]:
    """Write an entry of a block list in the manner of its neighbour."""
    if isinstance(neighbour, MappingNode) and not neighbour.flow_style:
        first, *rest = block(dict(entry)).splitlines()
        return [f"{indent}- {first}", *(f"{indent}  {line}" for line in rest)]
    return [f"{indent}- {flow(entry)}"]
