"""`simulate` serves trackers until interrupted, and what it prints is all that is needed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.cli.conftest import type_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIMULATE = [sys.executable, "-m", "okrsync.cli.main", "simulate"]


@contextmanager
def simulated(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command until the block ends; it is ready once it says so on stderr."""
    with subprocess.Popen(
        [*SIMULATE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            line = process.stderr.readline()
            assert line.startswith("Serving"), line + process.stderr.read()
            yield process
        finally:
            process.terminate()


def test_the_settings_it_writes_reach_what_it_serves(tmp_path: Path) -> None:
    file = tmp_path / "okrsync.yaml"
    (tmp_path / "okrs").mkdir()
    (tmp_path / "okrs" / "none.yaml").write_text("teams: []\n")
    (tmp_path / "mapping.yaml").write_text("rules: []\n")
    with simulated("--write-config", str(file)):
        tokens = dict(re.findall(r"export (\w+)=(\S+)", file.read_text()))
        ran = type_command("--config", str(file), "pull", "-f", "json", environ=tokens)
    assert ran.code == 0
    assert ran.json["pulled"].keys() == {
        f"{name} {scope}"
        for name, scopes in {
            "jira": ("PAY", "WEB"),
            "jira-datacenter": ("PAY", "WEB"),
            "linear": ("GRO", "OPS"),
        }.items()
        for scope in scopes
    }
    assert min(ran.json["pulled"].values()) > 0


def test_an_interrupt_ends_it_in_peace() -> None:
    with simulated("jira") as process:
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "adapter: " in out
    assert "linear" not in out


def test_it_serves_issues_of_a_file(tmp_path: Path) -> None:
    issues = tmp_path / "issues.jsonl"
    issue = {
        "id": "1",
        "key": "ABC-1",
        "fields": {
            "summary": "One",
            "project": {"id": "7", "key": "ABC", "name": "Abc"},
            "issuetype": {"id": "1", "name": "Story", "subtask": False},
            "status": {
                "id": "1",
                "name": "To Do",
                "statusCategory": {"id": 2, "key": "new", "name": "To Do"},
            },
            "labels": [],
            "created": "2026-11-01T10:00:00.000+0000",
            "updated": "2026-11-01T10:00:00.000+0000",
        },
    }
    issues.write_text(json.dumps(issue) + "\n")
    with simulated("jira", "--jira-issues", str(issues)) as process:
        process.terminate()
        out, _ = process.communicate(timeout=20)
    assert 'scopes: ["ABC"]' in out


def test_an_unknown_name_is_refused_with_a_hint() -> None:
    ran = type_command("simulate", "jria")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'jira'?" in ran.err


def test_issues_that_cannot_be_read_are_wrong_usage(tmp_path: Path) -> None:
    ran = type_command("simulate", "jira", "--jira-issues", str(tmp_path / "none.json"))
    assert (ran.code, ran.out) == (2, "")
    assert "cannot be simulated" in ran.err


def test_settings_of_somebody_else_are_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "okrsync.yaml"
    file.write_text("timezone: UTC\n")
    assert type_command("simulate", "jira", "--write-config", str(file)).code == 2
    assert file.read_text() == "timezone: UTC\n"


def test_no_variable_of_the_shell_is_needed() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OKRSYNC_")}
    done = subprocess.run(
        [*SIMULATE, "--help"], env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "--write-config" in done.stdout
