"""Judges participles: what is done by others ("read by 500 people") and what is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.lexicon import cue, english, union
from okrsync.wording.english.measure import measured
from okrsync.wording.english.verdict import Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence, Term

_ENDS = frozenset({".", ";", "("})


def by_people(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Find "articles are read by 500 people", and things that choose: "projects adopt it"."""
    for term in s.terms:
        at = _participle_before(s, term)
        if at is not None and s.tokens[at].verb_in(english()["behave"]):
            return Verdict(Kind.OUTCOME, 0.7, ((at, at + 1), term.at), term=term)
    for at in range(first + 1, len(s.tokens) if found else 0):
        token = s.tokens[at]
        chooses = token.is_base and token.verb_in(cue("choosing")) is not None
        if chooses and s.term_at(at - 1) and not s.term_at(at):
            return Verdict(Kind.OUTCOME, 0.6, ((at, at + 1),))
    return None


def _participle_before(s: Sentence, people: Term) -> int | None:
    """Return where the participle stands in "used by (some) people"."""
    if people.name != "people" or people.words in cue("approvers"):
        return None
    for at in range(people.first - 1, max(0, people.first - 4), -1):
        if s.low(at) == "by":
            return at - 1
    return None


def done_by_others(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Find what only others can do to a thing: "2,000 items borrowed"."""
    for at in range(first + 1, len(s.tokens) if found else 0):
        token = s.tokens[at]
        if token.low in cue("comparing") or token.text in _ENDS:
            return None
        others = token.is_past and not token.is_base and token.verb_in(english()["behave"])
        if others and token.verb_in(english()["make"]) is None and _is_predicate(s, at):
            return Verdict(Kind.OUTCOME, 0.6, ((at, at + 1),))
    return None


def made(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Find a thing that is to be there: "new page launched"."""
    at = _where_made(s, first)
    if at is None or s.low(first) in {"percentage", "percent", "share"}:
        return None
    term = measured(s, first, strict=True)
    plainly = s.tokens[at].verb_in(english()["plainly"]) is not None
    if term is not None and term.name in {"act", "business"} and term.first < at and not plainly:
        return None
    thing = term is not None and term.name == "thing" and not found
    thing = thing and all(other.name == "thing" for other in s.terms)
    return Verdict(Kind.TASK, 0.65 if thing else 0.55, ((at, at + 1),))


def _where_made(s: Sentence, first: int) -> int | None:
    words = english()
    for at in range(first + 1, len(s.tokens)):
        token = s.tokens[at]
        if token.low in cue("comparing") or token.text in _ENDS or token.low in {"by", "than"}:
            return None
        by_team = token.is_past and token.verb_in(words["make"]) is not None
        is_made = by_team and token.low not in cue("not made")
        if (is_made or token.low in words["there"]) and _is_predicate(s, at):
            return at
    return None


def _is_predicate(s: Sentence, at: int) -> bool:
    """Whether it is said of a thing, and does not stand before one: "completed forms"."""
    if at + 1 >= len(s.tokens):
        return True
    follows = s.tokens[at + 1]
    if follows.low == "by" and any(
        term.name == "people" and term.words not in cue("approvers")
        for term in s.terms_between(at + 2, at + 5)
    ):
        return False
    small = union("preposition", "joiner", "aux", "month", "determiner")
    return not follows.is_word or follows.low in small or follows.low.endswith("ly")
