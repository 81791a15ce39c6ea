"""`okrsync init`: from nothing to files that work, without a token in them."""

from __future__ import annotations

import os
import pty
import sys
from subprocess import Popen
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.documents.read import parse_file
from okrsync_simulators.clock import SystemClock
from okrsync_simulators.jira import Access, JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import serve_world as serve_linear
from tests.cli.conftest import Ran, type_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TOKEN = "simulated-token-of-jira"
JIRA, LINEAR = "OKRSYNC_TRACKERS__JIRA__TOKEN", "OKRSYNC_TRACKERS__LINEAR__TOKEN"
LINEAR_TOKEN = "lin_api_simulated"
FILES = {"okrsync.yaml", "mapping.yaml", "okrs/okrs.yaml"}


@pytest.fixture
def jira() -> JiraWorld:
    """Two projects; in one there is work."""
    world = JiraWorld(token=TOKEN)
    epic = world.create_issue(project="PAY", type="Epic", summary="Wallets: a # of them")
    for n in range(4):
        world.create_issue(project="PAY", parent=epic, components=["cards"] if n else [])
    world.create_issue(project="PAY", type="Incident")
    world.create_project("WEB")
    world.flush_index()
    return world


@pytest.fixture
def site(jira: JiraWorld) -> Iterator[str]:
    """Where that Jira listens; scoped tokens go through the gateway there."""
    with serve_jira(jira) as running:
        yield running.url


@pytest.fixture
def linear() -> Iterator[tuple[LinearWorld, str]]:
    """A workspace with one team, and where it listens."""
    world = LinearWorld(SystemClock())
    world.create_issue("GRO", "One", project="Activation")
    with serve_linear(world) as running:
        yield world, str(running.settings["url"])


def init_jira(folder: Path, site: str, *words: str, token: str = TOKEN) -> Ran:
    return type_command(
        *("init", "--tracker", "jira", "--url", site, "--email", "okrsync@shop.example"),
        *("--folder", str(folder), *words),
        environ={JIRA: token},
    )


def okrsync(folder: Path, *words: str, environ: Mapping[str, str]) -> Ran:
    return type_command("--config", str(folder / "okrsync.yaml"), *words, environ=environ)


