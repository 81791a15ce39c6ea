"""The English reader of hypotheses: the thing, the people, and what they will do differently.

"We believe that <thing> for <people> will <change>", in the many ways people put it. A business
result alone, and what people merely know or feel, is no change of behaviour.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import cue, english
from okrsync.wording.english.measure import measured
from okrsync.wording.english.people import is_modifier
from okrsync.wording.english.sentence import sentence_of
from okrsync.wording.reading import HypothesisReading, Span

if TYPE_CHECKING:
    from okrsync.wording.english.sentence import Sentence, Term

_LEAD_IN = re.compile(
    r"\s*(?:(?:based on|since|after)\b[^,]{0,200},\s*)?"
    r"(?:we (?:believe|think|hypothesi[sz]e|expect|assume)|our hypothesis is|i believe"
    r"|assumption:)?"
    r"(?:\s+that)?\s*",
    re.IGNORECASE,
)
_ENDS = frozenset({".", ",", ";"})
_OFTEN = frozenset({"also", "more", "less", "often", "then", "soon"})
_BEING = frozenset(
    {"able", "be", "become", "continue", "get", "grow", "have", "increase", "no", "not", "see"}
)


def read_hypothesis(text: str, names: frozenset[str] = frozenset()) -> HypothesisReading:
    """Read any text whatsoever."""
    s = sentence_of(text, names)
    first = _after_lead_in(s)
    people = _people(s, first)
    turn = s.any_low(cue("turns"), first)
    return HypothesisReading(
        thing=_thing(s, first, turn, people),
        people=_span(s, people.first, people.last) if people else None,
        change=_change(s, turn, people),
    )


def _after_lead_in(s: Sentence) -> int:
    match = _LEAD_IN.match(s.text)
    end = match.end() if match else 0
    return next((at for at, token in enumerate(s.tokens) if token.start >= end), len(s.tokens))


def _people(s: Sentence, first: int) -> Term | None:
    named = [term for term in s.terms_between(first, len(s.tokens)) if term.name == "people"]
    acting = [term for term in named if not is_modifier(s, term)]
    return next(iter(acting or named), None)


def _thing(s: Sentence, first: int, turn: int | None, people: Term | None) -> Span | None:
    """Find what is made: the means, or the subject if it is nobody."""
    if turn is not None and first < turn and not _is_subject(s, first, turn, people):
        return _span(s, first, min(turn, _stop(s, first)))
    if turn is None and s.low(first) != "if":
        return None
    if s.text.lower().lstrip().startswith("after ") and first > 2:
        return _span(s, 1, first)
    means = s.any_low(cue("means of a hypothesis"), first)
    if means is not None and means + 2 < len(s.tokens) and not _is_manner(s, means):
        return _span(s, means, _stop(s, means + 1))
    for at in range(turn or first, len(s.tokens) - 2):
        shown = s.tokens[at].verb_in(cue("shown")) is not None
        if shown and s.low(at + 1) in {"the", "our", "this", "a", "an", "pricing", "your"}:
            return _span(s, at + 1, _stop(s, at + 2))
    return None


def _is_subject(s: Sentence, first: int, turn: int, people: Term | None) -> bool:
    """Whether the people stand where the doer stands: nothing is done or made before them."""
    if people is None or people.first >= turn:
        return s.low(first) in {"there", "it"}
    before = s.tokens[first : people.first]
    return not any(t.low.endswith("ing") or t.low in cue("means to people") for t in before)


def _is_manner(s: Sentence, means: int) -> bool:
    return s.low(means + 1) in {"ease", "care", "confidence", "proper"}


def _stop(s: Sentence, at: int) -> int:
    """Return where a phrase ends."""
    while at < len(s.tokens) and s.tokens[at].text not in _ENDS and s.low(at) not in cue("turns"):
        at += 1
    return at


def _change(s: Sentence, turn: int | None, people: Term | None) -> Span | None:
    """Find what people will do: behind the turn, an act that others can see."""
    if turn is None or turn + 1 >= len(s.tokens) or s.low(turn + 2) == "no":
        return None
    end = _stop(s, turn + 1)
    if _leads_to_acts(s, turn + 1, end, people):
        return _span(s, turn + 1, end)
    if people is None:
        return None
    at = _visible_act(s, turn + 1, end)
    if at is None and people.last == turn:
        at = _unlisted_act(s, turn + 1, end)
    return _span(s, at, end) if at is not None else None


def _leads_to_acts(s: Sentence, first: int, end: int, people: Term | None) -> bool:
    """Whether it says "will result in more sign-ups" or "will reduce exits"."""
    told = {s.low(at) for at in range(first, end)}
    if not told & cue("leads to") and not (told & {"result", "results"} and "in" in told):
        return False
    term = measured(s, first)
    if term is not None and (term.name == "act" or term.words == "booking"):
        return True
    if people is None or (term is not None and term.name == "business"):
        return False
    behave = english()["behave"]
    ing = any(
        s.low(at).endswith("ing") and s.tokens[at].verb_in(behave) for at in range(first, end)
    )
    return ing or (term is not None and term.name == "machine")


def _visible_act(s: Sentence, first: int, end: int) -> int | None:
    behave = english()["behave"] - cue("inner")
    for at in range(first, end):
        token = s.tokens[at]
        if token.low in cue("before an act") or token.low.endswith("ly") or not token.is_word:
            continue
        if token.verb_in(cue("inner")) and token.low in token.verbs:
            if s.low(at + 1) != "and":
                return None
        elif token.verb_in(behave):
            return at
        else:
            return None
    return None


def _unlisted_act(s: Sentence, first: int, end: int) -> int | None:
    """Find the verb right behind "people will", also one that no list of behaviour knows."""
    for at in range(first, end):
        token = s.tokens[at]
        if token.low in _OFTEN or token.low.endswith("ly"):
            continue
        acts = token.is_word and not token.verb_in(cue("inner")) and token.low not in _BEING
        return at if acts and at + 1 < end else None
    return None


def _span(s: Sentence, first: int, last: int) -> Span:
    start, end = s.tokens[first].start, s.tokens[max(first, last - 1)].end
    return Span(start, end, s.text[start:end])
