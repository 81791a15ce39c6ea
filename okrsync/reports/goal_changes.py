"""What people changed about goals since another day, and what they decided about hypotheses.

The other day is remembered as a plain JSON value: of every goal what a later day compares with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.core.goals import Belief, Hypothesis, KeyResult, Objective
from okrsync.reports.numbers import open_for
from okrsync.reports.texts import SENTENCE, clean
from okrsync.reports.value import GoalChange, Lesson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from okrsync.core.goals import Goal, Goals
    from okrsync.reports.numbers import Counted
    from okrsync.reports.subject import Subject

SHOWN = 8
LESSONS = 6
LEARNT = ("kill", "pivot")

Remembered = dict[str, dict[str, Any]]


def remember(goals: Goals) -> Remembered:
    """Return what a later day compares with, by goal id."""
    return {goal.id: _facts(goal) for goal in goals.by_fold.values()}


def changes(
    subject: Subject, before: Mapping[str, Mapping[str, Any]], since: date, today: date
) -> list[GoalChange]:
    """Return what is otherwise than *before*, goal by goal in the order of the files."""
    goals = subject.goals
    now_called = {goals.renamed.get(old.casefold(), old).casefold(): old for old in before}
    found: list[GoalChange] = []
    for goal in goals.by_fold.values():
        if subject.has_goal(goal.id):
            old = before.get(now_called.get(goal.id.casefold(), goal.id))
            found += _changes_of(goal, old, since, today)
    if subject.whole:  # whose a goal was that is gone nobody knows any more
        found += [
            GoalChange(goal=clean(old), what=f"this {before[old]['what']} is gone")
            for fold, old in now_called.items()
            if fold not in goals.by_fold
        ]
    return found


def lessons(subject: Subject, since: date, today: date, now: Counted | None) -> list[Lesson]:
    """Return the hypotheses that were stopped or turned since then, the newest first."""
    found = [
        Lesson(
            id=clean(hypothesis.id),
            text=clean(hypothesis.text, SENTENCE),
            choice=decision.choice,
            day=decision.date,
            because=clean(decision.because, SENTENCE),
            saved=clean(decision.saved),
            frees=open_for(hypothesis.id, now) if hypothesis.killed else 0,
        )
        for hypothesis in subject.goals.hypotheses
        if subject.has_goal(hypothesis.id)
        for decision in hypothesis.decisions
        if decision.choice in LEARNT and since < decision.date <= today
    ]
    return sorted(found, key=lambda each: (each.day, each.id), reverse=True)[:LESSONS]


def _facts(goal: Goal) -> dict[str, Any]:
    facts: dict[str, Any] = {"what": _what(goal), "text": goal.text}
    if isinstance(goal, Objective | KeyResult):
        facts["status"] = goal.status.value
    elif isinstance(goal, Belief):
        facts["status"] = goal.status
    return facts


def _what(goal: Goal) -> str:
    match goal:
        case Objective():
            return "objective"
        case KeyResult():
            return "key result"
        case Hypothesis():
            return "hypothesis"
        case Belief():
            return "belief"


def _changes_of(
    goal: Goal, before: Mapping[str, Any] | None, since: date, today: date
) -> Iterator[GoalChange]:
    name, facts = clean(goal.id), _facts(goal)
    if before is None:
        yield GoalChange(goal=name, what=f"new {facts['what']}: {clean(goal.text)}")
    elif before["text"] != facts["text"]:
        what = f"reworded: {clean(facts['text'])}"
        yield GoalChange(goal=name, what=what, why=f"was: {clean(before['text'])}")
    status = facts.get("status")
    if before is not None and before.get("status") != status:
        yield GoalChange(goal=name, what=f"is now {status}, was {before.get('status')}")
    yield from _noted(goal, since, today)


def _noted(goal: Goal, since: date, today: date) -> Iterator[GoalChange]:
    """Yield what was noted with a date."""
    name = clean(goal.id)
    if isinstance(goal, KeyResult):
        for check_in in goal.check_ins:
            if since < check_in.date <= today:
                said = " ".join(part for part in (check_in.note, check_in.decision) if part)
                yield GoalChange(
                    goal=name,
                    what=f"check-in of {check_in.date}{_told(check_in.value, check_in.confidence)}",
                    why=clean(said, SENTENCE),
                )
    if isinstance(goal, Hypothesis | Belief):
        for evidence in goal.evidence:
            if since < evidence.date <= today:
                source = f" ({clean(evidence.source)})" if evidence.source else ""
                what = f"evidence {_SAYS.get(evidence.says, evidence.says)} it{source}"
                yield GoalChange(goal=name, what=what, why=clean(evidence.note, SENTENCE))
    if isinstance(goal, Hypothesis):
        for decision in goal.decisions:
            if decision.choice not in LEARNT and since < decision.date <= today:
                why = clean(decision.because, SENTENCE)
                yield GoalChange(goal=name, what="the team decided to persevere", why=why)


_SAYS = {"unclear": "that says nothing clear about"}


def _told(value: float | None, confidence: float | None) -> str:
    told = [] if value is None else [f"value {value:g}"]
    if confidence is not None:
        told.append(f"confidence {confidence:.0%}")
    return f": {', '.join(told)}" if told else ""
