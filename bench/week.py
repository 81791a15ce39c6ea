"""A simulated week of the daemon's passes, with people at work: nothing may grow but what is kept.

The tracker's clock and okrsync's are moved on together; no second of it is waited for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from stage import ask, at_work

from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import generated, serve_world

if TYPE_CHECKING:
    from subprocess import Popen

    from okrsync_simulators.jira import JiraWorld

START = datetime(2026, 3, 2, tzinfo=UTC)
EVERY = timedelta(minutes=10)
A_DAY = timedelta(days=1) // EVERY
PASSES = 7 * A_DAY
BUSY_EVERY = 6
"""In which of the passes people have changed something since the one before."""
EDITS = 3


def report_week(items: int) -> None:
    """Tell what the process and its store hold at the quarters of the week."""
    clock, random = ManualClock(START), Random(7)
    world = generated(items, clock=clock)
    issues = sorted(world.issues)
    print(f"a week over {items:,} issues: {PASSES:,} passes, 7 sweeps, 1 full read")
    with serve_world(world) as running, at_work(running.settings) as okrsync:
        _ask(okrsync, clock, "write")
        spent = {"cpu": 0.0, "requests": 0.0}
        for number in range(PASSES):
            if number % (PASSES // 4) == 0:
                _tell(number, _ask(okrsync, clock, "changes"))
            clock.advance(EVERY)
            if number % BUSY_EVERY == 0:
                _edit(world, random, issues)
            told = _ask(okrsync, clock, "changes")
            spent["cpu"] += told["cpu"]
            spent["requests"] += sum(told["requests"].values())
            if number % A_DAY == A_DAY - 1:
                _ask(okrsync, clock, "sweep")
        _ask(okrsync, clock, "full")
        _tell(PASSES, _ask(okrsync, clock, "changes"))
    print(
        f"  a light pass took {spent['cpu'] / PASSES * 1000:.0f} ms of CPU and "
        f"{spent['requests'] / PASSES:.2f} requests on average, with its writes"
    )


def _ask(okrsync: Popen[str], clock: ManualClock, do: str) -> dict[str, Any]:
    told: dict[str, Any] = ask(okrsync, do=do, at=clock.now().isoformat())
    return told


def _edit(world: JiraWorld, random: Random, issues: list[str]) -> None:
    """Let people work: what issues are called decides what they serve."""
    for issue in random.sample(issues, EDITS):
        thing = random.choice(("filter", "refund", "basket"))
        world.set_summary(issue, f"Show the {thing} ({random.randrange(1_000)})")


def _tell(number: int, told: dict[str, Any]) -> None:
    print(
        f"  after {number:,} passes: {told['held']:.1f} MB held, {told['threads']} threads, "
        f"{told['files']} files, store {told['store']:.2f} MB"
    )
