"""OKR114: a cycle that never runs, or one that is over and was never closed.

Dates that miss or are inverted, objectives without a cycle, and cycles that ended more than two
weeks ago with key results whose `status:` nobody set. Dropped and achieved objectives are closed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.core.goals import GoalStatus
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import listed, objectives

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okrsync.core.goals import Cycle, Goals
    from okrsync.lint.rule import LintInput

_TO_CLOSE = timedelta(weeks=2)


def _check(given: LintInput) -> Iterator[Hit]:
    unset = _unset_by_cycle(given.goals)
    for cycle in given.goals.cycles:
        if problem := _of_dates(cycle):
            yield Hit(
                goal=cycle,
                message=f"cycle {cycle.id} {problem}, so it never runs",
                action="give it `from` and `to`, in this order",
            )
        elif unset.get(cycle.id) and cycle.ends and given.today > cycle.ends + _TO_CLOSE:
            yield Hit(
                goal=cycle,
                message=f"cycle {cycle.id} ended on {cycle.ends} and nobody set the status of "
                f"{listed(unset[cycle.id])}",
                action="set `status: achieved` or `status: dropped`, or move them to another cycle",
            )
    for objective in objectives(given.goals):
        if not objective.cycle:
            yield Hit(
                goal=objective,
                message=f"{objective.id} belongs to no cycle, so it never runs",
                action="name the `cycle` it belongs to",
            )


def _unset_by_cycle(goals: Goals) -> Mapping[str, list[str]]:
    unset: defaultdict[str, list[str]] = defaultdict(list)
    for objective in goals.objectives:
        if objective.status is GoalStatus.LIVE:
            live = (kr.id for kr in objective.key_results if kr.status is GoalStatus.LIVE)
            unset[objective.cycle].extend(live)
    return unset


def _of_dates(cycle: Cycle) -> str | None:
    if cycle.starts is None and cycle.ends is None:
        return "has no dates"
    if cycle.starts is None:
        return "has no first day"
    if cycle.ends is None:
        return "has no last day"
    return "ends before it begins" if cycle.ends < cycle.starts else None


RULE = Rule(
    code="OKR114",
    name="cycle-dates",
    summary="A cycle has a first and a last day, and is closed when it is over.",
    why="""\
Goals live in a cycle. Without dates nothing of it is ever live, and all work for it counts as
stale. And a quarter that nobody closed leaves everybody guessing whether it succeeded: what was
reached, what was given up, what goes on?
""",
    bad="""\
cycles:
  - {id: 2027-spring, from: 2027-05-31, to: 2027-02-01}
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2027-spring
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    good="""\
cycles:
  - {id: 2027-spring, from: 2027-02-01, to: 2027-05-31}
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2027-spring
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    fix="""\
Write both dates. When a cycle is over, set `status: achieved` or `status: dropped` on each key
result (or on the whole objective); what goes on belongs to the next cycle.
""",
    configuration="""\
Severity. It is about a cycle and no goal, so it is waived in the settings:
`lint.waivers: [{code: OKR114, goal: CYCLE, reason: …}]`.
""",
    severity=Severity.WARNING,
    check=_check,
)
