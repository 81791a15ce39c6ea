"""Why an item or a goal is worth the work, as one sentence a person can say aloud.

What is not aligned is said plainly, with the reason; what to do about it is `smallest_change`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.app.story import Step, Story
from okrsync.core.goals import Belief, Hypothesis, KeyResult, Objective
from okrsync.core.vocabulary import Verdict
from okrsync.core.weigh import weigh, why_dead

if TYPE_CHECKING:
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.goals import Goal
    from okrsync.core.outlook import Outlook
    from okrsync.core.signals import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The sentence, and what it climbed over, from below upwards."""

    sentence: str
    steps: tuple[Step, ...] = ()


def why(strategy: Strategy, judged: Judged) -> Why:
    """Tell why *judged* is worth doing, or why nobody can tell."""
    item, judgement = judged.item, judged.judgement
    name = f"{item.key} “{item.title}”"
    if judgement.exempt is not None:
        return Why(sentence=f"{name} needs no outcome: {judgement.exempt}.")
    if not judgement.signals:
        return Why(sentence=f"{name} serves no goal: {judgement.because}.")
    signal, kr = _best(strategy, judged)
    story = Story(strategy.goals)
    told = _served(story, strategy.goals.goal(signal.goal))
    if judgement.verdict is Verdict.ALIGNED:
        told += _above(story, strategy.goals.goal(signal.goal), kr)
        return Why(sentence=f"{name} {told}.{_also(judged, signal)}", steps=tuple(story.steps))
    _, reason = weigh(judgement.signals, strategy.court.outlook)
    sentence = f"{name} {told}, but {reason}: such work is {judgement.verdict.value}."
    return Why(sentence=sentence + _decided(strategy, signal), steps=tuple(story.steps))


def _served(story: Story, goal: Goal | None) -> str:
    """Tell what an item itself serves."""
    match goal:
        case Hypothesis():
            return f"tests the hypothesis that {story.bet(goal)}"
        case Belief():
            return f"finds out whether {story.bet(goal)}"
        case KeyResult():
            return f"is meant to help {story.aim(goal)}"
        case Objective():
            return f"is meant for {story.quoted(goal)}"
        case None:
            return "serves a goal that is gone"


def _above(story: Story, goal: Goal | None, kr: KeyResult | None) -> str:
    """Tell the rest of the way up; *kr* is what a hypothesis or belief leads to."""
    match goal:
        case KeyResult() | Objective():
            return story.upwards(goal)
        case Hypothesis() | Belief() if kr is not None:
            return story.effect(goal, kr) + story.upwards(kr)
        case _:
            return ""


def _also(judged: Judged, signal: Signal) -> str:
    others = [goal for goal in judged.judgement.goals if goal != signal.goal]
    return f" It also serves {' and '.join(others)}." if others else ""


def _decided(strategy: Strategy, signal: Signal) -> str:
    """Tell what was learnt when the hypothesis was killed."""
    goal = strategy.goals.goal(signal.goal)
    if not isinstance(goal, Hypothesis) or not goal.killed or not goal.newest_decision.because:
        return ""
    return f" We learnt: “{goal.newest_decision.because.strip()}”."


def _best(strategy: Strategy, judged: Judged) -> tuple[Signal, KeyResult | None]:
    """Pick the goal that carries the verdict, and the key result it leads to."""
    outlook = strategy.court.outlook
    signals = judged.judgement.signals
    for good in (lambda kr: outlook.is_live(kr) and outlook.counts(kr), outlook.is_live):
        for signal in signals:
            for kr in outlook.leads_to(signal.goal, learning=signal.learning):
                if good(kr):
                    return signal, kr
    first = signals[0]
    led = outlook.leads_to(first.goal, learning=True) or outlook.served_by(first.goal)
    return first, next(iter(led), None)


def why_goal(strategy: Strategy, goal: Goal) -> Why:
    """Tell what a goal is good for, and why it is not live where it is not."""
    outlook, story = strategy.court.outlook, Story(strategy.goals)
    told = _wanted(story, goal) + _above(story, goal, _led(goal, outlook))
    dead = "" if lives(goal, outlook) else f" It is not live: {why_dead(goal, outlook)}."
    return Why(sentence=f"{told}.{dead}", steps=tuple(story.steps))


def _wanted(story: Story, goal: Goal) -> str:
    match goal:
        case Hypothesis():
            return f"We test the hypothesis that {story.bet(goal)}"
        case Belief():
            return f"We find out whether {story.bet(goal)}"
        case KeyResult():
            return f"We want to help {story.aim(goal)}"
        case Objective():
            told = f"We want {story.quoted(goal)}"
            return f"{told}, because “{goal.problem.rstrip('.')}”" if goal.problem else told


def _led(goal: Goal, outlook: Outlook) -> KeyResult | None:
    """Return the first key result that a hypothesis or belief bears on, a live one if it can."""
    led = outlook.leads_to(goal.id, learning=True)
    return next((kr for kr in led if outlook.is_live(kr)), next(iter(led), None))


def lives(goal: Goal, outlook: Outlook) -> bool:
    """Tell whether work for a goal still leads to a live key result."""
    if isinstance(goal, Objective):
        return outlook.is_live(goal)
    return any(outlook.is_live(kr) for kr in outlook.leads_to(goal.id))
