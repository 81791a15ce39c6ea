"""JSON Schemas of the files people write, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.core.place import did_you_mean
from okrsync.errors import UsageError
from okrsync.settings.tree import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS = ("settings", "okrs", "mapping")

_PATH = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}


def json_schema(
    kind: str,
    *,
    adapters: Mapping[str, type[BaseModel]],
    sources: Mapping[str, Callable[[], dict[str, Any]]],
) -> dict[str, Any]:
    """Make the schema of ``settings``, ``okrs`` or ``mapping``.

    *sources* are the schemas that the goal source brings with it.

    Raises:
        UsageError: there is no such schema.

    """
    if kind == "settings":
        made = _settings_schema(adapters)
    elif kind in sources:
        made = sources[kind]()
    else:
        hint = did_you_mean(kind, (*KINDS, *sources))
        raise UsageError(f"there is no schema of {kind!r}", hint=hint or f"one of {KINDS}")
    return {"$schema": DIALECT, **_tidied(made)}


def _settings_schema(adapters: Mapping[str, type[BaseModel]]) -> dict[str, Any]:
    schema = Settings.model_json_schema()
    sections = []
    for name, model in sorted(adapters.items()):
        section = model.model_json_schema()
        schema["$defs"] |= section.pop("$defs", {})
        section["properties"] = {"adapter": {"const": name}, **section["properties"]}
        section["required"] = ["adapter", *section.get("required", ())]
        schema["$defs"][f"tracker_{name}"] = section
        sections.append({"$ref": f"#/$defs/tracker_{name}"})
    del schema["$defs"]["TrackerSection"]
    schema["properties"]["trackers"] |= {
        "additionalProperties": {"anyOf": sections} if sections else True,
        "propertyNames": {"pattern": "^[a-z0-9-]+$"},
    }
    return schema


def _tidied(schema: Any) -> Any:
    """Leave out pydantic's made-up titles, and write secrets as people do: as paths."""
    if isinstance(schema, list):
        return [_tidied(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {key: _tidied(part) for key, part in schema.items() if not _made_up(key, part)}
    if isinstance(schema.get("properties"), dict):
        _name_secret_files(tidy)
    return tidy


def _made_up(key: str, part: Any) -> bool:
    return key == "title" and isinstance(part, str)


def _name_secret_files(section: dict[str, Any]) -> None:
    """Secrets may come from the environment, so that no path of one is required."""
    properties = section["properties"]
    secrets = {name for name, field in properties.items() if "'password'" in repr(field)}
    section["properties"] = {
        **{name: field for name, field in properties.items() if name not in secrets},
        **{f"{name}_file": _secret_file(properties[name]) for name in sorted(secrets)},
    }
    required = [name for name in section.get("required", ()) if name not in secrets]
    section.pop("required", None)
    if required:
        section["required"] = required


def _secret_file(field: dict[str, Any]) -> dict[str, Any]:
    told = f"Path of a file that holds: {field.get('description', 'the secret')}"
    return {**_PATH, "description": told}
