"""Finds the people a sentence is about and what they do, or what is done to them.

People before another noun only tell what kind of thing is meant ("customer portal"); people who
are trained, hired or asked do not act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import cue, english, union

if TYPE_CHECKING:
    from okrsync.wording.english.sentence import Sentence, Term

_FAR = 14
"""How many words may stand between people and what they do."""
_MOST_SKIPPED = 3
"""How many unknown words may stand before people who are the subject."""


@dataclass(frozen=True, slots=True)
class Clause:
    """People and what they do or are at ``tokens[first:last]``; `served` if it is done to them."""

    who: Term
    first: int
    last: int
    served: bool = False


def subject_people(s: Sentence, first: int) -> Term | None:
    """Return the people who are the subject: only numbers and small words stand before them."""
    for term in s.terms_between(first, len(s.tokens)):
        if term.name != "people":
            after = s.term_at(term.last)
            if after is None or after.name != "people":
                return None
        elif not _may_be_subject(s, first, term.first):
            return None
        elif not is_modifier(s, term):
            return term
    return None


def _may_be_subject(s: Sentence, first: int, last: int) -> bool:
    small = union("determiner", "number", "multiple", "more") | cue("before a subject")
    unknown = [
        token
        for token in s.tokens[first:last]
        if token.is_word and token.low not in small and token.noun not in english()["generic"]
    ]
    apart = cue("apart") & s.lows(first, last)
    return len(unknown) <= _MOST_SKIPPED and not apart and not _of_something(s, first, last)


def _of_something(s: Sentence, first: int, last: int) -> bool:
    """Whether the people only tell whose something is: "the onboarding of a merchant"."""
    at = s.any_low({"of"}, first, last)
    if at is None or at == first:
        return False
    before = s.tokens[at - 1]
    counting = union("number", "generic", "multiple", "all", "more", "determiner", "team_like")
    return before.is_word and before.noun not in counting and before.low not in counting


def is_modifier(s: Sentence, term: Term) -> bool:
    """Whether the people only tell what kind of thing is meant."""
    at = term.last
    if at >= len(s.tokens) or not s.tokens[at].is_word:
        return False
    token, after, plural = s.tokens[at], s.term_at(at), _is_plural(s, term)
    breaks = union("preposition", "aux", "joiner", "determiner")
    if token.low in breaks or token.low.endswith("ly"):
        return False
    if (after is not None and after.name == "people") or _one_of_many(s, term):
        return True
    if token.verbs or token.low in union("state", "month"):
        if token.third_person and not plural and token.verbs:
            return s.low(term.first - 1) not in cue("one of them")
        return not plural and after is not None and not token.third_person
    acts = token.low.endswith(("ed", "ing")) or (plural and _unknown_verb(s, at))
    return not acts and token.low not in english()["more"]


def _is_plural(s: Sentence, term: Term) -> bool:
    return s.tokens[term.last - 1].low.endswith("s") or term.words in cue("plurals")


def _one_of_many(s: Sentence, term: Term) -> bool:
    """Whether a number stands before one person: the plural is to come, "5 customer calls"."""
    before = s.tokens[max(0, term.first - 2) : term.first]
    counted = any(
        token.value not in {None, 1} or token.low in english()["number"] for token in before
    )
    many = _is_plural(s, term) or term.words in english()["team_like"]
    return counted and not many and s.tokens[term.first - 1].unit != "%"


def _unknown_verb(s: Sentence, at: int) -> bool:
    """Whether an unknown word after people is what they do: "residents appeal their bill"."""
    token = s.tokens[at]
    if not token.is_word or s.term_at(at) is not None or token.low.endswith("s"):
        return False
    return s.low(at + 1) in cue("objects")


def clause_of(s: Sentence, who: Term) -> Clause | None:
    """Return what the people do, looking past what stands between: "users of the app who pay"."""
    served: Clause | None = None
    for at in range(who.last, min(len(s.tokens), who.last + _FAR)):
        if s.tokens[at].text in {".", ";", "("}:
            break
        if _is_state(s, at) or (at == who.last and _starts_unknown(s, at)):
            return Clause(who, at, at + 1)
        if not s.tokens[at].verbs or _follows_noun_marker(s, at):
            continue
        if _is_served(s, at):
            served = served or Clause(who, at, at + 1, served=True)
            if s.low(at - 1) in cue("being"):
                return served
        elif not _is_auxiliary(s, at) and (_behaves(s, who, at) or _acts(s, who, at)):
            return Clause(who, at, at + 1)
    return served


def _is_state(s: Sentence, at: int) -> bool:
    states = english()["state"]
    told = s.low(at) in states or f"{s.low(at)} {s.low(at + 1)}" in states
    return told and not _follows_noun_marker(s, at)


def _starts_unknown(s: Sentence, at: int) -> bool:
    return not s.tokens[at].verbs and _unknown_verb(s, at)


def _follows_noun_marker(s: Sentence, at: int) -> bool:
    """Whether the word follows one that only nouns follow."""
    markers = union("preposition", "determiner") - {"to", "that", "all", "each"}
    return s.low(at - 1) in markers


def _behaves(s: Sentence, who: Term, at: int) -> bool:
    """Whether a word that may be a noun is an act: it is near, or a small word announces it."""
    token, before = s.tokens[at], s.low(at - 1)
    if token.verb_in(english()["behave"]) is None:
        return False
    if at == who.last or before in english()["aux"] or before == "to" or before.endswith("ly"):
        return True
    noun = s.term_at(at) is not None and not token.low.endswith(("ed", "ing"))
    return not noun or before in {",", "and", "or"}


def _acts(s: Sentence, who: Term, at: int) -> bool:
    """Whether people do with their own hands what teams do too: "customers create dashboards"."""
    token = s.tokens[at]
    announced = at == who.last or s.low(at - 1) in cue("announcing")
    has_object = s.low(at + 1) not in {"", ".", ","}
    return (token.is_base or token.third_person) and announced and has_object


def _is_auxiliary(s: Sentence, at: int) -> bool:
    """Whether a "have" only helps the verb that follows."""
    if s.low(at) not in {"have", "has", "had"}:
        return False
    step = 2 if s.low(at + 1) in english()["aux"] else 1
    follows = s.low(at + step)
    return follows.endswith("ed") or follows == "been" or follows in english().irregular


def _is_served(s: Sentence, at: int) -> bool:
    token = s.tokens[at]
    if not token.is_past or token.verb_in(english()["serve"]) is None:
        return False
    has_object = s.low(at + 1) in {"a", "an", "the", "their", "at", "our"}
    return not has_object or s.low(at - 1) in cue("being")
