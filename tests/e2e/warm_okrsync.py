"""Runs passes of okrsync in forked children, so that a test can kill many and pay one start.

Each line on stdin is a JSON object: the settings file, the pass, by how many seconds the clock is
ahead. On stdout come a line with the child's pid, the child's own result if it lives to tell it,
and how the child ended.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import okrsync_jira
import okrsync_linear
import okrsync_yaml
from okrsync.app import passes
from okrsync.bootstrap.whole import build
from okrsync.plugins import load_trackers
from okrsync.settings.load import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from okrsync.app.context import Context

ADAPTERS = (okrsync_jira.MANIFEST, okrsync_linear.MANIFEST, okrsync_yaml.MANIFEST)


@dataclass
class AheadClock:
    """The machine's clock, some seconds on."""

    ahead: float

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)  # noqa: TID251

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def _sync(ctx: Context) -> passes.Pass:
    return passes.run_sync(ctx, list(ctx.scopes()))


def _plan(ctx: Context) -> passes.Pass:
    return passes.run_plan(ctx, list(ctx.scopes()))


def _agree(ctx: Context) -> passes.Pass:
    return passes.run_sync(ctx, list(ctx.scopes()), kind="apply", approve=lambda _pass: True)


PASSES: dict[str, Callable[[Context], passes.Pass]] = {
    "sync": _sync,
    "plan": _plan,
    "agree": _agree,
}


def _child(wish: dict[str, Any]) -> None:
    path = Path(wish["settings"])
    adapters = {name: manifest.settings for name, manifest in load_trackers().items()}
    settings = load(path, environ=wish["environ"], adapters=adapters)
    ctx = build(settings, path.parent, clock=AheadClock(wish["ahead"]))
    made = PASSES[wish["pass"]](ctx)
    ctx.close()
    planned = made.planned.plan.labels if made.planned else 0
    failed = [str(error) for error in made.pulled.failed.values()]
    _say({"exit": made.exit_code, "planned": planned, "failed": failed} | made.summary)


def _say(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _child(json.loads(line))
            os._exit(0)
        _say({"pid": pid})
        _, status = os.waitpid(pid, 0)
        _say({"ended": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main()
