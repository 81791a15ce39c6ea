"""Goals for the lint tests, read from YAML beside the small company of the rules' examples."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from okrsync.lint import ALL, LintInput, lint
from okrsync.lint.rules.common import EXAMPLE_COMPANY
from okrsync_yaml import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from okrsync.core.goals import Goals
    from okrsync.lint import Finding

TODAY = date(2026, 11, 21)


@pytest.fixture
def goals_of(tmp_path: Path) -> Callable[[str], Goals]:
    """Read a goal file that stands beside the company's."""

    def read(text: str) -> Goals:
        folder = tmp_path / "okrs"
        folder.mkdir(exist_ok=True)
        (folder / "company.yaml").write_text(EXAMPLE_COMPANY)
        (folder / "example.yaml").write_text(text)
        return MANIFEST.open_goals({"path": "okrs"}, tmp_path).read().goals

    return read


@pytest.fixture
def found(goals_of: Callable[[str], Goals]) -> Callable[..., tuple[Finding, ...]]:
    """Run all rules over a goal file."""

    def run(text: str, *, today: date = TODAY, rules=ALL, **given) -> tuple[Finding, ...]:
        limits = {k: given.pop(k) for k in ("limits",) if k in given}
        return lint(LintInput(goals=goals_of(text), today=today, **limits), rules=rules, **given)

    return run


@pytest.fixture
def codes(found) -> Callable[..., list[str]]:
    """Run all rules and return only codes and goals."""
    return lambda text, **given: [f"{each.code} {each.goal}" for each in found(text, **given)]
