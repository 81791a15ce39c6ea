"""Measures a full pass, memory and the start of the command line; prints, and gates nothing.

    python bench/run.py [--issues 20000] [--rounds 3] [--small 5000] [--large 50000]

The tracker is simulated by a process of its own. A full pass is held against fetching and decoding
the same pages with httpx and orjson alone, the least that any program could do, and against
fetching them as objects of the `jira` library, as many programs do.
"""

from __future__ import annotations

import argparse
import json
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
from jira import JIRA
from stage import company, environment, measured

from okrsync.app import passes
from okrsync.cli.options import Shell
from okrsync.core.reading import Reading
from okrsync_jira.wire import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PAGE = 100


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
        library, bare = _child(where, "library", tracker), _child(where, "bare", tracker)
        _tell("the library's objects", library, bare)
        _tell("first pass (pull, judge, plan)", first, bare)
        written = _child(where, "write", tracker)
        print(f"  labels written: {written['count']:,} in {written['seconds']:.1f} s")
        pairs = [
            (_child(where, "pass", tracker), _child(where, "bare", tracker)) for _ in range(rounds)
        ]
        for ours, bare in pairs:
            _tell("pass in sync (pull, judge, plan)", ours, bare)
        ratio = statistics.median(ours["seconds"] / bare["seconds"] for ours, bare in pairs)
        print(f"  median ratio in sync {ratio:.2f} (aim 2)")
        ratio = statistics.median(ours["cpu"] for ours, _ in pairs) / library["cpu"]
        print(f"  of the CPU that fetching the library's objects takes: {ratio:.2f}")


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
    (folder / "tracker.json").write_text(json.dumps(dict(tracker)))
    return company(folder)


def _child(folder: Path, run: str, tracker: Mapping[str, Any]) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).resolve()), "--pass", run]
    done = subprocess.run(
        command, cwd=folder, env=environment(tracker), check=True, stdout=subprocess.PIPE
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _first(folder: Path) -> dict[str, float]:
    """Pull, judge and plan; return what it took, without what starting takes."""
    with Shell(config=folder / "okrsync.yaml").context() as ctx:
        return measured(lambda: _planned(passes.run_plan(ctx, list(ctx.scopes()))))


def _pass(folder: Path) -> dict[str, float]:
    """Do the same where all is in sync; everything is read again."""
    with Shell(config=folder / "okrsync.yaml").context() as ctx:
        scopes = list(ctx.scopes())
        return measured(lambda: _planned(passes.run_sync(ctx, scopes, reading=Reading.FULL)))


def _write(folder: Path) -> dict[str, float]:
    with Shell(config=folder / "okrsync.yaml").context() as ctx:
        scopes = list(ctx.scopes())
        return measured(lambda: _planned(passes.run_sync(ctx, scopes, approve=lambda _pass: True)))


def _planned(made: passes.Pass) -> int:
    return made.planned.plan.labels if made.planned else 0


def _bare(folder: Path) -> dict[str, float]:
    """Fetch and decode the pages that a pull asks for, and do nothing with them."""
    tracker = json.loads((folder / "tracker.json").read_text())
    with httpx.Client(auth=(tracker["email"], tracker["token"]), timeout=60) as client:
        url = f"{tracker['url']}/rest/api/3/search/jql"
        return measured(lambda: sum(_fetched(client, url, scope) for scope in tracker["scopes"]))


def _library(folder: Path) -> dict[str, float]:
    """Fetch the same pages as objects of the library, and do nothing with them."""
    tracker = json.loads((folder / "tracker.json").read_text())
    library = JIRA(tracker["url"], basic_auth=(tracker["email"], tracker["token"]))
    return measured(lambda: sum(_objects(library, scope) for scope in tracker["scopes"]))


def _objects(library: JIRA, scope: str) -> int:
    count, token = 0, None
    while True:
        page = library.enhanced_search_issues(
            _jql(scope), nextPageToken=token, maxResults=PAGE, fields=list(FIELDS)
        )
        count, token = count + len(page), page.nextPageToken
        if not token:
            return count


def _jql(scope: str) -> str:
    return f'project = "{scope}" ORDER BY id ASC'


def _fetched(client: httpx.Client, url: str, scope: str) -> int:
    count = 0
    body = {
        "jql": _jql(scope),
        "fields": list(FIELDS),
        "maxResults": PAGE,
    }
    while True:
        page = orjson.loads(client.post(url, json=body).content)
        count += len(page["issues"])
        if not page.get("nextPageToken"):
            return count
        body["nextPageToken"] = page["nextPageToken"]


CHILDREN: dict[str, Callable[[Path], dict[str, float]]] = {
    "first": _first,
    "pass": _pass,
    "write": _write,
    "bare": _bare,
    "library": _library,
}

if __name__ == "__main__":
    main()
