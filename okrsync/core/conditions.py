"""Compile conditions of mapping rules into tests that tell the fact behind every match.

Conditions see an item's labels without our vocabulary, so that okrsync never feeds on itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import re2

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okrsync.core.mapping import Condition
    from okrsync.core.work import WorkItem


class Facts(NamedTuple):
    """An item as conditions see it."""

    item: WorkItem
    team: str | None
    above: tuple[str, ...]
    """The keys of all ancestors."""
    labels: tuple[str, ...]
    """Without our vocabulary."""


Test = Callable[[Facts], str | None]
"""Returns the fact that makes a condition true, or None."""

Read = Callable[[Facts], "tuple[str | None, ...]"]
"""Returns what an item has to say to one key."""

Key = tuple[str, str]
"""The key of an exact condition: its word, and the name of the field for `field`, else empty."""


def read(key: Key) -> Read:
    """Return what reads the words that an exact condition of this key is about."""
    word, name = key
    if word == "field":
        return lambda facts: facts.item.fields.get(name, ())
    return _READ[word]


_READ: dict[str, Read] = {
    "tracker": lambda facts: (facts.item.ref.tracker,),
    "scope": lambda facts: (facts.item.scope,),
    "project": lambda facts: facts.item.projects,
    "team": lambda facts: (facts.team,),
    "type": lambda facts: (facts.item.type,),
    "label": lambda facts: facts.labels,
    "component": lambda facts: facts.item.components,
    "status": lambda facts: (facts.item.status, facts.item.category.value),
    "parent": lambda facts: facts.above,
    "milestone": lambda facts: (facts.item.milestone,),
    "initiative": lambda facts: facts.item.initiatives,
}

WORDS = tuple(_READ)
"""The keys of exact conditions, beside `field`."""


def title(facts: Facts) -> str | None:
    """Return what `title_matches` looks at."""
    return facts.item.title


def text(facts: Facts) -> str | None:
    """Return what `text_matches` looks at."""
    return facts.item.text


def exact(when: Condition) -> Iterable[tuple[Key, Sequence[str]]]:
    """Yield the exact conditions that stand directly in *when*, with the words wanted."""
    for word in WORDS:
        if wanted := getattr(when, word):
            yield (word, ""), wanted
    for name, wanted in sorted(when.field.items()):
        yield ("field", name), wanted


def compile_condition(when: Condition) -> Test:
    """Make one test of a condition: everything in it must hold."""
    tests = list(_tests(when))
    if len(tests) == 1:
        return tests[0]

    def test(facts: Facts) -> str | None:
        found = []
        for one in tests:
            because = one(facts)
            if because is None:
                return None
            found.append(because)
        return " and ".join(found)

    return test


def compile_pattern(pattern: str) -> re2._Regexp[str]:
    """Compile an RE2 pattern that disregards case unless it says otherwise.

    Raises:
        re2.error: RE2 does not take it; the text says why.

    """
    return re2.compile(pattern, pattern_options())


def pattern_options() -> re2.Options:
    """Return how every pattern is read."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


def _tests(when: Condition) -> Iterable[Test]:
    for (word, name), wanted in exact(when):
        yield _words(f"field {name!r}" if name else word, wanted, read((word, name)))
    if when.title_matches:
        yield _pattern("title", when.title_matches, title)
    if when.text_matches:
        yield _pattern("text", when.text_matches, text)
    if when.any:
        yield _any_of(when.any)
    for nested in when.all:
        yield compile_condition(nested)
    for nested in when.none:
        yield _none_of(nested)


def _words(what: str, wanted: Sequence[str], said: Read) -> Test:
    folded = {word.casefold() for word in wanted}

    def test(facts: Facts) -> str | None:
        for word in said(facts):
            if word is not None and word.casefold() in folded:
                return f"{what} is {word!r}"
        return None

    return test


def _pattern(what: str, patterns: Sequence[str], said: Callable[[Facts], str | None]) -> Test:
    compiled = [compile_pattern(pattern) for pattern in patterns]

    def test(facts: Facts) -> str | None:
        words = said(facts)
        if not words:
            return None
        for pattern in compiled:
            if hit := pattern.search(words):
                return f"{what} says {hit.group(0)!r}"
        return None

    return test


def _any_of(nested: Sequence[Condition]) -> Test:
    tests = [compile_condition(condition) for condition in nested]

    def test(facts: Facts) -> str | None:
        for one in tests:
            because = one(facts)
            if because is not None:
                return because
        return None

    return test


def _none_of(nested: Condition) -> Test:
    test = compile_condition(nested)
    return lambda facts: "none of the exceptions holds" if test(facts) is None else None
