"""Keep goals in force that hold labels and vanished from the files (LABELS.md 12).

Files can be half-read and half-written. A goal that labels point to stays as last read, with all
that its verdict depends on, until somebody drops it by name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Cycle, Goal, Goals, Hypothesis, KeyResult, Objective

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def carried_goals(
    now: Goals, last: Goals, *, held: Iterable[str], dropped: Iterable[str] = ()
) -> tuple[Goal, ...]:
    """Return the goals of *last* that stay in force beside *now*.

    *held* are goal ids that labels name; *dropped* were given up by name. What a carried goal
    leads to is carried with it.
    """
    gone = {word.casefold() for word in dropped}
    queue = [
        goal
        for word in sorted(set(held))
        if word.casefold() not in gone
        and now.goal(word) is None
        and (goal := last.goal(word)) is not None
    ]
    carried: dict[str, Goal] = {}
    while queue:
        goal = queue.pop(0)
        if goal.id in carried or now.goal(goal.id) is not None:
            continue
        carried[goal.id] = goal
        queue += [up for word in _rests_on(goal) if (up := last.goal(word)) is not None]
    return tuple(carried.values())


def _rests_on(goal: Goal) -> Iterator[str]:
    match goal:
        case KeyResult():
            yield goal.objective
        case Hypothesis():
            yield from goal.serves
        case Belief():
            yield from goal.objectives
        case Objective():
            return


def with_carried(now: Goals, carried: Iterable[Goal], last: Goals) -> Goals:
    """Return *now* with these goals in force too, after all others in order."""
    extra = tuple(carried)
    if not extra:
        return now
    base = len(now.order)
    order = dict(now.order) | {goal.id: base + n for n, goal in enumerate(extra)}
    by_fold = dict(now.by_fold) | {goal.id.casefold(): goal for goal in extra}
    return replace(now, by_fold=by_fold, order=order, cycles=(*now.cycles, *_cycles(now, last)))


def _cycles(now: Goals, last: Goals) -> Iterator[Cycle]:
    known = {cycle.id for cycle in now.cycles}
    return (cycle for cycle in last.cycles if cycle.id not in known)


def remembered(values: Iterable[Goal | Cycle]) -> Goals:
    """Put stored goals together again, as far as carrying needs them."""
    everything = list(values)
    cycles = tuple(value for value in everything if isinstance(value, Cycle))
    goals: list[Goal] = [value for value in everything if not isinstance(value, Cycle)]
    goals += [kr for goal in goals if isinstance(goal, Objective) for kr in goal.key_results]
    return Goals(cycles=cycles, by_fold={goal.id.casefold(): goal for goal in goals})
