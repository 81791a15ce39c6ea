"""What the simulated Jira understands is in the vendor's OpenAPI, name by name."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from okrsync_simulators.jira.contract import OPERATIONS, Operation

CONTRACT = "jira-cloud-v3.openapi.json"

pytestmark = pytest.mark.skipif(
    "TRACKER_CONTRACTS" not in os.environ,
    reason=f"TRACKER_CONTRACTS names no directory that holds {CONTRACT}",
)


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    path = Path(os.environ["TRACKER_CONTRACTS"], CONTRACT)
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_an_operation_and_its_names_are_the_vendors(contract, operation: Operation):
    described = contract["paths"][f"/rest/api/3{operation.path}"][operation.method.lower()]
    parameters = {each["name"] for each in described.get("parameters", ()) if each["in"] == "query"}
    assert operation.query <= parameters
    assert operation.body <= body_keys(contract, described)


def body_keys(contract: dict[str, Any], described: dict[str, Any]) -> set[str]:
    if "requestBody" not in described:
        return set()
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema["properties"])
