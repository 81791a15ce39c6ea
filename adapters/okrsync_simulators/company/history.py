"""When things happened in the example company, told backwards from the present."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random


class Stage(StrEnum):
    """How far a piece of work has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Life:
    """The dates of one piece of work; `ended` only when it is done or dropped."""

    stage: Stage
    created: datetime
    updated: datetime
    ended: datetime | None


def live(random: Random, now: datetime) -> Life:
    """Return a life: one in three still waits, half of what ended did so long ago."""
    stage = random.choices(tuple(Stage), weights=(34, 24, 34, 8))[0]
    if stage in {Stage.WAITING, Stage.RUNNING}:
        created = ago(random, now, 2, 150)
        return Life(stage, created, between(random, created, now), None)
    ended = ago(random, now, 1, 28) if random.random() < 0.5 else ago(random, now, 45, 320)
    created = ended - timedelta(days=random.uniform(2, 60))
    return Life(stage, _whole_ms(created), ended + timedelta(seconds=2), ended)


def ago(random: Random, now: datetime, least: float, most: float) -> datetime:
    """Return a moment between *least* and *most* days before *now*."""
    return _whole_ms(now - timedelta(days=random.uniform(least, most)))


def between(random: Random, start: datetime, end: datetime) -> datetime:
    """Return a moment between the two."""
    return _whole_ms(start + (end - start) * random.random())


def _whole_ms(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
