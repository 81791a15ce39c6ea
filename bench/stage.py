"""What the measurements of passes share: a company, and how work in another process is measured.

A child is a process of its own, so that its time and memory are those of what it does alone.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

PASSING = str(Path(__file__).resolve().parent / "passing.py")
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
store: sqlite:///okrsync.db
web: {port: 0}
sync:
  {mode: write, every: 1h, done_within: 100w, max_changes: 10000000, max_change_percent: 100}
"""


def company(folder: Path, *, okrs: str = OKRS, mapping: str = MAPPING) -> Path:
    """Write the files of a company; return its folder."""
    files = {"okrs.yaml": okrs, "mapping.yaml": mapping, "okrsync.yaml": SETTINGS}
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@contextmanager
def at_work(
    tracker: Mapping[str, Any], *, okrs: str = OKRS, mapping: str = MAPPING, **more: str
) -> Iterator[subprocess.Popen[str]]:
    """Open a company on a tracker, with an okrsync that makes the passes it is asked for."""
    with tempfile.TemporaryDirectory() as name:
        folder = company(Path(name), okrs=okrs, mapping=mapping)
        with started([PASSING], folder, environment(tracker, **more)) as process:
            yield process


def environment(tracker: Mapping[str, Any], **more: str) -> dict[str, str]:
    """Return the environment that tells okrsync how to reach *tracker*."""
    told = {
        f"OKRSYNC_TRACKERS__BENCH__{key.upper()}": ",".join(value)
        if isinstance(value, list | tuple)
        else str(value)
        for key, value in tracker.items()
    }
    return os.environ | told | more


@contextmanager
def started(
    words: Sequence[str], folder: Path, environ: Mapping[str, str], errors: Any = None
) -> Iterator[subprocess.Popen[str]]:
    """Run this Python with *words* until the block ends."""
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def answer_of(process: subprocess.Popen[str]) -> Any:
    """Return the next line that a child says."""
    assert process.stdout is not None  # noqa: S101 - for the type checker
    return json.loads(process.stdout.readline())


def ask(process: subprocess.Popen[str], **words: Any) -> Any:
    """Say something to a child and return what it answers."""
    assert process.stdin is not None  # noqa: S101 - for the type checker
    process.stdin.write(json.dumps(words) + "\n")
    process.stdin.flush()
    return answer_of(process)


def measured(work: Callable[[], int]) -> dict[str, float]:
    """Do the work, which returns a count, and tell what it took."""
    begun, cpu = time.perf_counter(), time.process_time()
    count = work()
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "count": count,
    }
