"""The HTTP side of a simulated Jira, of either kind: what has the right form, and who answers.

Requests that fall outside the contract are answered as errors and noted in the world, so that a
test can say that its client made none.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from okrsync_simulators.jira.call import Call, RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from starlette.requests import Request

    from okrsync_simulators.jira.contract import Operation
    from okrsync_simulators.jira.render import Renderer
    from okrsync_simulators.jira.world import JiraWorld

TOO_MANY = {"errorMessages": ["Rate limit exceeded."], "errors": {}}


class Tenant(ABC):
    """Checks the form of requests and hands them to their handlers, one at a time."""

    operations: Sequence[Operation]
    handlers: Mapping[str, Callable[[Call], Any]]
    versions: Sequence[str]
    """Of the API."""
    prefixes: Sequence[str] = ("",)
    """What may stand before the API's paths."""
    renderer: type[Renderer]

    def __init__(self, world: JiraWorld) -> None:
        self._world = world
        self._renderer = lru_cache(maxsize=16)(
            lambda base, version: self.renderer(world, base, version)
        )

    def routes(self) -> Iterator[Route]:
        """Yield where each operation is answered."""
        for each in self.operations:
            for version in self.versions:
                for prefix in self.prefixes:
                    path = f"{prefix}/rest/api/{version}{each.path}"
                    yield Route(path, self.endpoint(each, prefix, version), methods=[each.method])

    def endpoint(self, operation: Operation, prefix: str, version: str) -> Any:
        """Return the endpoint of one operation."""
        handler = self.handlers[operation.name]

        async def answer(request: Request) -> Response:
            body = await request.body()
            with self._world.lock:
                self._world.requests[operation.name] += 1
                self._world.bulk.catch_up()
                if told := self._too_many(operation, request):
                    return self._response(operation, request, TOO_MANY, 429, told)
                try:
                    self.check_door(request, prefix)
                    given = self._given(operation, request, body)
                    base = str(request.base_url).rstrip("/") + prefix
                    call = Call(
                        world=self._world,
                        render=self._renderer(base, version),
                        given=given,
                        path=request.path_params,
                        known=self.is_known(request),
                    )
                    result, status = handler(call), operation.status
                except RefusalError as refusal:
                    result, status = refusal.body, refusal.status
            return self._response(operation, request, result, status)

        return answer

    async def not_found(self, request: Request, _error: Exception) -> Response:
        """Refuse a path or method that Jira does not have."""
        message = f"{request.method} {request.url.path} does not exist"
        self._world.protocol_breaches.append(message)
        return as_json({"errorMessages": [message], "errors": {}}, 404, {})

    def _too_many(self, operation: Operation, request: Request) -> dict[str, str] | None:
        """Return what a request is told that goes beyond the limits, where there are any."""
        if self._world.limits is None:
            return None
        writes = operation.name == "issue.edit"
        issue = request.path_params["issueIdOrKey"] if writes else None
        now = self._world.clock.now()
        return self._world.limits.refuse(operation.name, operation.method, issue, now)

    @abstractmethod
    def check_door(self, request: Request, prefix: str) -> None:
        """Refuse credentials that do not open this door."""

    @abstractmethod
    def is_known(self, request: Request) -> bool:
        """Tell whether the credentials are those of the API user."""

    @abstractmethod
    def told(self, operation: Operation, request: Request, now: datetime) -> dict[str, str]:
        """Return the headers that every answer has."""

    @abstractmethod
    def operation_of(self, scope: Mapping[str, Any], body: bytes) -> str:
        """Name what a request does, for the faults that wait for it."""

    def _given(self, operation: Operation, request: Request, body: bytes) -> dict[str, Any]:
        query = request.query_params
        parameters = {
            name: values if len(values) > 1 else values[0]
            for name in query
            if (values := query.getlist(name))
        }
        content = self._content(body)
        for name in [*(parameters.keys() - operation.query), *(content.keys() - operation.body)]:
            message = f'Unrecognized field "{name}" in {operation.method} {operation.path}'
            self._world.protocol_breaches.append(message)
            raise RefusalError(400, message)
        return parameters | content

    def _content(self, body: bytes) -> dict[str, Any]:
        try:
            content = orjson.loads(body or b"{}")
        except orjson.JSONDecodeError:
            content = None
        if not isinstance(content, dict):
            self._world.protocol_breaches.append("a body that is no JSON object was sent")
            raise RefusalError(400, "Invalid request payload. Refer to the REST API documentation.")
        return content

    def _response(
        self,
        operation: Operation,
        request: Request,
        result: Any,
        status: int,
        told: Mapping[str, str] | None = None,
    ) -> Response:
        now = self._world.clock.now()
        headers = {
            **self.told(operation, request, now),
            **(told or {}),
            "Date": format_datetime(now, usegmt=True),
        }
        if result is None:
            return Response(status_code=204, headers=headers)
        return as_json(result, status, headers)


def as_json(content: Any, status: int, headers: Mapping[str, str]) -> Response:
    """Return an answer in JSON."""
    return Response(orjson.dumps(content), status, headers, media_type="application/json")
