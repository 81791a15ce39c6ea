"""Hold a document against a pydantic model; each mistake is told plainly, where it stands.

A message names values only of fields that are no secret. pydantic's own words are never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from okrsync.core.place import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from okrsync.core.place import Place
    from okrsync.documents.read import Document, Steps

M = TypeVar("M", bound=BaseModel)


class Placing(Protocol):
    """Tells where the value at a path stands, or the key that names it."""

    def __call__(self, path: Steps, *, key: bool = False) -> Place:
        """Find the place."""


def validated(model: type[M], document: Document) -> tuple[M | None, list[Problem]]:
    """Read *document* as a *model*, or tell everything that is wrong with it."""
    problems = list(document.problems)
    try:
        read = model.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        return None, problems + problems_of(error, model, document.place)
    return read, problems


def problems_of(
    error: ValidationError, model: type[BaseModel], placing: Placing, *, below: Steps = ()
) -> list[Problem]:
    """Tell each mistake that pydantic found; *below* is where the model's data begins."""
    return [
        _problem(detail, model, placing, below)
        for detail in error.errors(include_url=False, include_context=True)
    ]


def keys_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """List the keys a person may write; a secret is written as a path, under ``NAME_file``."""
    return {
        f"{field.alias or name}{'_file' if holds(field.annotation, SecretStr) else ''}": field
        for name, field in model.model_fields.items()
    }


def holds(annotation: Any, wanted: type) -> bool:
    """Tell whether values of *wanted* or of a subclass can stand in the field."""
    return any(issubclass(part, wanted) for part in _classes(annotation))


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """List the models that a field's value may consist of."""
    return [part for part in _classes(annotation) if issubclass(part, BaseModel)]


def _classes(annotation: Any) -> Iterator[type]:
    parts = get_args(annotation)
    if not parts and isinstance(annotation, type):
        yield annotation
    for part in parts:
        yield from _classes(part)


def _problem(
    detail: ErrorDetails, model: type[BaseModel], placing: Placing, below: Steps
) -> Problem:
    path = detail["loc"]
    last = str(path[-1]) if path else ""
    match detail["type"]:
        case "extra_forbidden":
            hint = did_you_mean(last, _keys_at(model, path[:-1]))
            return Problem(placing(below + path, key=True), f"unknown key {last!r}", hint)
        case "missing":
            return Problem(placing(below + path[:-1]), f"{last!r} is missing here")
        case _:
            is_key = last == "[key]"
            path = path[:-1] if is_key else path
            name = _named(path[:-1] if is_key else path)
            place = placing(below + path, key=is_key)
            return Problem(place, f"{name} {told(detail)}", _hint(detail))


def _named(path: Steps) -> str:
    named = [step for step in path if isinstance(step, str)]
    if not named:
        return "this"
    return f"an entry of {named[-1]!r}" if isinstance(path[-1], int) else repr(named[-1])


def _keys_at(model: type[BaseModel], path: Steps) -> list[str]:
    """Follow *path* through the models; lists and mappings of models have steps of their own."""
    at = [model]
    for step in path:
        fields = [f for m in at for key, f in keys_of(m).items() if key == step]
        at = [inner for f in fields for inner in models_in(f.annotation)] if fields else at
    return [key for m in at for key in keys_of(m)]


def told(detail: ErrorDetails) -> str:  # noqa: PLR0911 - one sentence a kind
    """Say what is wrong with a value, as the end of a sentence that begins with its name."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "literal_error" | "enum":
            return f"must be one of {context['expected'].replace(' or ', ', ')}"
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            return "must be a mapping of keys"
        case "tuple_type" | "list_type":
            return "must be a list"
        case "string_type" | "url_type" | "path_type":
            return "must be text"
        case "greater_than_equal":
            return f"must be at least {context['ge']:g}"
        case "greater_than":
            return f"must be more than {context['gt']:g}"
        case "less_than_equal":
            return f"must be at most {context['le']:g}"
        case "too_short":
            return "must not be empty"
        case _:
            return detail["msg"].lower()


def _hint(detail: ErrorDetails) -> str | None:
    if detail["type"] not in {"literal_error", "enum"} or not isinstance(detail["input"], str):
        return None
    known = detail.get("ctx", {})["expected"].replace(" or ", ", ").split(", ")
    return did_you_mean(detail["input"], [word.strip("'") for word in known])
