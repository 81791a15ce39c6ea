"""OKR112: an objective has only lagging key results, and nothing leads to them.

A leading key result below is enough, also another team's. Where any of them does not state its
`indicator:`, nothing is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import key_results, objectives
from okrsync.lint.rules.sides import LAGGING, LEADING, all_are, below, may_be

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for objective in objectives(given.goals):
        if not all_are(key_results(objective), LAGGING):
            continue
        if not may_be(below(objective, given.goals), LEADING):
            yield Hit(
                goal=objective,
                message=f"{objective.id} has only lagging key results, and no leading one below",
                action="add what people will do first, here or in a team's goal below",
            )


RULE = Rule(
    code="OKR112",
    name="no-leading-side",
    summary="Lagging key results have a leading one that moves first.",
    why="""\
A lagging number tells in March what went wrong in November. Without something that moves earlier a
team cannot learn from it in time, only be told.
""",
    bad="""\
objectives:
  - id: O-EASY
    title: Shopping here is a pleasure
    level: company
    cycle: 2027
    strategy: [S-SHOP]
    key_results:
      - {id: KR-STAY, statement: "Shoppers who stay for a year: 40% to 50%", indicator: lagging}
""",
    good="""\
objectives:
  - id: O-EASY
    title: Shopping here is a pleasure
    level: company
    cycle: 2027
    strategy: [S-SHOP]
    key_results:
      - {id: KR-STAY, statement: "Shoppers who stay for a year: 40% to 50%", indicator: lagging}
      - {id: KR-FIND, statement: "Shoppers who find it at once: 31% to 50%", indicator: leading}
""",
    fix="""\
Ask what the people who stay, recommend or pay do in their first week that the others do not. That
is the leading key result, of this objective or of a team's below it.
""",
    configuration="Severity. Silent as long as a key result here or below states no `indicator:`.",
    severity=Severity.WARNING,
    check=_check,
)
