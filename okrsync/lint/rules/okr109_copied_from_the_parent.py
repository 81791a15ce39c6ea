"""OKR109: a team's key result says what its parent says.

Compared are the words that carry the texts; numbers, and verbs such as "grow", do not count. A
team that narrows its parent to some people or some step has words of its own and draws nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import KeyResult, Level, Objective
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import key_results, parents_of, standing
from okrsync.lint.words import content_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goals
    from okrsync.lint.rule import LintInput

_SURE = 0.8
_MOST_OF_IT = 0.75
"""From this share of the parent's words on, a key result that adds none is a copy."""


def _check(given: LintInput) -> Iterator[Hit]:
    for objective, kr in standing(given.goals):
        if objective.level is not Level.TEAM:
            continue
        for parent in _above(objective, kr, given.goals):
            if _copies(kr, parent):
                yield Hit(
                    goal=kr,
                    message=f'{kr.id} says what its parent {parent.id} says: "{parent.text}"',
                    action="ask what people in this team's reach do before that, and measure it",
                    confidence=_SURE,
                )
                break


def _above(objective: Objective, kr: KeyResult, goals: Goals) -> Iterator[KeyResult]:
    for parent in (*parents_of(kr, goals), *parents_of(objective, goals)):
        yield from key_results(parent) if isinstance(parent, Objective) else (parent,)


def _copies(kr: KeyResult, parent: KeyResult) -> bool:
    mine, theirs = set(content_words(kr.text)), set(content_words(parent.text))
    if not mine or mine == theirs:
        return bool(mine)
    return len(mine) >= 3 and mine < theirs and len(mine) >= _MOST_OF_IT * len(theirs)


RULE = Rule(
    code="OKR109",
    name="copied-from-the-parent",
    summary="A team's key result is its own and does not repeat its parent's.",
    why="""\
If everyone gets the revenue goal, nobody can tell what to do on Monday. The parent moves because
people somewhere do something else before: that is the team's key result.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    key_results:
      - id: KR-PAY
        statement: "Shoppers who buy again within 30 days: 31% to 45%"
        parents: [{id: KR-REPEAT, because: "It is the same goal for everybody"}]
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    key_results:
      - id: KR-PAY
        statement: "Shoppers who pay without calling support: 62% to 80%"
        parents: [{id: KR-REPEAT, because: "Who had to call us comes back half as often"}]
""",
    fix="""\
Walk back from the parent: who does what, shortly before, that this team can change? Take that, and
keep the parent in `parents:` with the story in between.
""",
    configuration="""\
Severity. A team that rightly carries the parent's key result alone waives it on the key result.
""",
    severity=Severity.WARNING,
    check=_check,
)
