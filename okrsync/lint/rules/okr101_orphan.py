"""OKR101: an objective that hangs below nothing.

Silent as soon as the objective or any of its key results names a parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Level
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import key_results, objectives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Objective
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for objective in objectives(given.goals):
        if _has_parent(objective):
            continue
        if objective.level is not Level.COMPANY:
            yield Hit(
                goal=objective,
                message=f"{objective.id} is an orphan: it has no parent, nor has any of its "
                "key results",
                action="name the goal above that it should move, and the story why",
            )
        elif not objective.strategy:
            yield Hit(
                goal=objective,
                message=f"{objective.id} is an orphan: it is tied to no strategy",
                action="name the strategy, or the value of it, that it follows from",
            )


def _has_parent(objective: Objective) -> bool:
    return bool(objective.parents) or any(kr.parents for kr in key_results(objective))


RULE = Rule(
    code="OKR101",
    name="orphan",
    summary="An objective needs a parent above it, or a strategy if it is at the top.",
    why="""\
No OKR is an orphan. If nobody can say which goal above moves when this one is reached, the team
may succeed and the company may not notice. The parent need not be the goal of one's manager, and
there may be several; a parent on one of the key results is enough.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
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
""",
    fix="""\
Write `parents:` with the id of the key result or objective above that this one is expected to
move, and a `because:`. At company level write `strategy:` with the id of a strategy or of a line
of its value map. If no goal above fits, one of the two is missing or wrong: talk about it.
""",
    configuration="Severity only.",
    severity=Severity.WARNING,
    check=_check,
)
