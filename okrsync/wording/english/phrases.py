"""Finds the verb a key result opens with, the people who are its subject and what they do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import english

if TYPE_CHECKING:
    from okrsync.wording.english.sentence import Sentence, Term

_VERB_CLASSES = ("ensure", "obtain", "raise", "lower", "hold", "reach", "process", "sway", "enable", "shift", "make", "behave")
_MEASURE_HEADS = frozenset(
    "rate time coverage cost costs frequency duration score ratio volume count rates times scores speed".split()
)
_AFTER_NOUN = frozenset({"of", "is", "are", ":", "<", ">", "=", "by", "from", "per", "-", "under", "below", "above", "≥", "≤"})
_BE = frozenset({"is", "are", "be", "was", "were", "been", "being", "get", "gets", "have", "has", "having"})
_PLURALS = frozenset({"people", "staff", "men", "women", "children", "everyone", "everybody", "nobody", "anyone", "youth", "faculty", "alumni"})
_CADENCES = frozenset({"monthly", "weekly", "daily", "hourly", "quarterly", "yearly", "early", "only", "friendly"})
_FAR = 14
"""How many words may stand between people and what they do."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The verb at ``tokens[first:last]`` and the classes it belongs to."""

    verb: str
    first: int
    last: int
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clause:
    """People and what they do or are at ``tokens[first:last]``; `served` if it is done to them."""

    who: Term
    first: int
    last: int
    served: bool = False


def opening(sentence: Sentence, first: int | None = None) -> Opening | None:
    """Return the verb that opens the sentence as a command or a promise, if one does."""
    at = _skip_openers(sentence, sentence.start if first is None else first)
    if at >= len(sentence.tokens) or _is_noun_here(sentence, at):
        return None
    if _is_unknown_verb(sentence, at):
        return Opening(sentence.low(at), at, at + 1, frozenset({"make"}))
    for length in (3, 2, 1):
        verb = _verb_phrase(sentence, at, length)
        classes = frozenset(name for name in _VERB_CLASSES if verb in english()[name])
        if classes - {"behave"} or (classes and length == 1):
            return Opening(verb, at, at + length, classes)
    return None


def _is_unknown_verb(sentence: Sentence, at: int) -> bool:
    """Whether an unknown first word is a command, as an article follows: "reticulate the splines"."""
    token = sentence.tokens[at]
    if token.verbs or sentence.term_at(at) is not None or token.low.endswith("s"):
        return False
    words = english()
    known = words["determiner"] | words["preposition"] | words["aux"] | words["number"] | words["multiple"] | words["all"] | words["generic"] | words["more"] | words["joiner"]
    return token.low not in known and sentence.low(at + 1) in {"a", "an", "the", "our", "all", "each", "every", "any", "your", "their"}


def _skip_openers(sentence: Sentence, at: int) -> int:
    openers = english()["openers"]
    while at < len(sentence.tokens) - 1:
        token = sentence.tokens[at]
        is_adverb = token.low.endswith("ly") and not token.verbs and token.low not in _CADENCES
        follows = sentence.tokens[at + 1]
        if token.low in openers and (not token.verbs or follows.verbs or follows.low == "to"):
            at += 1
        elif (is_adverb and follows.verbs) or (token.text in {",", "-", '"', "“", "*"}):
            at += 1
        else:
            break
    return at


def _verb_phrase(sentence: Sentence, at: int, length: int) -> str:
    token = sentence.tokens[at]
    rest = [sentence.low(at + more) for more in range(1, length)]
    heads = token.verbs or (token.noun, token.low)
    for head in heads:
        phrase = " ".join([head, *rest])
        if any(phrase in english()[name] for name in _VERB_CLASSES):
            return phrase
    return ""


