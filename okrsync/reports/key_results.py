"""Key results as a report shows them, ready and cut like everything in `okrsync.reports.value`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How a key result stands, by what its team said last. Silence is a standing of its own."""

    LIKELY = "likely"
    UNSURE = "unsure"
    UNLIKELY = "unlikely"
    NOT_SAID = "not said"
    """There was a check-in in time, without a confidence."""
    SILENT = "silent"
    """There was no check-in in time."""


@dataclass(frozen=True, slots=True)
class StandingCount:
    """How many key results stand in some way."""

    standing: Standing
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyResultLine:
    """One key result: who does what by how much, and what its team last said."""

    id: str
    text: str
    baseline: float | None = None
    now: float | None = None
    target: float | None = None
    unit: str = ""
    way: float | None = None
    """Of the way from baseline to target, from 0 to 1; from values people noted alone."""
    value_before: float | None = None
    indicator: str | None = None
    confidence: float | None = None
    standing: Standing
    silent_days: int | None = None
    """Days since the last check-in; None where there never was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveLine:
    """An objective with its key results."""

    id: str
    title: str
    owners: str
    """The names of the teams or the unit; empty for the company."""
    key_results: tuple[KeyResultLine, ...]
