"""Builders shared by the tests of what people write."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrsync.errors import ConfigError
from okrsync.settings.load import load
from okrsync_jira.settings import JiraSettings
from okrsync_linear.settings import LinearSettings

ADAPTERS = {"jira": JiraSettings, "linear": LinearSettings}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def adapters():
    return ADAPTERS


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def mistakes():
    """Call something that must be refused and give back every mistake it was refused for."""

    def call(function, *arguments, **keywords):
        with pytest.raises(ConfigError) as caught:
            function(*arguments, **keywords)
        assert caught.value.exit_code == 6
        return [str(problem) for problem in caught.value.problems]

    return call


@pytest.fixture
def settings_in(tmp_path, monkeypatch):
    """Load settings from a text, as ``okrsync.yaml`` of an otherwise empty folder."""

    def call(text="", environ=None, **keywords):
        monkeypatch.chdir(tmp_path)
        Path("okrsync.yaml").write_text(text)
        path = Path("okrsync.yaml")
        return load(path, environ=environ or {}, adapters=ADAPTERS, **keywords)

    return call
