"""Goals and mapping come back from the store exactly as they were read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from okrsync.core import keepsake
from okrsync_yaml import MANIFEST

CONFIG = Path(__file__).parents[2] / "config"
EXAMPLES = os.environ.get("OKR_EXAMPLES")


@pytest.mark.parametrize(
    ("folder", "mapping"),
    [
        (CONFIG, "mapping.example.yaml"),
        pytest.param(
            Path(EXAMPLES or "."),
            "mapping.yaml",
            marks=pytest.mark.skipif(EXAMPLES is None, reason="OKR_EXAMPLES names no folder"),
        ),
    ],
)
def test_what_is_kept_comes_back_equal(folder: Path, mapping: str) -> None:
    goals = MANIFEST.open_goals({"path": folder / "okrs"}, folder).read().goals
    assert MANIFEST.open_mapping is not None
    rules = MANIFEST.open_mapping({"path": folder / mapping}, folder).read(goals, prefix="okr:")
    assert goals.objectives
    assert rules.rules
    assert keepsake.load(keepsake.dump(goals, rules)) == (goals, rules)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("mapping"),
        lambda told: told["goals"].update(wishes=[]),
        lambda told: told["goals"].pop("teams"),
        lambda told: told["goals"].update(objectives=[{"id": "O", "title": "x", "cycle": "none"}]),
    ],
)
def test_what_another_version_kept_is_refused(spoil: object) -> None:
    goals = MANIFEST.open_goals({"path": CONFIG / "okrs"}, CONFIG).read().goals
    assert MANIFEST.open_mapping is not None
    source = MANIFEST.open_mapping({"path": CONFIG / "mapping.example.yaml"}, CONFIG)
    told = json.loads(keepsake.dump(goals, source.read(goals, prefix="okr:")))
    spoil(told)  # type: ignore[operator]
    with pytest.raises(ValueError, match="stored by"):
        keepsake.load(json.dumps(told))
