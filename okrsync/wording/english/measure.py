"""Finds what is measured: the noun that a number or a verb of change is about.

The head of the first noun phrase decides; where it carries no kind of its own ("the number of"),
the next one is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import english, union
from okrsync.wording.english.sentence import Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.wording.english.sentence import Sentence

METRICS = frozenset({"business", "machine", "act"})
"""The nouns that are measures of some kind; people and things are not."""
_NOT_MEASURED = frozenset({"per", "with", "by", "across", "among", "between"})
_STOPS = frozenset({".", ";", ":", "—"})
_MEANS = frozenset({"through", "via", "while", "because", "so"})
_JOINED = frozenset({"-", "/", "&", "'", '"', "“", "”"})
_GOES_ON = (" to", " of", "per")


def measured(
    s: Sentence, first: int, last: int | None = None, *, strict: bool = False
) -> Term | None:
    """Return the noun that is measured in a stretch of the sentence, if one is known.

    When *strict*, a measure before an unknown noun only tells what kind of thing that is
    ("revenue cockpit").
    """
    end = _stretch_end(s, first) if last is None else last
    people: Term | None = None
    for start, stop in _noun_phrases(s, first, end):
        terms = list(s.terms_between(start, stop))
        if not terms:
            continue
        metric = _metric_of(s, terms, stop, strict=strict)
        if metric is not None:
            return metric
        if terms[-1].name in METRICS:
            return None
        if people is None and s.low(start - 1) not in _NOT_MEASURED:
            if terms[-1].name == "thing":
                return terms[-1]
            people = terms[-1]
    return people


def _metric_of(s: Sentence, terms: list[Term], stop: int, *, strict: bool) -> Term | None:
    """Return the last measure of a noun phrase, unless something else is its head."""
    if used := _used_by_people(s, terms[-1]):
        return used
    metric = next((term for term in reversed(terms) if term.name in METRICS), None)
    if metric is None:
        return None
    if terms[-1].name == "thing" and not metric.words.endswith(" of"):
        return None
    if terms[-1].name == "people" and not metric.words.endswith((" to", " for", "per")):
        return None
    if strict and not metric.words.endswith(_GOES_ON) and _only_modifies(s, metric, stop):
        return None
    return metric


def _used_by_people(s: Sentence, term: Term) -> Term | None:
    """Return the act in "pages viewed", "features used per customer"."""
    at = term.last
    if term.name != "thing" or at >= len(s.tokens) or not s.tokens[at].is_past:
        return None
    token = s.tokens[at]
    team = token.verb_in(english()["make"]) not in {None, "use", "visit", "read"}
    if team or token.verb_in(english()["behave"]) is None:
        return None
    return Term("act", term.first, at + 1, f"{term.words} {token.low}")


def _only_modifies(s: Sentence, metric: Term, stop: int) -> bool:
    """Whether an unknown noun follows, of which the measure tells the kind."""
    at = metric.last
    if at >= stop or not s.tokens[at].is_word:
        return False
    token = s.tokens[at]
    small = union("generic", "time", "month", "more", "number", "determiner", "preposition")
    small |= union("state", "all", "multiple")
    if token.noun in small or token.low in small or token.low.endswith(("ed", "ing", "ly")):
        return False
    return not token.verbs or token.low in english()["noun_like"]


def _stretch_end(s: Sentence, first: int) -> int:
    """Return where the stretch that starts at *first* ends: at a stop, a purpose or a means."""
    for at in range(first + 1, len(s.tokens)):
        stop = s.low(at) in _STOPS and not s.tokens[at].aside
        if stop or s.low(at) in _MEANS or _is_purpose(s, at):
            return at
    return len(s.tokens)


def _is_purpose(s: Sentence, at: int) -> bool:
    """Whether a verb begins here: "by writing", "to reduce"."""
    follows = s.tokens[at + 1] if at + 1 < len(s.tokens) else None
    if follows is None or not follows.verbs:
        return False
    if s.low(at) in {"by", "and"}:
        return follows.low.endswith("ing")
    verb = follows.is_base and follows.verb_in(union("make", "raise", "lower")) is not None
    return s.low(at) == "to" and verb and not _is_inside(s, at)


def _is_inside(s: Sentence, at: int) -> bool:
    term = s.term_at(at)
    return term is not None and term.first < at


def _noun_phrases(s: Sentence, first: int, last: int) -> Iterator[tuple[int, int]]:
    breaks = union("preposition", "aux", "joiner")
    start = first
    for at in range(first, last):
        token = s.tokens[at]
        apart = token.low in breaks or not token.is_word
        if apart and not _is_inside(s, at) and token.text not in _JOINED:
            if at > start:
                yield start, at
            start = at + 1
    if last > start:
        yield start, last
