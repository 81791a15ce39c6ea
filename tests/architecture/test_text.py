"""What the project's files and its command line say, and must not say."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer

from okrsync.cli.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FORBIDDEN = {
    "a folder of the machine it was built on": rf"(?<![\w.])/(?:{'work'}|{'root'}|{'home'})/",
    "the address of a package registry": rf"{'index'}-url|{'python'}hosted|/{'simple'}/(?:\s|$)",
    "a mark of unfinished work": rf"#\s*(?:{'TO'}DO|{'FIX'}ME|{'XX'}X)\b",
    "a merge that was left in the middle": r"^(?:<{7}|>{7}) ",
}
VENDORS_OWN = {"adapters/okrsync_simulators/linear/schema.graphql"}


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name and name not in VENDORS_OWN]
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    files = _tracked()
    assert len(files) > 100
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in files
        if (match := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert not found


def _commands(command: Any, path: tuple[str, ...] = ("okrsync",)) -> Iterator[tuple[str, Any]]:
    yield " ".join(path), command
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*path, name))


def test_every_command_and_option_is_explained() -> None:
    commands = dict(_commands(typer.main.get_command(app)))
    assert len(commands) > 10
    silent = [name for name, command in commands.items() if not (command.help or "").strip()]
    for name, command in commands.items():
        unsaid = (each for each in command.params if not (getattr(each, "help", "") or "").strip())
        silent += [f"{name}: {each.name}" for each in unsaid]
    assert not silent
