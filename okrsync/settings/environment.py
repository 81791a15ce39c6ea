"""``OKRSYNC_SECTION__LEAF``: which leaf of the settings a variable means, and its value.

A variable that means none is a mistake, because a person believes to have set something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_origin

from pydantic import BaseModel, SecretStr

from okrsync.core.place import Place, Problem, did_you_mean, nearest
from okrsync.documents.read import parse
from okrsync.documents.scalars import resolve
from okrsync.documents.validate import holds, keys_of
from okrsync.errors import ConfigError
from okrsync.settings.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okrsync.documents.read import Steps

PREFIX = "OKRSYNC_"
TRACKERS = f"{PREFIX}TRACKERS__"
_NOT_SETTINGS = frozenset({"OKRSYNC_CONFIG"})
_FLAGS = {"yes": True, "on": True, "1": True, "no": False, "off": False, "0": False}


@dataclass(frozen=True, slots=True)
class Override:
    """One variable that sets one leaf."""

    variable: str
    path: Steps
    value: Any

    @property
    def place(self) -> Place:
        """What messages call it."""
        return _place(self.variable)


@dataclass(frozen=True, slots=True)
class _Leaf:
    path: Steps
    annotation: Any

    @property
    def variable(self) -> str:
        return variable_of(self.path)


def overrides(
    environ: Mapping[str, str],
    model: type[BaseModel],
    trackers: Mapping[str, type[BaseModel] | None],
    data: Mapping[str, Any],
) -> tuple[list[Override], list[Problem]]:
    """Read every ``OKRSYNC_…`` variable; *data* is what the file says, for names only it knows.

    *trackers* are the trackers' own models by the name of the tracker; of a tracker without one
    (its adapter is not installed) nobody knows what its variables should be.
    """
    unknowable = tuple(
        f"{TRACKERS}{folded(name)}__" for name, options in trackers.items() if not options
    )
    known = {leaf.variable: leaf for leaf in _leaves(model, trackers, data)}
    found, problems = [], []
    for variable, text in sorted(environ.items()):
        name = variable.upper()
        if not name.startswith(PREFIX) or name in _NOT_SETTINGS or name.startswith(unknowable):
            continue
        leaf = known.get(name)
        if leaf is None:
            problems.append(_unknown(variable, name, known))
            continue
        try:
            value = _value(leaf.annotation, text, variable)
        except ConfigError as error:
            problems += error.problems
        else:
            found.append(Override(variable, leaf.path, value))
    return found, problems


def tracker_names(environ: Mapping[str, str]) -> dict[str, str]:
    """Find trackers whose adapter the environment names: name -> adapter."""
    end = "__ADAPTER"
    return {
        variable[len(TRACKERS) : -len(end)].lower().replace("_", "-"): text
        for variable, text in environ.items()
        if variable.upper().startswith(TRACKERS) and variable.upper().endswith(end)
    }


def variable_of(path: Steps) -> str:
    """Name the variable that overrides the setting at *path*."""
    return PREFIX + "__".join(folded(str(step)) for step in path)


def folded(name: str) -> str:
    """Spell a key as variables do."""
    return name.replace("-", "_").upper()


def _place(variable: str) -> Place:
    return Place(f"environment {variable}")


def _leaves(
    model: type[BaseModel], trackers: Mapping[str, type[BaseModel] | None], data: Mapping[str, Any]
) -> Iterator[_Leaf]:
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key != "trackers":
            yield from _below((key,), field.annotation, data.get(key))
    for name, options in trackers.items():
        yield _Leaf(("trackers", name, "adapter"), str)
        if options is not None:
            yield from _model_leaves(("trackers", name), options, {})


def _model_leaves(path: Steps, model: type[BaseModel], data: Any) -> Iterator[_Leaf]:
    for key, field in keys_of(model).items():
        here = data.get(key) if isinstance(data, dict) else None
        yield from _below((*path, key), field.annotation, here)
        if holds(field.annotation, SecretStr):
            yield _Leaf((*path, key.removesuffix("_file")), str)


def _below(path: Steps, annotation: Any, data: Any) -> Iterator[_Leaf]:
    model = _section(annotation)
    if model is not None:
        yield from _model_leaves(path, model, data)
        return
    yield _Leaf(path, annotation)
    if get_origin(annotation) is dict:
        inner = annotation.__args__[1]
        for key in dict.fromkeys((*(data if isinstance(data, dict) else ()), *CODES)):
            if get_origin(inner) is not dict or key not in CODES:
                yield from _below((*path, key), inner, None)


def _section(annotation: Any) -> type[BaseModel] | None:
    """Tell the model of a field that is a section, but not of a field that lists sections."""
    if get_origin(annotation) in {tuple, dict}:
        return None
    parts = getattr(annotation, "__args__", (annotation,))
    models = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
    return models[0] if models else None


def _unknown(variable: str, name: str, known: Mapping[str, _Leaf]) -> Problem:
    inside = sorted(other for other in known if other.startswith(f"{name}__"))
    if inside:
        told = "names a section, not a setting"
        return Problem(_place(variable), told, f"such as {inside[0]}")
    if name.startswith(TRACKERS) and not _near_a_tracker(name, known):
        told = "no tracker of this name is configured"
        return Problem(_place(variable), told, "`trackers` in okrsync.yaml names them")
    return Problem(_place(variable), "no setting has this name", did_you_mean(name, known))


def _near_a_tracker(name: str, known: Iterable[str]) -> bool:
    """Tell whether the tracker that a variable names may be a misspelt one of ours."""
    meant, *ours = (
        other.removeprefix(TRACKERS).partition("__")[0]
        for other in (name, *known)
        if other.startswith(TRACKERS)
    )
    return nearest(meant, ours) is not None


def _value(annotation: Any, text: str, variable: str) -> Any:
    if holds(annotation, SecretStr):
        return text
    if get_origin(annotation) in {tuple, dict} or _is_listed(annotation):
        if text.lstrip()[:1] in {"[", "{"}:
            return parse(text.encode("utf-8", "replace"), str(_place(variable))).data
        return [part.strip() for part in text.split(",") if part.strip()]
    if holds(annotation, str) and not holds(annotation, bool):
        return text
    if holds(annotation, bool) and text.lower() in _FLAGS:
        return _FLAGS[text.lower()]
    return resolve(text)


def _is_listed(annotation: Any) -> bool:
    return any(get_origin(part) is tuple for part in getattr(annotation, "__args__", ()))
