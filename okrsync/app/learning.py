"""Write down what was learnt: check-ins, decisions, evidence, where the goals are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import CheckIn, Decision, Evidence, Hypothesis
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from okrsync.core.goaledits import Entry
    from okrsync.core.goals import Goal
    from okrsync.core.place import Place
    from okrsync.ports.goals import GoalEditor, GoalSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Where goals are kept, and the day it is."""

    goal_source: GoalSource
    editor: GoalEditor
    today: date


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry that was added: to which goal, and where it stands now."""

    goal: Goal
    entry: Entry
    place: Place
    ruled_out_by: Decision | None = None
    """A newer decision, which is the one that rules."""


def check_in(learning: Learning, key_result: str, entry: CheckIn) -> Noted:
    """Note where a key result stands.

    Raises:
        UsageError: there is no such key result, or the check-in says nothing that can be.

    """
    return _noted(learning, key_result, entry)


def add_evidence(learning: Learning, goal_id: str, entry: Evidence) -> Noted:
    """Note what was seen for or against a hypothesis or belief.

    Raises:
        UsageError: there is no such hypothesis or belief.

    """
    return _noted(learning, goal_id, entry)


def decide(learning: Learning, hypothesis: str, entry: Decision) -> Noted:
    """Note what a team does with a hypothesis.

    Raises:
        UsageError: there is no such hypothesis, or the decision has no reason or makes no sense.

    """
    if not entry.because.strip():
        raise UsageError("a decision needs a reason", hint="give --because")
    if entry.saved and entry.choice != "kill":
        raise UsageError("only stopping a hypothesis saves something", hint="leave out --saved")
    if entry.until is not None and entry.choice == "kill":
        raise UsageError("what is stopped is not decided again", hint="leave out --until")
    if entry.until is not None and entry.until <= entry.date:
        raise UsageError(f"--until {entry.until} is not after the decision of {entry.date}")
    return _noted(learning, hypothesis, entry)


def _noted(learning: Learning, goal_id: str, entry: Entry) -> Noted:
    if entry.date > learning.today:
        raise UsageError(f"{entry.date} is in the future", hint=f"today is {learning.today}")
    place = learning.editor.append(goal_id, entry)
    goal = learning.goal_source.read().goals.goal(goal_id)
    if goal is None:
        raise UsageError(f"{goal_id} went away at this moment")
    newest = goal.newest_decision if isinstance(goal, Hypothesis) and goal.decisions else None
    outdated = isinstance(entry, Decision) and newest is not None and newest.date > entry.date
    return Noted(goal, entry, place, newest if outdated else None)
