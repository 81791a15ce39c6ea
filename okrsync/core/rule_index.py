"""Find the few rules that can match an item, so that the cost grows little with their number.

For each rule one thing is picked that must hold for it to match: a word that the item has to have,
or a pattern that has to be found. Which rules those of an item are is then looked up; patterns are
searched for all at once. A rule for which nothing can be picked is always a candidate. Whether a
candidate matches is for its test to say: leaving one out would be a mistake, offering one too many
only costs time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import re2

from okrsync.core.conditions import Facts, exact, pattern_options, read, text, title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from okrsync.core.conditions import Key
    from okrsync.core.mapping import Condition

Needed = frozenset[tuple["Key", str]]
"""Words or patterns of which an item must have one, each with what it is about."""

_TITLE, _TEXT = ("title_matches", ""), ("text_matches", "")
_PATTERNS: dict[Key, Callable[[Facts], str | None]] = {_TITLE: title, _TEXT: text}

_COMMON = ("type", "team", "status", "title_matches", "text_matches", "scope", "tracker")
"""Keys of which many items have the same word, or that take time to look up; the last most."""

_MEMORY = 64 << 20
"""How many bytes all patterns together may take while they are searched for."""


class RuleIndex:
    """The candidates among conditions that are given in order."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        words: defaultdict[Key, defaultdict[str, list[int]]]
        words = defaultdict(lambda: defaultdict(list))
        always = []
        for position, when in enumerate(conditions):
            needed = needed_for(when)
            if needed is None:
                always.append(position)
            for key, word in needed or ():
                words[key][word].append(position)
        self._always = always
        self._searches = [
            (said, _PatternSet(words.pop(key))) for key, said in _PATTERNS.items() if key in words
        ]
        self._words = [(read(key), dict(rules)) for key, rules in words.items()]

    def candidates(self, facts: Facts) -> Sequence[int]:
        """Return the positions of all conditions that may hold, in order."""
        found = list(self._always)
        for said, rules in self._words:
            for word in said(facts):
                if word is not None and (known := rules.get(word.casefold())):
                    found += known
        for look_at, patterns in self._searches:
            if words := look_at(facts):
                found += patterns.found_in(words)
        return sorted(set(found)) if len(found) > 1 else found


class _PatternSet:
    """Many patterns, searched for at once."""

    def __init__(self, rules: dict[str, list[int]]) -> None:
        self._rules = list(rules.values())
        self._all = [position for positions in self._rules for position in positions]
        self._set = _compiled_set(rules)

    def found_in(self, words: str) -> Iterable[int]:
        """Return the positions of the rules whose pattern is found."""
        hits = self._set.Match(words) if self._set is not None else ()
        if 0 not in hits:  # it ran out of memory: even the empty pattern was not found
            return self._all
        return [position for hit in hits if hit for position in self._rules[hit - 1]]


def _compiled_set(patterns: Iterable[str]) -> re2.Set | None:
    options = pattern_options()
    options.max_mem = _MEMORY
    made = re2.Set.SearchSet(options)
    made.Add("")
    for pattern in patterns:
        made.Add(pattern)
    try:
        made.Compile()
    except re2.error:  # together they are too large; each alone is not
        return None
    return made


def needed_for(when: Condition) -> Needed | None:
    """Pick what an item must have for *when* to hold; the rarer the better."""
    options = [option for option in _options(when) if option is not None]
    return min(options, key=_commonness, default=None)


def _options(when: Condition) -> Iterable[Needed | None]:
    for key, wanted in exact(when):
        yield frozenset((key, word.casefold()) for word in wanted)
    for key in _PATTERNS:
        if wanted := getattr(when, key[0]):
            yield frozenset((key, pattern) for pattern in wanted)
    for nested in when.all:
        yield needed_for(nested)
    if when.any:
        yield _one_of_each([needed_for(branch) for branch in when.any])


def _one_of_each(branches: Sequence[Needed | None]) -> Needed | None:
    known = [branch for branch in branches if branch is not None]
    return frozenset().union(*known) if len(known) == len(branches) else None


def _commonness(needed: Needed) -> tuple[int, int]:
    ranks = [_COMMON.index(key[0]) + 1 if key[0] in _COMMON else 0 for key, _ in needed]
    return max(ranks), len(needed)
