"""What a goal's fields and words say together: the one door to the readers of texts.

A field that a person filled in wins over what is read from a sentence, and a person's `kind:` or
waiver over the reader's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.kinds import CODE_OF_KIND
from okrsync.wording.reading import Direction

if TYPE_CHECKING:
    from okrsync.core.goals import Goals, Hypothesis, KeyResult
    from okrsync.lint.rule import LintInput
    from okrsync.wording.reading import Reading


@dataclass(frozen=True, slots=True)
class KindTold:
    """What a key result is said or read to be, how surely, and by which words."""

    kind: Kind
    confidence: float | None = None
    """None where a person said it."""
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """By how much, with all that is known of it."""

    baseline: float | None = None
    target: float | None = None
    unit: str = ""
    direction: Direction | None = None
    relative: bool = False
    """The target is an amount of change ("by 15%") and no value."""


def customer_names(goals: Goals) -> tuple[str, ...]:
    """Return every word the register knows customers by, for readers that ask who acts."""
    named = ((each.id, each.name, *each.also) for each in goals.customers)
    return tuple(dict.fromkeys(name for names in named for name in names))


def kind_told(kr: KeyResult, given: LintInput) -> KindTold:
    """Return what it is, whoever waived that; unclear where the reader is not sure."""
    if kr.kind is not None:
        return KindTold(kr.kind)
    reading = given.reader.read(kr.text)
    if not reading.confident:
        return KindTold(Kind.UNCLEAR, reading.confidence)
    return KindTold(reading.kind, reading.confidence, reading.because)


def kind_of(kr: KeyResult, given: LintInput) -> KindTold:
    """Return what it counts as: a finding that somebody waived was a misreading."""
    told = kind_told(kr, given)
    waived = CODE_OF_KIND.get(told.kind) in given.waived.get(kr.id, ())
    return KindTold(Kind.OUTCOME) if waived else told


def who_of(kr: KeyResult, given: LintInput) -> str | None:
    """Return the people who act."""
    return kr.who or _text(given.reader.read(kr.text).who)


def behaviour_of(kr: KeyResult, given: LintInput) -> str | None:
    """Return what these people do."""
    reading = given.reader.read(kr.text)
    only_people = reading.does_what is not None and reading.does_what == reading.who
    return kr.does_what or (None if only_people else _text(reading.does_what))


def has_target(kr: KeyResult, given: LintInput) -> bool:
    """Whether anything says by how much."""
    told, read = kr.by_how_much, given.reader.read(kr.text).by_how_much
    if told is not None and told.target is not None:
        return True
    if read is None:
        return False
    # The number in the sentence may be no more than the baseline that the fields put there.
    return told is None or told.baseline is None or read.amount != told.baseline


def has_baseline(kr: KeyResult, given: LintInput) -> bool:
    """Whether anything says where it starts from."""
    if kr.by_how_much is not None and kr.by_how_much.baseline is not None:
        return True
    return given.reader.read(kr.text).has_baseline


def measure_of(kr: KeyResult, given: LintInput) -> Measure:
    """Return baseline, target and unit as numbers, as far as they are known."""
    reading = given.reader.read(kr.text)
    told = kr.by_how_much
    if told is None or (told.baseline is None and told.target is None):
        return _read_measure(reading)
    read = reading.by_how_much
    return Measure(
        baseline=told.baseline,
        target=told.target,
        unit=told.unit or "",
        direction=_direction(told.baseline, told.target) or (read and read.direction) or None,
    )


def missing_of(hypothesis: Hypothesis, given: LintInput) -> tuple[str, ...]:
    """Return which of thing, people and change a hypothesis does not name."""
    fields = {
        "thing": hypothesis.we_believe,
        "people": hypothesis.for_whom,
        "change": hypothesis.will,
    }
    if all(fields.values()):
        return ()
    reading = given.reader.read_hypothesis(hypothesis.text)
    return tuple(name for name, told in fields.items() if not told and not getattr(reading, name))


def _read_measure(reading: Reading) -> Measure:
    read = reading.by_how_much
    if read is None:
        return Measure()
    return Measure(
        baseline=read.baseline,
        target=read.amount,
        unit=read.unit or "",
        direction=read.direction,
        relative=read.relative,
    )


def _direction(baseline: float | None, target: float | None) -> Direction | None:
    if baseline is None or target is None or baseline == target:
        return None
    return Direction.UP if target > baseline else Direction.DOWN


def _text(span: object) -> str | None:
    return None if span is None else str(span)
