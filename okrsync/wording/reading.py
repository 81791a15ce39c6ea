"""What a reader of key results and hypotheses is, and what it says of a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.core.goals import Kind

CONFIDENT = 0.8
"""Below it a kind counts as unclear: a false alarm costs more trust than a missed one."""


class Direction(StrEnum):
    """Where a measure is meant to go."""

    UP = "up"
    DOWN = "down"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text that was read: ``text[start:end]``."""

    start: int
    end: int
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """By how much: the piece that says so and what could be taken from it.

    A relative target ("by 15%", "double") has an amount and no baseline, unless that is told too.
    """

    span: Span
    amount: float | None = None
    baseline: float | None = None
    baseline_span: Span | None = None
    unit: str | None = None
    direction: Direction | None = None
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a key result was read as: how surely (0 to 1), which words decided, and its parts.

    `kind` is the best guess; whoever acts on it asks `confident` first.
    """

    kind: Kind
    confidence: float
    because: tuple[str, ...] = ()
    who: Span | None = None
    does_what: Span | None = None
    by_how_much: Target | None = None

    @property
    def confident(self) -> bool:
        """Whether the kind may be relied on."""
        return self.confidence >= CONFIDENT

    @property
    def has_baseline(self) -> bool:
        """Whether the value that the measure starts from is told or can be computed."""
        return self.by_how_much is not None and self.by_how_much.baseline_span is not None


@dataclass(frozen=True, slots=True)
class HypothesisReading:
    """The parts of a hypothesis: what is built or done, for whom, and what they will change."""

    thing: Span | None = None
    people: Span | None = None
    change: Span | None = None


class KeyResultReader(Protocol):
    """Reads key results. The same text always gets the same reading from one version."""

    def knowing(self, people: Iterable[str]) -> KeyResultReader:
        """Return a reader for which these names of customers are people too."""

    @property
    def version(self) -> str:
        """Changes whenever any text may be read differently."""

    def read(self, text: str) -> Reading:
        """Read any text whatsoever, in time linear in its length; never raises."""


class HypothesisReader(Protocol):
    """Reads hypotheses, with the same promises."""

    def read_hypothesis(self, text: str) -> HypothesisReading:
        """Read any text whatsoever, in time linear in its length; never raises."""
