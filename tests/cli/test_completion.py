"""Shells offer ids and keys, quickly, and are never told of an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shop

HEAVY = ("alembic", "gql", "httpx", "jira", "pydantic", "requests", "sqlalchemy", "starlette")
PROGRAM = "import sys; sys.argv = ['okrsync']; from okrsync.cli.main import run; run()"


def offered(folder: Path, line: str, shell: str = "bash") -> list[str]:
    """Ask as a shell does when somebody presses the key behind *line*."""
    words = line.split(" ")
    asked = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "_OKRSYNC_COMPLETE": f"complete_{shell}"} | asked[shell],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("okrsync link PAY-1 KR-", "KR-"),
        ("okrsync explain PAY-", "PAY-"),
        ("okrsync map rm ", "keep-the-shop-open"),
        ("okrsync map add x --when ti", "title_matches="),
        ("okrsync rule KR2", "KR201"),
        ("okrsync map test wal", "wallet"),
        ("okrsync plan --tracker ", "shop-jira"),
        ("okrsync plan --scope ", "PAY"),
    ],
)
def test_ids_and_keys_are_offered(shop: Shop, line: str, first: str) -> None:
    found = offered(shop.folder, line)
    assert found
    assert found[0].startswith(first)


def test_all_that_fits_is_offered(shop: Shop) -> None:
    found = offered(shop.folder, "okrsync okrs show H-")
    assert {"H-ONE-TAP", "H-LISTING"} <= set(found)
    assert all(word.startswith("H-") for word in found)
    assert {"KR-REPEAT", "O-CHECKOUT"} <= set(offered(shop.folder, "okrsync why "))
    keys = offered(shop.folder, "okrsync why PAY-")
    assert keys == [word for word in keys if word.startswith("PAY-")] != []


def test_runs_are_offered_newest_first(shop: Shop) -> None:
    numbers = [int(word) for word in offered(shop.folder, "okrsync undo ")]
    assert numbers == sorted(numbers, reverse=True) != []


def test_zsh_is_told_what_the_words_mean(shop: Shop) -> None:
    (told,) = offered(shop.folder, "okrsync map rm wal", "zsh")[:1]
    assert '"wallet":"serves' in told


def test_the_settings_named_on_the_line_are_looked_at(shop: Shop, tmp_path: Path) -> None:
    config = shop.folder / "okrsync.yaml"
    assert offered(tmp_path, f"okrsync --config {config} map rm wal") == ["wallet"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (None, "explain P"),
        ("", "link X KR-"),
        ("- not a mapping", "plan -t "),
        ("okrs: [", "undo "),
        ("okrs: {path: nowhere}", "link X KR-"),
        ("mapping: 3", "map rm "),
        ("store: sqlite:///nothing.db", "explain P"),
        ("store: postgresql://nobody@127.0.0.1:1/nothing", "undo "),
        ("trackers: {x: 1}", "plan -s "),
    ],
)
def test_an_error_offers_nothing_and_says_nothing(
    tmp_path: Path, settings: str | None, line: str
) -> None:
    if settings is not None:
        (tmp_path / "okrsync.yaml").write_text(settings)
    assert offered(tmp_path, f"okrsync {line}") == []
    assert [path.name for path in tmp_path.iterdir()] == ["okrsync.yaml"] * (settings is not None)


def test_completing_needs_nothing_heavy(shop: Shop) -> None:
    code = (
        "import json, sys\n"
        "from okrsync.cli.glimpse import Glimpse\n"
        "seen = Glimpse(None)\n"
        "told = [list(x) for x in (seen.goals(), seen.rules(), seen.items('P'), seen.runs())]\n"
        "print(json.dumps([all(told), sorted(sys.modules)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=shop.folder, capture_output=True, text=True, check=True
    )
    found, modules = json.loads(done.stdout)
    assert found is True
    assert {name.split(".")[0] for name in modules}.isdisjoint(HEAVY)
