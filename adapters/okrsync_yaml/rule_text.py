"""The text of a mapping file, changed rule by rule; every other character stays as it is.

The text is looked at, not written anew. Comments above a rule move with it and outlive it; what
stands within a rule goes where the rule goes. Where nothing can be changed without touching
something else, nothing is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from okrsync_yaml.emit import flow
from okrsync_yaml.extent import NoRoomError, end_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ruamel.yaml.nodes import Node

_COMMENT = re.compile(r"[ \t]*#")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A rule's own lines, as they stand at the left margin, or its one line in braces."""

    lines: tuple[str, ...]
    above: tuple[str, ...] = ()
    """The comments directly above it."""


def chunk_of(data: Mapping[str, Any]) -> Chunk:
    """Write a new rule, a key a line."""
    first, *rest = (f"{key}: {flow(value)}" for key, value in data.items())
    return Chunk((f"- {first}", *(f"  {line}" for line in rest)))


def with_rule(text: str, chunk: Chunk, *, beside: str | None = None, after: bool = True) -> str:
    """Put a rule before or after the one called *beside*, or behind all.

    Raises:
        NoRoomError: there is no place for it.

    """
    listed = _Rules(text)
    if listed.node is None or not listed.node.value:
        return listed.begun_with(chunk)
    at = len(listed.node.value) - 1 if beside is None else listed.position(beside)
    put = listed.put_inline if listed.node.flow_style else listed.put_lines
    return put(chunk, at, after=after)


def without_rule(text: str, rule: str, *, keep_comments: bool) -> tuple[str, Chunk]:
    """Take a rule out; return what is left, and the rule.

    Raises:
        NoRoomError: it cannot be taken out alone.

    """
    listed = _Rules(text)
    at = listed.position(rule)
    if listed.sequence.flow_style:
        return listed.cut_inline(at)
    return listed.cut_lines(at, keep_comments=keep_comments)


def with_keys(text: str, rule: str, keys: Mapping[str, Any]) -> str:
    """Let keys of a rule say something else; those of None are taken out.

    Raises:
        NoRoomError: one cannot be changed alone.

    """
    for key, value in keys.items():
        listed = _Rules(text)
        mapping = listed.sequence.value[listed.position(rule)]
        found = next((pair for pair in mapping.value if pair[0].value == key), None)
        if found is None:
            text = text if value is None else listed.added(mapping, key, value)
        elif value is None:
            text = listed.dropped(mapping, found)
        else:
            text = listed.replaced(found, value)
    return text


