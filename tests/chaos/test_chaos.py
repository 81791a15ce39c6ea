"""The short form of `python -m tests.chaos`: some lives of the daemon, and everything judged."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.chaos.company import Company
from tests.chaos.figures import figures
from tests.chaos.story import Story

if TYPE_CHECKING:
    from pathlib import Path

# On a build machine the same people do the same every time, if not at the same moment.
SEED = 1 if os.environ.get("CI") else int(time.time()) % 100_000
KILLS = 3


@pytest.mark.slow
def test_the_daemon_keeps_its_promises_through_storms_and_kills(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = time.monotonic()
    with ExitStack() as stack:
        story = Story(Company(SEED, tmp_path, stack), chance=30)  # a busy machine writes late
        try:
            story.tell(KILLS, seconds=4.0, calm_every=100)
        finally:
            with capsys.disabled():
                print(f"\nchaos, seed {SEED}: {figures(story, time.monotonic() - begun)}")  # noqa: T201
    assert story.counts.kills >= KILLS
    assert story.counts.calms == 1
