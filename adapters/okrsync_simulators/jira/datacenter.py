"""The simulated Jira Data Center: what it answers otherwise than Cloud, and what it does not have.

Every page of a search is searched for anew, so pages shift while people work. An issue that the
caller may not see is refused and not denied. What is edited must be on the project's edit screen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from okrsync_simulators.jira import permissions, reading
from okrsync_simulators.jira.call import RefusalError
from okrsync_simulators.jira.contract import ONE_ISSUE, Operation
from okrsync_simulators.jira.datacenter_render import DataCenterRenderer, user_name
from okrsync_simulators.jira.dates import site_time
from okrsync_simulators.jira.editing import edit_issue
from okrsync_simulators.jira.jql import JqlError, parse
from okrsync_simulators.jira.matching import search as find
from okrsync_simulators.jira.tenant import Tenant
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request

    from okrsync_simulators.jira.call import Call
    from okrsync_simulators.jira.model import Issue

Json = dict[str, Any]
NOT_SEEN = "You do not have the permission to see the specified issue."
OFF_SCREEN = "Field 'labels' cannot be set. It is not on the appropriate screen, or unknown."
DEFAULT_PAGE = 50
SEARCH = frozenset({"jql", "startAt", "maxResults", "validateQuery", "fields", "expand"})

OPERATIONS = (
    Operation("serverInfo", "GET", "/serverInfo"),
    Operation("myself", "GET", "/myself"),
    Operation("field", "GET", "/field"),
    Operation("permissions", "GET", "/mypermissions", frozenset({"projectKey"})),
    Operation("project", "GET", "/project"),
    Operation("search", "GET", "/search", SEARCH),
    Operation("search", "POST", "/search", body=SEARCH),
    Operation("issue.get", "GET", ONE_ISSUE, frozenset({"fields", "expand"})),
    Operation("issue.editmeta", "GET", f"{ONE_ISSUE}/editmeta"),
    Operation(
        "issue.edit",
        "PUT",
        ONE_ISSUE,
        frozenset({"notifyUsers"}),
        frozenset({"fields", "update"}),
    ),
)
PATTERNS = tuple(
    (each, re.compile(r"/rest/api/(?:2|latest)" + re.sub(r"\{\w+\}", "[^/]+", each.path)))
    for each in OPERATIONS
)
CONTINUED = re.compile(rb'(?:startAt=|"startAt":\s*)[1-9]')


def server_info(call: Call) -> Json:
    """Tell what kind of Jira this is; anybody may know."""
    world = call.world
    return {
        "baseUrl": call.render.base,
        "version": "10.3.24",
        "versionNumbers": [10, 3, 24],
        "deploymentType": "Server",
        "buildNumber": 10030024,
        "serverTitle": "Jira",
        "serverTime": site_time(world.now(), world.site_zone),
    }


def projects(call: Call) -> list[Json]:
    """List all projects that the caller may see."""
    visible = call.world.catalog.projects if call.known else ()
    return [call.render.project(each) for each in visible]


def search(call: Call) -> Json:
    """Search through the lagging index as it is now, from an offset on."""
    wanted = call.render.wanted(call.names("fields", ("*navigable",)))
    start = call.number("startAt", 0)
    size = min(call.number("maxResults", DEFAULT_PAGE), call.world.page_size)
    ids = _found(call)
    known = [call.world.store.index.get(each) for each in ids[start : start + size]]
    return {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": size,
        "total": len(ids),
        "issues": [_shown(call, each, wanted) for each in known if each is not None],
    }


def issue(call: Call) -> Json:
    """Show an issue as it really is."""
    _refuse_unseen(call)
    return _shown(call, call.issue(), call.render.wanted(call.names("fields", ("*all",))))


def editmeta(call: Call) -> Json:
    """Tell which fields can be edited."""
    _refuse_unseen(call)
    fields = {"summary": {"required": True, "name": "Summary", "operations": ["set"]}}
    if call.world.shows_labels_on_screen(call.issue().project):
        operations = ["add", "set", "remove"]
        fields["labels"] = {"required": False, "name": "Labels", "operations": operations}
    return {"fields": fields}


def edit(call: Call) -> None:
    """Edit the labels of an issue, if they are on its screen."""
    _refuse_unseen(call)
    if not call.world.shows_labels_on_screen(call.issue().project):
        raise RefusalError(400, errors={"labels": OFF_SCREEN})
    edit_issue(call)


HANDLERS: Mapping[str, Callable[[Call], Any]] = {
    "serverInfo": server_info,
    "myself": reading.myself,
    "field": reading.fields,
    "permissions": permissions.all_mine,
    "project": projects,
    "search": search,
    "issue.get": issue,
    "issue.editmeta": editmeta,
    "issue.edit": edit,
}


class DataCenterTenant(Tenant):
    """Takes personal access tokens; who sends nothing at all is anonymous."""

    operations = OPERATIONS
    handlers = HANDLERS
    versions = ("2", "latest")
    renderer = DataCenterRenderer

    def check_door(self, request: Request, prefix: str) -> None:  # noqa: ARG002 (there is one door)
        """Refuse credentials that are nobody's."""
        if "authorization" in request.headers and not self.is_known(request):
            raise RefusalError(401, "Client must be authenticated to access this resource.")

    def is_known(self, request: Request) -> bool:
        """Tell whether the token is the API user's."""
        return request.headers.get("authorization") == f"Bearer {self._world.token}"

    def told(self, operation: Operation, request: Request, now: datetime) -> dict[str, str]:
        """Return who the caller is, and what is left where requests are limited."""
        limits = self._world.limits
        left = limits.headers(operation.name, operation.method, now) if limits else {}
        return left | {"X-AUSERNAME": user_name(BOT) if self.is_known(request) else "anonymous"}

    def operation_of(self, scope: Mapping[str, Any], body: bytes) -> str:
        """Name what a request does; one that continues a listing ends with `.page`."""
        for operation, pattern in PATTERNS:
            if operation.method == scope["method"] and pattern.fullmatch(scope["path"]):
                continued = CONTINUED.search(scope["query_string"]) or CONTINUED.search(body)
                return f"{operation.name}.page" if continued else operation.name
        return "unknown"

    async def not_found(self, request: Request, _error: Exception) -> Response:
        """Refuse what Data Center does not have, in its own way."""
        if request.url.path.startswith("/rest/"):
            breach = f"{request.method} {request.url.path} does not exist"
            self._world.protocol_breaches.append(breach)
        told = f"<status><status-code>404</status-code><message>null for uri: {request.url}</message></status>"  # noqa: E501
        return Response(told, 404, media_type="application/xml")


def _found(call: Call) -> list[str]:
    try:
        query = parse(call.text("jql"))
        strict = call.flag("validateQuery", default=True)
        return find(call.world, query, strict=strict) if call.known else []
    except JqlError as error:
        raise RefusalError(400, str(error)) from None


def _shown(call: Call, issue: Issue, wanted: tuple[str, ...]) -> Json:
    shown = call.render.issue(issue, wanted)
    if "changelog" in call.names("expand"):
        histories = [call.render.change(each) for each in call.world.store.changes(issue.id)]
        total = len(histories)
        changelog = {"startAt": 0, "maxResults": total, "total": total, "histories": histories}
        shown["changelog"] = changelog
    return shown


def _refuse_unseen(call: Call) -> None:
    world = call.world
    found = world.store.find(call.path["issueIdOrKey"])
    if call.known and found and not world.visible(found):
        raise RefusalError(403, NOT_SEEN)
