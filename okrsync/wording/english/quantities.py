"""Finds by how much: the number a key result aims at, and the one it starts from.

Dates, versions, horizons ("in the next 3 months") and bare cadences ("weekly") are no targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.wording.english.lexicon import english

if TYPE_CHECKING:
    from okrsync.wording.english.sentence import Sentence

_NUMBERED = frozenset(
    "v version phase part soc soc2 type tier level iso python java sev severity priority web section "
    "chapter step gen windows ios android form rfc cve http ipv grade class no №".split()
)
"""Words after which a number is a name."""
_VALUES = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
_HORIZON = frozenset({"next", "last", "past", "first", "previous", "every", "coming", "following"})
_HORIZON_START = frozenset({"for", "over", "until", "after", "in"})
_NOW = frozenset({"currently", "current", "was", "were", "baseline", "today", "versus", "vs", "previously", "before"})
_ARROWS = frozenset({"->", "=>", "→"})
_CHANGES = frozenset({"increase", "decrease", "growth", "reduction", "rise", "drop", "improvement"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a word for one, at ``tokens[first:last]``."""

    first: int
    last: int
    value: float | None = None
    unit: str = ""


def is_money(sentence: Sentence, amount: Amount) -> bool:
    """Whether it is money: it has a sign, or is in thousands or millions of nothing named."""
    if amount.unit and amount.unit in "$€£¥":
        return True
    currency = sentence.low(amount.last) in {"euro", "euros", "dollar", "dollars", "usd", "eur", "gbp", "chf", "pounds"}
    follows = sentence.tokens[amount.last : amount.last + 1]
    small = english()["preposition"] | english()["joiner"]
    alone = not follows or not follows[0].is_word or follows[0].low in small
    return currency or (amount.unit in {"K", "M", "MM", "MN", "BN"} and alone)


def amounts(sentence: Sentence) -> list[Amount]:
    """Return every number or word for a quantity that may be a target, in their order."""
    found = []
    for at in range(len(sentence.tokens)):
        amount = _number(sentence, at) or _word_of_number(sentence, at) or _quantifier(sentence, at)
        if amount is not None:
            found.append(amount)
    return found


def baseline_among(sentence: Sentence, found: list[Amount]) -> tuple[Amount, Amount] | None:
    """Return the amounts that are told as start and as target."""
    for start, target in zip(found, found[1:], strict=False):
        between = {sentence.low(at) for at in range(start.last, target.first)}
        if _is_range(sentence, start, target, between):
            return start, target
        if "instead" in between:
            return target, start
        if _NOW & between and target.first - start.last <= 6:
            return target, start
        if _goes_up_by(sentence, start, target):
            return target, start
    return None


def _is_range(sentence: Sentence, start: Amount, target: Amount, between: set[str]) -> bool:
    """Whether it goes from the one to the other, and is not "5 to 10 posts"."""
    near = target.first - start.last <= 5
    if not near or not ({"to"} | _ARROWS) & between:
        return False
    lead = {sentence.low(at) for at in range(max(0, start.first - 3), start.first)}
    return bool(_ARROWS & between) or "from" in lead or ":" in lead or "," in lead


def _goes_up_by(sentence: Sentence, start: Amount, target: Amount) -> bool:
    """Whether the second number tells by how much the first one is more: "300 (+50% growth)"."""
    words = {sentence.low(at) for at in range(target.last, target.last + 3)}
    percent = sentence.tokens[target.first].unit.startswith("%")
    return percent and sentence.tokens[target.first].aside and bool(words & _CHANGES) and start.value is not None


def _number(sentence: Sentence, at: int) -> Amount | None:
    token = sentence.tokens[at]
    if not token.low[:1].isdigit() and token.value is None:
        return None
    if token.is_word or _is_name(sentence, at) or _is_horizon(sentence, at):
        return None
    if token.value is None:
        is_ratio = ":" in token.text and any(other.low == "ratio" for other in sentence.tokens)
        return Amount(at, at + 1) if is_ratio else None
    unit = token.unit
    last = at + 1
    if sentence.low(last) in {"%", "percent", "pct"}:
        unit, last = "%", last + 1
    return Amount(at, last, token.value, unit.replace("+", ""))


