"""Judges key results without an opening verb: a state, a number of something, or a noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.clauses import of_clause, on_time, time_limit
from okrsync.wording.english.lexicon import english
from okrsync.wording.english.measure import METRICS, measured
from okrsync.wording.english.phrases import clause_of, is_modifier, subject_people
from okrsync.wording.english.quantities import is_money
from okrsync.wording.english.verdict import KIND_OF, Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence, Term

_COMPARING = frozenset({"compared", "based", "measured", "tied", "related", "as"})
_NOT_MADE = frozenset({"used", "spent", "read", "taken", "visited", "attended", "adopted", "had"})
_HAS = frozenset({"has", "have", "is", "are", "with", "at", "shows", "can", "handles", "supports"})
_APPROVERS = frozenset({"board", "management", "leadership", "team", "stakeholder", "executive", "legal", "committee", "council", "director", "vp"})
_HEADS = frozenset("rate ratio score index percentage average level number count volume time median percent percentile age size".split())
_CHOOSING = frozenset({"adopt", "use", "join", "cite", "choose", "contribute", "recommend", "reference", "mention"})


def of_statement(s: Sentence, first: int, found: list[Amount]) -> Verdict:
    """Judge a sentence or a noun that stands for what should be so."""
    for ask in (_people_act, _better, by_people, _in_time, _done_by_others, _made, _measure, _counted, _thing, _unknown_measure):
        if (verdict := ask(s, first, found)) is not None:
            return verdict
    if any(is_money(s, amount) for amount in found):
        return Verdict(Kind.IMPACT, 0.5, rule="money")
    if s.low(first) in {"no", "zero", "0", "fewer", "less"} and found:
        return Verdict(Kind.SYSTEM, 0.5, ((first, first + 1),), rule="none of something")
    if s.any_low({"per"}, first) is not None and found:
        return Verdict(Kind.SYSTEM, 0.4, rule="per something")
    if any(amount.value is not None and amount.unit != "%" for amount in found):
        return Verdict(Kind.OUTCOME, 0.4, rule="number of something")
    if any(amount.unit == "%" and amount.value != 100 for amount in found):
        return Verdict(Kind.SYSTEM, 0.4, rule="share of something")
    return Verdict(Kind.TASK, 0.4, rule="default")


def _people_act(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    who = subject_people(s, first, len(s.tokens))
    clause = clause_of(s, who) if who is not None else None
    return of_clause(s, clause, found) if clause is not None else None


def _better(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge "higher adoption of the service" by what is to be more or less."""
    words = english()["more"]
    if s.low(first) not in words or s.low(first) in {"zero", "positive", "negative"}:
        return None
    term = measured(s, first + 1)
    if term is None or term.name == "thing":
        return None
    kind = KIND_OF.get(term.name, Kind.OUTCOME)
    return Verdict(kind, 0.7 if found else 0.6, ((first, first + 1), (term.first, term.last)), term=term, rule="better")


