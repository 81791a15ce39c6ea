"""What people add to a goal as they learn: check-ins, evidence, decisions.

Pure: says which goal an entry belongs to and what the goals are with it. Nothing is ever taken out.
"""

from __future__ import annotations

import math
import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from okrsync.core.goals import (
    Belief,
    CheckIn,
    Choice,
    Decision,
    Evidence,
    Goals,
    Hypothesis,
    KeyResult,
    Says,
)
from okrsync.core.place import did_you_mean
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.core.goals import Goal

Entry = CheckIn | Evidence | Decision

LISTS: dict[type[Entry], str] = {
    CheckIn: "check_ins",
    Evidence: "evidence",
    Decision: "decisions",
}
"""Where a goal keeps each kind of entry."""

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")

_TAKES: dict[type[Entry], tuple[type[Goal], ...]] = {
    CheckIn: (KeyResult,),
    Evidence: (Hypothesis, Belief),
    Decision: (Hypothesis,),
}
_WORDS: dict[type[Any], str] = {
    CheckIn: "a check-in",
    Evidence: "evidence",
    Decision: "a decision",
    KeyResult: "a key result",
    Hypothesis: "a hypothesis",
    Belief: "a belief",
}


def target(goals: Goals, goal_id: str, entry: Entry) -> KeyResult | Hypothesis | Belief:
    """Find the goal that *entry* is about, by its id or a former one.

    Raises:
        UsageError: there is none, it takes no such entry, or the entry says nothing that can be.

    """
    kinds = _TAKES[type(entry)]
    goal = goals.goal(goal_id)
    if isinstance(goal, kinds):
        _refuse_nonsense(entry)
        return goal  # type: ignore[return-value] # an objective takes nothing
    wanted = f"{_WORDS[type(entry)]} belongs to {' or '.join(_WORDS[kind] for kind in kinds)}"
    if goal is not None:
        raise UsageError(f"{goal.id} is none: {wanted}", hint=_hint(goals, kinds))
    known = [each.id for each in goals.by_fold.values() if isinstance(each, kinds)]
    told = f"there is no goal {goal_id!r}: {wanted}"
    raise UsageError(told, hint=did_you_mean(goal_id, known) or _hint(goals, kinds))


def with_entry(goals: Goals, goal: KeyResult | Hypothesis | Belief, entry: Entry) -> Goals:
    """Return the goals with *entry* as the last of its kind on *goal*."""
    name = LISTS[type(entry)]
    grown: Any = replace(goal, **{name: (*getattr(goal, name), entry)})  # type: ignore[arg-type]
    return replace(
        goals,
        objectives=tuple(
            replace(each, key_results=_swapped(each.key_results, goal, grown))
            for each in goals.objectives
        ),
        hypotheses=_swapped(goals.hypotheses, goal, grown),
        beliefs=_swapped(goals.beliefs, goal, grown),
        by_fold={**goals.by_fold, goal.id.casefold(): grown},
    )


def same(one: Goals, other: Goals) -> bool:
    """Tell whether both say the same, wherever it stands."""
    return bool(placeless(one) == placeless(other))


def placeless(value: Any) -> Any:
    """Return what a goal, or all of them, says; not where."""
    if is_dataclass(value):
        told = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: placeless(said) for name, said in told if name not in {"place", "by_fold"}}
    return [placeless(each) for each in value] if isinstance(value, tuple) else value


def _swapped(things: Iterable[Any], old: Any, new: Any) -> tuple[Any, ...]:
    return tuple(new if each is old else each for each in things)


def _hint(goals: Goals, kinds: tuple[type[Goal], ...]) -> str:
    known = [each.id for each in goals.by_fold.values() if isinstance(each, kinds)]
    return f"there are: {', '.join(known[:5])}, …" if known else "there is none yet"


def _refuse_nonsense(entry: Entry) -> None:
    words = (getattr(entry, each.name) for each in fields(entry))
    if any(isinstance(word, str) and _UNKEEPABLE.search(word) for word in words):
        raise UsageError("a text holds a character that no file and no database keeps")
    if isinstance(entry, CheckIn):
        if entry.value is not None and not math.isfinite(entry.value):
            raise UsageError("a value must be a finite number")
        if entry.confidence is not None and not 0 <= entry.confidence <= 1:
            raise UsageError("confidence must be a number from 0 to 1")
        if not (entry.note or entry.decision) and entry.value is None and entry.confidence is None:
            raise UsageError("a check-in must say something: value, confidence, note or decision")
    elif isinstance(entry, Evidence):
        if entry.says not in get_args(Says):
            raise UsageError(f"evidence says {', '.join(get_args(Says))}, not {entry.says!r}")
    elif entry.choice not in get_args(Choice):
        raise UsageError(f"a decision is {', '.join(get_args(Choice))}, not {entry.choice!r}")
