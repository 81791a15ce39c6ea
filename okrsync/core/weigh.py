"""What a set of goals in effect makes of an item, and the words for it (LABELS.md 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Goal, Hypothesis, KeyResult, Kind, Objective
from okrsync.core.vocabulary import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.core.outlook import Outlook
    from okrsync.core.signals import Signal

_READS_AS = {
    Kind.TASK: "a task",
    Kind.SYSTEM: "a system metric",
    Kind.IMPACT: "an impact that no team moves alone",
}


def weigh(signals: Sequence[Signal], outlook: Outlook) -> tuple[Verdict, str]:
    """Return the verdict, and the reason where it is not that the work is aligned."""
    if not signals:
        return Verdict.UNALIGNED, ""
    led = [kr for s in signals for kr in outlook.leads_to(s.goal, learning=s.learning)]
    live = [kr for kr in led if outlook.is_live(kr)]
    if any(outlook.counts(kr) for kr in live):
        return Verdict.ALIGNED, ""
    if live:
        kr = live[0]
        return Verdict.WEAK, f"{kr.id} reads as {_READS_AS[outlook.kind(kr)]}, not as an outcome"
    return Verdict.STALE, _why_stale(signals, outlook)


def _why_stale(signals: Sequence[Signal], outlook: Outlook) -> str:
    told = (why_dead(outlook.goals.goal(signal.goal), outlook) for signal in signals)
    return "; ".join(dict.fromkeys(told))


def why_dead(goal: Goal | None, outlook: Outlook) -> str:
    """Say why a goal leads to no live key result."""
    match goal:
        case Hypothesis():
            return _dead_hypothesis(goal, outlook)
        case KeyResult() | Objective() if goal.status.value != "live":
            return f"{goal.id} is {goal.status.value}"
        case KeyResult() | Objective():
            return f"the cycle of {goal.id} does not run"
        case Belief() if goal.status == "contradicted":
            return f"{goal.id} is contradicted"
        case Belief():
            return f"no objective that stands on {goal.id} is live"
        case None:
            return "its goal is gone"


def _dead_hypothesis(hypothesis: Hypothesis, outlook: Outlook) -> str:
    if hypothesis.killed:
        return f"{hypothesis.id} was killed on {hypothesis.newest_decision.date:%Y-%m-%d}"
    if not outlook.is_live(hypothesis):
        return f"the cycle of {hypothesis.id} does not run"
    return f"no key result that {hypothesis.id} serves is live"
