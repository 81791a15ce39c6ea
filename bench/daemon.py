"""Measures what the daemon does all day; prints, and gates nothing.

    python bench/daemon.py [--items 100000] [--small 10000] [--week 5000] [--only quiet]

Trackers are simulated in this process, okrsync works in others. Costs are told in seconds of CPU,
which other work on the machine changes little, and in requests.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ringing import report_webhooks
from stage import ask, at_work
from week import report_week
from writing import report_writes

from okrsync_simulators.jira import generated, serve_world

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--week", type=int, default=5_000, help="items of the simulated week")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rings", type=int, default=100)
    parser.add_argument("--only", choices=("quiet", "webhooks", "writes", "week"))
    options = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "quiet": lambda: _report_quiet(options.small, options.items, options.rounds),
        "webhooks": lambda: report_webhooks(options.small, options.rings),
        "writes": report_writes,
        "week": lambda: report_week(options.week),
    }
    for name, report in parts.items():
        if options.only in {None, name}:
            report()


def _report_quiet(small: int, large: int, rounds: int) -> None:
    """Tell what passes cost in which nothing changed, and whether memory grows with the items."""
    few, many = _quiet(small, rounds), _quiet(large, rounds)
    for what in few:
        ratio = many[what] / few[what]
        print(f"{what}: {few[what]:.0f} MB, {many[what]:.0f} MB, ratio {ratio:.2f} (aim 1)")


def _quiet(items: int, rounds: int) -> dict[str, float]:
    """Make every kind of pass; return the megabytes that they took."""
    print(f"{items:,} issues")
    with serve_world(generated(items)) as running:
        with at_work(running.settings, OKRSYNC_SYNC__MODE="report") as okrsync:
            first = ask(okrsync, do="plan")
            _tell("first pass (pull, judge, plan)", first)
            light = _tell_quiet("nothing changed, report mode", okrsync, rounds)
        with at_work(running.settings) as okrsync:
            ask(okrsync, do="plan")
            _tell_quiet("nothing changed, all waits for the first approval", okrsync, 1)
            _tell("first write", ask(okrsync, do="write"))
            for reading in ("changes", "sweep", "full"):
                _tell(f"then reading: {reading}", ask(okrsync, do=reading))
            _tell_quiet("nothing changed, all was written just now", okrsync, rounds)
    return {
        "peak memory of a first pass": first["megabytes"],
        "memory held after light passes": light["held"],
    }


def _tell(what: str, told: dict[str, Any]) -> None:
    print(
        f"  {what}: {told['seconds']:.2f} s ({told['cpu']:.2f} s of CPU), "
        f"{told['count']:,} labels, peak {told['megabytes']:.0f} MB, requests: {_kinds(told)}"
    )


def _tell_quiet(what: str, okrsync: Popen[str], rounds: int) -> dict[str, Any]:
    """Make passes without change; tell of the middle one."""
    made = [ask(okrsync, do="changes") for _ in range(rounds)]
    told: dict[str, Any] = sorted(made, key=lambda one: one["cpu"])[rounds // 2]
    print(
        f"  {what}: median {told['cpu'] * 1000:.0f} ms of CPU (aim 1000), "
        f"{told['seconds'] * 1000:.0f} ms, requests: {_kinds(told)}"
    )
    return told


def _kinds(told: dict[str, Any]) -> str:
    counts = {kind.partition(" ")[2]: count for kind, count in told["requests"].items()}
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items())) or "none"


if __name__ == "__main__":
    main()