class _Rules:
    """The list of rules in a text, with positions that the parser told."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        try:
            self._root = YAML(typ="rt", pure=True).compose(text)
        except YAMLError as error:
            raise NoRoomError("only YAML 1.1 knows how to read this file") from error
        pairs = self._root.value if isinstance(self._root, MappingNode) else ()
        self._pair = next((pair for pair in pairs if pair[0].value == "rules"), None)
        value = self._pair[1] if self._pair else None
        self.node = value if isinstance(value, SequenceNode) else None

    @property
    def sequence(self) -> Any:
        if self.node is None:
            raise NoRoomError("there is no list of rules")
        return self.node

    def position(self, rule: str) -> int:
        """Find a rule by its id, in any case."""
        for at, mapping in enumerate(self.sequence.value):
            for key, value in getattr(mapping, "value", ()):
                if key.value == "id" and str(value.value).casefold() == rule.casefold():
                    return at
        raise NoRoomError("the rule is not where it was")

    def begun_with(self, chunk: Chunk) -> str:
        """Begin the list, where there is none or an empty one."""
        lines = [f"  {line}" for line in (*chunk.above, *chunk.lines)]
        if self._pair is None:
            if self._root is not None and (self._root.flow_style or not self._root.value):
                raise NoRoomError("there is no list of rules")
            begun = self.text if not self.text or self.text.endswith("\n") else f"{self.text}\n"
            return begun + self._joined(["rules:", *lines])
        key, value = self._pair
        colon = self.text.index(":", key.end_mark.index) + 1
        end = int(value.end_mark.index)
        line_end = self._line_end(end)
        rest = self.text[end:line_end].rstrip()
        tail = self.text[line_end:].removeprefix("\r\n").removeprefix("\n")
        return f"{self.text[:colon]}{rest}{self._newline}{self._joined(lines)}{tail}"

    def put_inline(self, chunk: Chunk, at: int, *, after: bool) -> str:
        """Put a rule into a list in brackets."""
        if len(chunk.lines) > 1 or chunk.above:
            rule = YAML(typ="safe", pure=True).load("\n".join(chunk.lines))[0]
            if any("#" in line for line in (*chunk.lines, *chunk.above)):
                raise NoRoomError("the list there stands in brackets, and comments would be lost")
            chunk = Chunk((flow(rule),))
        words = chunk.lines[0].removeprefix("- ")
        node = self.sequence.value[at]
        if after:
            return self._with(end_of(self.text, node), f", {words}")
        return self._with(int(node.start_mark.index), f"{words}, ")

    def put_lines(self, chunk: Chunk, at: int, *, after: bool) -> str:
        """Put a rule into a list with a dash for each; airy lists stay airy."""
        margin = " " * self.sequence.start_mark.column
        lines = [f"{margin}{line}" if line else "" for line in (*chunk.above, *chunk.lines)]
        above, first, end = self._extent(at)
        airy = self._is_airy()
        all_lines = self.text.splitlines(keepends=True)
        where = end if after else above
        told = self._joined([*([""] if airy and after else []), *lines])
        told += self._newline if airy and not after else ""
        if where and not all_lines[where - 1].endswith("\n"):
            all_lines[where - 1] += self._newline
        del first
        return "".join([*all_lines[:where], told, *all_lines[where:]])

    def cut_inline(self, at: int) -> tuple[str, Chunk]:
        """Take a rule out of a list in brackets."""
        nodes = self.sequence.value
        begin, end = int(nodes[at].start_mark.index), end_of(self.text, nodes[at])
        chunk = Chunk((f"- {self.text[begin:end]}",))
        if at:
            begin = end_of(self.text, nodes[at - 1])
        elif len(nodes) > 1:
            end = int(nodes[1].start_mark.index)
        if "#" in self.text[begin:end] or "\n" in chunk.lines[0]:
            raise NoRoomError("the list stands in brackets over several lines")
        return self.text[:begin] + self.text[end:], chunk

    def cut_lines(self, at: int, *, keep_comments: bool) -> tuple[str, Chunk]:
        """Take a rule out of a list with a dash for each."""
        above, first, end = self._extent(at)
        lines = self.text.splitlines(keepends=True)
        margin = self.sequence.start_mark.column
        chunk = Chunk(
            tuple(_outdented(lines[first:end], margin)),
            () if keep_comments else tuple(_outdented(lines[above:first], margin)),
        )
        begin = first if keep_comments else above
        if begin and _blank(lines, begin - 1) and (end >= len(lines) or _blank(lines, end)):
            begin -= 1
        left = [*lines[:begin], *lines[end:]]
        if len(self.sequence.value) == 1 and self._pair is not None:
            line = int(self._pair[0].start_mark.line)
            left[line] = re.sub(r"rules\s*:", "rules: []", left[line], count=1)
        return "".join(left), chunk

    def added(self, mapping: Any, key: str, value: Any) -> str:
        """Give a rule a key more."""
        words, end = f"{key}: {flow(value)}", end_of(self.text, mapping)
        if mapping.flow_style:
            return self._with(end_of(self.text, mapping.value[-1][1]), f", {words}")
        margin = " " * mapping.value[0][0].start_mark.column
        line_end = self._line_end(end)
        return self._with(line_end, f"{self._newline}{margin}{words}")

    def replaced(self, pair: tuple[Any, Any], value: Any) -> str:
        """Let a key say something else; a comment beside it stays."""
        key, node = pair
        if node.start_mark.index < key.end_mark.index:
            raise NoRoomError("an alias stands in the way")
        colon = self.text.index(":", key.end_mark.index) + 1
        end = end_of(self.text, node)
        beside = ""
        if node.start_mark.line > key.start_mark.line:
            beside = self.text[colon : self._line_end(colon)].rstrip()
        if "#" in self.text[colon + len(beside) : end] and not _plain(node):
            raise NoRoomError("comments would be lost")
        return f"{self.text[:colon]} {flow(value)}{beside}{self.text[end:]}"

    def dropped(self, mapping: Any, pair: tuple[Any, Any]) -> str:
        """Take a key out of a rule."""
        at = mapping.value.index(pair)
        if not at:
            raise NoRoomError(f"{pair[0].value!r} stands first")
        key, node = pair
        end = end_of(self.text, node)
        if mapping.flow_style:
            return self.text[: end_of(self.text, mapping.value[at - 1][1])] + self.text[end:]
        begin = self.text.rfind("\n", 0, key.start_mark.index) + 1
        line_end = self._line_end(end)
        if "#" in self.text[end:line_end]:
            raise NoRoomError("a comment would be lost")
        return self.text[:begin] + self.text[line_end:].removeprefix("\r\n").removeprefix("\n")

    def _extent(self, at: int) -> tuple[int, int, int]:
        """Return the lines where the comments above a rule begin, the rule does, and it ends."""
        lines = self.text.splitlines()
        margin = self.sequence.start_mark.column
        node = self.sequence.value[at]
        first = int(node.start_mark.line)
        while not lines[first].startswith(f"{' ' * margin}-"):
            first -= 1
        end = self.text.count("\n", 0, end_of(self.text, node)) + 1
        while end < len(lines) and _is_within(lines[end], margin):
            end += 1
        above = first
        while above and _COMMENT.match(lines[above - 1]):
            above -= 1
        return above, first, end

    def _is_airy(self) -> bool:
        """Tell whether a blank line stands between any two rules."""
        lines = self.text.splitlines()
        starts = [self._extent(at)[0] for at in range(1, len(self.sequence.value))]
        return bool(starts) and all(_blank(lines, start - 1) for start in starts)

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[at:end].endswith("\r") else end

    def _with(self, at: int, words: str) -> str:
        return self.text[:at] + words + self.text[at:]

    def _joined(self, lines: Sequence[str]) -> str:
        return "".join(f"{line}{self._newline}" for line in lines)


def _plain(node: Node) -> bool:
    """Tell whether a ``#`` in it can only be part of a text."""
    return not isinstance(node, MappingNode | SequenceNode)


def _is_within(line: str, margin: int) -> bool:
    """Tell whether a comment is indented like something within the rule above it."""
    return bool(_COMMENT.match(line)) and len(line) - len(line.lstrip()) > margin


def _outdented(lines: Sequence[str], margin: int) -> list[str]:
    bare = [line.rstrip("\r\n") for line in lines]
    return [line[margin:] if not line[:margin].strip() else line.lstrip() for line in bare]


def _blank(lines: Sequence[str], at: int) -> bool:
    return not lines[at].strip()
