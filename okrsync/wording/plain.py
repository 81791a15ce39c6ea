"""The first reader: word lists and the order of words, nothing learnt.

Careful rather than clever: it names a kind only where plain words say so, and answers unclear
otherwise. It reads English. It does not judge whether the parts of a key result are complete.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording import words as w
from okrsync.wording.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from okrsync.wording.reading import KeyResultReader

# No part of it can match in two ways, so that the time is linear in the text.
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LONGEST_READ = 400
"""Words beyond it decide nothing any more; a key result is one sentence."""
_NEAR = 3
"""How many words may stand between people and what they do."""
_MEASURES = (
    (Kind.IMPACT, w.BUSINESS, w.BUSINESS_PAIRS),
    (Kind.SYSTEM, w.MACHINERY, w.MACHINERY_PAIRS),
)


def plain_reader() -> KeyResultReader:
    """Return the reader of word lists."""
    return _PlainReader()


@dataclass(frozen=True, slots=True)
class _PlainReader:
    version: str = "plain-1"

    def read(self, text: str) -> Reading:
        """Try the kinds in the order in which their words are telling."""
        told = _split(text)
        for attempt in (_people_who_act, _task, _counted_acts, _measure, _thing_made, _people):
            if (reading := attempt(told)) is not None:
                return reading
        return Reading(Kind.UNCLEAR, 0.2)


def _split(text: str) -> list[str]:
    found = (match.group().casefold() for match in _WORD.finditer(text))
    return [word for word, _ in zip(found, range(_LONGEST_READ), strict=False)]


def _people_who_act(told: Sequence[str]) -> Reading | None:
    """Find people as the subject, and a verb of behaviour (or "who") close behind."""
    for at, word in enumerate(told):
        if word in w.PEOPLE and not _governed(told, at):
            for later in told[at + 1 : at + 2 + _NEAR]:
                if later in {"who", "that", "whose"} or _behaves(later):
                    return Reading(Kind.OUTCOME, 0.85, (word, later))
    return None


def _governed(told: Sequence[str], at: int) -> bool:
    """Whether the words before make these people somebody's object: "talk to five customers"."""
    before = told[:at]
    return _opening_verb(before) is not None or not w.FRAMES.isdisjoint(before[-2:])


def _task(told: Sequence[str]) -> Reading | None:
    """Find a verb of making at the start."""
    verb = _opening_verb(told)
    if verb is None:
        return None
    if set(verb) == {"deploy"} and _a_rate(told):
        return Reading(Kind.SYSTEM, 0.7, ("deploy",))
    return Reading(Kind.TASK, 0.8, verb)


def _opening_verb(told: Sequence[str]) -> tuple[str, ...] | None:
    rest = _without_openers(told)
    if not rest or (len(rest) > 1 and rest[1] in w.MEASURED):
        return None
    if rest[0] in w.MAKING or (rest[0].endswith("ing") and _stem_in(rest[0], w.MAKING)):
        return (rest[0],)
    if tuple(rest[:2]) in w.CONTACT:
        return tuple(rest[:2])
    if rest[0] == "run" and len(rest) > 1 and rest[1].isdigit():
        return tuple(rest[:1])
    return None


def _without_openers(told: Sequence[str]) -> Sequence[str]:
    for at, word in enumerate(told):
        if word not in w.OPENERS and not word.isdigit() and not _is_mark(word):
            return told[at:]
    return ()


def _is_mark(word: str) -> bool:
    """Whether it is a list's mark such as "kr1"."""
    return word.startswith("kr") and word[2:].isdigit()


def _a_rate(told: Sequence[str]) -> bool:
    return not {"daily", "hourly", "per", "times"}.isdisjoint(told)


def _counted_acts(told: Sequence[str]) -> Reading | None:
    """Find acts of people that are counted, often without naming anybody."""
    acts = _first(told, w.ACTS_COUNTED)
    if acts is None:
        return None
    people = _first(told, w.PEOPLE)
    because = tuple(word for word in (acts, people) if word)
    return Reading(Kind.OUTCOME, 0.8 if people else 0.65, because)


def _measure(told: Sequence[str]) -> Reading | None:
    """Find a measure of the business or the machinery; the one named first is measured."""
    for at, word in enumerate(told):
        pair = tuple(told[at : at + 2])
        for kind, single, double in _MEASURES:
            if word in single or pair in double:
                named = pair if pair in double else (word,)
                return Reading(kind, _sure_of_measure(told), named)
    return None


def _sure_of_measure(told: Sequence[str]) -> float:
    """Without a number, or with people about, the measure may be beside the point."""
    has_number = any(char.isdigit() for word in told for char in word)
    return 0.75 if has_number and _first(told, w.PEOPLE) is None else 0.5


def _thing_made(told: Sequence[str]) -> Reading | None:
    """Find what is said to be made: "new pricing page launched by March"."""
    if _first(told, w.PEOPLE) is not None:
        return None
    made = _first(told, w.MADE)
    return Reading(Kind.TASK, 0.65, (made,)) if made else None


def _people(told: Sequence[str]) -> Reading | None:
    """Find people without a verb: likely an outcome, but nothing to rely on."""
    people = _first(told, w.PEOPLE)
    return Reading(Kind.OUTCOME, 0.5, (people,)) if people else None


def _first(told: Sequence[str], known: Collection[str]) -> str | None:
    return next((word for word in told if word in known), None)


def _behaves(word: str) -> bool:
    return word in w.BEHAVIOUR or _stem_in(word, w.BEHAVIOUR)


def _stem_in(word: str, known: Collection[str]) -> bool:
    return any(stem in known for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    """Guess the base forms behind an English ending."""
    for ending in ("s", "es", "ed", "d", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            yield stem
            yield f"{stem}e"
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]
    if word.endswith("ies"):
        yield f"{word.removesuffix('ies')}y"
