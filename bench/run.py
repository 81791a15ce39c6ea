"""Measures full passes, memory and the start of the command line; prints, and gates nothing.

    python bench/run.py [--issues 100000] [--rounds 3] [--small 10000] [--large 100000]

Two passes are measured. The first one reads, stores, judges and plans everything. A full pass in
sync is what the daemon makes once a week where all is written and nothing changed: it fetches every
issue, and looks closely only at what is not as it was.

The tracker is simulated by a process of its own, okrsync works in others. Both passes are held
against fetching and decoding the same pages, of the same size and with the same fields, with httpx
and orjson alone, the least that any program could do; and against fetching them as objects of the
`jira` library, as many programs do. A baseline runs just before the pass that is held against it.
Seconds by the clock hold what the tracker takes, and seconds of CPU what we take alone.
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
from functools import partial
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
    from collections.abc import Callable, Iterator, Mapping, Sequence

PAGE = 100
ASKED = [*FIELDS, "statuscategorychangedate", "description"]
"""What okrsync asks of Jira Cloud where goals may be mentioned in texts, as they may here."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--only", choices=("passes", "memory", "start"))
    parser.add_argument("--pass", dest="run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(CHILDREN[options.run](Path.cwd())))
        return
    parts: dict[str, Callable[[], None]] = {
        "passes": lambda: _report_passes(options.issues, options.rounds),
        "memory": lambda: _report_memory(options.small, options.large),
        "start": _report_start,
    }
    for name, report in parts.items():
        if options.only in {None, name}:
            report()


def _report_passes(issues: int, rounds: int) -> None:
    print(f"Passes over {issues:,} issues against fetching and decoding the same pages")
    with tempfile.TemporaryDirectory() as folder, _served(issues) as tracker:
        where = _company(Path(folder), tracker)
        library, bare = _child(where, "library", tracker), _child(where, "bare", tracker)
        _tell("the library's objects", library, [(library, bare)])
        _tell("first pass (pull, judge, plan)", library, [_pair(where, "first", tracker)])
        written = _child(where, "write", tracker)
        print(f"  labels written: {written['count']:,} in {written['seconds']:.1f} s")
        _tell("full pass, all was written since", library, [_pair(where, "full", tracker)])
        pairs = [_pair(where, "full", tracker) for _ in range(rounds)]
        _tell("full pass in sync (aim: ratio 2)", library, pairs)


def _pair(
    where: Path, run: str, tracker: Mapping[str, Any]
) -> tuple[dict[str, float], dict[str, float]]:
    """Run a pass, just after what it is held against."""
    bare = _child(where, "bare", tracker)
    return _child(where, run, tracker), bare


def _tell(
    what: str,
    library: Mapping[str, float],
    pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]],
) -> None:
    """Tell the middle one of several rounds, by their ratio."""
    ours, bare = sorted(pairs, key=lambda pair: pair[0]["seconds"] / pair[1]["seconds"])[
        len(pairs) // 2
    ]
    print(f"  {what}:")
    for clock, unit in (("seconds", "s"), ("cpu", "s of CPU")):
        print(
            f"    {ours[clock]:.2f} {unit}, alone {bare[clock]:.2f}: "
            f"ratio {ours[clock] / bare[clock]:.2f}; "
            f"of the library's objects {ours[clock] / library[clock]:.2f}"
        )


def _report_memory(small: int, large: int) -> None:
    """Tell what passes take at their peak, each in a process of its own."""
    peaks: dict[str, dict[int, float]] = {"first": {}, "full": {}}
    for issues in (small, large):
        with tempfile.TemporaryDirectory() as folder, _served(issues) as tracker:
            where = _company(Path(folder), tracker)
            for run, known in peaks.items():
                told = _child(where, run, tracker, OKRSYNC_SYNC__MODE="report")
                known[issues] = told["megabytes"]
    for run, known in peaks.items():
        print(
            f"Peak memory, {run} pass: {small:,} issues {known[small]:.0f} MB, "
            f"{large:,} issues {known[large]:.0f} MB, "
            f"ratio {known[large] / known[small]:.2f} (aim 1)"
        )


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


def _child(folder: Path, run: str, tracker: Mapping[str, Any], **more: str) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).resolve()), "--pass", run]
    done = subprocess.run(
        command, cwd=folder, env=environment(tracker, **more), check=True, stdout=subprocess.PIPE
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _first(folder: Path) -> dict[str, float]:
    """Pull, judge and plan; return what it took, without what starting takes."""
    with Shell(config=folder / "okrsync.yaml").context() as ctx:
        return measured(lambda: _planned(passes.run_plan(ctx, list(ctx.scopes()))))


def _full(folder: Path) -> dict[str, float]:
    """Read everything again as the daemon does."""
    with Shell(config=folder / "okrsync.yaml").context() as ctx:
        sync = partial(passes.run_sync, ctx, kind=passes.PASS, reading=Reading.FULL, thorough=False)
        return measured(lambda: sum(_planned(sync([place])) for place in ctx.scopes()))


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
            _jql(scope), nextPageToken=token, maxResults=PAGE, fields=ASKED
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
        "fields": ASKED,
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
    "full": _full,
    "write": _write,
    "bare": _bare,
    "library": _library,
}

if __name__ == "__main__":
    main()
