"""Which findings somebody answered for, today.

A waiver stands in a goal's own file or in the settings; both are alike. Whether one is unused or
has expired is not told here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from okrsync.core.goals import Goals, Waiver


def waived_codes(
    goals: Goals, waivers: Iterable[Waiver], today: date
) -> Mapping[str, frozenset[str]]:
    """Return for each goal id the codes waived for it, by its own waivers and by *waivers*.

    A waiver holds to the end of its last day and follows a renamed goal.
    """
    codes: defaultdict[str, set[str]] = defaultdict(set)
    own = (waiver for goal in goals.by_fold.values() for waiver in goal.waive)
    for waiver in (*own, *waivers):
        goal = goals.goal(waiver.goal)
        if goal is not None and (waiver.until is None or today <= waiver.until):
            codes[goal.id].add(waiver.code)
    return {goal_id: frozenset(found) for goal_id, found in codes.items()}
