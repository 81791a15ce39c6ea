"""Goals for the lint tests, read from YAML beside the small company of the rules' examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okrsync.lint.engine import Inspection, lint
from okrsync.lint.parts import customer_names
from okrsync.lint.rule import EXAMPLE_DAY, LintInput
from okrsync.lint.rules import ALL, rule_named
from okrsync.lint.rules.common import EXAMPLE_COMPANY
from okrsync.wording import reader
from okrsync_yaml import MANIFEST
from tests.lint.worked import ground_of, judged, read_work, with_gone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from okrsync.core.goals import Goals
    from okrsync.lint.rule import Finding, Reader


def reader_of(goals: Goals) -> Reader:
    """Make the reader that knows the customers of these goals."""
    return reader(people=customer_names(goals))


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

    def run(text: str, *, today: date = EXAMPLE_DAY, rules=ALL, **given) -> tuple[Finding, ...]:
        limits = {k: given.pop(k) for k in ("limits",) if k in given}
        goals = goals_of(text)
        asked = LintInput(goals=goals, today=today, reader=reader_of(goals), **limits)
        return lint(asked, rules=rules, **given)

    return run


@pytest.fixture
def codes(found) -> Callable[..., list[str]]:
    """Run all rules and return only codes and goals."""
    return lambda text, **given: [f"{each.code} {each.goal}" for each in found(text, **given)]


@pytest.fixture
def says(goals_of) -> Callable[..., list[str]]:
    """Run one rule alone and return what it is about."""

    def run(code: str, text: str, **given) -> list[str]:
        today = given.pop("today", EXAMPLE_DAY)
        goals = goals_of(text)
        asked = LintInput(goals=goals, today=today, reader=reader_of(goals), **given)
        rule = rule_named(code)
        assert rule is not None
        return [each.goal for each in lint(asked, rules=[rule])]

    return run


@pytest.fixture
def worked(goals_of) -> Callable[..., list[Finding]]:
    """Run all rules over a goal file and the work beside it; findings about items come first."""

    def run(
        text: str, work: str, *, today: date = EXAMPLE_DAY, rules=ALL, whole=True, **given
    ) -> list[Finding]:
        told = read_work(work)
        goals = with_gone(goals_of(text), told)
        ground = ground_of(goals, reader_of(goals), today, told)
        limits = {k: given.pop(k) for k in ("limits",) if k in given}
        asked = LintInput(
            goals=goals, today=today, reader=reader_of(goals), ground=ground, **limits
        )
        inspection = Inspection(asked, rules=rules, **given)
        found = [each for seen in judged(told, ground) for each in inspection.look_at(seen)]
        return [*found, *inspection.findings(whole=whole)]

    return run


@pytest.fixture
def says_of_work(worked) -> Callable[..., list[str]]:
    """Run one rule alone over goals and work and return what it is about."""

    def run(code: str, text: str, work: str, **given) -> list[str]:
        return [each.goal for each in worked(text, work, rules=[rule_named(code)], **given)]

    return run
