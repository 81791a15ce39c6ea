"""Linear's one endpoint: credentials, budget, complexity, execution, and the headers that tell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import orjson
from graphql import (
    FieldNode,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_operation_ast,
)
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from okrsync_simulators.faults import Fault, FaultKind, FaultyApp
from okrsync_simulators.linear import errors
from okrsync_simulators.linear.budget import MOST_COMPLEX_QUERY
from okrsync_simulators.linear.complexity import complexity_of
from okrsync_simulators.linear.errors import RefusalError
from okrsync_simulators.linear.mutations import Mutations
from okrsync_simulators.linear.queries import Queries
from okrsync_simulators.linear.schema import checked, schema
from okrsync_simulators.linear.world import API_KEY, OAUTH_TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode
    from starlette.requests import Request

    from okrsync_simulators.linear.world import LinearWorld

UNKNOWN = "unknown"
INVALID_CURSOR = Fault(
    FaultKind.STATUS,
    status=400,
    headers={"Content-Type": "application/json"},
    body=orjson.dumps(
        errors.refused(RefusalError("Argument Validation Error", "Invalid cursor: expired"))
    ),
)


def linear_app(world: LinearWorld) -> Any:
    """Return the ASGI app of a world, which suffers the world's faults."""
    endpoint = _Endpoint(world)
    app = Starlette(routes=[Route("/graphql", endpoint.answer, methods=["POST"])])
    return FaultyApp(app, world.faults, operation_of, expired_token=INVALID_CURSOR)


def operation_of(_scope: Mapping[str, Any], body: bytes) -> str:
    """Name a request by its kind and first root field, such as `mutation:issueUpdate`."""
    try:
        request = _Request.read(body)
    except RefusalError:
        return UNKNOWN
    return request.name


@dataclass(frozen=True, slots=True)
class _Request:
    """A request's document and variables; `operation` is missing if the document is unusable."""

    document: str
    variables: Mapping[str, Any]
    operation: OperationDefinitionNode | None

    @classmethod
    def read(cls, body: bytes) -> _Request:
        try:
            content = orjson.loads(body)
            document = content["query"]
            variables = content.get("variables") or {}
            name = content.get("operationName")
        except (ValueError, TypeError, KeyError, AttributeError):
            raise RefusalError(
                "POST body missing, invalid Content-Type, or JSON object has no keys.",
                code="BAD_REQUEST",
                kind="graphql error",
            ) from None
        parsed, _ = checked(document)
        return cls(document, variables, get_operation_ast(parsed, name) if parsed else None)

    @property
    def name(self) -> str:
        if self.operation is None:
            return UNKNOWN
        first = self.operation.selection_set.selections[0]
        kind = "mutation" if self.operation.operation is OperationType.MUTATION else "query"
        return f"{kind}:{first.name.value}" if isinstance(first, FieldNode) else UNKNOWN


class _Endpoint:
    """Answers requests, one at a time as far as the world is concerned."""

    def __init__(self, world: LinearWorld) -> None:
        self._world = world
        self._root = {**Queries(world).fields(), **Mutations(world).fields()}

    async def answer(self, request: Request) -> Response:
        authorization = request.headers.get("Authorization", "")
        body = await request.body()
        cost = 0.0
        try:
            self._authenticate(authorization)
            asked = _Request.read(body)
            self._world.before_request(asked.name)
            with self._world.lock:
                document, invalid = checked(asked.document)
                if document is None or asked.operation is None or invalid:
                    return self._respond(400, errors.invalid_document(invalid), 0.0)
                cost = complexity_of(document, asked.operation, asked.variables, schema())
                self._charge(asked.name, cost)
                status, content = self._execute(document, asked)
        except RefusalError as refusal:
            status, content = refusal.extensions["http"]["status"], errors.refused(refusal)
        return self._respond(status, content, cost)

    def _authenticate(self, authorization: str) -> None:
        if authorization == f"Bearer {API_KEY}":
            self._world.protocol_breaches.append("API key sent as a bearer token")
            raise errors.unauthenticated(
                "An API key was sent as a bearer token. Remove the Bearer prefix."
            )
        if authorization not in {API_KEY, f"Bearer {OAUTH_TOKEN}"}:
            raise errors.unauthenticated("You need to authenticate to access this operation.")

    def _charge(self, operation: str, cost: float) -> None:
        self._world.requests[operation] += 1
        if cost > MOST_COMPLEX_QUERY:
            raise errors.too_complex(cost, MOST_COMPLEX_QUERY)
        if not self._world.budget.spend(cost):
            raise errors.rate_limited()
        self._world.complexity += cost

    def _execute(self, document: DocumentNode, asked: _Request) -> tuple[int, Mapping[str, Any]]:
        operation = asked.operation
        result = execute_sync(
            schema(),
            document,
            root_value=self._root,
            variable_values=dict(asked.variables),
            operation_name=operation.name.value if operation and operation.name else None,
        )
        if not result.errors:
            return 200, {"data": result.data}
        if result.data is None and all(error.path is None for error in result.errors):
            return 400, errors.invalid_document(result.errors)
        failed = [errors.failed_field(error) for error in result.errors]
        status = 200 if result.data else failed[0]["extensions"]["http"]["status"]
        return status, {"errors": failed, "data": result.data}

    def _respond(self, status: int, content: Mapping[str, Any], cost: float) -> Response:
        headers = {
            **self._world.budget.headers(),
            "X-Complexity": str(math.ceil(round(cost, 6))),  # sums of tenths are not exact
            "Date": format_datetime(self._world.clock.now(), usegmt=True),
        }
        body = orjson.dumps(content)
        return Response(body, status, headers, media_type="application/json")
