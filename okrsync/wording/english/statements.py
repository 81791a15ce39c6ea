"""Judges key results without an opening verb: a state, a number of something, or a noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.clauses import of_subject, on_time, time_limit
from okrsync.wording.english.lexicon import cue, english, union
from okrsync.wording.english.making import by_people, done_by_others, made
from okrsync.wording.english.measure import METRICS, measured
from okrsync.wording.english.people import is_modifier
from okrsync.wording.english.quantities import is_money
from okrsync.wording.english.verdict import KIND_OF, Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence, Term


def of_statement(s: Sentence, first: int, found: list[Amount]) -> Verdict:
    """Judge a sentence or a noun that stands for what should be so."""
    for ask in (
        *(of_subject, _better, by_people, _in_time, done_by_others, made),
        *(_measure, _counted, _thing, _unknown_measure),
    ):
        if (verdict := ask(s, first, found)) is not None:
            return verdict
    return _by_numbers_alone(s, first, found)


def _better(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge "higher adoption of the service" by what is to be more or less."""
    low = s.low(first)
    if low not in english()["more"] or low in {"zero", "positive", "negative"}:
        return None
    term = measured(s, first + 1)
    if term is None or term.name == "thing":
        return None
    kind = KIND_OF.get(term.name, Kind.OUTCOME)
    return Verdict(kind, 0.7 if found else 0.6, ((first, first + 1), term.at), term=term)


def _in_time(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    if time_limit(s, first, found) or on_time(s, first):
        return Verdict(Kind.SYSTEM, 0.65)
    at = s.any_low({"takes", "take", "lasts", "last"})
    if at is not None and any(
        at < amount.first <= at + 4 and s.noun(amount.last) in english()["time"] for amount in found
    ):
        return Verdict(Kind.SYSTEM, 0.65, ((at, at + 1),))
    return None


def _measure(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge a measure with a number; without one most are only a topic to work on."""
    term = measured(s, first, strict=True)
    if term is not None and term.name == "thing" and found:
        term = _thing_has(s, term) or _beside_a_number(s, first, found) or term
    if term is None or term.name not in METRICS:
        return None
    if not _is_asserted(s, first, term, found):
        acts = term.name == "act"
        return Verdict(Kind.OUTCOME if acts else Kind.TASK, 0.45, (term.at,), term=term)
    if term.name == "act" and any(is_money(s, amount) for amount in found):
        return Verdict(Kind.IMPACT, 0.6, (term.at,), term=term)
    return Verdict(KIND_OF[term.name], 0.75 if found else 0.5, (term.at,), term=term)


def _is_asserted(s: Sentence, first: int, term: Term, found: list[Amount]) -> bool:
    """Whether something is said of the measure: a number, a better or an "is"."""
    numbered = any(
        amount.value is not None or s.low(amount.first) not in english()["all"] for amount in found
    )
    return (
        numbered
        or any(token.text == "%" for token in s.tokens)
        or s.any_low(english()["more"], first, term.last) is not None
        or s.any_low(cue("asserting"), first) is not None
    )


def _thing_has(s: Sentence, thing: Term) -> Term | None:
    """Return the measure in "the platform has 100% uptime", "the site gets 500 visits"."""
    verbs = union("obtain", "reach") | {"draw"}
    for at in range(thing.last, len(s.tokens)):
        verb = s.tokens[at].verb_in(verbs) is not None and s.term_at(at) is None
        if verb or s.low(at) in cue("has"):
            term = measured(s, at + 1)
            return term if term is not None and term.name in METRICS | {"people"} else None
    return None


def _beside_a_number(s: Sentence, first: int, found: list[Amount]) -> Term | None:
    """Return the measure in "proposal to contract conversion rate of 50%"."""
    for term in s.terms_between(first, len(s.tokens)):
        near = any(0 < amount.first - term.last <= 2 for amount in found)
        if term.name in METRICS and near:
            return term
    return None


def _counted(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge a number of people of whom nothing more is said."""
    term = measured(s, first)
    if term is not None and term.name == "thing" and found:
        term = _thing_has(s, term)
    if term is None or term.name != "people" or not found or is_modifier(s, term):
        return None
    if s.any_low({"ratio", "per"}, first) is not None:
        return Verdict(Kind.SYSTEM, 0.45, (term.at,))
    if term.words in english()["colleagues"]:
        share = any(amount.unit == "%" for amount in found)
        return Verdict(Kind.SYSTEM if share else Kind.TASK, 0.45, (term.at,))
    bought = s.low(term.first - 1) in {"new", "paying", "enterprise"}
    sold = bought and term.words in {"customer", "client"}
    return Verdict(Kind.IMPACT if sold else Kind.OUTCOME, 0.6, (term.at,), term=term)


def _thing(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge things by their number: a share of them is no task."""
    term = measured(s, first, strict=True)
    if term is None or term.name != "thing":
        return None
    if any(amount.unit == "%" for amount in found):
        return Verdict(_kind_about(s), 0.45, (term.at,), term=term)
    return Verdict(Kind.TASK, 0.5, (term.at,))


def _unknown_measure(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge an unknown rate, score or number of something."""
    heads = cue("heads")
    at = next((at for at in range(first, len(s.tokens)) if s.noun(at) in heads), None)
    if not found or at is None:
        return None
    return Verdict(_kind_about(s), 0.45, ((at, at + 1),))


def _kind_about(s: Sentence) -> Kind:
    people = any(term.name == "people" for term in s.terms)
    return Kind.OUTCOME if people else Kind.SYSTEM


def _by_numbers_alone(s: Sentence, first: int, found: list[Amount]) -> Verdict:
    """Guess from the number, where no word is known."""
    if any(is_money(s, amount) for amount in found):
        return Verdict(Kind.IMPACT, 0.5)
    if found and s.low(first) in cue("none"):
        return Verdict(Kind.SYSTEM, 0.5, ((first, first + 1),))
    if found and s.any_low({"per"}, first) is not None:
        return Verdict(Kind.SYSTEM, 0.4)
    if any(amount.value is not None and amount.unit != "%" for amount in found):
        return Verdict(Kind.OUTCOME, 0.4)
    share = any(amount.unit == "%" and amount.value != 100 for amount in found)
    return Verdict(Kind.SYSTEM if share else Kind.TASK, 0.4)
