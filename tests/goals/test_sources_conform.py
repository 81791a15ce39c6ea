"""Goals in files and goals in either database keep the same promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okrsync.testing import GoalSourceConformance

if TYPE_CHECKING:
    from tests.goals.conftest import SqlWorld, YamlWorld


class TestYaml(GoalSourceConformance):
    @pytest.fixture
    def world(self, yaml_world: YamlWorld) -> YamlWorld:
        return yaml_world


class TestSql(GoalSourceConformance):
    @pytest.fixture
    def world(self, sql_world: SqlWorld) -> SqlWorld:
        return sql_world
