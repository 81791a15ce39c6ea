"""Measures how soon a person's work has its labels: webhook, direct read, judgement, write.

`okrsync run` is a process of its own, as in production; its tracker is simulated here.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from stage import PASSING, ask, company, environment, started

from okrsync_simulators.jira import JiraWorld, generated, serve_world
from okrsync_simulators.jira.webhooks import announce

if TYPE_CHECKING:
    from collections.abc import Callable

    from okrsync_simulators.webhooks import Letter

SECRET = "webhook-secret-4711"  # noqa: S105 - of a simulator
WANTED = {"okr:aligned", "okr:KR-PAY"}
PATIENCE = 60.0


def report_webhooks(items: int, rings: int) -> None:
    """Tell how long it takes from an issue, told of by a webhook, to its labels."""
    with ExitStack() as stack:
        folder = company(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        world = generated(items)
        settings = stack.enter_context(serve_world(world)).settings
        environ = environment(settings, OKRSYNC_TRACKERS__BENCH__WEBHOOK_SECRET=SECRET)
        with started([PASSING], folder, environ) as okrsync:
            ask(okrsync, do="write")
        log = folder / "log"
        config = str(folder / "okrsync.yaml")
        words = ["-m", "okrsync.cli.main", "--config", config, "run"]
        stack.enter_context(started(words, folder, environ, stack.enter_context(log.open("wb"))))
        _until(lambda: len(_events(log, "pass.ended")) >= len(world.catalog.projects))
        client = stack.enter_context(httpx.Client())
        url = f"http://127.0.0.1:{_events(log, 'web.listens')[0]['port']}/webhooks/bench"
        letters: list[Letter] = []
        announce(world, letters.append)
        took = sorted(_ringed(world, letters, client, url) for _ in range(rings))
    late = took[int(len(took) * 0.95)]
    print(f"webhook to label, {rings} times beside {items:,} issues: ", end="")
    print(f"p50 {statistics.median(took) * 1000:.0f} ms, p95 {late * 1000:.0f} ms (aim 500)")


def _ringed(world: JiraWorld, letters: list[Letter], client: httpx.Client, url: str) -> float:
    """Create an issue, let the tracker tell of it, and wait for its labels."""
    letters.clear()
    issue = world.create_issue(project="GEN1", summary="Buy again", labels=("one-tap",))
    letter = letters[0]
    headers = {**letter.headers, **letter.sign(SECRET, letter.body)}
    begun = time.perf_counter()
    client.post(url, content=letter.body, headers=headers).raise_for_status()
    _until(lambda: world.labels(issue) >= WANTED)
    return time.perf_counter() - begun


def _events(log: Path, name: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == name]


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came within {PATIENCE:.0f} s")
        time.sleep(0.002)
