"""What is counted while a history of chaos goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class Counts:
    """The figures of a history."""

    passes: Counter[str] = field(default_factory=Counter)
    """By how they ended."""
    under_faults: int = 0
    """Passes over a tracker that failed in the same life of the daemon."""
    hit: int = 0
    """Passes during which the tracker failed."""
    kills: int = 0
    in_order: int = 0
    """How often the daemon was asked to end."""
    calms: int = 0
    waits: int = 0
    commands: Counter[int] = field(default_factory=Counter)
    """Commands beside the daemon, by their exit code."""
    crossed: Sequence[str] = ()
    untold: int = 0
    untouched: int = 0
    heeded: int = 0
    answered: int = 0
    """Questions about vanished labels."""
