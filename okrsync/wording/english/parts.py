"""The parts of a key result as pieces of its text: who, does what, by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.lexicon import cue, english
from okrsync.wording.english.quantities import baseline_among
from okrsync.wording.reading import Direction, Span, Target

if TYPE_CHECKING:
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence
    from okrsync.wording.english.verdict import Verdict

_CHANGES = (("lower", Direction.DOWN), ("raise", Direction.UP), ("hold", Direction.HOLD))


def who(s: Sentence, verdict: Verdict) -> Span | None:
    """Return the people who act. A team that does its own task is nobody's customer."""
    if verdict.clause is not None:
        return _span(s, verdict.clause.who.first, verdict.clause.who.last)
    if verdict.kind is not Kind.OUTCOME:
        return None
    doers = english()["doers"]
    for term in s.terms:
        by_doers = s.low(term.first - 1) in {"per", "across", "by"} and term.words in doers
        if term.name == "people" and not by_doers:
            return _span(s, term.first, term.last)
    return _who_in_an_act(s)


def _who_in_an_act(s: Sentence) -> Span | None:
    """Return the people within "customer satisfaction" or "active users"."""
    people = english()["people"]
    for term in s.terms:
        for at in range(term.first, term.last):
            if term.name == "act" and s.noun(at) in people:
                return _span(s, at, at + 1)
    return None


def does_what(s: Sentence, verdict: Verdict) -> Span | None:
    """Return the act or state of those people; for an act without people, the act."""
    if verdict.kind is not Kind.OUTCOME:
        return None
    if verdict.clause is not None:
        return _span(s, verdict.clause.first, verdict.clause.last)
    if verdict.term is not None:
        return _span(s, verdict.term.first, verdict.term.last)
    first, last = verdict.at[0] if verdict.at else (s.start, s.start + 1)
    return _span(s, first, last)


def by_how_much(s: Sentence, found: list[Amount]) -> Target | None:
    """Return the target, if one is stated."""
    if not found:
        return None
    pair = baseline_among(s, found)
    start, target = pair if pair is not None else (None, _likeliest(s, found))
    relative = start is None and _is_relative(s, target)
    return Target(
        span=_span(s, target.first, target.last),
        amount=target.value,
        baseline=start.value if start is not None else None,
        baseline_span=_span(s, start.first, start.last) if start is not None else None,
        unit=None if target.unit.isupper() else target.unit or None,
        direction=_direction(s, start, target),
        relative=relative,
    )


def _likeliest(s: Sentence, found: list[Amount]) -> Amount:
    """Prefer a number to a word such as "all", and one behind "to" or "by" to the others."""
    numbers = [amount for amount in found if amount.value is not None]
    led = (a for a in numbers if s.low(a.first - 1) in cue("leading to a target"))
    return next(led, next(iter(numbers), found[0]))


def _is_relative(s: Sentence, target: Amount) -> bool:
    said = s.noun(target.first)
    near = s.lows(target.last, target.last + 2)
    told = s.low(target.first - 1) == "by" or said in english()["multiple"]
    return told or bool(near & cue("relative"))


def _direction(s: Sentence, start: Amount | None, target: Amount) -> Direction | None:
    if start is not None and start.value is not None and target.value is not None:
        return Direction.UP if target.value > start.value else Direction.DOWN
    for name, direction in _CHANGES:
        if any(token.verb_in(english()[name]) for token in s.tokens):
            return direction
    near = s.lows(target.first - 3, target.last + 2)
    if near & cue("up"):
        return Direction.UP
    return Direction.DOWN if near & cue("down") else None


def _span(s: Sentence, first: int, last: int) -> Span:
    start, end = s.tokens[first].start, s.tokens[last - 1].end
    return Span(start, end, s.text[start:end])
