"""What several rules look at, and the small company that their examples belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import GoalStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goals, KeyResult, Objective

EXAMPLE_COMPANY = """\
strategy:
  id: S-SHOP
  mission: People get what they need without a second trip

customers:
  - {id: shopper, name: Returning shopper, role: user}

teams:
  - {id: checkout, name: Checkout, customers: [shopper]}

cycles:
  - {id: 2026, from: 2026-01-01, to: 2026-12-31, level: company}
  - {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31, level: team}

objectives:
  - id: O-TRUST
    title: Shoppers trust us with their everyday shopping
    level: company
    cycle: 2026
    strategy: [S-SHOP]
    key_results:
      - {id: KR-REPEAT, statement: "Shoppers who buy again within 30 days: 31% to 40%"}
"""
"""A goal file that no rule objects to; each rule's examples are loaded beside it."""


def objectives(goals: Goals) -> Iterator[Objective]:
    """Yield the objectives that still stand; nobody need repair a dropped one."""
    return (each for each in goals.objectives if each.status is not GoalStatus.DROPPED)


def key_results(objective: Objective) -> tuple[KeyResult, ...]:
    """Return an objective's key results that still stand."""
    return tuple(kr for kr in objective.key_results if kr.status is not GoalStatus.DROPPED)
