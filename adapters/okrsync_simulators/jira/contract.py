"""Which requests the simulated Jira understands: the part of the vendor's contract that it keeps.

Paths are those below `/rest/api/2` and `/rest/api/3`. A query parameter or a key of the body that
is not listed is refused, though Jira would let some pass: a client that sends it is mistaken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, with the names that a request may use."""

    name: str
    method: str
    path: str
    query: frozenset[str] = NOTHING
    body: frozenset[str] = NOTHING
    status: int = 200
    """What a request that went well is answered with."""


SEARCH = frozenset(
    {
        "jql",
        "nextPageToken",
        "maxResults",
        "fields",
        "expand",
        "fieldsByKeys",
        "reconcileIssues",
    }
)
OLD_SEARCH = frozenset({"jql", "startAt", "maxResults", "validateQuery", "fields", "expand"})
ONE_ISSUE = "/issue/{issueIdOrKey}"

OPERATIONS = (
    Operation("serverInfo", "GET", "/serverInfo"),
    Operation("myself", "GET", "/myself"),
    Operation("field", "GET", "/field"),
    Operation("permissions", "GET", "/mypermissions", frozenset({"projectKey", "permissions"})),
    Operation("project", "GET", "/project/search", frozenset({"startAt", "maxResults", "keys"})),
    Operation("search", "GET", "/search/jql", SEARCH),
    Operation("search", "POST", "/search/jql", body=SEARCH),
    Operation("count", "POST", "/search/approximate-count", body=frozenset({"jql"})),
    Operation("removed", "GET", "/search", OLD_SEARCH),
    Operation("removed", "POST", "/search", body=OLD_SEARCH),
    Operation(
        "bulkfetch",
        "POST",
        "/issue/bulkfetch",
        body=frozenset({"issueIdsOrKeys", "fields", "fieldsByKeys", "expand"}),
    ),
    Operation(
        "changelog.bulk",
        "POST",
        "/changelog/bulkfetch",
        body=frozenset({"issueIdsOrKeys", "fieldIds", "maxResults", "nextPageToken"}),
    ),
    Operation(
        "changelog.one", "GET", f"{ONE_ISSUE}/changelog", frozenset({"startAt", "maxResults"})
    ),
    Operation("issue.get", "GET", ONE_ISSUE, frozenset({"fields", "fieldsByKeys", "expand"})),
    Operation(
        "issue.edit",
        "PUT",
        ONE_ISSUE,
        frozenset({"notifyUsers", "returnIssue"}),
        frozenset({"fields", "update"}),
    ),
    Operation(
        "bulk.edit",
        "POST",
        "/bulk/issues/fields",
        body=frozenset(
            {
                "selectedIssueIdsOrKeys",
                "selectedActions",
                "editedFieldsInput",
                "sendBulkNotification",
            }
        ),
        status=201,
    ),
    Operation("bulk.task", "GET", "/bulk/queue/{taskId}"),
)

PREFIX = r"(?:/ex/jira/[0-9a-f-]+)?/rest/api/[23]"
PATTERNS = tuple(
    (each, re.compile(PREFIX + re.sub(r"\{\w+\}", "[^/]+", each.path))) for each in OPERATIONS
)


def operation_name(method: str, path: str, body: bytes, query: bytes) -> str:
    """Name what a request does; one that continues a listing ends with `.page`."""
    for operation, pattern in PATTERNS:
        if operation.method == method and pattern.fullmatch(path):
            continued = b"nextPageToken" in query or b'"nextPageToken"' in body
            return f"{operation.name}.page" if continued else operation.name
    return "unknown"
