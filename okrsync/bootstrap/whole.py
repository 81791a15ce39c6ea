"""Wires everything that work in trackers needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okrsync.app.context import Context
from okrsync.bootstrap.clock import SystemClock
from okrsync.bootstrap.goals import goal_source, mapping_source
from okrsync.bootstrap.policies import goal_limits, policy_of, rules_of, vocabulary_of
from okrsync.bootstrap.trackers import Connections, Lasting
from okrsync.storage import open_store
from okrsync.wording import reader as wording_reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from okrsync.app.context import Progress
    from okrsync.core.clock import Clock
    from okrsync.settings.tree import Settings


def _silent(_progress: Progress) -> None:
    """Say nothing."""


def build(
    settings: Settings,
    folder: Path,
    *,
    clock: Clock | None = None,
    tell: Callable[[Progress], None] = _silent,
    requests: Counter[str] | None = None,
    lasting: Lasting | None = None,
) -> Context:
    """Wire everything for *settings*; *folder* is where the settings file lies.

    *requests*, if given, counts what is sent to the trackers, by ``tracker kind``.
    *lasting* is what a process that wires more than once has once.

    Raises:
        ConfigError: a section names something that is not installed.

    """
    clock = clock or SystemClock()
    vocabulary = vocabulary_of(settings)
    lasting = lasting or Lasting()
    counted = Counter() if requests is None else requests
    connections = Connections(clock, vocabulary, tell, counted, lasting)
    return Context(
        store=lasting.store or open_store(settings.store),
        goal_source=goal_source(settings, folder),
        mapping_source=mapping_source(settings, folder),
        setups=connections.setups(settings),
        reader=wording_reader(),
        clock=clock,
        policy=policy_of(settings),
        rules=rules_of(settings),
        thresholds=goal_limits(settings),
        vocabulary=vocabulary,
        tell=tell,
    )
