"""Judges what is to rise, fall, stay or be reached, by what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.getting import money
from okrsync.wording.english.lexicon import cue, english
from okrsync.wording.english.measure import METRICS, measured
from okrsync.wording.english.people import clause_of, is_modifier
from okrsync.wording.english.purposes import by_purpose
from okrsync.wording.english.quantities import is_money
from okrsync.wording.english.verdict import KIND_OF, Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.openings import Opening
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence, Term


def changed(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge "increase X", "cut X by 10%", "reach X" by the X."""
    term = measured(s, opened.last)
    if term is not None and term.name in METRICS:
        told = any(amount.first >= opened.first for amount in found)
        if term.name == "act" and any(is_money(s, amount) for amount in found):
            return Verdict(Kind.IMPACT, 0.6, (opened.at, term.at), term=term)
        return Verdict(KIND_OF[term.name], 0.8 if told else 0.62, (opened.at, term.at), term=term)
    return (
        _people(s, opened, term, found)
        or money(s, opened, found)
        or _shortened(s, opened, found)
        or _something(s, opened, term, found)
        or by_purpose(s, opened, found)
        or (None if "obtain" in opened.classes else Verdict(Kind.TASK, 0.62, (opened.at,)))
    )


def shifted(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge "bring the error rate to 1%" by the measure, and "handle 500 requests" as one."""
    if not any(amount.first >= opened.first for amount in found):
        return None
    if opened.verb in cue("bear") and s.any_low(cue("load")) is not None:
        return Verdict(Kind.SYSTEM, 0.6, (opened.at,))
    term = measured(s, opened.last, strict=True)
    if term is not None and term.name in METRICS:
        return Verdict(KIND_OF[term.name], 0.7, (opened.at, term.at), term=term)
    under = s.any_low(cue("under"), opened.last) is not None
    if under and (term is None or term.name != "people"):
        return Verdict(Kind.SYSTEM, 0.55, (opened.at,))
    return None


def _people(s: Sentence, opened: Opening, term: Term | None, found: list[Amount]) -> Verdict | None:
    """Judge people who are to be more or fewer, or to act."""
    if term is None or term.name != "people" or is_modifier(s, term):
        return None
    if not found or _times(s, opened, found):
        return None
    at = (opened.at, term.at)
    clause = clause_of(s, term)
    if clause and not clause.served:
        return Verdict(Kind.OUTCOME, 0.75, at, clause, term)
    if term.words in english()["colleagues"] and "hold" not in opened.classes:
        share = any(amount.unit == "%" for amount in found)
        return Verdict(Kind.SYSTEM if share else Kind.TASK, 0.5, at)
    sold = term.words in cue("buyers") and "raise" in opened.classes
    return Verdict(Kind.IMPACT if sold else Kind.OUTCOME, 0.6, at, term=term)


def _times(s: Sentence, opened: Opening, found: list[Amount]) -> bool:
    """Whether what is to be less is a time."""
    time = english()["time"]
    timed = any(s.noun(amount.last) in time and amount.unit != "%" for amount in found)
    return "lower" in opened.classes and timed


def _shortened(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    return Verdict(Kind.SYSTEM, 0.6, (opened.at,)) if _times(s, opened, found) else None


def _something(
    s: Sentence, opened: Opening, term: Term | None, found: list[Amount]
) -> Verdict | None:
    """Judge a number about something of no known kind."""
    share = any(amount.unit == "%" and amount.value != 100 for amount in found)
    thing = term is not None and term.name == "thing"
    scored = any(token.noun in cue("heads") for token in s.tokens[opened.last :])
    counts = share or (not opened.makes and (not thing or scored or "lower" in opened.classes))
    if not counts or not any(amount.first >= opened.first for amount in found):
        return None
    by_people = any(
        other.name == "people" and s.low(other.first - 1) in {"from", "by"}
        for other in s.terms_between(opened.last, len(s.tokens))
    )
    return Verdict(Kind.OUTCOME if by_people else Kind.SYSTEM, 0.5, (opened.at,), term=term)
