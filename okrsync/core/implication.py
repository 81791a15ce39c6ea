"""Tell whether one condition can only hold where another one holds, too.

A yes is certain, whatever items there are; a no may only mean that it is too hard to tell. What
patterns have in common is not known: only the same pattern implies itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.conditions import exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync.core.conditions import Key
    from okrsync.core.mapping import Condition

_SINGLE = frozenset({"tracker", "scope", "type", "team", "milestone"})
"""Keys of which an item has at most one word, so that two different ones exclude each other."""

_CASES = 2
"""How many alternatives within alternatives are gone through; more cost more than they tell."""

_MANY = 50
"""How many words of one key are gone through one by one."""


@dataclass(frozen=True, slots=True)
class Among:
    """One of these words is said; for a pattern, one of these is found."""

    key: Key
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these claims is true."""

    branches: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A claim that is not true."""

    claim: Claim


Atom = Among | Either | Not
Claim = tuple[Atom, ...]
"""A condition taken apart: all of it must hold."""


def claim(when: Condition) -> Claim:
    """Take a condition apart."""
    return tuple(_atoms(when))


def _atoms(when: Condition) -> Iterator[Atom]:
    for key, wanted in exact(when):
        yield Among(key, frozenset(word.casefold() for word in wanted))
    for pattern in ("title_matches", "text_matches"):
        if searched := getattr(when, pattern):
            yield Among((pattern, ""), frozenset(searched))
    for nested in when.all:
        yield from _atoms(nested)
    if len(when.any) == 1:
        yield from _atoms(when.any[0])
    elif when.any:
        yield Either(tuple(claim(branch) for branch in when.any))
    for nested in when.none:
        yield Not(claim(nested))


def implies(stronger: Claim, weaker: Claim, *, cases: int = _CASES) -> bool:
    """Tell whether every item for which *stronger* is true is one for which *weaker* is."""
    return all(_proves(stronger, atom, cases) for atom in weaker)


def contradicts_itself(known: Claim) -> bool:
    """Tell whether a claim is true of no item at all."""
    return any(_excludes((*known[:n], *known[n + 1 :]), atom) for n, atom in enumerate(known))


def _proves(known: Claim, wanted: Atom, cases: int) -> bool:
    if wanted in known or _shows(known, wanted):
        return True
    if not cases:
        return False
    return any(
        all(_proves(case, wanted, cases - 1) for case in alternatives)
        for alternatives in _alternatives(known, wanted)
    )


def _shows(known: Claim, wanted: Atom) -> bool:
    """Tell whether *wanted* follows without going through alternatives of what is known."""
    match wanted:
        case Among(key, words):
            return any(isinstance(a, Among) and a.key == key and a.words <= words for a in known)
        case Either(branches):
            return any(implies(known, branch, cases=0) for branch in branches)
        case Not(denied):
            return any(_excludes(known, atom) for atom in denied) or any(
                isinstance(a, Not) and implies(denied, a.claim, cases=0) for a in known
            )


def _excludes(known: Claim, atom: Atom) -> bool:
    """Tell whether *atom* cannot hold beside what is known."""
    match atom:
        case Among(key, words):
            return key[0] in _SINGLE and any(
                isinstance(a, Among) and a.key == key and a.words.isdisjoint(words) for a in known
            )
        case Either(branches):
            return all(any(_excludes(known, a) for a in branch) for branch in branches)
        case Not(denied):
            return implies(known, denied, cases=0)


def _alternatives(known: Claim, wanted: Atom) -> Iterable[Sequence[Claim]]:
    """Yield ways to tell cases apart of which one must be true."""
    for n, atom in enumerate(known):
        rest = (*known[:n], *known[n + 1 :])
        match atom:
            case Either(branches):
                yield [(*rest, *branch) for branch in branches]
            case Among(key, words) if isinstance(wanted, Either) and 1 < len(words) <= _MANY:
                yield [(*rest, Among(key, frozenset({word}))) for word in sorted(words)]
            case _:
                pass
