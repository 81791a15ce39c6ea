"""Fake and real trackers keep the same promises, so that tests on the fake rest on something."""

from __future__ import annotations

import pytest

from okrsync.testing import TrackerConformance


class TestFake(TrackerConformance):
    has_containers = True
    refused_label = "has a space"

    @pytest.fixture
    def world(self, fake_world):
        return fake_world


class TestFakeWithTasksAndDefinitionsAndNoHistory(TrackerConformance):
    labels_have_definitions = True
    has_history = False
    refused_label = "has a space"

    @pytest.fixture
    def world(self, fake_world_of_tasks):
        return fake_world_of_tasks


class TestJira(TrackerConformance):
    refused_label = "has a space"

    @pytest.fixture
    def world(self, jira_world):
        return jira_world


class TestJiraDataCenter(TrackerConformance):
    refused_label = "has a space"

    @pytest.fixture
    def world(self, datacenter_world):
        return datacenter_world


class TestLinear(TrackerConformance):
    has_containers = True
    labels_have_definitions = True

    @pytest.fixture
    def world(self, linear_world):
        return linear_world
