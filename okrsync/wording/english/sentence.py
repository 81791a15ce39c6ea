"""A key result cut into tokens, with the nouns found in it and the place where it begins.

Marks of lists ("KR2:", "3.") and short labels before a colon are skipped, as what they label is
what is to be judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import english, union, written_phrase
from okrsync.wording.english.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from okrsync.wording.english.tokens import Token

_LONGEST_LABEL = 7
_LONGEST_ADVERBIAL = 14
_LONGEST_NAME = 5
"""How many words a name of the customer register may have, to be found."""
_ADVERBIAL = frozenset(
    [
        "after",
        "at",
        "before",
        "by",
        "during",
        "for",
        "from",
        "in",
        "on",
        "once",
        "through",
        "until",
        "using",
        "when",
        "while",
        "with",
        "within",
    ]
)


@dataclass(frozen=True, slots=True)
class Term:
    """A noun of the lists at ``tokens[first:last]``: people, thing, machine, business or act."""

    name: str
    first: int
    last: int
    words: str

    @property
    def at(self) -> tuple[int, int]:
        """Where it stands."""
        return self.first, self.last


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens, the known nouns among them, and the index of the first word that counts."""

    text: str
    tokens: tuple[Token, ...]
    terms: tuple[Term, ...]
    start: int
    label: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    """Names of the customer register, as further people."""

    def low(self, at: int) -> str:
        """Return a token in lower case; empty beyond the ends."""
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def noun(self, at: int) -> str:
        """Return the form of a token that nouns are looked up by; empty beyond the ends."""
        return self.tokens[at].noun if 0 <= at < len(self.tokens) else ""

    def any_low(
        self, words: Collection[str], first: int = 0, last: int | None = None
    ) -> int | None:
        """Return where the first of *words* stands, if one does."""
        end = len(self.tokens) if last is None else min(last, len(self.tokens))
        return next((at for at in range(first, end) if self.tokens[at].low in words), None)

    def lows(self, first: int, last: int) -> set[str]:
        """Return the tokens of a stretch in lower case."""
        return {token.low for token in self.tokens[max(0, first) : max(0, last)]}

    def phrase_end(self, at: int) -> int:
        """Return where the noun phrase ends that begins at a token."""
        breaks = union("preposition", "aux", "joiner", "determiner")
        while at < len(self.tokens) and self.tokens[at].is_word and self.low(at) not in breaks:
            at += 1
        return at

    def term_at(self, at: int) -> Term | None:
        """Return the known noun that covers a token."""
        return next((term for term in self.terms if term.first <= at < term.last), None)

    def terms_between(self, first: int, last: int) -> Iterator[Term]:
        """Yield the known nouns that lie in a stretch of tokens."""
        return (term for term in self.terms if first <= term.first and term.last <= last)


def sentence_of(text: str, names: frozenset[str] = frozenset()) -> Sentence:
    """Read *text* as far as words alone go."""
    tokens = tuple(tokens_of(text))
    start, label = _begin(tokens)
    return Sentence(text, tokens, tuple(_terms(tokens, names)), start, label, names)


def _begin(tokens: tuple[Token, ...]) -> tuple[int, tuple[str, ...]]:
    """Skip marks of lists, then a short label with a colon."""
    at = 0
    while at < len(tokens) and _is_mark(tokens, at):
        at += 1
    for colon in range(at + 1, min(at + _LONGEST_LABEL, len(tokens) - 1)):
        if tokens[colon].text == ":" and _says_something(tokens, colon + 1):
            return colon + 1, tuple(token.low for token in tokens[at:colon])
    return _after_adverbial(tokens, at), ()


def _after_adverbial(tokens: tuple[Token, ...], at: int) -> int:
    """Skip "Within two weeks of the start, ...": what comes after the comma is the goal."""
    if at >= len(tokens) or tokens[at].low not in _ADVERBIAL:
        return at
    for comma in range(at + 1, min(at + _LONGEST_ADVERBIAL, len(tokens) - 2)):
        if tokens[comma].text == ",":
            return comma + 1
    return at


def _says_something(tokens: tuple[Token, ...], first: int) -> bool:
    """Whether more follows than a number: in "Uptime: 99%" what comes first is measured."""
    small = union("determiner", "preposition", "number", "time", "more")
    told = [token for token in tokens[first:] if token.is_word and token.noun not in small]
    return len(told) >= 2 or (bool(told) and tokens[first].is_word and bool(tokens[first].verbs))


def _is_mark(tokens: tuple[Token, ...], at: int) -> bool:
    token = tokens[at]
    if not token.is_word and token.value is None:
        return token.text not in {"<", ">", "≥", "≤", ">=", "<="}
    follows = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if token.low.startswith("kr") and (token.low[2:].isdigit() or token.low in {"kr", "krs"}):
        return True
    if token.low in {"key", "result"} and tokens[at - 1 : at + 2]:
        return (token.low == "result" and at > 0) or follows.lower() in {"result", "results"}
    return token.value is not None and token.unit == "" and follows in {".", ")"} and at == 0


def _terms(tokens: tuple[Token, ...], names: frozenset[str]) -> Iterator[Term]:
    at = 0
    while at < len(tokens):
        term = _term_from(tokens, at, names) if tokens[at].is_word else None
        if term is None:
            at += 1
            continue
        yield term
        at = term.last


def _term_from(tokens: tuple[Token, ...], at: int, names: frozenset[str]) -> Term | None:
    words = english()
    longest = _LONGEST_NAME if names else words.longest.get(tokens[at].noun, 1)
    for length in range(min(longest, len(tokens) - at), 0, -1):
        phrase = " ".join(token.noun for token in tokens[at : at + length])
        if length == 1 and "-" in tokens[at].low and phrase not in words.phrases:
            phrase = written_phrase(tokens[at].low.replace("-", " "))
        if phrase in names:
            return Term("people", at, at + length, phrase)
        if phrase in words.phrases and not (phrase == "lead" and tokens[at].low == "lead"):
            name = words.phrases[phrase]
            if phrase == "pipeline" and _about_machinery(tokens):
                name = "thing"
            return Term(name, at, at + length, phrase)
    return _person_by_ending(tokens, at)


def _about_machinery(tokens: tuple[Token, ...]) -> bool:
    return any(token.noun in english()["machinery"] for token in tokens)


def _person_by_ending(tokens: tuple[Token, ...], at: int) -> Term | None:
    """Take an unknown plural in -ers, -ists and the like for people."""
    words = english()
    token = tokens[at]
    ending = token.low.endswith(tuple(words["person_endings"]))
    if not ending or len(token.low) < 6 or token.noun in words["not_people"]:
        return None
    return Term("people", at, at + 1, token.noun)
