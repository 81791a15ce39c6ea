"""OKR105: an objective is measured by more key results than anybody will look at.

Counted on every level; dropped key results do not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import key_results, objectives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    limit = given.limits.key_results_per_objective
    for objective in objectives(given.goals):
        count = len(key_results(objective))
        if count > limit:
            yield Hit(
                goal=objective,
                message=f"{objective.id} has {count} key results (at most {limit}): {count} "
                "number-one priorities",
                action="keep those that would convince you that the objective is reached",
            )


RULE = Rule(
    code="OKR105",
    name="too-many-key-results",
    summary="An objective has at most three key results.",
    why="""\
Each key result is a behaviour to watch every week. Seven of them are seven number-one priorities:
the team chooses six not to work on, and can always point at the one that happens to rise.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
      - {id: KR-SAVE, statement: "Shoppers who save a card for the next time: 20% to 35%"}
      - {id: KR-FIRST, statement: "Shoppers who pay at the first try: 71% to 90%"}
      - {id: KR-RECOMMEND, statement: "Shoppers who recommend paying with us: 10% to 20%"}
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
      - {id: KR-SAVE, statement: "Shoppers who save a card for the next time: 20% to 35%"}
      - {id: KR-FIRST, statement: "Shoppers who pay at the first try: 71% to 90%"}
""",
    fix="""\
Take out those that measure the same behaviour twice, that measure the product and not people, or
that are tasks. What must merely not get worse is a guardrail.
""",
    configuration="`lint.key_results_per_objective` (default 3).",
    severity=Severity.WARNING,
    check=_check,
)
