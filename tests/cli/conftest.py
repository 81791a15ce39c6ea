"""The command line over two simulated trackers: settings in a folder, commands as people type."""

from __future__ import annotations

import io
import json
import sys
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.cli.demo import dates, write_files
from okrsync.cli.main import run
from okrsync.cli.simulate import token_variable
from okrsync_simulators import JIRA, LINEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from okrsync_simulators.jira import JiraWorld
    from okrsync_simulators.linear import LinearWorld


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def type_command(*words: str, environ: Mapping[str, str] | None = None) -> Ran:
    """Run the real entry point in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: int | str | None = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["okrsync", *words])
        for name, value in (environ or {}).items():
            patch.setenv(name, value)
        with redirect_stdout(out), redirect_stderr(err):
            try:
                run()
            except SystemExit as end:
                code = end.code
    return Ran(int(code or 0), out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Shop:
    """A folder of settings and goals, and the trackers they are about."""

    folder: Path
    jira: JiraWorld
    linear: LinearWorld
    tokens: Mapping[str, str]
    words: Mapping[str, str]
    """What the demo's files have filled in."""

    def run(self, *words: str) -> Ran:
        return type_command(
            "--config", str(self.folder / "okrsync.yaml"), *words, environ=self.tokens
        )

    def offline(self, *words: str) -> Ran:
        """Run a command that must need no secret."""
        return type_command("--config", str(self.folder / "okrsync.yaml"), *words)

    def write_everything(self) -> None:
        """Let somebody approve the first plan."""
        waiting = self.run("sync", "-f", "json").json["waiting"]
        assert [self.run("apply", "--approve", plan["digest"]).code for plan in waiting] == [0]

    def carrying(self, label: str) -> str:
        """Name an item that carries *label*."""
        found = [issue.key for issue in self.jira.issues.values() if label in issue.labels]
        found += [
            issue.identifier
            for issue in self.linear.index.current()
            if label in self.linear.labels(issue.id)
        ]
        return found[0]

    def beside(self, folder: Path) -> Shop:
        """Open the same trackers with settings and a store of their own."""
        write_files(folder, self.words)
        return Shop(folder, self.jira, self.linear, self.tokens, self.words)


@contextmanager
def opened(folder: Path) -> Iterator[Shop]:
    """Open the demo's shop with trackers of its own."""
    with ExitStack() as stack:
        jira, linear = stack.enter_context(JIRA.open()), stack.enter_context(LINEAR.open())
        words = _words(jira.settings, linear.settings)
        write_files(folder, words)
        tokens = {
            token_variable("shop-jira"): str(jira.settings["token"]),
            token_variable("shop-linear"): str(linear.settings["token"]),
        }
        yield Shop(folder, jira.world, linear.world, tokens, words)


def _words(jira: Mapping[str, object], linear: Mapping[str, object]) -> dict[str, str]:
    addresses = {"jira_url": jira["url"], "jira_email": jira["email"], "linear_url": linear["url"]}
    days = dates(date.today())  # noqa: DTZ011 - the simulators stand in the present, too
    return days | {name: str(value) for name, value in addresses.items()}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop whose labels are written; for tests that change nothing."""
    with opened(tmp_path_factory.mktemp("shop")) as made:
        made.write_everything()
        yield made


@pytest.fixture
def own_shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop of the test's own."""
    with opened(tmp_path) as made:
        yield made