def _is_noun_here(sentence: Sentence, at: int) -> bool:
    """Whether the first word is a noun after all: "test coverage", "demos to close: 50%"."""
    token = sentence.tokens[at]
    if not token.is_word:
        return True
    follows = sentence.low(at + 1)
    term = sentence.term_at(at)
    words = english()
    if token.verb_in(words["raise"] | words["lower"] | words["hold"]) and token.low in token.verbs:
        return False
    if follows in _MEASURE_HEADS and sentence.low(at + 2) not in {"to", "for"}:
        return True
    if term is not None and term.last - at >= 2 and term.name != "thing":
        return True
    adjective = token.low.endswith(("ed", "ing"))
    people = sentence.term_at(at + 1)
    if adjective and people is not None and people.name == "people" and not is_modifier(sentence, people):
        clause = clause_of(sentence, people)
        if clause is not None and not clause.served and sentence.low(people.last) not in {"to", "on"}:
            return True
    noun_like = (token.low in english()["noun_like"] or adjective) and _has_number(sentence)
    if noun_like and (_metric_follows(sentence, at) or _compared_after(sentence, at)):
        return True
    if follows == "of":
        return True
    is_plural = token.low.endswith("s") and token.low not in token.verbs[:1] and not token.low.endswith("ss")
    if term is not None and (is_plural or follows in _AFTER_NOUN):
        return True
    return is_plural and term is None and token.noun != token.low


def _compared_after(sentence: Sentence, at: int) -> bool:
    """Whether a number is said of the first noun phrase: "contract turnaround down to 5 days"."""
    end = at + 1
    while end < len(sentence.tokens) and sentence.tokens[end].is_word and sentence.low(end) not in _stops() | english()["determiner"]:
        end += 1
    saying = {"from", "below", "above", "under", "down", "over", "is", "are", "has", "have", "within", "per", "in"}
    return end - at >= 2 and (sentence.low(end) in saying or sentence.low(end) in {"<", ">", "≤", "≥"}) and any(
        token.value is not None for token in sentence.tokens[end : end + 4]
    )


def _has_number(sentence: Sentence) -> bool:
    return any(token.value is not None for token in sentence.tokens)


def _metric_follows(sentence: Sentence, at: int) -> bool:
    """Whether the first noun phrase ends in a measure: "support ticket backlog"."""
    end = at
    while end < len(sentence.tokens) and sentence.tokens[end].is_word and sentence.low(end) not in _stops() | english()["determiner"]:
        end += 1
    return any(
        term.last == end and term.name in {"machine", "business", "act"} and term.words not in english()["generic"]
        for term in sentence.terms_between(at + 1, end)
    )


@cache
def _stops() -> frozenset[str]:
    words = english()
    return words["preposition"] | words["aux"] | words["joiner"]


def subject_people(sentence: Sentence, first: int, last: int) -> Term | None:
    """Return the people who are the subject: only numbers and small words stand before them."""
    words = english()
    small = words["determiner"] | words["number"] | words["multiple"] | words["more"] | {"of", "at", "least", "over", "than", "up", "to", "from", "in", "have", "has", "about", "on", "average", "minimum", "that"}
    skipped = 0
    for term in sentence.terms_between(first, last):
        if term.name != "people":
            after = sentence.term_at(term.last)
            if after is None or after.name != "people":
                return None
            continue
        before = range(first, term.first)
        skipped = sum(1 for at in before if sentence.tokens[at].is_word and sentence.low(at) not in small and sentence.noun(at) not in words["generic"])
        if skipped > 3 or any(_breaks(sentence, at) for at in before):
            return None
        if not is_modifier(sentence, term):
            return term
    return None


def _breaks(sentence: Sentence, at: int) -> bool:
    low = sentence.low(at)
    return low in {"for", "with", "by", "per", "across", "between", "among", "is", "are", "was", "and then"}


def is_modifier(sentence: Sentence, term: Term) -> bool:
    """Whether the people only tell what kind of thing is meant: "customer portal"."""
    at = term.last
    if at >= len(sentence.tokens):
        return False
    token = sentence.tokens[at]
    if not token.is_word:
        return token.text in {"/"} and False
    if token.low in _stops() or token.low in english()["determiner"] or token.low.endswith("ly"):
        return False
    after = sentence.term_at(at)
    if after is not None and after.name == "people":
        return True
    counted = any(sentence.tokens[i].value not in {None, 1} or sentence.low(i) in english()["number"] for i in range(max(0, term.first - 2), term.first))
    if counted and term.words not in _PLURALS and not sentence.tokens[term.last - 1].low.endswith("s") and sentence.tokens[term.first - 1].unit != "%" and term.words not in english()["team_like"]:
        return True
    plural = sentence.tokens[term.last - 1].low.endswith("s") or term.words in {"people", "staff", "men", "women", "children", "everyone", "everybody", "nobody", "anyone"}
    if token.verbs and _third_person(token.low) and not plural and sentence.low(term.first - 1) not in {"a", "an", "the", "each", "every", "any", "one", "our"}:
        return True
    if token.verbs or token.low in english()["state"] or token.low in english()["month"]:
        return not plural and after is not None and not _third_person(token.low)
    if plural and _unknown_verb_after(sentence, at):
        return False
    return not _looks_like_verb(token.low) and token.low not in english()["more"]


