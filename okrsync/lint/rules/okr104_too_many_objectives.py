"""OKR104: a team has more objectives in a cycle than it can keep in mind.

Only teams are counted: a unit or the company may have one for each part below it. An objective
that teams share counts for each of them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from okrsync.core.goals import Level
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import objectives

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okrsync.core.goals import Goals, Objective
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    limit = given.limits.objectives_per_team
    for (team, cycle), held in _by_team_and_cycle(given.goals).items():
        if len(held) > limit:
            yield Hit(
                goal=held[limit],
                message=f"team {team} has {len(held)} objectives in {cycle} (at most {limit}): "
                f"{', '.join(each.id for each in held)}",
                action="choose the one that matters most this cycle and drop or postpone the rest",
                other=team,
                teams=(team,),
            )


def _by_team_and_cycle(goals: Goals) -> Mapping[tuple[str, str], Sequence[Objective]]:
    held: defaultdict[tuple[str, str], list[Objective]] = defaultdict(list)
    for objective in objectives(goals):
        if objective.level is Level.TEAM:
            for team in objective.teams:
                held[team, objective.cycle].append(objective)
    return held


RULE = Rule(
    code="OKR104",
    name="too-many-objectives",
    summary="A team has at most one objective in a cycle.",
    why="""\
An objective says what matters most. A team with three of them was told that everything does, and
chooses by itself, every day, quietly.
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
  - id: O-RETURNS
    title: Sending something back feels as safe as buying it
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Who fears a return does not order a second time"}]
    key_results:
      - {id: KR-RETURN, statement: "Shoppers who return without writing to us: 40% to 70%"}
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
      - {id: KR-RETURN, statement: "Shoppers who return without writing to us: 40% to 70%"}
""",
    fix="""\
Keep one. What belongs to it becomes a key result of it, what does not waits for another cycle or
gets `status: dropped`.
""",
    configuration="`lint.objectives_per_team` (default 1).",
    severity=Severity.WARNING,
    check=_check,
)
