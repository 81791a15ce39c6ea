"""Which findings somebody answered for, today.

A waiver stands in a goal's own file or in the settings; both are alike. Whether one is unused or
has expired is a finding of its own and not told here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from okrsync.core.goals import Goals, Waiver


def all_waivers(goals: Goals, waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Return those that stand with the goals, then *waivers*."""
    own = (waiver for goal in goals.by_fold.values() for waiver in goal.waive)
    return (*own, *waivers)


def waived_codes(
    goals: Goals, waivers: Iterable[Waiver], today: date
) -> Mapping[str, frozenset[str]]:
    """Return for each id the codes waived for it, by its own waivers and by *waivers*.

    A waiver holds to the end of its last day and follows a renamed goal. What is no goal (a team,
    a customer, a cycle) is told by its id in lower case.
    """
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for waiver in all_waivers(goals, waivers):
        if not expired(waiver, today):
            codes[waived_id(goals, waiver)].add(waiver.code)
    return {goal_id: frozenset(found) for goal_id, found in codes.items()}


def waived_id(goals: Goals, waiver: Waiver) -> str:
    """Return the id a waiver is about, as it is now."""
    goal = goals.goal(waiver.goal)
    return waiver.goal.casefold() if goal is None else goal.id


def expired(waiver: Waiver, today: date) -> bool:
    """Whether its last day is over."""
    return waiver.until is not None and today > waiver.until
