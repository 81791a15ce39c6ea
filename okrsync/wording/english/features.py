"""What a key result shows of itself, as names that weights are kept for.

Every feature has a readable name and the tokens it was seen at, so that a decision can be shown
in the words of the text. Numbers are features by their shape alone: no weight knows a value.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import english, union
from okrsync.wording.english.measure import measured
from okrsync.wording.english.people import clause_of, is_modifier, subject_people
from okrsync.wording.english.quantities import is_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.wording.english.openings import Opening
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence
    from okrsync.wording.english.tokens import Token

Feature = tuple[str, int, int]
"""A name and the stretch of tokens that shows it."""
_LONGEST = 80
"""How many tokens are looked at; what stands behind them says no more about the kind."""
_LONGEST_WORD = 30
_RUNS = (4, 5)
"""Lengths of the runs of letters by which unknown words resemble known ones."""


def features(s: Sentence, opened: Opening | None, found: list[Amount]) -> Iterator[Feature]:
    """Yield every feature, some of them more than once."""
    if not s.tokens:
        return
    yield from _of_words(s)
    yield from _of_letters(s)
    yield from _of_classes(s)
    yield from _of_grammar(s, opened, found)
    yield from _of_amounts(s, found)


def _of_words(s: Sentence) -> Iterator[Feature]:
    words = [_word(token) for token in s.tokens[:_LONGEST]]
    for at, word in enumerate(words):
        yield f"word {word}", at, at + 1
    first = min(s.start, len(words) - 1)
    yield f"first {words[first]}", first, first + 1
    yield f"last {words[-1]}", len(words) - 1, len(words)
    for at, (one, two) in enumerate(pairwise(words)):
        yield f"pair {one} {two}", at, at + 2
    yield f"pair ^ {words[0]}", 0, 1
    yield f"pair {words[-1]} $", len(words) - 1, len(words)


def _word(token: Token) -> str:
    """Return the base form of a word, the shape of a number."""
    if shape := _shape(token):
        return shape
    if not token.is_word:
        return token.text
    inflected = token.verbs and (token.low.endswith(("ed", "ing")) or token.is_base)
    return token.verbs[0] if inflected else token.noun


def _shape(token: Token) -> str | None:
    if token.value is None and not token.low[:1].isdigit():
        return None
    if token.unit.startswith("%"):
        return "9%"
    return "$9" if token.unit and token.unit in "$€£¥" else "9"


def _of_letters(s: Sentence) -> Iterator[Feature]:
    for at, token in enumerate(s.tokens[:_LONGEST]):
        for name in _runs(_word(token)[:_LONGEST_WORD]):
            yield name, at, at + 1


@lru_cache(maxsize=4_096)
def _runs(word: str) -> tuple[str, ...]:
    marked = f"<{word}>"
    return tuple(
        f"run {marked[start : start + run]}"
        for run in _RUNS
        for start in range(len(marked) - run + 1)
    )


def _of_classes(s: Sentence) -> Iterator[Feature]:
    """Yield the order in which kinds of words follow each other."""
    classes = [("^", 0, 0), *_classes(s), ("$", len(s.tokens), len(s.tokens))]
    for size in (2, 3):
        for at in range(len(classes) - size + 1):
            part = classes[at : at + size]
            yield f"order {' '.join(name for name, _, _ in part)}", part[0][1], part[-1][2]
    opens = classes[:4]
    yield f"opens {' '.join(name for name, _, _ in opens)}", 0, opens[-1][2]


def _classes(s: Sentence) -> Iterator[Feature]:
    small = union("preposition", "aux", "joiner")
    terms = {term.first: term for term in s.terms}
    at = 0
    while at < min(len(s.tokens), _LONGEST):
        if term := terms.get(at):
            yield term.name.upper(), at, term.last
            at = term.last
            continue
        token = s.tokens[at]
        yield token.low if token.low in small else _class(token), at, at + 1
        at += 1


def _class(token: Token) -> str:
    if shape := _shape(token):
        return shape
    if token.noun in english()["time"]:
        return "TIME"
    if not token.verbs:
        return "x" if token.is_word else token.text
    form = "ed" if token.is_past else "ing" if token.low.endswith("ing") else ""
    for name in ("make", "behave"):
        if token.verb_in(english()[name]):
            return name + form
    return "verb"


def _of_grammar(s: Sentence, opened: Opening | None, found: list[Amount]) -> Iterator[Feature]:
    """Yield the opening verb, what is measured and who acts, alone and together."""
    start = opened.last if opened is not None else s.start
    verb = opened.at if opened is not None else (0, 0)
    classes = sorted(opened.classes) if opened is not None else ["none"]
    term = measured(s, start)
    strict = measured(s, start, strict=True)
    noun, at = (term.name, term.at) if term is not None else ("none", (0, 0))
    amounts = _kinds_of(s, found)
    yield f"opening {opened.verb if opened is not None else 'none'}", *verb
    yield f"verb {'+'.join(classes)}", *verb
    yield f"measured {noun}", *at
    yield f"strictly {strict.name if strict is not None else 'none'}", *at
    yield f"{noun} in {amounts}", *at
    if term is not None:
        yield f"measured is {term.words}", *at
    for name in classes:
        yield f"verb has {name}", *verb
        yield f"{name} {noun}", *verb
        yield f"{name} by {amounts}", *verb
    yield from _of_people(s, start)
    names = [each.name for each in s.terms]
    if names:
        yield f"first noun {names[0]}", *s.terms[0].at
        yield f"last noun {names[-1]}", *s.terms[-1].at
    yield f"nouns {','.join(names[:3])}", 0, 0
    for each in s.terms:
        yield f"has {each.name}", *each.at


def _of_people(s: Sentence, start: int) -> Iterator[Feature]:
    who = subject_people(s, start)
    if who is None:
        yield "subject none", 0, 0
        return
    clause = clause_of(s, who)
    if is_modifier(s, who):
        yield "subject modifies", *who.at
    elif clause is None:
        yield "subject bare", *who.at
    else:
        yield f"subject {'served' if clause.served else 'acts'}", *who.at
    if clause is not None:
        yield f"act {s.low(clause.first)}", clause.first, clause.last
        yield f"actor {who.words}", *who.at


def _of_amounts(s: Sentence, found: list[Amount]) -> Iterator[Feature]:
    for amount in found:
        kind, at = _kind_of(s, amount), (amount.first, amount.last)
        yield f"amount {kind}", *at
        yield f"{kind} of {s.noun(amount.last)}", *at
        yield f"{kind} behind {s.low(amount.first - 1)}", *at
        if term := s.term_at(amount.last) or s.term_at(amount.last + 1):
            yield f"{kind} of some {term.name}", *at
    yield f"amounts {_kinds_of(s, found)}", 0, 0
    yield f"length {min(6, len(s.tokens) // 4)}", 0, 0


def _kinds_of(s: Sentence, found: list[Amount]) -> str:
    return "+".join(sorted({_kind_of(s, amount) for amount in found})) or "none"


def _kind_of(s: Sentence, amount: Amount) -> str:
    if is_money(s, amount):
        return "money"
    if s.noun(amount.last) in english()["time"]:
        return "time"
    if amount.unit == "%":
        return "share"
    return "word" if amount.value is None else "number"
