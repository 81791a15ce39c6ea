"""The daemon's passes in a process of their own, made one by one as its parent asks.

Connections are kept from pass to pass and goals are read once, as the daemon does both. Each line
on stdin asks for one thing and is answered by a line on stdout: what it took, what was asked of the
tracker, and what the process and its store hold by then.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections import Counter
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stage import measured

from okrsync import logs
from okrsync.app import passes
from okrsync.bootstrap.clock import SystemClock
from okrsync.bootstrap.trackers import Lasting
from okrsync.bootstrap.whole import build
from okrsync.cli.options import Shell, spare_the_collector
from okrsync.core.clock import FixedClock
from okrsync.core.reading import Reading
from okrsync.daemon.inforce import InForce

if TYPE_CHECKING:
    from okrsync.app.context import Context


class Worker:
    """One okrsync that answers."""

    def __init__(self, folder: Path) -> None:
        settings, where = Shell(config=folder / "okrsync.yaml").settings()
        self._folder = folder
        self._requests: Counter[str] = Counter()
        self._clock = FixedClock(SystemClock().now())
        self._context = build(
            settings, where, clock=self._clock, requests=self._requests, lasting=Lasting()
        )
        self._goals = InForce()
        self._goals.refresh(self._context)

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked, at the moment it is asked for."""
        at = asked.get("at")
        self._clock.at = SystemClock().now() if at is None else datetime.fromisoformat(at)
        self._requests.clear()
        work = {"plan": self._plan, "write": self._write}.get(asked["do"])
        told = measured(work or (lambda: self._pass(Reading(asked["do"]))))
        return told | self._holds() | {"requests": dict(self._requests)}

    def _lent(self) -> Context:
        return self._goals.lend(self._context)

    def _plan(self) -> int:
        """Pull, judge and plan everything; write nothing."""
        context = self._lent()
        return _labels(passes.run_plan(context, list(context.scopes())))

    def _write(self) -> int:
        """Do the same and write all of it."""
        context = self._lent()
        scopes = list(context.scopes())
        return _labels(passes.run_sync(context, scopes, approve=lambda _pass: True))

    def _pass(self, reading: Reading) -> int:
        """Make a pass over each scope, as the timetable would."""
        context = self._lent()
        sync = partial(passes.run_sync, context, kind=passes.PASS, reading=reading, thorough=False)
        return sum(_labels(sync([place])) for place in context.scopes())

    def _holds(self) -> dict[str, float]:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
        store = sum(path.stat().st_size for path in self._folder.glob("okrsync.db*"))
        return {
            "held": int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20,
            "threads": threading.active_count(),
            "files": len(list(Path("/proc/self/fd").iterdir())),
            "store": store / 2**20,
        }


def _labels(made: passes.Pass) -> int:
    return made.planned.plan.labels if made.planned else 0


def main() -> None:
    logs.configure(verbose=False)
    worker = Worker(Path.cwd())
    spare_the_collector()
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
