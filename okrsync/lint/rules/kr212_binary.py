"""KR212: the only measure of a key result is done or not done.

Taken from fields (0 to 1 without a unit, or a unit such as yes/no) and from words that say so. A
task without a measure is told by KR201.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import standing
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import KeyResult
    from okrsync.lint.rule import LintInput

_WORDS = re.compile(
    r"\byes ?/ ?no\b|\by ?/ ?n\b|\b(?:done|live|launched|finished|complete) ?(?:/|or) ?not(?: yet)?"
    r"(?: (?:done|live|launched|finished|complete))?\b|\btrue ?/ ?false\b|\bbinary\b|\bboolean\b"
    r"|\b100 ?% (?:complete|completed|done|finished|implemented|delivered)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"(?:done|yes|binary|boolean|launched|live|finished|complete|completion)", re.IGNORECASE
)


def _check(given: LintInput) -> Iterator[Hit]:
    for _, kr in standing(given.goals):
        words = _binary_fields(kr) or _binary_words(kr)
        if words is not None:
            yield Hit(
                goal=kr,
                message=f'{kr.id} is either done or not: "{words}"',
                action="say what people do more or less of, and how far it should move",
            )


def _binary_fields(kr: KeyResult) -> str | None:
    told = kr.by_how_much
    if told is None:
        return None
    unit = (told.unit or "").strip()
    if _WORDS.search(unit) or _UNIT.fullmatch(unit):
        return unit
    return "0 to 1" if not unit and (told.baseline, told.target) == (0, 1) else None


def _binary_words(kr: KeyResult) -> str | None:
    found = _WORDS.search(kr.text)
    return found[0] if found else None


RULE = Rule(
    code="KR212",
    name="binary",
    summary="A key result can be reached in part.",
    why="""\
Done or not done is how outputs are measured. Nothing can be learnt on the way: the day before it is
0, the day after it is 1, and neither says whether it helped.
""",
    bad=with_key_results(
        "- id: KR-PAY",
        "  who: shopper",
        "  does_what: pay without calling support",
        "  by_how_much: {from: 0, to: 1}",
    ),
    good=with_key_results(
        "- id: KR-PAY",
        "  who: shopper",
        "  does_what: pay without calling support",
        "  by_how_much: {from: 62, to: 80, unit: percent}",
    ),
    fix="Ask how many people do it, how often, or how far they get, and measure that.",
    configuration="Severity, or a waiver on the key result.",
    severity=Severity.WARNING,
    check=_check,
)
