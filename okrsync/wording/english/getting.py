"""Judges what is to be had from others: people, their acts, or money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.lexicon import cue, english
from okrsync.wording.english.measure import METRICS, measured
from okrsync.wording.english.people import clause_of, is_modifier
from okrsync.wording.english.purposes import others_choose
from okrsync.wording.english.verdict import KIND_OF, Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.openings import Opening
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence, Term

_SIGNS = frozenset("$€£¥")


def swayed(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Count those who are won over: "convert 5% of free accounts"."""
    term = measured(s, opened.last)
    people = term is not None and term.name in {"people", "act"}
    share = any(amount.unit == "%" for amount in found)
    if not found or not (people or share):
        return None
    return Verdict(Kind.OUTCOME, 0.6, (opened.at,), term=term)


def obtained(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge what is to be had by whether others must give it."""
    if opened.verb in {"get", "have"} and (others := others_choose(s, found)):
        return others
    term = measured(s, opened.last, strict=opened.makes)
    if opened.verb == "attract" and (term is None or term.name != "business"):
        return Verdict(Kind.OUTCOME, 0.6, (opened.at,), term=term)
    told = any(amount.first >= opened.first for amount in found)
    if term is None:
        return None
    if term.name in METRICS:
        return _measure(opened, term, told=told)
    if term.name == "people" and told and not is_modifier(s, term):
        return _people(s, opened, term)
    return None


def _measure(opened: Opening, term: Term, *, told: bool) -> Verdict | None:
    has = opened.verb in {"get", "have"} and not told
    has = has or opened.verb == "have"
    makes = opened.makes and not has
    if (term.name == "machine" and makes) or not (told or not (makes or has)):
        return None
    return Verdict(KIND_OF[term.name], 0.6 if makes else 0.7, (opened.at, term.at), term=term)


def _people(s: Sentence, opened: Opening, term: Term) -> Verdict | None:
    at = (opened.at, term.at)
    clause = clause_of(s, term)
    if clause is not None and not clause.served:
        return Verdict(Kind.OUTCOME, 0.65, at, clause, term)
    if term.words in cue("buyers") and opened.verb not in {"book", "collect"}:
        return Verdict(Kind.IMPACT, 0.6, at, term=term)
    joins = not opened.makes or opened.verb in {"have", "add", "enrol", "enroll", "sign"}
    if not joins or term.words in english()["colleagues"]:
        return None
    return Verdict(Kind.OUTCOME, 0.6, at, term=term)


def money(_: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge money that is to come in, whatever it is called."""
    if opened.verb not in cue("earn") and "raise" not in opened.classes:
        return None
    for amount in found:
        if amount.unit in _SIGNS or opened.verb == "sell":
            at = (opened.at, (amount.first, amount.last))
            return Verdict(Kind.IMPACT, 0.65, at)
    return None
