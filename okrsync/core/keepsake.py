"""Goals and mapping as one text and back: whole, so that they can be in force without their files.

`snapshot` keeps what labels may still need of goals that vanished; this keeps everything that
judging needs, for a daemon that starts while the files are broken.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from okrsync.core.goalcheck import build
from okrsync.core.goals import (  # noqa: TC001 - `built` reads the annotations
    Belief,
    Customer,
    Cycle,
    Goals,
    Hypothesis,
    Objective,
    Strategy,
    Team,
    Unit,
)
from okrsync.core.mapping import Mapping
from okrsync.core.snapshot import built, plain

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What people wrote of goals; what follows from it is worked out again."""

    strategies: tuple[Strategy, ...]
    customers: tuple[Customer, ...]
    journey: tuple[str, ...]
    units: tuple[Unit, ...]
    teams: tuple[Team, ...]
    cycles: tuple[Cycle, ...]
    objectives: tuple[Objective, ...]
    hypotheses: tuple[Hypothesis, ...]
    beliefs: tuple[Belief, ...]


def dump(goals: Goals, mapping: Mapping) -> str:
    """Write goals and mapping."""
    written = {each.name: getattr(goals, each.name) for each in fields(_Written)}
    told = {"goals": plain(_Written(**written)), "mapping": plain(mapping)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> tuple[Goals, Mapping]:
    """Read what `dump` wrote.

    Raises:
        ValueError: it was written by an okrsync that knew other fields.

    """
    try:
        told: dict[str, Any] = json.loads(text)
        written: _Written = built(told["goals"], _Written)
        mapping: Mapping = built(told["mapping"], Mapping)
    except (KeyError, TypeError) as error:
        raise ValueError("these goals were stored by another version") from error
    goals, _ = build(**{each.name: getattr(written, each.name) for each in fields(_Written)})
    if goals is None:
        raise ValueError("these goals were stored by a version that allowed more")
    return goals, mapping
