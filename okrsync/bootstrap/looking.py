"""Connections for somebody who wants to know how things are, and not to wait."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from okrsync.app.doctor_trackers import Door
from okrsync.core.backoff import Backoff, Retry
from okrsync.core.vocabulary import Vocabulary
from okrsync.errors import TrackerUnavailableError
from okrsync.ports.tracker import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from okrsync.ports.tracker import Budget, TrackerManifest

LONGEST_LOOK = 5.0
"""Seconds that somebody waits who only wants to know how things are."""


def _unheard(_budget: Budget) -> None:
    """Note nothing."""


def looking(
    name: str,
    vocabulary: Vocabulary | None = None,
    *,
    budget: Callable[[Budget], None] = _unheard,
) -> Connection:
    """Return a connection for somebody who wants to know how things are, and not to wait."""
    retry = Retry(partial(_impatient, name), Backoff(tries=2, first=1.0))
    vocabulary = vocabulary or Vocabulary()
    return Connection(name=name, retry=retry, vocabulary=vocabulary, budget=budget)


def door(
    name: str, options: Any, manifest: TrackerManifest, vocabulary: Vocabulary, rings: bool
) -> Door:
    """Return a tracker as `okrsync doctor` tries it; nothing is connected before it is asked."""
    budgets: dict[str, Budget] = {}

    def heard(budget: Budget) -> None:
        budgets[budget.name] = budget

    connection = looking(name, vocabulary, budget=heard)
    survey = manifest.survey
    return Door(
        name=name,
        scopes=tuple(options.scopes),
        connect=lambda: manifest.connect(options, connection),
        survey=None if survey is None else lambda: survey(options, connection),
        webhooks=rings,
        budgets=budgets,
    )


def _impatient(name: str, seconds: float) -> None:
    if seconds > LONGEST_LOOK:
        told = f"it asks us to wait for {seconds:.0f} s: our allowance is used up"
        raise TrackerUnavailableError(told, tracker=name, maybe_done=False)
    time.sleep(seconds)
