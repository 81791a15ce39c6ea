"""Turn the bytes of a YAML 1.2 file into plain data with a place for each value.

Whatever the bytes are, the answer is a `Document` or a `ConfigError`. Size, depth and the growth
through aliases are bounded. Nothing is constructed but mappings, lists and scalars; tags, merge
keys and several documents in a file are refused or unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from okrsync.core.place import Place, Problem
from okrsync.documents.scalars import resolve
from okrsync.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_BYTES = 5_000_000
MAX_DEPTH = 50
MAX_ALIASED = 10_000
"""How many values all aliases of a file together may stand for."""

_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_FRAME = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)

Steps = tuple[str | int, ...]


@dataclass(slots=True)
class _Node:
    value: Any
    line: int
    column: int
    size: int = 1
    children: dict[str | int, _Node] = field(default_factory=dict)
    keys: dict[str | int, tuple[int, int]] = field(default_factory=dict)

    def add(self, step: str | int, child: _Node, key: tuple[int, int]) -> None:
        """Take in *child*; in a list it always comes last."""
        if isinstance(self.value, list):
            step = len(self.value)
            self.value.append(child.value)
        else:
            self.value[step] = child.value
        self.children[step] = child
        self.keys[step] = key
        self.size += child.size + 1


@dataclass(frozen=True, slots=True)
class Document:
    """The data of one file, and where each piece of it stands."""

    file: str
    data: Any
    """Mappings, lists and scalars; numbers are `SourceInt` and `SourceFloat`."""
    problems: tuple[Problem, ...] = ()
    """Mistakes that did not keep the rest from being read, such as a key given twice."""
    _root: _Node | None = field(default=None, repr=False)

    def has(self, path: Steps) -> bool:
        """Tell whether there is anything at *path*."""
        node = self._root
        for step in path:
            node = node.children.get(step) if node is not None else None
        return node is not None

    def without(self, paths: Iterable[Steps]) -> Document:
        """Leave out what stands at *paths*, or the nearest thing around it."""
        root = self._root and _pruned(self._root, set(paths))
        return Document(self.file, root and root.value, self.problems, root)

    def spots(self) -> Iterator[tuple[int, Steps, Any]]:
        """Go through everything: the line where it or its key begins, its path, its value."""
        ahead: list[tuple[Steps, _Node]] = [((), self._root)] if self._root is not None else []
        while ahead:
            path, node = ahead.pop()
            yield node.line, path, node.value
            for step, child in node.children.items():
                below = (*path, step)
                if node.keys[step][0] != child.line:
                    yield node.keys[step][0], below, None
                ahead.append((below, child))

    def place(self, path: Steps, *, key: bool = False) -> Place:
        """Tell where the value at *path* begins, or with *key* the key that names it.

        Of a path that leaves the data, the last part that exists counts.
        """
        node, at = self._root, (0, 0)
        if node is not None:
            at = (node.line, node.column)
        for step in path:
            if node is None or step not in node.children:
                break
            parent, node = node, node.children[step]
            at = parent.keys[step] if key else (node.line, node.column)
        return Place(self.file, *at)


def _pruned(node: _Node, paths: set[Steps]) -> _Node:
    left = _Node(type(node.value)() if node.children else node.value, node.line, node.column)
    for step, child in node.children.items():
        below = {path[1:] for path in paths if path[0] == step}
        if any(not path or path[0] not in child.children for path in below):
            continue
        child = _pruned(child, below)  # noqa: PLW2901 - what is left of it
        left.add(step, child, node.keys[step])
    return left


def parse_file(path: Path, *, name: str | None = None) -> Document:
    """Read the file at *path*; *name* is what messages call it.

    Raises:
        ConfigError: it cannot be opened or is no YAML.

    """
    shown = name or str(path)
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(Place(shown), f"cannot be read: {reason}") from None
    return parse(text, shown)


def parse(text: bytes, file: str) -> Document:
    """Read *text*, the content of *file*.

    Raises:
        ConfigError: it is no UTF-8 or no YAML, or exceeds the limits.

    """
    if len(text) > MAX_BYTES:
        raise _refusal(Place(file), f"is larger than {MAX_BYTES // 1_000_000} MB")
    decoded = _decode(text, file)
    try:
        return _composed(decoded, file, pure=False)
    except YAMLError:
        return _by_the_book(decoded, file)


def _by_the_book(text: str, file: str) -> Document:
    """Let the slow parser decide: the fast one knows YAML 1.1 and refuses some of 1.2."""
    try:
        return _composed(text, file, pure=True)
    except MarkedYAMLError as error:
        raise _refusal(_marked(error, file), _told(error)) from None
    except (YAMLError, ValueError) as error:  # ValueError: an escape such as \U00110000
        raise _refusal(Place(file), f"is no YAML: {error}") from None


def _composed(text: str, file: str, *, pure: bool) -> Document:
    composer = _Composer(file)
    root = composer.document(iter(YAML(typ="safe", pure=pure).parse(text)))
    return Document(file, root and root.value, tuple(composer.problems), root)


def _refusal(place: Place, message: str, others: list[Problem] | None = None) -> ConfigError:
    problems = [*(others or ()), Problem(place, message)]
    return ConfigError(f"{place.file} cannot be used", problems=sorted(problems, key=str))


def _decode(text: bytes, file: str) -> str:
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        raise _refusal(_end_of(before, file), "is not UTF-8") from None
    if found := _UNPRINTABLE.search(decoded):
        told = f"holds a character that YAML forbids (U+{ord(found[0]):04X})"
        raise _refusal(_end_of(decoded[: found.start()], file), told)
    return decoded


def _end_of(text: str, file: str) -> Place:
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _marked(error: MarkedYAMLError, file: str) -> Place:
    mark = error.problem_mark or error.context_mark
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)


def _told(error: MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return f"is no YAML: {', '.join(parts)}"


class _Composer:
    """Builds nodes from the parser's events; mistakes that allow it are collected."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._anchors: dict[str, _Node | None] = {}
        self._aliased = 0

    def document(self, events: Iterator[Any]) -> _Node | None:
        """Compose the only document there may be."""
        self._events = events
        root = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._fatal(event, "a second document begins; one a file is allowed")
            elif not isinstance(event, _FRAME):
                root = self._node(event, 0)
        return root

    def _node(self, event: Any, depth: int) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            raise self._fatal(event, f"is nested more than {MAX_DEPTH} levels deep")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._refuse_tag(event)
        node = _Node(None, event.start_mark.line + 1, event.start_mark.column + 1)
        match event:
            case yaml.ScalarEvent():
                node.value = self._scalar(event)
            case yaml.SequenceStartEvent():
                self._fill_list(node, depth)
            case _:
                self._fill_mapping(node, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _scalar(self, event: Any) -> Any:
        if not event.value.isascii() and _LONE_SURROGATE.search(event.value):
            raise self._fatal(event, "holds half of a character")
        plain = event.implicit[0] and not event.style
        return resolve(event.value) if plain else str(event.value)

    def _alias(self, event: Any) -> _Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            told = "contains itself" if event.anchor in self._anchors else "has no anchor"
            raise self._fatal(event, f"the alias *{event.anchor} {told}")
        self._aliased += node.size
        if self._aliased > MAX_ALIASED:
            raise self._fatal(event, f"aliases stand for more than {MAX_ALIASED} values")
        return node

    def _fill_list(self, node: _Node, depth: int) -> None:
        node.value = []
        for event in self._until(yaml.SequenceEndEvent):
            child = self._node(event, depth + 1)
            node.add(0, child, (child.line, child.column))

    def _fill_mapping(self, node: _Node, depth: int) -> None:
        node.value = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._key(event, depth)
            child = self._node(next(self._events), depth + 1)
            if key in node.value:
                self._note(event, f"the key {key!r} is given twice")
            else:
                node.add(key, child, (event.start_mark.line + 1, event.start_mark.column + 1))

    def _key(self, event: Any, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_tag(event)
            if event.anchor is not None:
                self._anchors[event.anchor] = _Node(
                    event.value, event.start_mark.line + 1, event.start_mark.column + 1
                )
            return str(event.value)
        node = self._node(event, depth + 1)
        if isinstance(node.value, str):
            return node.value
        raise self._fatal(event, "a key must be a word")

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None and str(event.tag) != "!":
            self._note(event, f"the tag {event.tag} is not used here; leave it out")

    def _note(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self._place(event), message))

    def _fatal(self, event: Any, message: str) -> ConfigError:
        return _refusal(self._place(event), message, self.problems)

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)
