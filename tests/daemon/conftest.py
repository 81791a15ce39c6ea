"""A company on two simulated trackers, and the real daemon in processes of its own beside them."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from okrsync.app.planning import APPROVED
from okrsync.storage import open_store
from okrsync_simulators.clock import SystemClock
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import serve_world as serve_linear
from tests.cli.conftest import Ran, type_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from okrsync.core.work import ItemRef
    from okrsync.ports.store import Entry
SECRET, TOKEN = "webhook-secret-4711", "reader-token-0815"
OKRS = """
teams: [{id: checkout, name: Checkout}]
cycles: [{id: C-ALL, from: 2020-01-01, to: 2099-12-31}]
objectives:
  - id: O-PAY
    title: Paying is easy
    team: checkout
    cycle: C-ALL
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling: 62% to 80%"}
      - {id: KR-SIDE, statement: "Shoppers who come back within a month: 31% to 40%"}
"""
MAPPING = """
rules:
  - {id: wallet, when: {title_matches: wallet}, serves: [KR-PAY]}
"""
SETTINGS = """
okrs: {path: okrs.yaml}
store: sqlite:///okrsync.db
web: {port: 0}
sync: {mode: write, every: 1h, max_changes: 1000000, max_change_percent: 100}
"""


@dataclass
class Daemon:
    """One process of ``okrsync run``, and what it logs."""

    process: subprocess.Popen[bytes]
    log: Path
    _port: int | None = None

    def lines(self) -> list[dict[str, Any]]:
        told = self.log.read_text().splitlines()
        return [json.loads(line) for line in told if line.startswith("{") and line.endswith("}")]

    def told(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == event]

    def hears(self, event: str, count: int = 1) -> dict[str, Any]:
        """Wait until something was logged so often; return the newest."""
        until(lambda: len(self.told(event)) >= count, lambda: f"{event}: {self.log.read_text()}")
        return self.told(event)[-1]

    @property
    def url(self) -> str:
        self._port = self._port or self.hears("web.listens")["port"]
        return f"http://127.0.0.1:{self._port}"

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, headers={"authorization": f"Bearer {TOKEN}"}, timeout=5)

    def rings(self, issue: str, delivery: str | None = None) -> httpx.Response:
        """Deliver a webhook of Jira about an issue."""
        body = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": issue}}).encode()
        mac = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"x-hub-signature": f"sha256={mac}"}
        if delivery:
            headers["x-atlassian-webhook-identifier"] = delivery
        url = f"{self.url}/webhooks/shop-jira"
        return httpx.post(url, content=body, headers=headers, timeout=5)

    def ends(self, with_signal: int = signal.SIGTERM, within: float = 10.0) -> int:
        """Send a signal; return the exit code, which must come in time."""
        self.process.send_signal(with_signal)
        return self.process.wait(within)


@dataclass
class Town:
    """The trackers and the folder of settings."""

    folder: Path
    jira: JiraWorld
    linear: LinearWorld
    environ: dict[str, str]
    _stack: ExitStack
    _started: list[Daemon] = field(default_factory=list)

    def write(self, name: str, text: str) -> None:
        """Write a file as editors do: whole, in place of the old one."""
        fresh = self.folder / f".{name}.new"
        fresh.write_text(textwrap.dedent(text))
        fresh.replace(self.folder / name)

    def issue(self, title: str = "One-tap wallet") -> str:
        return self.jira.create_issue(project="PAY", summary=title)

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if name != "OKRSYNC_CONFIG"}
        return {**mine, **self.environ, **(more or {})}

    def start(self, *words: str, named: bool = True, **environ: str) -> Daemon:
        """Start `okrsync run` in a process of its own, in the folder if no file is *named*."""
        config = ["--config", str(self.folder / "okrsync.yaml")] if named else []
        log = self.folder / f"log-{len(self._started)}"
        with log.open("wb") as said:
            command = [sys.executable, "-m", "okrsync.cli.main", *config, "run", *words]
            process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment(environ), stderr=said
            )
        self._stack.callback(_ended, process)
        daemon = Daemon(process, log)
        self._started.append(daemon)
        return daemon

    def run(self, *words: str, **environ: str) -> Ran:
        """Run a command beside the daemons."""
        config = str(self.folder / "okrsync.yaml")
        return type_command("--config", config, *words, environ=self.environ | environ)

    def approve(self) -> None:
        """Let somebody have approved the first write to both trackers."""
        store = open_store(f"sqlite:///{self.folder / 'okrsync.db'}")
        with store.begin() as tx:
            tx.put_note(APPROVED, ["shop-jira", "shop-linear"])
        store.close()

    def journal(self) -> tuple[list[Entry], list[ItemRef]]:
        """Return everything that was journalled, and the items with a write that is not closed."""
        store = open_store(f"sqlite:///{self.folder / 'okrsync.db'}")
        with store.begin() as tx:
            entries = [entry for run in tx.runs(1000) for entry in tx.entries_of(run.id)]
            left = [intent.ref for intent in tx.open_intents()]
        store.close()
        return entries, left

    def labels(self, issue: str) -> frozenset[str]:
        return self.jira.labels(issue)


def until(true: Callable[[], bool], why: Callable[[], str], seconds: float = 15.0) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {why()[-6000:]}")
        time.sleep(0.01)


def _ended(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait(10)


def _variables(sections: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    return {
        f"OKRSYNC_TRACKERS__{name}__{key.upper()}": ",".join(value)
        if isinstance(value, list | tuple)
        else str(value)
        for name, section in sections.items()
        for key, value in section.items()
    }


@contextmanager
def settled(folder: Path) -> Iterator[Town]:
    """Open a town."""
    jira, linear = JiraWorld(), LinearWorld(SystemClock())
    jira.create_issue(project="PAY", summary="Receipt by mail")
    linear.create_issue("GRO", "Receipt by mail")
    for name, text in (
        ("okrs.yaml", OKRS),
        ("mapping.yaml", MAPPING),
        ("okrsync.yaml", SETTINGS),
    ):
        (folder / name).write_text(textwrap.dedent(text))
    with ExitStack() as stack:
        sections = {
            "SHOP_JIRA": stack.enter_context(serve_jira(jira)).settings,
            "SHOP_LINEAR": stack.enter_context(serve_linear(linear)).settings,
        }
        environ = _variables(sections) | {
            "OKRSYNC_TRACKERS__SHOP_JIRA__WEBHOOK_SECRET": SECRET,
            "OKRSYNC_WEB__TOKEN": TOKEN,
        }
        town = Town(folder, jira, linear, environ, stack)
        town.approve()
        yield town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with settled(tmp_path) as opened:
        yield opened
