"""Every configuration file we hand out loads, and together they show every key there is."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from okrsync.core.goalcheck import goal_ids_like_keys, unknown_trackers
from okrsync.documents.read import parse, parse_file
from okrsync.documents.validate import keys_of, models_in
from okrsync.settings.load import load
from okrsync.settings.tree import Settings
from okrsync_yaml import MANIFEST
from okrsync_yaml.format import OkrFile
from okrsync_yaml.goals import goals_of
from okrsync_yaml.mapping import rules_of
from okrsync_yaml.mapping_format import MappingFile

DATES = {
    "cycle_start": "2026-10-01",
    "cycle_end": "2026-12-31",
    "last_start": "2026-07-01",
    "last_end": "2026-09-30",
    "year_start": "2026-01-01",
    "year_end": "2026-12-31",
    "today": "2026-11-21",
    "jira_url": "http://127.0.0.1:8401",
    "jira_email": "okrs@shop.example",
    "linear_url": "http://127.0.0.1:8402/graphql",
}


def loaded(file, adapters):
    settings = load(file, environ={}, adapters=adapters, secrets_needed=False)
    goals = MANIFEST.open_goals(settings.okrs.options, file.parent).read().goals
    source = MANIFEST.open_mapping(settings.mapping.options, file.parent)
    rules = source.read(goals, prefix=settings.labels.prefix).rules
    assert unknown_trackers(goals, settings.trackers) == []
    scopes = [scope for one in settings.trackers.values() for scope in one.options.scopes]
    assert goal_ids_like_keys(goals, scopes, r"{scope}-\d+") == []
    return settings, goals, rules


def test_the_example_of_a_company_loads(root, adapters):
    settings, goals, rules = loaded(root / "config" / "okrsync.example.yaml", adapters)
    assert list(settings.trackers) == ["dock-jira", "ride-linear"]
    assert (len(goals.objectives), len(rules)) == (4, 5)


def test_the_example_shows_every_key(root, adapters):
    config = root / "config"
    settings = parse_file(config / "okrsync.example.yaml").data
    mapping = parse_file(config / "mapping.example.yaml").data
    okrs = [parse_file(file).data for file in sorted((config / "okrs").iterdir())]
    keys = set(_keys(Settings)) | {"adapter"}
    for model in adapters.values():
        keys |= set(_keys(model))
    assert keys - set(_written(settings)) == {"options"}
    assert set(_keys(MappingFile)) - set(_written(mapping)) == set()
    assert set(_keys(OkrFile)) - set(_written(okrs)) == set()


def test_the_demo_loads_on_the_day_it_is_made(root, adapters, tmp_path):
    demo = root / "okrsync" / "cli" / "demo_files"
    for file in demo.rglob("*.yaml"):
        target = tmp_path / file.relative_to(demo)
        target.parent.mkdir(exist_ok=True)
        target.write_text(re.sub(r"\{\{(\w+)\}\}", lambda m: DATES[m[1]], file.read_text()))
    _, goals, rules = loaded(tmp_path / "okrsync.yaml", adapters)
    assert len(goals.key_results) == 6
    assert [hypothesis.killed for hypothesis in goals.hypotheses] == [False, True, False]
    assert len(rules) >= 10


def test_the_reference_example_is_accepted_as_it_stands(adapters):
    folder = os.environ.get("OKR_EXAMPLES")
    if not folder:
        pytest.skip("OKR_EXAMPLES does not name the folder of the reference example")
    _, goals, rules = loaded(Path(folder) / "okrsync.yaml", adapters)
    assert goals.goal("KR-CHECKOUT-1") is not None
    assert rules[0].serves == ("H-ONE-TAP",)


def test_two_hundred_objectives_are_read_as_a_whole():
    goals = goals_of({"many.yaml": _many().encode()})
    assert len(goals.key_results) == 600
    assert goals.order["KR-199-2"] == 799
    rule = b"rules: [{id: r, when: {type: x}, serves: KR-199-2}]"
    assert len(rules_of({"m.yaml": rule}, goals, prefix="okr:")) == 1
    assert parse(_many().encode(), "f").place(("objectives", 1)).line == 10


def _many():
    lines = ["teams: [{id: t, name: T}]", "objectives:"]
    for o in range(200):
        lines += [f"  - id: O-{o}", f"    title: Goal {o}", "    team: t", "    key_results:"]
        lines += [f"      - {{id: KR-{o}-{k}, who: a, does_what: b}}" for k in range(3)]
    return "\n".join(lines)


def _keys(model, seen=None):
    seen = set() if seen is None else seen
    if model in seen:
        return
    seen.add(model)
    for key, field in keys_of(model).items():
        yield key
        for inner in models_in(field.annotation):
            yield from _keys(inner, seen)


def _written(data):
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _written(value)
    elif isinstance(data, list):
        for value in data:
            yield from _written(value)
