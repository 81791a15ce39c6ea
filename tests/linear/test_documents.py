"""Every document that is sent is valid by the vendor's schema and asks for nobody's name."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from graphql import FieldNode, GraphQLSchema, build_schema, parse, validate, visit
from graphql.language import Visitor

from okrsync_linear import documents

DOCUMENTS = {
    name: text
    for name, text in vars(documents).items()
    if isinstance(text, str) and name.isupper() and not name.endswith("_FIELDS")
} | {
    "update_issues": documents.update_issues(3),
    "create_labels": documents.create_labels(3),
}
ABOUT_PEOPLE = {"assignee", "creator", "actor", "actors", "lead", "members", "email", "user"}


@cache
def vendor_schema() -> GraphQLSchema:
    folder = os.environ.get("TRACKER_CONTRACTS")
    if not folder:
        pytest.skip("TRACKER_CONTRACTS names no folder with linear.schema.graphql")
    return build_schema(Path(folder, "linear.schema.graphql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_vendors_schema_accepts_the_document(name: str) -> None:
    assert validate(vendor_schema(), parse(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_asks_about_people(name: str) -> None:
    assert not _fields(DOCUMENTS[name]) & ABOUT_PEOPLE


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_writes_a_whole_set_of_labels(name: str) -> None:
    assert "labelIds:" not in DOCUMENTS[name]


def _fields(document: str) -> set[str]:
    found: set[str] = set()

    class Collect(Visitor):
        def enter_field(self, node: FieldNode, *_rest: object) -> None:
            found.add(node.name.value)

    visit(parse(document), Collect())
    return found
