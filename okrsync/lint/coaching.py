"""One key result as text: what it is, what it lacks, and a frame to say it better.

Pure. It judges as the rules do, as if the text were a team's key result, and writes nobody's key
result for them: a frame leaves the thinking open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Goals, KeyResult, Kind, Objective
from okrsync.lint.memo import Remembering
from okrsync.lint.rule import LintInput
from okrsync.lint.rules import rule_named

if TYPE_CHECKING:
    from datetime import date

    from okrsync.lint.rule import Hit, Reader, Rule
    from okrsync.wording.reading import Reading

_CODES = (
    *("KR201", "KR202", "KR203", "KR204", "KR205", "KR206", "KR207"),
    *("KR208", "KR210", "KR212", "OKR106"),
)
RULES: tuple[Rule, ...] = tuple(rule for code in _CODES if (rule := rule_named(code)))
"""The rules that need no more than the text."""

_FRAMES = {
    Kind.TASK: "Once it is done: *who* will *do what*, from _ to _?",
    Kind.SYSTEM: "Behind this number there is a human: *who* notices it, and will *do what*, "
    "from _ to _?",
    Kind.IMPACT: "Before this moves: *which customers* will *do what* more, or less, from _ to _?",
    Kind.UNCLEAR: "*Who* will *do what*, from _ to _?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What one rule says of the text."""

    code: str
    message: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What there is to say about one text; a part that is absent is None."""

    text: str
    kind: Kind
    """The best guess; whether it may be relied on is told by `sure`."""
    sure: bool
    confidence: float
    because: tuple[str, ...]
    who: str | None
    does_what: str | None
    by_how_much: str | None
    baseline: float | None
    target: float | None
    unit: str | None
    findings: tuple[Remark, ...]
    rewrite: str | None
    """A frame to fill in; None if nothing is missing."""


def coach(text: str, reader: Reader, today: date) -> Advice:
    """Read *text* as a key result of a team and say what would make it a better one."""
    reader = Remembering(reader)
    reading = reader.read(text)
    findings = tuple(_findings(text, reader, today))
    measure = reading.by_how_much
    return Advice(
        text=text,
        kind=reading.kind,
        sure=reading.confident,
        confidence=reading.confidence,
        because=reading.because,
        who=_said(reading.who),
        does_what=_said(reading.does_what),
        by_how_much=_said(measure.span) if measure else None,
        baseline=measure.baseline if measure else None,
        target=measure.amount if measure else None,
        unit=measure.unit if measure else None,
        findings=findings,
        rewrite=_frame(reading, text, frozenset(each.code for each in findings))
        if findings or not reading.confident
        else None,
    )


def _findings(text: str, reader: Reader, today: date) -> list[Remark]:
    kr = KeyResult(id="This", objective="O", statement=text)
    objective = Objective(id="O", title="", key_results=(kr,))
    given = LintInput(goals=Goals(objectives=(objective,)), today=today, reader=reader)
    return [_remark(rule, hit) for rule in RULES for hit in rule.check(given)]


def _remark(rule: Rule, hit: Hit) -> Remark:
    return Remark(code=rule.code, message=hit.message, action=hit.action)


def _frame(reading: Reading, text: str, lacking: frozenset[str]) -> str:
    """Return a frame for its kind, or of an outcome its own words with gaps for what is missing."""
    kind = reading.kind if reading.confident else Kind.UNCLEAR
    if kind in _FRAMES:
        return _FRAMES[kind]
    who = "*Who*: " if "KR202" in lacking else ""
    what = " who *do what*" if "KR203" in lacking else ""
    measure = ": from _ to _" if lacking & {"KR204", "KR205", "KR208"} else ""
    return f"{who}{text.strip().rstrip('.!?')}{what}{measure}?"


def _said(span: object) -> str | None:
    return None if span is None else str(span)