def _unknown_verb_after(sentence: Sentence, at: int) -> bool:
    """Whether an unknown word after people is what they do: "residents appeal their bill"."""
    token = sentence.tokens[at]
    if not token.is_word or sentence.term_at(at) is not None or token.low.endswith("s"):
        return False
    return sentence.low(at + 1) in {"their", "the", "a", "an", "our", "its", "it", "them", "through", "without", "into"}


def _third_person(low: str) -> bool:
    return low.endswith("s") and not low.endswith("ss")


def _looks_like_verb(low: str) -> bool:
    return low.endswith(("ed", "ing"))


def clause_of(sentence: Sentence, who: Term) -> Clause | None:
    """Return what the people do, looking past what stands between: "users of the app who pay"."""
    words = english()
    end = min(len(sentence.tokens), who.last + _FAR)
    served: Clause | None = None
    for at in range(who.last, end):
        token = sentence.tokens[at]
        if token.text in {".", ";", "("}:
            break
        state = token.low in words["state"] or f"{token.low} {sentence.low(at + 1)}" in words["state"]
        if state and not _after_noun_marker(sentence, at):
            return Clause(who, at, at + 1)
        if at == who.last and not token.verbs and _unknown_verb_after(sentence, at):
            return Clause(who, at, at + 1)
        if not token.verbs or _after_noun_marker(sentence, at):
            continue
        if _is_served(sentence, who, at):
            served = served or Clause(who, at, at + 1, served=True)
            if sentence.low(at - 1) in _BE:
                return served
        elif token.low in {"have", "has", "had"} and _is_auxiliary(sentence, at):
            continue
        elif token.verb_in(words["behave"]) and _is_verb_here(sentence, who, at):
            return Clause(who, at, at + 1)
        elif _acts(sentence, who, at):
            return Clause(who, at, at + 1)
    return served


def _after_noun_marker(sentence: Sentence, at: int) -> bool:
    """Whether the word follows one that only nouns follow."""
    words = english()
    before = sentence.low(at - 1)
    if before == "to":
        return False
    markers = words["preposition"] | words["determiner"]
    return before in markers and before not in {"that", "all", "each"}


def _is_verb_here(sentence: Sentence, who: Term, at: int) -> bool:
    """Whether a word that may be a noun is a verb: it is near, or a small word announces it."""
    before = sentence.low(at - 1)
    if at == who.last or before in english()["aux"] or before == "to" or before.endswith("ly"):
        return True
    token = sentence.tokens[at]
    term = sentence.term_at(at)
    return term is None or token.low.endswith(("ed", "ing")) or before in {",", "and", "or"}


def _is_auxiliary(sentence: Sentence, at: int) -> bool:
    follows = sentence.low(at + 1)
    if follows in english()["aux"] and follows not in {"a", "no"}:
        follows = sentence.low(at + 2)
    return follows == "been" or follows.endswith("ed") or follows in english().irregular


def _acts(sentence: Sentence, who: Term, at: int) -> bool:
    """Whether people do with their own hands what teams do too: "customers create dashboards"."""
    token = sentence.tokens[at]
    active = token.low in token.verbs or _third_person(token.low)
    announced = sentence.low(at - 1) in {"who", "that", "can", "will", "would", "to"}
    return active and (at == who.last or announced) and sentence.low(at + 1) not in {"", ".", ","}


def _is_served(sentence: Sentence, who: Term, at: int) -> bool:
    token = sentence.tokens[at]
    past = token.low.endswith("ed") or token.low in english().irregular
    if not past or token.verb_in(english()["serve"]) is None:
        return False
    return sentence.low(at + 1) not in {"a", "an", "the", "their", "at", "our"} or sentence.low(at - 1) in _BE
