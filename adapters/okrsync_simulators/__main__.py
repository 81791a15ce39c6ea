"""`python -m okrsync_simulators TRACKER`: serves a simulated tracker until interrupted.

The connection settings are printed as one line of JSON once it listens.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import orjson

from okrsync_simulators import JIRA, JIRA_DATACENTER, LINEAR
from okrsync_simulators.jira import generated, serve_world
from okrsync_simulators.jira.loading import UnusableIssueError
from okrsync_simulators.loading import UnreadableIssuesError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from okrsync_simulators.manifest import Running

SIMULATORS = {each.name: each for each in (JIRA, JIRA_DATACENTER, LINEAR)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve what the command line asks for; return the exit code."""
    options = _parser().parse_args(arguments)
    stop = Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, lambda *_: stop.set())
    try:
        with _opened(options) as running:
            sys.stdout.buffer.write(orjson.dumps(dict(running.settings)) + b"\n")
            sys.stdout.flush()
            stop.wait()
    except (UnreadableIssuesError, UnusableIssueError, RuntimeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m okrsync_simulators", description=__doc__)
    parser.add_argument("tracker", choices=SIMULATORS)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--issues", type=Path, help="issues as JSON or JSON lines, also gzipped")
    parser.add_argument("--seed", type=int, default=1, help="of the example company")
    parser.add_argument("--lag", type=float, default=0.0, help="seconds by which search is behind")
    parser.add_argument("--generate", type=int, metavar="N", help="jira: N synthetic issues")
    return parser


def _opened(options: argparse.Namespace) -> AbstractContextManager[Running]:
    if options.generate is not None and options.tracker == JIRA.name:
        world = generated(options.generate, options.seed, lag_seconds=options.lag)
        return serve_world(world, port=options.port)
    return SIMULATORS[options.tracker].open(
        issues=options.issues, seed=options.seed, lag_seconds=options.lag, port=options.port
    )


if __name__ == "__main__":
    sys.exit(main())
