"""OKR111: an objective has only leading key results, and none leads to anything.

A lagging key result on the way up, or something in `expects:`, is enough. Where any of them does
not state its `indicator:`, nothing is claimed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import key_results, objectives
from okrsync.lint.rules.sides import LAGGING, LEADING, above, all_are, may_be

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for objective in objectives(given.goals):
        krs = key_results(objective)
        if not all_are(krs, LEADING) or any(kr.expects for kr in krs):
            continue
        if not may_be(above(objective, given.goals), LAGGING):
            yield Hit(
                goal=objective,
                message=f"{objective.id} has only leading key results, and none of them leads to "
                "a lagging one",
                action="name the lagging key result above as a parent, or what you expect to "
                "follow in `expects`",
            )


RULE = Rule(
    code="OKR111",
    name="no-lagging-side",
    summary="Leading key results lead to a lagging one.",
    why="""\
What moves first is in the team's reach, and is worth moving only for what moves after it. Without
that other end nobody will notice that the behaviour changed and nothing came of it.
""",
    bad="""\
objectives:
  - id: O-EASY
    title: Shopping here is a pleasure
    level: company
    cycle: 2027
    strategy: [S-SHOP]
    key_results:
      - {id: KR-FIND, statement: "Shoppers who find it at once: 31% to 50%", indicator: leading}
""",
    good="""\
objectives:
  - id: O-EASY
    title: Shopping here is a pleasure
    level: company
    cycle: 2027
    strategy: [S-SHOP]
    key_results:
      - {id: KR-FIND, statement: "Shoppers who find it at once: 31% to 50%", indicator: leading}
      - {id: KR-STAY, statement: "Shoppers who stay for a year: 40% to 50%", indicator: lagging}
""",
    fix="""\
Name under `parents:` the key result above that should follow, and state `indicator: lagging`
there. If it is watched and owned by nobody here, write it under `expects:`.
""",
    configuration="Severity. Silent as long as a key result on the way states no `indicator:`.",
    severity=Severity.WARNING,
    check=_check,
)
