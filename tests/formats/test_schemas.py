"""Editors get schemas that accept what okrsync accepts, and explain every key."""

from __future__ import annotations

import jsonschema
import pytest

from okrsync.documents.read import parse_file
from okrsync.errors import UsageError
from okrsync.settings.schema import json_schema
from okrsync_yaml import MANIFEST

EXAMPLES = {
    "settings": ["config/okrsync.example.yaml"],
    "okrs": ["config/okrs/company.yaml", "config/okrs/teams.yaml"],
    "mapping": ["config/mapping.example.yaml"],
}


@pytest.fixture
def schema(adapters):
    def make(kind):
        return json_schema(kind, adapters=adapters, sources=MANIFEST.schemas)

    return make


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_schema_is_valid_and_accepts_the_example(kind, schema, root):
    made = schema(kind)
    jsonschema.Draft202012Validator.check_schema(made)
    for name in EXAMPLES[kind]:
        jsonschema.validate(parse_file(root / name).data, made)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("settings", {"stor": "x"}),
        ("settings", {"trackers": {"a": {"adapter": "jirra"}}}),
        ("settings", {"trackers": {"a": {"adapter": "linear", "token": "x", "scopes": ["A"]}}}),
        ("okrs", {"objectives": [{"id": "O"}]}),
        ("okrs", {"cycles": [{"id": 2026, "start": "2026-01-01"}]}),
        ("mapping", {"rules": [{"id": "r", "when": {"lable": "x"}, "serves": "O"}]}),
    ],
)
def test_a_schema_refuses_what_okrsync_refuses(kind, wrong, schema):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema(kind))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_key_is_explained_and_nothing_of_the_machinery_shows(kind, schema):
    made = schema(kind)
    sections = [made, *made["$defs"].values()]
    silent = [
        key
        for section in sections
        for key, field in section.get("properties", {}).items()
        if "description" not in field and "$ref" not in field and "const" not in field
    ]
    assert silent == []
    assert "pydantic" not in repr(made).lower()


def test_an_unknown_schema_is_a_wrong_question(schema):
    with pytest.raises(UsageError) as caught:
        schema("setings")
    assert caught.value.hint == "did you mean 'settings'?"
