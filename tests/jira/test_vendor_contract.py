"""Everything we send is checked against the contract that the vendor publishes.

The contract is not part of the project. `TRACKER_CONTRACTS` names the folder that holds
`jira-cloud-v3.openapi.json`; without it these tests are skipped.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
import pytest

from okrsync.testing.tracker_world import shown_items
from okrsync_simulators.jira.app import build_app
from okrsync_simulators.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

jsonschema = pytest.importorskip("jsonschema")
referencing = pytest.importorskip("referencing")

CONTRACT = "jira-cloud-v3.openapi.json"


@dataclass(frozen=True)
class Sent:
    method: str
    path: str
    query: dict[str, list[str]]
    body: Any


class Recorder:
    """An ASGI app that writes down what reaches the one behind it."""

    def __init__(self, app: Any, sent: list[Sent]) -> None:
        self._app = app
        self._sent = sent

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        body = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
        content = orjson.loads(body) if body else None
        self._sent.append(Sent(scope["method"], scope["path"], query, content))
        whole = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Any:
            return next(whole, None) or await receive()

        await self._app(scope, again, send)


@cache
def contract() -> dict[str, Any]:
    folder = os.environ.get("TRACKER_CONTRACTS")
    path = Path(folder or "", CONTRACT)
    if not folder or not path.is_file():
        pytest.skip(f"TRACKER_CONTRACTS names no folder that holds {CONTRACT}")
    spec: dict[str, Any] = orjson.loads(path.read_bytes())
    return spec


def problems(sent: Sent) -> Iterator[str]:
    """Yield where a request leaves the contract."""
    operation = operation_of(sent)
    if operation is None:
        yield f"no operation {sent.method} {sent.path}"
        return
    parameters = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "query"}
    for name, values in sent.query.items():
        if name not in parameters:
            yield f"{sent.path}: no parameter {name}"
        else:
            yield from misfits(parameters[name]["schema"], typed(values, parameters[name]), name)
    content = operation.get("requestBody", {}).get("content", {})
    if (schema := content.get("application/json", {}).get("schema")) is not None:
        yield from misfits(schema, sent.body, sent.path)
    elif sent.body is not None:
        yield f"{sent.path}: a body where there is none"


def operation_of(sent: Sent) -> dict[str, Any] | None:
    # What a server is, is asked in the version that every kind of Jira knows; they agree on it.
    asked = sent.path.replace("/rest/api/2/serverInfo", "/rest/api/3/serverInfo")
    # A path without a variable is the better match: /project/search is no project's key.
    for template in sorted(contract()["paths"], key=lambda path: path.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), asked):
            operation: dict[str, Any] | None = contract()["paths"][template].get(
                sent.method.lower()
            )
            return operation
    return None


def typed(values: list[str], parameter: dict[str, Any]) -> Any:
    kind = parameter["schema"].get("type")
    if kind == "array":
        return values
    (value,) = values
    if kind == "boolean":
        return {"true": True, "false": False}.get(value, value)
    return int(value) if kind == "integer" and value.isdigit() else value


def misfits(schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    spec = referencing.Resource(contract(), referencing.jsonschema.DRAFT202012)
    registry = referencing.Registry().with_resource("urn:jira", spec)
    text = orjson.dumps(schema).replace(b'"#/', b'"urn:jira#/')
    validator = jsonschema.Draft202012Validator(orjson.loads(text), registry=registry)
    for error in validator.iter_errors(value):
        yield f"{where}: {error.message}"


def test_every_request_keeps_to_the_contract(desk, world, edit) -> None:
    contract()
    sent: list[Sent] = []
    ids = [world.create_issue(project="PAY", description="Serves KR-1.") for _ in range(5)]
    world.person_edits_labels(ids[0], add=["okr:KR-1"])
    world.deny_silent_edits("PAY")
    fields = {"goal": "OKR", "team": "Team", "estimate": "Story Points"}

    with serve(Recorder(build_app(world), sent)) as url:
        tracker = desk.open(
            url, with_text=True, fields=fields, page_size=2, jql="issuetype = Story"
        )
        tracker.check()
        assert len(list(shown_items(tracker, "PAY"))) == 5
        assert len(list(tracker.read(ids))) == 5
        assert len(list(tracker.histories(ids))) == 5
        assert len(list(tracker.stamps("PAY", world.now()))) == 5
        results = list(tracker.apply([edit(ids[0], "okr:weak", remove=("okr:KR-1",))]))
        many = [world.create_issue(project="PAY", labels=["okr:weak"]) for _ in range(25)]
        results += tracker.apply([edit(id_, "okr:KR-1", remove=("okr:weak",)) for id_ in many])

    assert {each.outcome.value for each in results} == {"done"}
    assert {re.sub(r"^/rest/api/\d/", "", each.path).split("/")[0] for each in sent} == {
        "myself",
        "serverInfo",
        "project",
        "field",
        "search",
        "issue",
        "changelog",
        "bulk",
    }
    assert [problem for each in sent for problem in problems(each)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        Sent("GET", "/rest/api/3/search", {"jql": ["x"], "startAtt": ["0"]}, None),
        Sent("POST", "/rest/api/3/search/jql", {}, {"jql": "x", "startAt": 0}),
        Sent("POST", "/rest/api/3/search/jql", {}, {"jql": "x", "fields": "labels"}),
        Sent("POST", "/rest/api/3/issue/bulkfetch", {}, {"issueIdsOrKeys": [1]}),
        Sent("POST", "/rest/api/3/changelog/bulkfetch", {}, {"issueIdsOrKeys": []}),
        Sent("PUT", "/rest/api/3/issue/1", {"notifyUsers": ["no"]}, {"update": {}}),
        Sent("PATCH", "/rest/api/3/issue/1", {}, {}),
        Sent("POST", "/rest/api/3/bulk/issues/fields", {}, {"selectedActions": ["labels"]}),
    ],
)
def test_what_leaves_the_contract_is_noticed(wrong) -> None:
    assert list(problems(wrong))
