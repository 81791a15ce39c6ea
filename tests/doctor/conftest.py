"""A folder of settings over two simulated trackers in which a test makes one thing wrong."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from okrsync_simulators.clock import SystemClock
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import serve_world as serve_linear
from tests.cli.conftest import Ran, type_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OKRS = """
teams: [{id: web, name: Web, works_in: [{tracker: shop-jira, scope: PAY}]}]
cycles: [{id: 2026-q4, from: 2026-10-01, to: 2026-12-31}]
objectives:
  - id: O-PAY
    title: Paying is the easy part
    team: web
    cycle: 2026-q4
    key_results:
      - {id: KR-PAY, who: Shoppers, does_what: pay unaided, by_how_much: {from: 60, to: 80}}
"""
TOKENS = {"shop-jira": "OKRSYNC_TRACKERS__SHOP_JIRA__TOKEN"}
TOKENS["shop-linear"] = "OKRSYNC_TRACKERS__SHOP_LINEAR__TOKEN"


@dataclass
class Ward:
    """What a test may make wrong."""

    folder: Path
    jira: JiraWorld
    linear: LinearWorld
    settings: dict[str, Any]
    environ: dict[str, str]
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def trackers(self) -> dict[str, dict[str, Any]]:
        trackers: dict[str, dict[str, Any]] = self.settings["trackers"]
        return trackers

    def doctor(self, *words: str) -> Ran:
        path = self.folder / "okrsync.yaml"
        path.write_text(json.dumps(self.settings), encoding="utf-8")
        return type_command("--config", str(path), "doctor", *words, environ=self.environ)

    def found(self) -> tuple[int, list[dict[str, str]]]:
        """Return the exit code and everything that is not well."""
        ran = self.doctor("--format", "json")
        return ran.code, [each for each in ran.json if each["grade"] != "ok"]

    def only_finding(self) -> dict[str, Any]:
        """Return the one thing that is wrong, with the exit code; its remedy is one line."""
        code, found = self.found()
        assert len(found) == 1, found
        assert found[0]["remedy"]
        assert "\n" not in found[0]["message"] + found[0]["remedy"]
        return {**found[0], "exit": code}


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """Everything is well."""
    jira, linear = JiraWorld(), LinearWorld(SystemClock())
    jira.create_issue(project="PAY")
    jira.create_project("WEB")
    linear.create_issue("GRO", "Something")
    (tmp_path / "okrs").mkdir()
    (tmp_path / "okrs" / "okrs.yaml").write_text(OKRS, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text("rules: []\n", encoding="utf-8")
    with ExitStack() as stack:
        of_jira = dict(stack.enter_context(serve_jira(jira)).settings) | {"scopes": ["PAY"]}
        of_linear = dict(stack.enter_context(serve_linear(linear)).settings)
        environ = {
            TOKENS["shop-jira"]: str(of_jira.pop("token")),
            TOKENS["shop-linear"]: str(of_linear.pop("token")),
        }
        settings = {"trackers": {"shop-jira": of_jira, "shop-linear": of_linear}}
        yield Ward(tmp_path, jira, linear, settings, environ, stack)
