"""Our cut of Linear's schema, ready to validate and execute documents against."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    parse,
    validate,
)

from okrsync_simulators.linear.errors import RefusalError

SDL = files(__package__).joinpath("schema.graphql")
UUID_LENGTH = 36


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    """Return the schema; objects are dictionaries, so it needs no resolvers of its own."""
    built = build_schema(SDL.read_text("utf-8"))
    uuid = built.type_map["UUID"]
    if not isinstance(uuid, GraphQLScalarType):
        raise TypeError("UUID is no scalar")
    uuid.coerce_input_value = _uuid
    return built


@lru_cache(maxsize=256)
def checked(document: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Parse and validate a document once, however often it is sent."""
    try:
        parsed = parse(document)
    except GraphQLError as error:
        return None, (error,)
    return parsed, tuple(validate(schema(), parsed))


def _uuid(value: object) -> str:
    """Take a UUID; an identifier such as `OPS-7` is none."""
    if not isinstance(value, str) or len(value) != UUID_LENGTH:
        raise RefusalError("Argument Validation Error", f"{value!r} is not a UUID.")
    return value