def _is_name(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    before, after = sentence.low(at - 1), sentence.low(at + 1)
    value = token.value or 0
    is_year = 1990 <= value <= 2100 and token.unit == "" and "," not in token.text
    months = english()["month"]
    return (
        token.unit in _ORDINAL
        or before in _NUMBERED
        or before in months
        or (before == "#")
        or (after in months and token.unit == "")
        or (is_year and sentence.noun(at + 1) not in english().phrases)
        or _is_version(sentence, at)
        or (token.low in {"24", "1", "50"} and sentence.low(at + 1) in {"/", "-", ":"} and sentence.low(at + 2) in {"7", "1", "50"})
        or (before in {"/", "-"} and sentence.low(at - 2) in {"24", "1"} and token.low in {"7", "1"})
        or token.low == "360"
    )


def _is_version(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    before = sentence.tokens[at - 1] if at else None
    small = english()["preposition"] | english()["aux"]
    if before is None or not before.is_word or before.low in small or token.unit:
        return False
    named = before.text[0].isupper() and not before.verbs and before.noun not in english().phrases
    return named and ("." in token.low or at == len(sentence.tokens) - 1)


def _is_horizon(sentence: Sentence, at: int) -> bool:
    """Whether the number only says how long or how often."""
    unit_at = at + 1
    while unit_at < at + 4 and (sentence.low(unit_at) in {"-", "–", "to"} or sentence.tokens[unit_at : unit_at + 1] and sentence.tokens[unit_at].value is not None):
        unit_at += 1
    token = sentence.tokens[at]
    time = english()["time"]
    if sentence.noun(unit_at) not in time or token.unit.startswith("%") or token.low.startswith("$"):
        return False
    before = sentence.low(at - 1)
    return before in _HORIZON or (
        before in _HORIZON_START and sentence.noun(unit_at) in {"month", "week", "quarter", "year", "sprint"}
    )


def _word_of_number(sentence: Sentence, at: int) -> Amount | None:
    words = english()
    low = sentence.low(at)
    if low in words["number"] and not _is_horizon(sentence, at):
        if low == "one" and not _counts_one(sentence, at):
            return None
        return Amount(at, at + 1, _VALUES.get(low))
    if low in words["multiple"] or sentence.noun(at) in words["multiple"]:
        if low == "once" and sentence.low(at + 1) not in {"a", "per", "every", "each", "in", "at"} and sentence.low(at - 1) not in {"least", "of"}:
            return None
        if low in {"half", "third"} and sentence.low(at - 1) in {"second", "first", "a", "the"} and sentence.low(at + 1) not in {"of", "the"}:
            return None
        return Amount(at, at + 1)
    return None


def _counts_one(sentence: Sentence, at: int) -> bool:
    follows = sentence.low(at + 1)
    return follows not in {"of", "another", "on", "place", "that", ""} and sentence.low(at - 1) not in {"on", "the", "no", "this"}


def _quantifier(sentence: Sentence, at: int) -> Amount | None:
    words = english()
    low, after = sentence.low(at), sentence.noun(at + 1)
    if low in {"every", "each"}:
        beyond = sentence.noun(at + 2)
        if after in words["time"] and beyond != "cycle" and not _subject(sentence, at, after):
            return None
        if sentence.tokens[at + 1 : at + 2] and sentence.tokens[at + 1].value is not None:
            return None
        return Amount(at, at + 1)
    if low in {"all", "everyone", "everybody", "most", "nobody"}:
        if low == "most" and after != "of" or low == "all" and after in {"hand", "", "over", "time", "in", "round", "day"}:
            return None
        return Amount(at, at + 1) if sentence.low(at - 1) != "at" else None
    if low == "no" and after not in {"longer", "", ".", ",", "matter", "later"} and sentence.low(at - 1) not in {"with", "and", "or", "have"}:
        return Amount(at, at + 1, 0.0)
    return None


def _subject(sentence: Sentence, at: int, after: str) -> bool:
    return after in {"sprint", "cycle"} and at <= sentence.start + 1
