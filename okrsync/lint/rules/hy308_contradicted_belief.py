"""HY308: an objective stands on a belief that was contradicted.

Only `status: contradicted` counts; that is a person's judgement of the evidence. Objectives that
were reached or dropped do not stand on it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import GoalStatus, Objective
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import listed
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Belief, Goals
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for belief in given.goals.beliefs:
        standing = _standing_on(belief, given.goals) if belief.status == "contradicted" else []
        if standing:
            yield Hit(
                goal=belief,
                message=f"{listed(standing)} stands on {belief.id}, which was contradicted: "
                f'"{belief.text}"',
                action="decide what of the objective still holds without it, and change the rest",
            )


def _standing_on(belief: Belief, goals: Goals) -> list[str]:
    named = (goals.goal(goal_id) for goal_id in belief.objectives)
    return [
        each.id for each in named if isinstance(each, Objective) and each.status is GoalStatus.LIVE
    ]


_PLAN = with_key_results(
    '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}'
)

RULE = Rule(
    code="HY308",
    name="contradicted-belief",
    summary="No objective stands on a belief that was contradicted.",
    why="""\
A plan stands on assumptions. When one of them turns out wrong, what was built on it should not go
on by habit: the plan was right for a world that is not there.
""",
    bad=_PLAN
    + """\
beliefs:
  - {id: B-CARDS, text: Most calls are about cards, status: contradicted, objectives: [O-CHECKOUT]}
""",
    good=_PLAN
    + """\
beliefs:
  - {id: B-CARDS, text: Most calls are about refunds, status: holds, objectives: [O-CHECKOUT]}
""",
    fix="""\
Change the objective, or its key results and hypotheses; then take it out of the belief's
`objectives:`. Keep the belief: it is what was learnt.
""",
    configuration="Severity, or a waiver on the belief.",
    severity=Severity.WARNING,
    check=_check,
)
