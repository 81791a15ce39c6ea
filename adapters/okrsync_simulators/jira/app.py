"""The HTTP side of the simulated Jira Cloud, and the app that serves either kind of Jira."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import orjson
from starlette.applications import Starlette
from starlette.routing import Route

from okrsync_simulators.faults import Fault, FaultKind, FaultyApp
from okrsync_simulators.jira import bulk, permissions, reading
from okrsync_simulators.jira.call import RefusalError
from okrsync_simulators.jira.contract import OPERATIONS, operation_name
from okrsync_simulators.jira.datacenter import DataCenterTenant
from okrsync_simulators.jira.editing import edit_issue
from okrsync_simulators.jira.render import Renderer
from okrsync_simulators.jira.tenant import Tenant, as_json
from okrsync_simulators.jira.world import CLOUD_ID, Access, Deployment
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from okrsync_simulators.jira.call import Call
    from okrsync_simulators.jira.contract import Operation
    from okrsync_simulators.jira.world import JiraWorld

GATEWAY = f"/ex/jira/{CLOUD_ID}"
RATE_LIMITS = {"search": 350, "issue.get": 400, "changelog.one": 200}
HANDLERS: Mapping[str, Callable[[Call], Any]] = {
    "serverInfo": reading.server_info,
    "myself": reading.myself,
    "field": reading.fields,
    "project": reading.projects,
    "permissions": permissions.mine,
    "search": reading.search,
    "count": reading.count,
    "removed": reading.removed,
    "bulkfetch": reading.bulk_fetch,
    "changelog.bulk": reading.bulk_changelogs,
    "changelog.one": reading.changelog,
    "issue.get": reading.issue,
    "issue.edit": edit_issue,
    "bulk.edit": bulk.submit,
    "bulk.task": bulk.progress,
}
EXPIRED = Fault(
    FaultKind.EXPIRED_TOKEN,
    status=400,
    headers={"Content-Type": "application/json"},
    body=orjson.dumps({"errorMessages": [reading.STALE_TOKEN], "errors": {}}),
)


def build_app(world: JiraWorld) -> FaultyApp:
    """Return the ASGI app that serves *world* and suffers its faults."""
    cloud = world.deployment is Deployment.CLOUD
    tenant: Tenant = CloudTenant(world) if cloud else DataCenterTenant(world)
    routes = list(tenant.routes())
    if cloud:
        routes.append(Route("/_edge/tenant_info", _tenant_info))
    app = Starlette(
        routes=routes, exception_handlers={404: tenant.not_found, 405: tenant.not_found}
    )
    return FaultyApp(app, world.faults, tenant.operation_of, expired_token=EXPIRED)


class CloudTenant(Tenant):
    """Lets scoped credentials in through the gateway only."""

    operations = OPERATIONS
    handlers = HANDLERS
    versions = ("2", "3")
    prefixes = ("", GATEWAY)
    renderer = Renderer

    def check_door(self, request: Request, prefix: str) -> None:
        """Refuse scoped credentials on the site, and all others at the gateway."""
        gated = self._world.access is not Access.BASIC
        if gated != bool(prefix):
            raise RefusalError(401, "Unauthorized; scope does not match")
        if gated and not self.is_known(request):
            raise RefusalError(401, "Unauthorized")

    def is_known(self, request: Request) -> bool:
        """Tell whether the credentials are those of the API user."""
        world = self._world
        expected = f"Bearer {world.token}"
        if world.access is not Access.OAUTH:
            pair = base64.b64encode(f"{world.email}:{world.token}".encode()).decode()
            expected = f"Basic {pair}"
        return request.headers.get("authorization") == expected

    def told(self, operation: Operation, request: Request, now: datetime) -> dict[str, str]:
        """Return what is left of the allowance, and who the caller is."""
        who = {"X-AAccountId": BOT.id} if self.is_known(request) else {}
        return self._allowance(operation, now) | who

    def operation_of(self, scope: Mapping[str, Any], body: bytes) -> str:
        """Name what a request does; one that continues a listing ends with `.page`."""
        return operation_name(scope["method"], scope["path"], body, scope["query_string"])

    def _allowance(self, operation: Operation, now: datetime) -> dict[str, str]:
        if self._world.limits is not None:
            return self._world.limits.headers(operation.name, operation.method, now)
        limit = RATE_LIMITS.get(operation.name, 350)
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(limit - 1),
            "X-RateLimit-NearLimit": "false",
        }


async def _tenant_info(_request: Request) -> Response:
    return as_json({"cloudId": CLOUD_ID}, 200, {})
