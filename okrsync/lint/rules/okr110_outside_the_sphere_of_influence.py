"""OKR110: a team signed up for something that it cannot change.

Two cases: a key result's `journey:` step stands in no sphere of its teams, which is certain; and
a measure that only the whole company moves on a team that has a sphere. Teams without `sphere:`
and key results without `journey:` are not guessed at. Any other impact is KR207's alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.lint.parts import kind_of
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import listed, standing, teams_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okrsync.core.goals import KeyResult, Team
    from okrsync.lint.rule import LintInput

_WHOLE_COMPANY = re.compile(
    r"\b(?:market share|share price|valuation|ebitd?a?|(?:company|group|total|overall|annual)"
    r" (?:revenue|profit|margin|sales)|net profit|cash flow)\b",
    re.IGNORECASE,
)


def _check(given: LintInput) -> Iterator[Hit]:
    for objective, kr in standing(given.goals):
        teams = teams_named(objective, given.goals)
        if teams and all(team.sphere for team in teams):
            yield from _hits(kr, teams, given)


def _hits(kr: KeyResult, teams: Sequence[Team], given: LintInput) -> Iterator[Hit]:
    sphere = [step for team in teams for step in team.sphere]
    whose = f"the sphere of {listed(team.id for team in teams)} ({listed(sphere)})"
    if kr.journey and kr.journey.casefold() not in map(str.casefold, sphere):
        yield Hit(
            goal=kr,
            message=f'{kr.id} measures the step "{kr.journey}", outside {whose}',
            action="measure a step inside the sphere, or give the key result to a team that has it",
        )
        return
    told = kind_of(kr, given)
    measure = _WHOLE_COMPANY.search(kr.text)
    if told.kind is Kind.IMPACT and measure:
        yield Hit(
            goal=kr,
            message=f'{kr.id} measures "{measure[0]}", which the whole company moves, outside '
            f"{whose}",
            action="make it a parent, and measure what people do in the team's own steps",
            confidence=told.confidence,
        )


RULE = Rule(
    code="OKR110",
    name="outside-the-sphere-of-influence",
    summary="A team's key results lie in the steps of the journey that it can change.",
    why="""\
The team that signs people in must not sign up for what they put into their baskets. A number that
others move teaches a team nothing, and it stops trying. Its own steps come before, as leading
indicators, and a parent says which number it hopes to move.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who find more come back for the rest"}]
    key_results:
      - id: KR-CHOOSE
        statement: "Shoppers who put a second article into the basket: 20% to 30%"
        journey: choose
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - id: KR-PAY
        statement: "Shoppers who pay without calling support: 62% to 80%"
        journey: pay
""",
    fix="""\
Choose a behaviour in the team's `sphere:`. If the team can change that step after all, add it to
the sphere; if two teams can only together, share the objective (`teams:`).
""",
    configuration="""\
Severity. Silent for teams without `sphere:`, and about steps where a key result has no `journey:`.
""",
    severity=Severity.WARNING,
    check=_check,
)
