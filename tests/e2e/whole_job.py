"""Runs the whole job once against trackers that are served elsewhere, and tells what it cost.

Takes the settings file; the trackers come through the environment. Prints a line of JSON after
each phase. Between phases it waits for a line on stdin, so that somebody can look at the trackers.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from okrsync.app import passes
from okrsync.bootstrap.whole import build
from okrsync.plugins import load_trackers
from okrsync.settings.load import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from okrsync.app.context import Context


def main() -> None:
    path = Path(sys.argv[1])
    adapters = {name: manifest.settings for name, manifest in load_trackers().items()}
    requests: Counter[str] = Counter()
    ctx = build(load(path, environ=os.environ, adapters=adapters), path.parent, requests=requests)
    scopes = list(ctx.scopes())
    planned = _phase(ctx, "plan", lambda: passes.run_plan(ctx, scopes), requests)
    assert planned.planned is not None
    digest = planned.planned.plan.digest
    applied = _phase(ctx, "apply", lambda: passes.run_approved(ctx, digest), requests)
    _phase(ctx, "second pass", lambda: passes.run_sync(ctx, scopes), requests)
    undo = _agreed_undo(ctx, applied.run)
    _phase(ctx, "undo", undo, requests)
    _phase(ctx, "pass after undo", lambda: passes.run_sync(ctx, scopes), requests)
    ctx.close()


def _agreed_undo(ctx: Context, run: int) -> Callable[[], passes.Pass]:
    return lambda: passes.run_undo(ctx, run, approve=lambda _pass: True)


def _phase(
    ctx: Context, name: str, work: Callable[[], passes.Pass], requests: Counter[str]
) -> passes.Pass:
    requests.clear()
    begun, cpu = time.monotonic(), time.process_time()
    made = work()
    told: dict[str, Any] = {
        "phase": name,
        "seconds": time.monotonic() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "requests": dict(sorted(requests.items())),
        "exit": made.exit_code,
        "failed": [str(error) for error in made.pulled.failed.values()],
        "items": sum(made.pulled.items.values()),
    }
    if made.planned is not None:
        told["planned"] = made.planned.plan.labels
        told["verdicts"] = dict(made.planned.verdicts)
    if made.applied is not None:
        told |= {"done": made.applied.done, "added": made.applied.added}
        told |= {"removed": made.applied.removed, "moved": len(made.applied.moved)}
    if made.proposal is not None:
        told["left"] = made.proposal.left[:5]
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    return made


if __name__ == "__main__":
    main()