def by_people(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Find "articles are read by 500 people", and things that choose: "projects adopt it"."""
    behave = english()["behave"]
    for term in s.terms:
        verb_at = _before_by(s, term)
        if term.name == "people" and verb_at and term.words not in _APPROVERS and s.tokens[verb_at].verb_in(behave):
            return Verdict(Kind.OUTCOME, 0.7, ((verb_at, verb_at + 1), (term.first, term.last)), term=term, rule="by people")
    for at in range(first + 1, len(s.tokens)):
        token = s.tokens[at]
        if found and token.verb_in(_CHOOSING) and token.low in token.verbs and s.term_at(at - 1) and not s.term_at(at):
            return Verdict(Kind.OUTCOME, 0.6, ((at, at + 1),), rule="things choose")
    return None


def _before_by(s: Sentence, people: Term) -> int | None:
    """Return where the participle stands in "used by (some) people"."""
    for at in range(people.first - 1, max(0, people.first - 4), -1):
        if s.low(at) == "by":
            return at - 1
    return None


def _in_time(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    if time_limit(s, first, found) or on_time(s, first):
        return Verdict(Kind.SYSTEM, 0.65, rule="time limit")
    return None


def _made(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Find a thing that is to be there: "new page launched"."""
    there = _predicate_of_making(s, first)
    term = measured(s, first, strict=True)
    if there is None or (term is not None and term.name in {"act", "business"} and term.first < there):
        return None
    plain = term is not None and term.name == "thing" and not found
    return Verdict(Kind.TASK, 0.65 if plain else 0.55, ((there, there + 1),), rule="made")


def _done_by_others(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Find what only others can do to a thing: "2,000 items borrowed"."""
    words = english()
    for at in range(first + 1, len(s.tokens) if found else 0):
        token = s.tokens[at]
        if token.low in _COMPARING or token.text in {".", ";", "("}:
            return None
        past = token.low.endswith("ed") or token.low in words.irregular
        verb = token.verb_in(words["behave"]) if past and token.low not in token.verbs else None
        if verb and token.verb_in(words["make"]) is None and _is_predicate(s, at):
            return Verdict(Kind.OUTCOME, 0.6, ((at, at + 1),), rule="done by others")
    return None


def _predicate_of_making(s: Sentence, first: int) -> int | None:
    words = english()
    for at in range(first + 1, len(s.tokens)):
        token = s.tokens[at]
        if token.low in _COMPARING or token.text in {".", ";", "("} or token.low in {"by", "than"}:
            return None
        past = token.low.endswith("ed") or token.low in words.irregular
        made = past and token.verb_in(words["make"]) and token.low not in _NOT_MADE
        if (made or token.low in words["there"]) and _is_predicate(s, at):
            return at
    return None


def _is_predicate(s: Sentence, at: int) -> bool:
    """Whether it is said of a thing, and does not stand before one: "completed forms"."""
    words = english()
    if at + 1 >= len(s.tokens):
        return True
    follows = s.tokens[at + 1]
    if follows.low == "by" and any(term.name == "people" and term.words not in _APPROVERS for term in s.terms_between(at + 2, at + 5)):
        return False
    small = words["preposition"] | words["joiner"] | words["aux"] | words["month"] | words["determiner"]
    return not follows.is_word or follows.low in small or follows.low.endswith("ly")


def _measure(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    term = measured(s, first, strict=True)
    if term is not None and term.name == "thing" and found:
        term = _thing_has(s, term) or term
    if term is None or term.name not in METRICS:
        return None
    at = ((term.first, term.last),)
    counted = any(amount.value is not None or s.low(amount.first) not in english()["all"] for amount in found)
    better = s.any_low(english()["more"], first, term.last) is not None
    if not counted and not better and s.any_low(english()["aux"], first) is None:
        return Verdict(Kind.TASK, 0.45, at, rule="bare measure")
    if term.name == "act" and any(is_money(s, amount) for amount in found):
        return Verdict(Kind.IMPACT, 0.6, at, term=term, rule="money")
    return Verdict(KIND_OF[term.name], 0.75 if found else 0.5, at, term=term, rule="measure")


def _thing_has(s: Sentence, thing: Term) -> Term | None:
    """Return the measure in "the platform has 100% uptime", "the site gets 500 visits"."""
    words = english()
    verbs = words["obtain"] | words["reach"] | {"draw"}
    for at in range(thing.last, len(s.tokens)):
        token = s.tokens[at]
        if token.low in _HAS or (token.verb_in(verbs) and s.term_at(at) is None):
            term = measured(s, at + 1)
            return term if term is not None and term.name in METRICS | {"people"} else None
    return None


def _counted(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge a number of people of whom nothing more is said."""
    term = measured(s, first)
    if term is not None and term.name == "thing" and found:
        term = _thing_has(s, term)
    if term is None or term.name != "people" or not found or is_modifier(s, term):
        return None
    at = ((term.first, term.last),)
    if term.words in english()["colleagues"]:
        if any(amount.unit == "%" for amount in found):
            return Verdict(Kind.SYSTEM, 0.45, at, rule="share of colleagues")
        return Verdict(Kind.TASK, 0.45, at, rule="colleagues")
    kind = Kind.IMPACT if term.words in {"customer", "client"} and s.low(term.first - 1) in {"new", "paying", "enterprise"} else Kind.OUTCOME
    return Verdict(kind, 0.6, at, term=term, rule="people")


def _unknown_measure(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge an unknown rate, score or number of something."""
    if not found:
        return None
    at = next((at for at in range(first, len(s.tokens)) if s.noun(at) in _HEADS), None)
    if at is None:
        return None
    people = any(term.name == "people" for term in s.terms)
    return Verdict(Kind.OUTCOME if people else Kind.SYSTEM, 0.45, ((at, at + 1),), rule="unknown measure")


def _thing(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    term = measured(s, first, strict=True)
    if term is None or term.name != "thing":
        return None
    return Verdict(Kind.TASK, 0.5, ((term.first, term.last),), rule="thing")
