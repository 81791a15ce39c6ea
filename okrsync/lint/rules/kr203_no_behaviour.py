"""KR203: a key result names people and nothing that they do.

Said of outcomes only, and of sentences only if they hold nothing but people and numbers. A state is
an act as well: being satisfied is observable when asked. So is being a subscriber or a contributor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.parts import behaviour_of, who_of
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import standing
from okrsync.lint.rules.examples import with_key_results
from okrsync.lint.rules.outcomes import in_fields, is_outcome, sureness
from okrsync.lint.words import content_words, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import KeyResult
    from okrsync.lint.rule import LintInput


_ACTING = words(
    """
    attendee backer beneficiary commenter contributor donor evaluator fan follower graduate
    installer listener member participant patron reader registrant regular reviewer signup
    sponsor subscriber supporter viewer visitor volunteer
    """
)
"""Who is called so does what the word says."""


def _check(given: LintInput) -> Iterator[Hit]:
    for _, kr in standing(given.goals):
        if is_outcome(kr, given) and behaviour_of(kr, given) is None and _only_people(kr, given):
            yield Hit(
                goal=kr,
                message=f'{kr.id} does not say what they do: "{kr.text}"',
                action="name the step of their journey that they will take, or stop taking",
                confidence=sureness(kr, given),
            )


def _only_people(kr: KeyResult, given: LintInput) -> bool:
    """Whether nothing but people and numbers is told: "merchants: 5 to 10"."""
    if in_fields(kr):
        return True
    said = set(content_words(kr.text))
    return said <= set(content_words(who_of(kr, given) or "")) - _ACTING


RULE = Rule(
    code="KR203",
    name="no-behaviour",
    summary="A key result says what people do.",
    why="""\
People alone are an audience. What changes, if we are right, is something they do: a step of their
journey that one can see them take.
""",
    bad=with_key_results(
        "- id: KR-PAY", "  who: shopper", "  by_how_much: {from: 62, to: 80, unit: percent}"
    ),
    good=with_key_results(
        "- id: KR-PAY",
        "  who: shopper",
        "  does_what: pay without calling support",
        "  by_how_much: {from: 62, to: 80, unit: percent}",
    ),
    fix="""\
Add the verb: they buy again, find it, finish, recommend, stop calling. With fields, fill in
`does_what:`.
""",
    configuration="Severity. `kind: unclear` on a key result keeps language rules away from it.",
    severity=Severity.WARNING,
    check=_check,
)
