"""Finds by how much: every number or word for one that may be a target.

Dates, versions, horizons ("in the next 3 months") and bare cadences ("weekly") are no targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import cue, english, union

if TYPE_CHECKING:
    from okrsync.wording.english.sentence import Sentence

_VALUES = {
    word: float(value)
    for value, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six"),
            *("seven", "eight", "nine", "ten", "eleven", "twelve"),
        )
    )
}
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_ARROWS = frozenset({"->", "=>", "→"})
_SCALES = frozenset({"K", "M", "MM", "MN", "BN"})
_PHRASES = frozenset({("24", "7"), ("1", "1"), ("50", "50")})
"""Numbers that say nothing of a number: around the clock, one on one, half and half."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a word for one, at ``tokens[first:last]``."""

    first: int
    last: int
    value: float | None = None
    unit: str = ""


def amounts(s: Sentence) -> list[Amount]:
    """Return what may be a target, in the order of the text."""
    found = []
    for at in range(len(s.tokens)):
        amount = _number(s, at) or _word_of_number(s, at) or _quantifier(s, at)
        if amount is not None:
            found.append(amount)
    return found


def is_money(s: Sentence, amount: Amount) -> bool:
    """Whether it is money: it has a sign, or is in thousands or millions of nothing named."""
    if amount.unit and amount.unit in "$€£¥":
        return True
    follows = s.tokens[amount.last : amount.last + 1]
    alone = not follows or not follows[0].is_word
    alone = alone or follows[0].low in union("preposition", "joiner")
    return s.low(amount.last) in cue("currencies") or (amount.unit in _SCALES and alone)


def baseline_among(s: Sentence, found: list[Amount]) -> tuple[Amount, Amount] | None:
    """Return the amounts that are told as start and as target."""
    for one, two in pairwise(found):
        between = s.lows(one.last, two.first)
        if _is_range(s, one, two, between):
            return one, two
        then = bool(cue("now") & between) and two.first - one.last <= 6
        if "instead" in between or then or _goes_up_by(s, one, two):
            return two, one
    return None


def _is_range(s: Sentence, start: Amount, target: Amount, between: set[str]) -> bool:
    """Whether it goes from the one to the other, and is not "5 to 10 posts"."""
    arrow = bool(_ARROWS & between)
    if target.first - start.last > 5 or not (arrow or "to" in between):
        return False
    return arrow or bool({"from", ":", ","} & s.lows(start.first - 3, start.first))


def _goes_up_by(s: Sentence, start: Amount, target: Amount) -> bool:
    """Whether the second number tells by how much the first one is more: "300 (+50% growth)"."""
    token = s.tokens[target.first]
    changes = cue("changes") & s.lows(target.last, target.last + 3)
    return token.unit.startswith("%") and token.aside and bool(changes) and start.value is not None


def _number(s: Sentence, at: int) -> Amount | None:
    token = s.tokens[at]
    if not token.low[:1].isdigit() and token.value is None:
        return None
    if token.is_word or _is_name(s, at) or _is_horizon(s, at):
        return None
    if token.value is None:
        ratio = ":" in token.text and s.any_low({"ratio"}) is not None
        return Amount(at, at + 1) if ratio else None
    if s.low(at + 1) in {"%", "percent", "pct"}:
        return Amount(at, at + 2, token.value, "%")
    return Amount(at, at + 1, token.value, token.unit.replace("+", ""))


def _is_name(s: Sentence, at: int) -> bool:
    """Whether the number names something: a date, a year, a version, a part."""
    token, before, months = s.tokens[at], s.low(at - 1), english()["month"]
    whole = token.unit == "" and "," not in token.text
    year = whole and 1990 <= (token.value or 0) <= 2100
    return (
        token.unit in _ORDINALS
        or before in cue("numbered")
        or before in months
        or (s.low(at + 1) in months and token.unit == "")
        or (year and s.noun(at + 1) not in english().phrases)
        or (token.low, s.low(at + 2)) in _PHRASES
        or (s.low(at - 2), token.low) in _PHRASES
        or token.low == "360"
        or _is_version(s, at)
    )


def _is_version(s: Sentence, at: int) -> bool:
    token = s.tokens[at]
    before = s.tokens[at - 1] if at else None
    if before is None or not before.is_word or token.unit:
        return False
    if before.low in union("preposition", "aux"):
        return False
    named = before.text[0].isupper() and not before.verbs and before.noun not in english().phrases
    return named and ("." in token.low or at == len(s.tokens) - 1)


def _is_horizon(s: Sentence, at: int) -> bool:
    """Whether the number only says how long or how often."""
    token, before = s.tokens[at], s.low(at - 1)
    unit_at = at + 1
    while unit_at < min(at + 4, len(s.tokens)) and (
        s.low(unit_at) in {"-", "–", "to"} or s.tokens[unit_at].value is not None
    ):
        unit_at += 1
    unit = s.noun(unit_at)
    if unit not in english()["time"] or token.unit.startswith(("%", "$")):
        return False
    return before in cue("horizons") or (
        before in cue("from here on") and unit in cue("long times")
    )


def _word_of_number(s: Sentence, at: int) -> Amount | None:
    words = english()
    low, before, after = s.low(at), s.low(at - 1), s.low(at + 1)
    if low in words["number"] and not _is_horizon(s, at):
        pronoun = after in {"of", "another", "on", "place", "that", ""}
        counts = low != "one" or not (pronoun or before in {"on", "the", "no", "this"})
        return Amount(at, at + 1, _VALUES.get(low)) if counts else None
    if low not in words["multiple"] and s.noun(at) not in words["multiple"]:
        return None
    cadence = after in {"a", "per", "every", "each", "in", "at"} or before in {"least", "of"}
    which = before in {"second", "first", "a", "the"} and after not in {"of", "the"}
    if (low == "once" and not cadence) or (low in {"half", "third"} and which):
        return None
    return Amount(at, at + 1)


def _quantifier(s: Sentence, at: int) -> Amount | None:
    """Find "all", "every", "no" over things that can be counted."""
    low, before, after = s.low(at), s.low(at - 1), s.noun(at + 1)
    if low in {"every", "each"}:
        return Amount(at, at + 1) if _counts_all(s, at) else None
    if low == "no":
        idiom = after in {"longer", "", ".", ",", "matter", "later"}
        beside = before in {"with", "and", "or", "have"}
        return None if idiom or beside else Amount(at, at + 1, 0.0)
    if low not in {"all", "everyone", "everybody", "most", "nobody"} or before == "at":
        return None
    idiom = low == "all" and after in {"hand", "", "over", "time", "in", "round", "day"}
    return None if idiom or (low == "most" and after != "of") else Amount(at, at + 1)


def _counts_all(s: Sentence, at: int) -> bool:
    """Whether "every" counts things, and is no cadence: "every week", "every 3 months"."""
    after = s.noun(at + 1)
    numbered = at + 1 < len(s.tokens) and s.tokens[at + 1].value is not None
    subject = after in {"sprint", "cycle"} and at <= s.start + 1
    cadence = after in english()["time"] and s.noun(at + 2) != "cycle"
    return not numbered and (subject or not cadence)
