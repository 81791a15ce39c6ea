"""What several rules look at, and the small company that their examples belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import GoalStatus, KeyResult, Level, Objective

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from okrsync.core.goals import Cycle, Goals, Hypothesis, Team
    from okrsync.lint.work import Brief

EXAMPLE_COMPANY = """\
strategy:
  id: S-SHOP
  mission: People get what they need without a second trip

customers:
  - {id: shopper, name: Shopper, also: [shoppers, returning shoppers], role: user}
  - {id: engineer, name: Engineer, role: colleague}

journey: [discover, choose, pay, receive, return]

teams:
  - {id: checkout, name: Checkout, customers: [shopper], sphere: [pay, return],
     works_in: [{tracker: jira, scope: PAY}]}

cycles:
  - {id: 2027, from: 2026-10-01, to: 2027-09-30, level: company, check_in: 13w}
  - {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31, level: team}
  - {id: 2027-Q1, from: 2027-01-01, to: 2027-03-31, level: team}

objectives:
  - id: O-TRUST
    title: Shoppers trust us with their everyday shopping
    level: company
    cycle: 2027
    strategy: [S-SHOP]
    key_results:
      - {id: KR-REPEAT, statement: "Shoppers who buy again within 30 days: 31% to 40%"}
"""
"""A goal file that no rule objects to while the quarter is planned; each rule's examples are
loaded beside it."""


def objectives(goals: Goals) -> Iterator[Objective]:
    """Yield the objectives that still stand; nobody need repair a dropped one."""
    return (each for each in goals.objectives if each.status is not GoalStatus.DROPPED)


def key_results(objective: Objective) -> tuple[KeyResult, ...]:
    """Return an objective's key results that still stand."""
    return tuple(kr for kr in objective.key_results if kr.status is not GoalStatus.DROPPED)


def standing(goals: Goals) -> Iterator[tuple[Objective, KeyResult]]:
    """Yield every key result that still stands, with its objective."""
    for objective in objectives(goals):
        for kr in key_results(objective):
            yield objective, kr


def pursued(goals: Goals, today: date) -> Iterator[tuple[Objective, KeyResult, Cycle]]:
    """Yield the key results that people are at today, with the cycle that is under way."""
    running = {cycle.id: cycle for cycle in goals.cycles if is_running(cycle, today)}
    for objective, kr in standing(goals):
        live = objective.status is kr.status is GoalStatus.LIVE
        if live and objective.cycle in running:
            yield objective, kr, running[objective.cycle]


def is_running(cycle: Cycle, today: date) -> bool:
    """Whether *today* is a day of the cycle."""
    return (
        cycle.starts is not None and cycle.ends is not None and cycle.starts <= today <= cycle.ends
    )


def teams_named(objective: Objective, goals: Goals) -> tuple[Team, ...]:
    """Return the teams of a team's objective; the company's and a unit's have none."""
    if objective.level is not Level.TEAM:
        return ()
    return tuple(team for team in goals.teams if team.id in objective.teams)


def parents_of(goal: Objective | KeyResult, goals: Goals) -> tuple[Objective | KeyResult, ...]:
    """Return the goals that a goal names as its parents."""
    found = (goals.goal(parent.id) for parent in goal.parents)
    return tuple(each for each in found if isinstance(each, Objective | KeyResult))


def listed(words: Iterable[str], most: int = 4) -> str:
    """Name a few things and count the rest."""
    told = list(words)
    rest = len(told) - most
    shown = ", ".join(told[:most] if rest > 1 else told)
    return f"{shown} and {rest} more" if rest > 1 else shown


def quoted(words: Iterable[str]) -> str:
    """Tell in brackets which words decided, if any did."""
    told = ", ".join(f'"{word}"' for word in words)
    return f" ({told})" if told else ""


def link_command(item: Brief, goal: str = "GOAL") -> str:
    """Return the command that says what an item serves."""
    return f'`okrsync link {item.key} {goal} --because "…"`'


def unlink_command(item: Brief, goal: str) -> str:
    """Return the command that says what an item does not serve."""
    return f'`okrsync unlink {item.key} {goal} --because "…"`'


def evidence_command(hypothesis: Hypothesis) -> str:
    """Return the command that notes what was seen."""
    return f'`okrsync evidence add {hypothesis.id} --for|--against|--unclear --note "…"`'


def decide_command(hypothesis: Hypothesis) -> str:
    """Return the command that notes what is done about a hypothesis."""
    return f'`okrsync decide {hypothesis.id} persevere|pivot|kill --because "…"`'


def is_or_are(count: int) -> str:
    """Return the verb that goes with a number of things."""
    return "is" if count == 1 else "are"


def counted(count: int, word: str) -> str:
    """Tell a number of things."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