def written(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_files_are_written_that_check_doctor_and_plan_accept(tmp_path, jira, site):
    jira.email = "okrsync@shop.example"
    ran = init_jira(tmp_path, site, "--scope", "pay")
    assert ran.code == 0, ran.err
    assert set(written(tmp_path)) == FILES
    assert "doctor" in ran.out
    assert "plan" in ran.out
    environ = {JIRA: TOKEN}
    assert okrsync(tmp_path, "check", environ={}).code == 0
    doctor = okrsync(tmp_path, "doctor", environ=environ)
    assert doctor.code == 0, doctor.out
    plan = okrsync(tmp_path, "plan", "--format", "json", environ=environ)
    assert plan.code == 0, plan.err
    assert jira.writes == []
    assert jira.protocol_breaches == []


def test_no_token_is_ever_written_or_shown(tmp_path, jira, site):
    jira.email = "okrsync@shop.example"
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n", encoding="utf-8")
    folder = tmp_path / "new"
    ran = init_jira(folder, site, "--scope", "PAY", "--token-file", str(file), token="other")
    assert ran.code == 0, ran.err
    assert TOKEN not in ran.out + ran.err + "".join(written(folder).values())
    assert okrsync(folder, "doctor", environ={}).code == 0


@pytest.mark.parametrize("there", ["okrsync.yaml", "mapping.yaml", "okrs/mine.yaml"])
def test_nothing_is_overwritten(tmp_path, site, there):
    path = tmp_path / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    ran = init_jira(tmp_path, site, "--scope", "PAY")
    assert ran.code == 2
    assert written(tmp_path) == {there: "mine"}


def test_rules_are_suggested_by_what_is_there_and_none_is_in_force(tmp_path, jira, site):
    jira.email = "okrsync@shop.example"
    init_jira(tmp_path, site, "--scope", "PAY")
    rules: Any = parse_file(tmp_path / "mapping.yaml").data["rules"]
    said = {rule["id"]: rule["when"] for rule in rules}
    assert said["cards"]["component"] == "cards"
    assert said["wallets-a-of-them"]["parent"] == "PAY-1"
    assert said["incident"]["type"] == "Incident"
    assert [rule["enabled"] for rule in rules] == [False] * 3
    assert [rule["id"] for rule in rules if "exempt" in rule] == ["incident"]


def test_a_scoped_token_ends_in_settings_for_the_gateway(tmp_path, jira, site):
    jira.email, jira.access = "okrsync@shop.example", Access.SCOPED
    ran = init_jira(tmp_path, site, "--scope", "PAY")
    assert ran.code == 0, ran.err
    section = parse_file(tmp_path / "okrsync.yaml").data["trackers"]["jira"]
    assert section["url"].startswith(f"{site}/ex/jira/")
    assert section["site"] == site
    assert okrsync(tmp_path, "doctor", environ={JIRA: TOKEN}).code == 0


def test_a_refused_token_leaves_nothing_behind(tmp_path, site):
    ran = init_jira(tmp_path, site, "--scope", "PAY", token="wrong")
    assert ran.code == 5
    assert "hint:" in ran.err
    assert "wrong" not in ran.err.replace("is wrong", "")
    assert written(tmp_path) == {}


def test_what_is_missing_is_named_where_nobody_can_be_asked(tmp_path, jira, site):
    jira.email = "okrsync@shop.example"
    assert "--tracker" in type_command("init", "--folder", str(tmp_path)).err
    nowhere = type_command("init", "-t", "jira", "--folder", str(tmp_path))
    assert (nowhere.code, "--url" in nowhere.err) == (2, True)
    unknown = type_command("init", "-t", "jira", "--url", site, "--folder", str(tmp_path))
    assert (unknown.code, JIRA in unknown.err) == (2, True)
    unscoped = init_jira(tmp_path, site)
    assert (unscoped.code, "PAY, WEB" in unscoped.err) == (2, True)
    misspelt = init_jira(tmp_path, site, "--scope", "PYA")
    assert (misspelt.code, "did you mean 'PAY'?" in misspelt.err) == (2, True)
    assert written(tmp_path) == {}


def test_linear_with_a_token_of_the_other_kind_is_set_right(tmp_path, linear):
    world, url = linear
    ran = type_command(
        *("init", "-t", "linear", "--url", url, "--auth", "bearer", "-s", "GRO"),
        *("--folder", str(tmp_path)),
        environ={LINEAR: LINEAR_TOKEN},
    )
    assert ran.code == 0, ran.err
    assert parse_file(tmp_path / "okrsync.yaml").data["trackers"]["linear"]["auth"] == "key"
    assert world.protocol_breaches == []


def test_initiatives_become_objectives_and_their_projects_rules(tmp_path, linear):
    world, url = linear
    world.create_initiative("Launch the new app", projects=["Activation", "Design: v2"])
    world.create_initiative("Launch the new APP!")
    world.create_initiative("2027")
    ran = type_command(
        *("init", "--from-linear-initiatives", "--url", url, "-s", "GRO"),
        *("--folder", str(tmp_path)),
        environ={LINEAR: LINEAR_TOKEN},
    )
    assert ran.code == 0, ran.err
    goals = parse_file(tmp_path / "okrs" / "okrs.yaml").data["objectives"]
    assert [(goal["id"], goal["title"]) for goal in goals] == [
        ("O-INITIATIVE-2027", "2027"),
        ("O-LAUNCH-THE-NEW-APP", "Launch the new app"),
        ("O-LAUNCH-THE-NEW-APP-2", "Launch the new APP!"),
    ]
    rules = parse_file(tmp_path / "mapping.yaml").data["rules"]
    assert [(rule["when"]["project"], rule["serves"]) for rule in rules] == [
        ("Activation", ["O-LAUNCH-THE-NEW-APP"]),
        ("Design: v2", ["O-LAUNCH-THE-NEW-APP"]),
    ]
    assert "OKR106" in ran.out  # their texts are judged


def test_jira_has_no_initiatives_to_start_from(tmp_path, jira, site):
    jira.email = "okrsync@shop.example"
    ran = init_jira(tmp_path, site, "--scope", "PAY", "--from-linear-initiatives")
    assert (ran.code, "no initiatives" in ran.err) == (2, True)


def test_a_person_is_asked_and_the_token_not_echoed(tmp_path, jira, site):
    jira.email = "okrsync@shop.example"
    answers = ["jira", site, "okrsync@shop.example", TOKEN, "PAY"]
    shown, code = answered(["init", "--folder", str(tmp_path)], answers)
    assert code == 0, shown
    assert TOKEN not in shown
    assert "Payments" in shown
    assert set(written(tmp_path)) == FILES


def answered(words: list[str], answers: list[str]) -> tuple[str, int]:
    """Run a command on a terminal of its own and type an answer to each question."""
    ours, theirs = pty.openpty()
    code = "import sys; from okrsync.cli.main import run; sys.argv[0] = 'okrsync'; run()"
    with Popen(
        [sys.executable, "-c", code, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = b""
        for answer in answers:
            shown += until_asked(ours)
            os.write(ours, answer.encode() + b"\n")
        shown += until_asked(ours)
        os.close(ours)
    return shown.decode(), process.returncode


def until_asked(terminal: int) -> bytes:
    """Read until a question stands there, or the program has ended."""
    shown = b""
    while not shown.endswith(b": "):
        try:
            part = os.read(terminal, 4096)
        except OSError:  # nobody is at the other end any more
            return shown
        if not part:
            return shown
        shown += part
    return shown
