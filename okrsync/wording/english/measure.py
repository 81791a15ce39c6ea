"""Finds what is measured: the noun that a number or a verb of change is about.

The head of the first noun phrase decides; where it carries no kind of its own ("the number of"),
the next one is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import english
from okrsync.wording.english.sentence import Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.wording.english.sentence import Sentence

METRICS = frozenset({"business", "machine", "act"})
_NOT_MEASURED = frozenset({"per", "with", "by", "across", "among", "between"})
_ENDS = frozenset({".", ";", ":", "—"})
_JOINED = frozenset({"-", "/", "&", "'", '"', "“", "”"})


def measured(
    sentence: Sentence, first: int, last: int | None = None, *, strict: bool = False
) -> Term | None:
    """Return the noun that is measured in a stretch of the sentence, if one is known.

    When *strict*, a measure before an unknown noun only tells what kind of thing that is
    ("revenue cockpit").
    """
    end = stretch_end(sentence, first) if last is None else last
    fallback: Term | None = None
    for start, stop in _noun_phrases(sentence, first, end):
        terms = list(sentence.terms_between(start, stop))
        if not terms:
            continue
        metric = _metric_of(sentence, terms, stop, strict=strict)
        if metric is not None:
            return metric
        if terms[-1].name in METRICS:
            return None
        if fallback is None and sentence.low(start - 1) not in _NOT_MEASURED:
            fallback = terms[-1]
            if fallback.name == "thing":
                return fallback
    return fallback


def _metric_of(sentence: Sentence, terms: list[Term], stop: int, *, strict: bool) -> Term | None:
    metrics = [term for term in terms if term.name in METRICS]
    if used := _used_by_people(sentence, terms[-1]):
        return used
    if not metrics:
        return None
    metric, final = metrics[-1], terms[-1]
    if final.name == "thing" or (final.name == "people" and not metric.words.endswith((" to", " for", "per"))):
        return None
    if strict and not metric.words.endswith((" to", " of", "per")) and _only_modifies(sentence, metric, stop):
        return None
    return metric


def _only_modifies(sentence: Sentence, metric: Term, stop: int) -> bool:
    """Whether an unknown noun follows, of which the measure tells the kind."""
    at = metric.last
    if at >= stop or not sentence.tokens[at].is_word:
        return False
    words = english()
    token = sentence.tokens[at]
    classes = ("generic", "time", "month", "more", "number", "determiner", "preposition", "state", "all", "multiple")
    if any(token.noun in words[name] or token.low in words[name] for name in classes):
        return False
    return not token.low.endswith(("ed", "ing", "ly")) and (not token.verbs or token.low in words["noun_like"])


def stretch_end(sentence: Sentence, first: int) -> int:
    """Return where the stretch that starts at *first* ends: at a stop, a purpose or a means."""
    verbs = english()["make"] | english()["raise"] | english()["lower"]
    for at in range(first + 1, len(sentence.tokens)):
        low = sentence.low(at)
        follows = sentence.tokens[at + 1] if at + 1 < len(sentence.tokens) else None
        if low in _ENDS and not sentence.tokens[at].aside:
            return at
        if low in {"through", "via", "while", "because", "so"}:
            return at
        if low in {"by", "and"} and follows and follows.low.endswith("ing") and follows.verbs:
            return at
        if low == "to" and not _inside(sentence, at) and follows and follows.low in follows.verbs and follows.verb_in(verbs):
            return at
    return len(sentence.tokens)


def _inside(sentence: Sentence, at: int) -> bool:
    term = sentence.term_at(at)
    return term is not None and term.first < at


def _used_by_people(sentence: Sentence, term: Term) -> Term | None:
    """Return the act in "pages viewed", "features used per customer"."""
    words = english()
    at = term.last
    if at >= len(sentence.tokens) or term.name != "thing":
        return None
    token = sentence.tokens[at]
    past = token.low.endswith("ed") or token.low in words.irregular
    if not past or token.verb_in(words["behave"]) is None:
        return None
    if token.verb_in(words["make"]) not in {None, "use", "visit", "read"}:
        return None
    return Term("act", term.first, at + 1, f"{term.words} {token.low}")


def _noun_phrases(sentence: Sentence, first: int, last: int) -> Iterator[tuple[int, int]]:
    words = english()
    breaks = words["preposition"] | words["aux"] | words["joiner"]
    start = first
    for at in range(first, last):
        token = sentence.tokens[at]
        apart = token.low in breaks or not token.is_word
        if apart and not _inside(sentence, at) and token.text not in _JOINED:
            if at > start:
                yield start, at
            start = at + 1
    if last > start:
        yield start, last
