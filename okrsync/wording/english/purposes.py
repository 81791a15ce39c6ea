"""Looks behind the thing made for the measure it is made for.

"Launch the scheme and win 200 users", "a course that 70% of managers finish": such a mixture takes
the kind of the part that carries the measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.clauses import share_of_people
from okrsync.wording.english.lexicon import cue, english, union
from okrsync.wording.english.making import by_people
from okrsync.wording.english.measure import METRICS, measured
from okrsync.wording.english.statements import of_statement
from okrsync.wording.english.verdict import KIND_OF, Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.openings import Opening
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence, Term


def by_purpose(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Look for a measure behind the thing made."""
    for ask in (_by_change, _with_measure, _with_audience, _of_joined, _from_people, _to_share):
        if (verdict := ask(s, opened, found)) is not None:
            return verdict
    return None


def others_choose(s: Sentence, found: list[Amount]) -> Verdict | None:
    """Look for a number that is to do something: "get 20 to join"."""
    for amount in found:
        for at in range(amount.last, min(amount.last + 7, len(s.tokens) - 1)):
            follows = s.tokens[at + 1]
            verb = follows.verb_in(english()["behave"])
            if s.low(at) == "to" and verb and follows.low == verb:
                return Verdict(Kind.OUTCOME, 0.6, ((at + 1, at + 2),))
    return None


def _by_change(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "to increase usage by 15%", "and get 30 sign-ups"."""
    change = union("raise", "lower", "reach", "obtain") | {"draw"}
    for at in range(opened.last + 1, len(s.tokens)):
        token = s.tokens[at]
        tells = s.low(at - 1) in cue("purpose") | {","} or token.low.endswith("ing")
        if not tells or not token.verb_in(change):
            continue
        later = [amount for amount in found if amount.first > at]
        if not later:
            return None
        if (verdict := _changed_from(s, at, later)) is not None:
            return verdict
    return None


def _changed_from(s: Sentence, at: int, later: list[Amount]) -> Verdict | None:
    if s.low(at) == "get" and (others := others_choose(s, later)):
        return others
    term = measured(s, at + 1)
    if term is not None and (term.name in METRICS or _is_audience(s, term)):
        kind = KIND_OF.get(term.name, Kind.OUTCOME)
        return Verdict(kind, 0.6, ((at, at + 1), term.at), term=term)
    scored = any(s.low(amount.last) == "out" for amount in later)
    return Verdict(Kind.OUTCOME, 0.6, ((at, at + 1),)) if scored else None


def _with_measure(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "with a completion rate above 75%", "with 4.5 stars"."""
    at = s.any_low({"with"}, opened.last)
    if at is None or not any(at < amount.first <= at + 7 for amount in found):
        return None
    term = measured(s, at + 1, min(at + 8, len(s.tokens)), strict=True)
    if term is None or term.name not in {"act", "machine"} or term.first > at + 5:
        return None
    return Verdict(KIND_OF[term.name], 0.6, (term.at,), term=term)


def _with_audience(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "with 200 visitors": people who come of their own will."""
    if opened.verb in cue("among people"):
        return None
    for term in s.terms_between(opened.last, len(s.tokens)):
        counted = any(amount.value and 0 <= term.first - amount.last <= 2 for amount in found)
        beside = "with" in s.lows(max(opened.last, term.first - 6), term.first)
        if term.name == "people" and counted and beside and _is_audience(s, term):
            return Verdict(Kind.OUTCOME, 0.55, (term.at,), term=term)
    return None


def _is_audience(s: Sentence, term: Term) -> bool:
    audience = english()["audience"]
    return term.words in audience or s.noun(term.first) in audience


def _of_joined(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge what follows "so that", if it has the number: "so that 80% of staff ..."."""
    at = s.any_low(cue("joined"), opened.last + 1)
    later = [amount for amount in found if at is not None and amount.first > at]
    numbered = any(s.low(amount.first) not in english()["all"] for amount in later)
    if at is None or not numbered:
        return by_people(s, opened.last, found) if found else None
    first = at + 2 if s.low(at + 1) == "that" else at + 1
    verdict = share_of_people(s, later) or of_statement(s, first, later)
    if verdict.kind is Kind.OUTCOME and verdict.confidence >= 0.6:
        return verdict
    return by_people(s, opened.last, later)


def _from_people(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "collect ideas from 100 employees"."""
    if opened.verb not in cue("collecting"):
        return None
    for amount in found:
        term = next((term for term in s.terms if 0 <= term.first - amount.last <= 2), None)
        sources = s.low(amount.first - 1) in {"from", "least", "than"}
        if term is not None and term.name == "people" and sources:
            return Verdict(Kind.OUTCOME, 0.55, (term.at,), term=term)
    return None


def _to_share(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "... to 80%", "... by 10%" behind a verb that alone would open a task."""
    aims = {"to", "by", "above", "over", "at", "below", "under"}
    for amount in found:
        if amount.unit != "%" or amount.value == 100 or s.low(amount.first - 1) not in aims:
            continue
        term = measured(s, opened.last)
        before = s.terms_between(opened.last, amount.first)
        people = any(other.name == "people" for other in before)
        fallback = Kind.OUTCOME if people else Kind.SYSTEM
        kind = KIND_OF.get(term.name, fallback) if term is not None else fallback
        return Verdict(kind, 0.45, ((amount.first, amount.last),), term=term)
    return None
