"""Settings as plain data before they are validated: copying, setting leaves, anchoring paths."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from okrsync.documents.validate import holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.documents.read import Steps

SQLITE = "sqlite:///"


def copied(data: Any) -> Any:
    """Copy mappings and lists, all the way down."""
    if isinstance(data, dict):
        return {key: copied(value) for key, value in data.items()}
    return [copied(value) for value in data] if isinstance(data, list) else data


def leaf_paths(data: Any, path: Steps = ()) -> Iterator[Steps]:
    """Yield the path of everything that is no mapping; a list is one leaf."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaf_paths(value, (*path, key))
    else:
        yield path


def put(data: dict[str, Any], path: Steps, value: Any) -> None:
    """Set one leaf; where something else than a section is in its way, leave that for later."""
    here: Any = data
    for step in path[:-1]:
        if here.get(step) is None:
            here[step] = {}
        here = here[step]
        if not isinstance(here, dict):
            return
    here[path[-1]] = value


def items(data: Any) -> list[tuple[str, Any]]:
    """List what a mapping holds; anything else holds nothing."""
    return list(data.items()) if isinstance(data, dict) else []


def adapter_of(section: Any) -> str:
    """Name the adapter of a tracker's section, as far as it is one."""
    given = section.get("adapter") if isinstance(section, dict) else None
    return given if isinstance(given, str) else ""


def tracker_data(data: dict[str, Any], name: str) -> Any:
    """Find the section of a tracker."""
    return dict(items(data.get("trackers"))).get(name)


def anchor_paths(model: type[BaseModel], data: Any, base: Path) -> None:
    """Make relative paths in *data* absolute, wherever *model* has a path."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        value = data.get(key) if isinstance(data, dict) else None
        if isinstance(value, str) and value and holds(field.annotation, Path):
            data[key] = str(base / value)
        for part in getattr(field.annotation, "__args__", (field.annotation,)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                anchor_paths(part, value, base)


def anchored_store(url: str, base: Path) -> str:
    """Make the path of an SQLite store absolute."""
    path = url.removeprefix(SQLITE).strip()
    if not url.startswith(SQLITE) or path in {"", ":memory:"} or path.startswith(("file:", "?")):
        return url
    return f"{SQLITE}{base / path}"
