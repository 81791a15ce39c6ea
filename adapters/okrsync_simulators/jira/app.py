"""The HTTP side of the simulated Jira Cloud: who may call what, in which form, and who answers.

Requests that fall outside the contract are answered as errors and noted in the world, so that a
test can say that its client made none.
"""

from __future__ import annotations

import base64
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from okrsync_simulators.faults import Fault, FaultKind, FaultyApp
from okrsync_simulators.jira import reading
from okrsync_simulators.jira.call import Call, RefusalError
from okrsync_simulators.jira.contract import OPERATIONS, Operation, operation_name
from okrsync_simulators.jira.editing import edit_issue
from okrsync_simulators.jira.render import Renderer
from okrsync_simulators.jira.world import CLOUD_ID, Access
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from okrsync_simulators.jira.world import JiraWorld

GATEWAY = f"/ex/jira/{CLOUD_ID}"
RATE_LIMITS = {"search": 350, "issue.get": 400, "changelog.one": 200}
HANDLERS: Mapping[str, Callable[[Call], Any]] = {
    "serverInfo": reading.server_info,
    "myself": reading.myself,
    "field": reading.fields,
    "project": reading.projects,
    "search": reading.search,
    "count": reading.count,
    "removed": reading.removed,
    "bulkfetch": reading.bulk_fetch,
    "changelog.bulk": reading.bulk_changelogs,
    "changelog.one": reading.changelog,
    "issue.get": reading.issue,
    "issue.edit": edit_issue,
}
EXPIRED = Fault(
    FaultKind.EXPIRED_TOKEN,
    status=400,
    headers={"Content-Type": "application/json"},
    body=orjson.dumps({"errorMessages": [reading.STALE_TOKEN], "errors": {}}),
)


def build_app(world: JiraWorld) -> FaultyApp:
    """Return the ASGI app that serves *world* and suffers its faults."""
    tenant = _Tenant(world)
    routes = [
        Route(
            f"{prefix}/rest/api/{version}{each.path}",
            tenant.endpoint(each, prefix, version),
            methods=[each.method],
        )
        for each in OPERATIONS
        for version in ("2", "3")
        for prefix in ("", GATEWAY)
    ]
    app = Starlette(
        routes=[*routes, Route("/_edge/tenant_info", _tenant_info)],
        exception_handlers={404: tenant.not_found, 405: tenant.not_found},
    )
    return FaultyApp(app, world.faults, _operation_of, expired_token=EXPIRED)


class _Tenant:
    """Checks the form of requests and hands them to their handlers, one at a time."""

    def __init__(self, world: JiraWorld) -> None:
        self._world = world
        self._renderer = lru_cache(maxsize=16)(lambda base, version: Renderer(world, base, version))

    def endpoint(self, operation: Operation, prefix: str, version: str) -> Any:
        """Return the endpoint of one operation."""
        handler = HANDLERS[operation.name]

        async def answer(request: Request) -> Response:
            body = await request.body()
            with self._world.lock:
                self._world.requests[operation.name] += 1
                try:
                    self._check_door(request, prefix)
                    given = self._given(operation, request, body)
                    base = str(request.base_url).rstrip("/") + prefix
                    call = Call(
                        world=self._world,
                        render=self._renderer(base, version),
                        given=given,
                        path=request.path_params,
                        known=self._is_known(request),
                    )
                    result, status = handler(call), 200
                except RefusalError as refusal:
                    result, status = refusal.body, refusal.status
            return self._response(operation, request, result, status)

        return answer

    async def not_found(self, request: Request, _error: Exception) -> Response:
        """Refuse a path or method that Jira does not have."""
        message = f"{request.method} {request.url.path} does not exist"
        self._world.protocol_breaches.append(message)
        return _json({"errorMessages": [message], "errors": {}}, 404, {})

    def _check_door(self, request: Request, prefix: str) -> None:
        """Let scoped credentials in through the gateway only."""
        gated = self._world.access is not Access.BASIC
        if gated != bool(prefix):
            raise RefusalError(401, "Unauthorized; scope does not match")
        if gated and not self._is_known(request):
            raise RefusalError(401, "Unauthorized")

    def _is_known(self, request: Request) -> bool:
        world = self._world
        expected = f"Bearer {world.token}"
        if world.access is not Access.OAUTH:
            pair = base64.b64encode(f"{world.email}:{world.token}".encode()).decode()
            expected = f"Basic {pair}"
        return request.headers.get("authorization") == expected

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
        self, operation: Operation, request: Request, result: Any, status: int
    ) -> Response:
        limit = RATE_LIMITS.get(operation.name, 350)
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(limit - 1),
            "X-RateLimit-NearLimit": "false",
            "Date": format_datetime(self._world.clock.now(), usegmt=True),
        }
        if self._is_known(request):
            headers["X-AAccountId"] = BOT.id
        if result is None:
            return Response(status_code=204, headers=headers)
        return _json(result, status, headers)


def _operation_of(scope: Mapping[str, Any], body: bytes) -> str:
    return operation_name(scope["method"], scope["path"], body, scope["query_string"])


async def _tenant_info(_request: Request) -> Response:
    return _json({"cloudId": CLOUD_ID}, 200, {})


def _json(content: Any, status: int, headers: Mapping[str, str]) -> Response:
    return Response(orjson.dumps(content), status, headers, media_type="application/json")
