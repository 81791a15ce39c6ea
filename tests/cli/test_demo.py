"""The demo checks what it claims: that it ends with 0 is the claim of this file."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from okrsync.cli.demo_story import Stage, tell
from okrsync.cli.demo_terminal import first, last, of_each_verdict
from okrsync.errors import OkrsyncError
from tests.cli.conftest import Ran, Shop, type_command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path, float]:
    folder = tmp_path_factory.mktemp("demo") / "kept"
    began = time.monotonic()
    ran = type_command("demo", "--keep", str(folder))
    return ran, folder, time.monotonic() - began


def test_every_claim_holds_in_less_than_a_minute(shown: tuple[Ran, Path, float]) -> None:
    ran, _, seconds = shown
    assert (ran.code, ran.err) == (0, "")
    assert "Everything held: " in ran.out
    assert seconds < 60


def test_each_step_has_a_headline_and_shows_what_a_person_would_type(
    shown: tuple[Ran, Path, float],
) -> None:
    out = shown[0].out
    assert re.findall(r"^(\d+)\. ", out, re.MULTILINE) == [str(n) for n in range(1, 11)]
    typed = re.findall(r"^\$ okrsync (\w+)", out, re.MULTILINE)
    assert set(typed) == {
        "check",
        "okrs",
        "pull",
        "plan",
        "sync",
        "apply",
        "runs",
        "why",
        "explain",
        "undo",
        "status",
    }


def test_the_plan_shows_every_verdict_and_says_how_much_it_leaves_out(
    shown: tuple[Ran, Path, float],
) -> None:
    out = shown[0].out
    for verdict in ("aligned", "weak", "stale", "unaligned", "exempt"):
        assert f"+ okr:{verdict}\n" in out
    assert re.search(r"… \d+ more lines", out)


def test_a_kept_folder_can_be_asked_without_the_trackers(shown: tuple[Ran, Path, float]) -> None:
    config = str(shown[1] / "okrsync.yaml")
    assert type_command("--config", config, "status").code == 0
    assert type_command("--config", config, "why", "PAY-1").code == 0


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = type_command("demo", "--keep", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_claim_that_does_not_hold_ends_it(own_shop: Shop) -> None:
    """In report mode nothing waits for approval, and the demo says that something should."""
    stage = Stage(
        folder=own_shop.folder,
        jira=own_shop.jira,
        linear=own_shop.linear,
        environ={**own_shop.tokens, "OKRSYNC_SYNC__MODE": "report"},
    )
    with pytest.raises(OkrsyncError, match="`okrsync sync` ended with 0, and 4 was due"):
        tell(stage)


def test_output_is_shortened_and_says_by_how_much() -> None:
    lines = ["one", "two", "three"]
    assert first(2)(lines) == ["one", "two", "… 1 more line"]
    assert last(2)(lines) == ["… 1 more line", "two", "three"]
    assert first(3)(lines) == last(3)(lines) == lines


def test_of_a_plan_the_first_of_each_verdict_stay() -> None:
    plan = ["A", "  + x", "    weak: a", "B", "  + x", "    weak: b", "C", "    stale: c", "Plan 1"]
    kept = ["A", "  + x", "    weak: a", "C", "    stale: c", "… 3 more lines", "Plan 1"]
    assert of_each_verdict(1)(plan) == kept
