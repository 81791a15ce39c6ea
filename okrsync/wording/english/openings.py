"""Finds the verb that a key result opens with, as a command or a promise: "build", "we will cut".

Many words are verbs and nouns. The first word is a noun where a measure or a comparison follows
("support ticket backlog", "contract turnaround below 5 days").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import cue, english, union
from okrsync.wording.english.people import clause_of, is_modifier

if TYPE_CHECKING:
    from okrsync.wording.english.sentence import Sentence

_CLASSES = (
    *("ensure", "obtain", "raise", "lower", "hold", "reach", "process"),
    *("sway", "enable", "shift", "make", "behave"),
)
_MARKS = frozenset({",", "-", '"', "“", "*"})


@dataclass(frozen=True, slots=True)
class Opening:
    """The verb at ``tokens[first:last]`` and the classes it belongs to."""

    verb: str
    first: int
    last: int
    classes: frozenset[str]

    @property
    def at(self) -> tuple[int, int]:
        """Where it stands."""
        return self.first, self.last

    @property
    def makes(self) -> bool:
        """Whether it may open a task."""
        return "make" in self.classes


def opening(s: Sentence, first: int) -> Opening | None:
    """Return the verb that opens the sentence at *first*, if one does."""
    at = _skip_openers(s, first)
    if at >= len(s.tokens) or _is_noun_here(s, at):
        return None
    if _is_unknown_verb(s, at):
        return Opening(s.low(at), at, at + 1, frozenset({"make"}))
    for length in (3, 2, 1):
        verb = _verb_phrase(s, at, length)
        classes = frozenset(name for name in _CLASSES if verb in english()[name])
        if classes - {"behave"} or (classes and length == 1):
            return Opening(verb, at, at + length, classes)
    return None


def _skip_openers(s: Sentence, at: int) -> int:
    """Skip "we will", "to" and adverbs before the verb."""
    openers = english()["openers"]
    while at < len(s.tokens) - 1:
        token, follows = s.tokens[at], s.tokens[at + 1]
        adverb = token.low.endswith("ly") and not token.verbs and token.low not in cue("cadences")
        opens = token.low in openers and (not token.verbs or follows.verbs or follows.low == "to")
        if not opens and not (adverb and follows.verbs) and token.text not in _MARKS:
            break
        at += 1
    return at


def _verb_phrase(s: Sentence, at: int, length: int) -> str:
    token = s.tokens[at]
    rest = [s.low(at + more) for more in range(1, length)]
    for head in token.verbs or (token.noun, token.low):
        phrase = " ".join([head, *rest])
        if any(phrase in english()[name] for name in _CLASSES):
            return phrase
    return ""


def _is_unknown_verb(s: Sentence, at: int) -> bool:
    """Whether an unknown word is a command, as an article follows: "reticulate the splines"."""
    token = s.tokens[at]
    if token.verbs or s.term_at(at) is not None or token.low.endswith("s"):
        return False
    small = union("determiner", "preposition", "aux", "number", "multiple", "all", "generic")
    if token.low in small or token.low in union("more", "joiner"):
        return False
    return s.low(at + 1) in cue("articles")


def _is_noun_here(s: Sentence, at: int) -> bool:
    token = s.tokens[at]
    if not token.is_word:
        return True
    if token.is_base and token.verb_in(union("raise", "lower", "hold")):
        return False
    return (
        _heads_a_measure(s, at)
        or _describes_people(s, at)
        or _opens_a_comparison(s, at)
        or _is_plural(s, at)
    )


def _heads_a_measure(s: Sentence, at: int) -> bool:
    """Whether it begins "test coverage", "demo to close rate" or "use of the app"."""
    follows, term = s.low(at + 1), s.term_at(at)
    if follows == "to" and s.any_low({"ratio", "rate", "conversion"}, at, at + 7) is not None:
        return True
    if follows in cue("measure heads") and s.low(at + 2) not in {"to", "for"}:
        return True
    if term is not None and (term.last - at >= 2 and term.name != "thing"):
        return True
    return follows == "of" or (term is not None and follows in cue("after a noun"))


def _describes_people(s: Sentence, at: int) -> bool:
    """Whether it only says which people act: "returning shoppers who pay"."""
    people = s.term_at(at + 1)
    if not _is_adjective(s, at) or people is None or people.name != "people":
        return False
    clause = None if is_modifier(s, people) else clause_of(s, people)
    return clause is not None and not clause.served and s.low(people.last) not in {"to", "on"}


def _opens_a_comparison(s: Sentence, at: int) -> bool:
    """Whether it begins a noun phrase of which a number is said."""
    noun_like = s.tokens[at].low in english()["noun_like"] or _is_adjective(s, at)
    if not noun_like or all(token.value is None for token in s.tokens):
        return False
    return _measure_follows(s, at) or _compared_after(s, at)


def _measure_follows(s: Sentence, at: int) -> bool:
    end = s.phrase_end(at)
    return any(
        term.last == end
        and term.name in {"machine", "business", "act"}
        and term.words not in english()["generic"]
        for term in s.terms_between(at + 1, end)
    )


def _compared_after(s: Sentence, at: int) -> bool:
    end = s.phrase_end(at + 1)
    numbered = any(token.value is not None for token in s.tokens[end : end + 4])
    return end - at >= 2 and s.low(end) in cue("saying") and numbered


def _is_plural(s: Sentence, at: int) -> bool:
    token = s.tokens[at]
    plural = token.third_person and token.low not in token.verbs[:1]
    return plural and (s.term_at(at) is not None or token.noun != token.low)


def _is_adjective(s: Sentence, at: int) -> bool:
    return s.tokens[at].low.endswith(("ed", "ing"))
