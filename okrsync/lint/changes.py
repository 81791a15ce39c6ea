"""What changed between two readings of the goals, wherever in the files it stands.

Goals are compared by what they say and not by lines: moving or commenting one changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from okrsync.core.goaledits import placeless
from okrsync.core.goals import Goals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okrsync.core.goals import Customer, Cycle, Goal, Team


def changed_ids(before: Goals | None, now: Goals) -> frozenset[str]:
    """Return the ids of what is new or says something else; all, if there was nothing before.

    An objective changes with its key results, and they change with what it says itself.
    """
    known = _said(before or Goals())
    changed = {spot for spot, said in _said(now).items() if known.get(spot) != said}
    ids = {name for _, name in changed}
    for objective in now.objectives:
        krs = {kr.id for kr in objective.key_results}
        if ("objective", objective.id) in changed:
            ids |= krs
        elif ids & krs:
            ids.add(objective.id)
    return frozenset(ids)


def _said(goals: Goals) -> Mapping[tuple[str, str], Any]:
    """Return everything with an id, without places."""
    things: list[tuple[str, Goal | Team | Customer | Cycle]] = [
        *(("objective", replace(each, key_results=())) for each in goals.objectives),
        *(("key result", each) for each in goals.key_results),
        *(("hypothesis", each) for each in goals.hypotheses),
        *(("belief", each) for each in goals.beliefs),
        *(("team", each) for each in goals.teams),
        *(("customer", each) for each in goals.customers),
        *(("cycle", each) for each in goals.cycles),
    ]
    return {(what, each.id): placeless(each) for what, each in things}
