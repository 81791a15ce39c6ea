"""Looks behind the thing made for the measure it is made for.

"Launch the scheme and win 200 users", "a course that 70% of managers finish": such a mixture takes
the kind of the part that carries the measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.clauses import share_of_people
from okrsync.wording.english.lexicon import english
from okrsync.wording.english.measure import METRICS, measured
from okrsync.wording.english.statements import by_people, of_statement
from okrsync.wording.english.verdict import KIND_OF, Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.phrases import Opening
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence

_TELLS = frozenset({"to", "that", "and", "which", "will", ","})
_JOINS = frozenset({"that", "so", "where", "which"})


def by_purpose(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Look for a measure behind the thing made."""
    for ask in (_by_change, _with_measure, _with_audience, _of_joined, _from_people):
        if (verdict := ask(s, opened, found)) is not None:
            return verdict
    return None


def others_choose(s: Sentence, found: list[Amount]) -> Verdict | None:
    """Look for a number that is to do something: "get 20 to join"."""
    behave = english()["behave"]
    for amount in found:
        for at in range(amount.last, min(amount.last + 7, len(s.tokens) - 1)):
            verb = s.tokens[at + 1].verb_in(behave)
            if s.low(at) == "to" and verb and s.tokens[at + 1].low == verb:
                return Verdict(Kind.OUTCOME, 0.6, ((at + 1, at + 2),), rule="others choose")
    return None


def _by_change(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "to increase usage by 15%", "and get 30 sign-ups"."""
    words = english()
    change = words["raise"] | words["lower"] | words["reach"] | words["obtain"] | {"draw"}
    for at in range(opened.last + 1, len(s.tokens)):
        token = s.tokens[at]
        if not (s.low(at - 1) in _TELLS or token.low.endswith("ing")) or not token.verb_in(change):
            continue
        later = [amount for amount in found if amount.first > at]
        if not later:
            return None
        if token.low == "get" and (others := others_choose(s, later)):
            return others
        term = measured(s, at + 1)
        if term is not None and (term.name in METRICS or _is_audience(s, term.first, term.words)):
            at_words = ((at, at + 1), (term.first, term.last))
            kind = KIND_OF.get(term.name, Kind.OUTCOME)
            return Verdict(kind, 0.6, at_words, term=term, rule="purpose")
        if any(s.low(amount.last) == "out" for amount in later):
            return Verdict(Kind.OUTCOME, 0.6, ((at, at + 1),), rule="purpose score")
    return None


def _with_measure(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "with a completion rate above 75%", "with 4.5 stars"."""
    at = s.any_low({"with"}, opened.last)
    if at is None or not any(at < amount.first <= at + 7 for amount in found):
        return None
    term = measured(s, at + 1, min(at + 8, len(s.tokens)), strict=True)
    if term is None or term.name not in {"act", "machine"} or term.first > at + 5:
        return None
    return Verdict(KIND_OF[term.name], 0.6, ((term.first, term.last),), term=term, rule="with measure")


def _with_audience(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "with 200 visitors": people who come of their own will."""
    for term in s.terms_between(opened.last, len(s.tokens)):
        counted = any(amount.value and 0 <= term.first - amount.last <= 2 for amount in found)
        before = {s.low(at) for at in range(max(opened.last, term.first - 6), term.first)}
        if term.name == "people" and counted and "with" in before and _is_audience(s, term.first, term.words):
            if opened.verb not in {"conduct", "interview", "meet", "work", "partner", "test", "engage"}:
                return Verdict(Kind.OUTCOME, 0.55, ((term.first, term.last),), term=term, rule="audience")
    return None


def _is_audience(s: Sentence, at: int, words: str) -> bool:
    return words in english()["audience"] or s.noun(at) in english()["audience"]


def _of_joined(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge what follows "so that", if it has the number: "so that 80% of staff ..."."""
    at = s.any_low(_JOINS, opened.last + 1)
    later = [amount for amount in found if at is not None and amount.first > at]
    if at is None or not any(amount.value is not None for amount in later):
        return None
    first = at + 2 if s.low(at + 1) == "that" else at + 1
    verdict = share_of_people(s, later) or of_statement(s, first, later)
    return verdict if verdict.kind is Kind.OUTCOME and verdict.confidence >= 0.6 else by_people(s, opened.last, later)


def _from_people(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find "collect ideas from 100 employees"."""
    if opened.verb not in {"collect", "gather", "source", "solicit", "receive"}:
        return None
    for amount in found:
        term = next((t for t in s.terms if 0 <= t.first - amount.last <= 2), None)
        if term is not None and term.name == "people" and s.low(amount.first - 1) in {"from", "least", "than"}:
            return Verdict(Kind.OUTCOME, 0.55, ((term.first, term.last),), term=term, rule="from people")
    return None
