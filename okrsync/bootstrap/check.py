"""Wires what `okrsync check` needs: neither store nor tracker is opened."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okrsync.app.check import Checking
from okrsync.bootstrap.clock import SystemClock
from okrsync.bootstrap.goals import goal_source, goals_in, mapping_source
from okrsync.bootstrap.policies import goal_limits, rules_of, vocabulary_of
from okrsync.bootstrap.trackers import Connections
from okrsync.wording import reader as wording_reader

if TYPE_CHECKING:
    from pathlib import Path

    from okrsync.app.context import Progress
    from okrsync.core.clock import Clock
    from okrsync.settings.tree import Settings


def checking(settings: Settings, folder: Path, *, clock: Clock | None = None) -> Checking:
    """Wire a check of the goals and rules that the settings name."""
    folder = folder.absolute()  # as the paths in settings are, so that files are told short
    clock = clock or SystemClock()
    connections = Connections(clock, vocabulary_of(settings), _silent, Counter())
    return Checking(
        goal_source=goal_source(settings, folder),
        mapping_source=mapping_source(settings, folder),
        setups=connections.setups(settings),
        prefix=settings.labels.prefix,
        rules=rules_of(settings),
        limits=goal_limits(settings),
        reader=wording_reader(),
        today=clock.now().astimezone(settings.zone).date(),
    )


def checking_of(
    path: Path, settings: Settings, folder: Path, *, clock: Clock | None = None
) -> Checking:
    """Wire the same for OKR files at *path* that no settings name: there is no mapping then."""
    return Checking(
        goal_source=goals_in(path, folder),
        mapping_source=None,
        setups={},
        prefix=settings.labels.prefix,
        rules=rules_of(settings),
        limits=goal_limits(settings),
        reader=wording_reader(),
        today=(clock or SystemClock()).now().astimezone(settings.zone).date(),
    )


def _silent(_progress: Progress) -> None:
    """Say nothing."""
