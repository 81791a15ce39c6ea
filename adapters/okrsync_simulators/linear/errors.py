"""How Linear says no: the shapes of its errors, as its SDK reads them and clients recorded them.

What deserves a refusal is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphql import GraphQLError


class RefusalError(Exception):
    """Linear understood and declines; *presentable* is what it would show to a person."""

    def __init__(
        self,
        message: str,
        presentable: str | None = None,
        *,
        code: str = "INPUT_ERROR",
        kind: str = "invalid input",
        status: int = 400,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.extensions: dict[str, Any] = {
            "type": kind,
            "code": code,
            "statusCode": status,
            "userError": True,
            "userPresentableMessage": presentable or message,
            "http": {"status": status},
        }


def not_found(entity: str) -> RefusalError:
    """Return the refusal of an id that names nothing, or nothing that may be changed."""
    return RefusalError(f"Entity not found: {entity}", f"Could not find referenced {entity}.")


def unauthenticated(presentable: str) -> RefusalError:
    """Return the refusal of missing or wrong credentials."""
    return RefusalError(
        "Authentication required, not authenticated",
        presentable,
        code="AUTHENTICATION_ERROR",
        kind="authentication error",
        status=401,
    )


def rate_limited() -> RefusalError:
    """Return the refusal for an exhausted budget: code 429 within, though HTTP says 400."""
    refusal = RefusalError(
        "Rate limit exceeded", code="RATELIMITED", kind="ratelimited", status=429
    )
    refusal.extensions["http"] = {"status": 400}
    return refusal


def too_complex(complexity: float, allowed: float) -> RefusalError:
    """Return the refusal of a query that costs more than one query may."""
    return RefusalError(
        "Query too complex",
        f"The query is too complex. Complexity: {complexity}. "
        f"Maximum allowed complexity: {allowed:.0f}.",
    )


def invalid_document(errors: Sequence[GraphQLError]) -> dict[str, Any]:
    """Return the body that refuses a document, or variables, that the schema does not allow."""
    return {"errors": [_formatted(error, _INVALID_DOCUMENT) for error in errors]}


def refused(refusal: RefusalError) -> dict[str, Any]:
    """Return the body of a request that was refused before its document was executed."""
    return {"errors": [{"message": refusal.message, "extensions": refusal.extensions}]}


def failed_field(error: GraphQLError) -> dict[str, Any]:
    """Return the entry for an error met while executing."""
    original = error.original_error
    extensions = original.extensions if isinstance(original, RefusalError) else _INTERNAL
    return _formatted(error, extensions)


_INVALID_DOCUMENT: Mapping[str, Any] = RefusalError(
    "", "Invalid GraphQL document.", code="GRAPHQL_VALIDATION_FAILED", kind="graphql error"
).extensions
_INTERNAL: Mapping[str, Any] = {
    **RefusalError(
        "", "Internal error.", code="INTERNAL_SERVER_ERROR", kind="internal error", status=500
    ).extensions,
    "userError": False,
}


def _formatted(error: GraphQLError, extensions: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {**error.formatted}
    entry["extensions"] = dict(extensions)
    return entry
