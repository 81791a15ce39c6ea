"""``python -m tests.chaos``: a long random history against the real daemon, and its figures.

The seed decides what people, weather and the assassin do, but not when: a failure is replayed as
far as timing allows.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.chaos.company import Company
from tests.chaos.figures import figures
from tests.chaos.story import ChaosError, Story


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="SIGKILLs in all")
    parser.add_argument("--passes", type=int, default=2000, help="passes over failing trackers")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--seconds", type=float, default=12.0, help="the longest life of a daemon")
    parser.add_argument("--calm-every", type=int, default=15, help="lives between two judgements")
    asked = parser.parse_args()
    folder = Path(mkdtemp(prefix="okrsync-chaos-"))
    say(f"seed {asked.seed}, in {folder}")
    begun = time.monotonic()
    with ExitStack() as stack:
        story = Story(Company(asked.seed, folder, stack), say)
        try:
            story.tell(
                asked.kills,
                passes=asked.passes,
                seconds=asked.seconds,
                calm_every=asked.calm_every,
            )
        except (ChaosError, pytest.fail.Exception) as error:
            say(figures(story, time.monotonic() - begun))
            say(f"BROKEN with seed {asked.seed}: {error}")
            return 1
        say(figures(story, time.monotonic() - begun))
    return 0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
