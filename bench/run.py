"""Measures a full pass, memory and the start of the command line; prints, and gates nothing.

    python bench/run.py [--issues 20000] [--rounds 3] [--small 5000] [--large 50000]

The tracker is simulated by a process of its own. A full pass is held against fetching and decoding
the same pages with httpx and orjson alone: the least that any program could do.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import orjson

from okrsync.app import passes
from okrsync.cli.options import Shell
from okrsync_jira.wire import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

OKRS = """
customers: [{id: shopper, name: Shopper}]
teams: [{id: shop, name: Shop}]
cycles: [{id: C-ALL, from: 2020-01-01, to: 2099-12-31}]
objectives:
  - id: O-PAY
    title: Paying is easy
    team: shop
    cycle: C-ALL
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling: 62% to 80%"}
      - {id: KR-FIND, statement: "Shoppers who find what they look for: 40% to 55%"}
"""
MAPPING = """
rules:
  - {id: upkeep, when: {type: [Incident, "Dependency update"]}, exempt: {because: upkeep}}
  - {id: wallet, when: {any: [{component: wallet}, {label: one-tap}]}, serves: [KR-PAY]}
  - {id: refunds, when: {title_matches: 'refund|receipt'}, serves: [KR-PAY]}
  - {id: search, when: {any: [{component: search}, {title_matches: filter}]}, serves: [KR-FIND]}
"""
SETTINGS = """
okrs: {path: okrs.yaml}
sync: {mode: write, done_within: 100w, max_changes: 10000000, max_change_percent: 100}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", type=int, default=5_000)
    parser.add_argument("--large", type=int, default=50_000)
    parser.add_argument("--pass", dest="run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(CHILDREN[options.run](Path.cwd())))
        return
    _report_passes(options.issues, options.rounds)
    _report_memory(options.small, options.large)
    _report_start()


def _report_passes(issues: int, rounds: int) -> None:
    print(f"Full pass over {issues:,} issues against fetching and decoding alone")
    with tempfile.TemporaryDirectory() as folder, _served(issues) as tracker:
        where = _company(Path(folder), tracker)
        first = _child(where, "first", tracker)
        _tell("first pass (pull, judge, plan)", first, _child(where, "bare", tracker))
        written = _child(where, "write", tracker)
        print(f"  labels written: {written['count']:,} in {written['seconds']:.1f} s")
        pairs = [
            (_child(where, "pass", tracker), _child(where, "bare", tracker)) for _ in range(rounds)
        ]
        for ours, bare in pairs:
            _tell("pass in sync (pull, judge, plan)", ours, bare)
        ratio = statistics.median(ours["seconds"] / bare["seconds"] for ours, bare in pairs)
        print(f"  median ratio in sync {ratio:.2f} (aim 2)")


def _tell(what: str, ours: Mapping[str, float], bare: Mapping[str, float]) -> None:
    ratio = ours["seconds"] / bare["seconds"]
    print(
        f"  {what}: {ours['seconds']:.2f} s ({ours['cpu']:.2f} s of CPU), alone "
        f"{bare['seconds']:.2f} s ({bare['cpu']:.2f}), ratio {ratio:.2f}"
    )


def _report_memory(small: int, large: int) -> None:
    peaks = {}
    for issues in (small, large):
        with tempfile.TemporaryDirectory() as folder, _served(issues) as tracker:
            where = _company(Path(folder), tracker)
            peaks[issues] = _child(where, "first", tracker)["megabytes"]
        print(f"Peak memory of a first pass over {issues:,} issues: {peaks[issues]:.0f} MB")
    print(f"  ratio {peaks[large] / peaks[small]:.2f} (aim 1)")


def _report_start() -> None:
    help_ = [sys.executable, "-m", "okrsync.cli.main", "--help"]
    for what, command in (
        ("okrsync --help", help_),
        ("python -c pass", [sys.executable, "-c", ""]),
    ):
        taken = statistics.median(_wall(command) for _ in range(10))
        print(f"{what}: median of 10 {taken:.3f} s")


def _wall(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


@contextmanager
def _served(issues: int) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "okrsync_simulators", "jira", "--generate", str(issues)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def _company(folder: Path, tracker: Mapping[str, Any]) -> Path:
    for name, text in (("okrs.yaml", OKRS), ("mapping.yaml", MAPPING), ("okrsync.yaml", SETTINGS)):
        (folder / name).write_text(text)
    (folder / "tracker.json").write_text(json.dumps(dict(tracker)))
    return folder


def _child(folder: Path, run: str, tracker: Mapping[str, Any]) -> dict[str, float]:
    environ = os.environ | {
        f"OKRSYNC_TRACKERS__BENCH__{key.upper()}": ",".join(value)
        if isinstance(value, list)
        else str(value)
        for key, value in tracker.items()
    }
    command = [sys.executable, str(Path(__file__).resolve()), "--pass", run]
    done = subprocess.run(command, cwd=folder, env=environ, check=True, stdout=subprocess.PIPE)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _measured(work: Callable[[], int]) -> dict[str, float]:
    begun, cpu = time.perf_counter(), time.process_time()
    count = work()
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "count": count,
    }


def _pass(folder: Path) -> dict[str, float]:
    """Pull, judge and plan; return what it took, without what starting takes."""
    with Shell(config=folder / "okrsync.yaml").context() as ctx:
        return _measured(lambda: _planned(passes.run_plan(ctx, list(ctx.scopes()))))


def _write(folder: Path) -> dict[str, float]:
    with Shell(config=folder / "okrsync.yaml").context() as ctx:
        scopes = list(ctx.scopes())
        return _measured(lambda: _planned(passes.run_sync(ctx, scopes, approve=lambda _pass: True)))


def _planned(made: passes.Pass) -> int:
    return made.planned.plan.labels if made.planned else 0


def _bare(folder: Path) -> dict[str, float]:
    """Fetch and decode the pages that a pull asks for, and do nothing with them."""
    tracker = json.loads((folder / "tracker.json").read_text())
    with httpx.Client(auth=(tracker["email"], tracker["token"]), timeout=60) as client:
        url = f"{tracker['url']}/rest/api/3/search/jql"
        return _measured(lambda: sum(_fetched(client, url, scope) for scope in tracker["scopes"]))


def _fetched(client: httpx.Client, url: str, scope: str) -> int:
    count = 0
    body = {
        "jql": f'project = "{scope}" ORDER BY id ASC',
        "fields": list(FIELDS),
        "maxResults": 100,
    }
    while True:
        page = orjson.loads(client.post(url, json=body).content)
        count += len(page["issues"])
        if not page.get("nextPageToken"):
            return count
        body["nextPageToken"] = page["nextPageToken"]


CHILDREN: dict[str, Callable[[Path], dict[str, float]]] = {
    "first": _pass,
    "pass": _pass,
    "write": _write,
    "bare": _bare,
}

if __name__ == "__main__":
    main()
