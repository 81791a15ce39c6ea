"""What people changed about goals since another day, and what they decided about hypotheses.

The other day is remembered as a plain JSON value: of every goal what a later day compares with.
What is dated is new when it was not there that day, so that a note written later for an earlier day
is told once as well. Where a day did not remember notes their dates decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from okrsync.core.goals import (
    Belief,
    CheckIn,
    Decision,
    Evidence,
    Hypothesis,
    KeyResult,
    Objective,
)
from okrsync.core.numerals import number
from okrsync.reports.numbers import open_for
from okrsync.reports.outcomes import customer_names, unit_of, words
from okrsync.reports.phrases import day, joined, with_unit
from okrsync.reports.texts import SENTENCE, clean
from okrsync.reports.value import GoalChange, Lesson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from okrsync.core.goals import Goal, Goals
    from okrsync.reports.numbers import Counted
    from okrsync.reports.subject import Subject

SHOWN = 8
LESSONS = 6
LEARNT = ("kill", "pivot")

Remembered = Mapping[str, Mapping[str, Any]]
Note = CheckIn | Evidence | Decision
_Note = TypeVar("_Note", bound=Note)


@dataclass(frozen=True, slots=True)
class Noted:
    """What was known on the day that is compared with."""

    before: Remembered
    """By the ids of then."""
    since: date
    today: date
    called: Mapping[str, str]
    """Case-folded id of today -> the id of then."""

    @classmethod
    def on(cls, since: date, before: Remembered, *, goals: Goals, today: date) -> Noted:
        """Return what was *before*, found under the ids that goals have now."""
        now = {goals.renamed.get(old.casefold(), old).casefold(): old for old in before}
        return cls(before, since, today, now)

    def of(self, goal: Goal) -> Mapping[str, Any] | None:
        """Return what was remembered of a goal."""
        return self.before.get(self.called.get(goal.id.casefold(), ""))

    def new(self, goal: Goal, notes: Iterable[_Note]) -> Iterator[_Note]:
        """Yield the notes that people read for the first time; none that is dated tomorrow."""
        before = self.of(goal)
        known = before.get("noted") if before else None
        heard = {mark for mark in known or () if mark[:10] <= self.since.isoformat()}
        for note in notes:
            fresh = note.date > self.since if known is None else _mark(note) not in heard
            if fresh and note.date <= self.today:
                yield note


def remember(goals: Goals) -> Remembered:
    """Return what a later day compares with, by goal id."""
    return {goal.id: _facts(goal) for goal in goals.by_fold.values()}


def changes(subject: Subject, noted: Noted, units: Mapping[str, str]) -> list[GoalChange]:
    """Return what is otherwise than then, goal by goal in the order of the files.

    *units* are those of the key results by id.
    """
    goals, names = subject.goals, customer_names(subject.goals)
    found: list[GoalChange] = []
    for goal in goals.by_fold.values():
        if subject.has_goal(goal.id):
            found += _changes_of(goal, noted.of(goal), names)
            found += _notes_of(goal, noted, units.get(goal.id, ""))
    if subject.whole:  # whose a goal was that is gone nobody knows any more
        found += [
            GoalChange(goal=clean(old), what=f"this {noted.before[old]['what']} is gone")
            for fold, old in noted.called.items()
            if fold not in goals.by_fold
        ]
    return found


def lessons(subject: Subject, noted: Noted, now: Counted | None) -> list[Lesson]:
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
        for decision in noted.new(hypothesis, hypothesis.decisions)
        if decision.choice in LEARNT
    ]
    return sorted(found, key=lambda each: (each.day, each.id), reverse=True)


def _facts(goal: Goal) -> dict[str, Any]:
    facts: dict[str, Any] = {"what": _what(goal), "text": goal.text}
    if isinstance(goal, Objective | KeyResult):
        facts["status"] = goal.status.value
    elif isinstance(goal, Belief):
        facts["status"] = goal.status
    facts["noted"] = sorted({_mark(note) for note in _dated(goal)})
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


def _dated(goal: Goal) -> Iterator[Note]:
    if isinstance(goal, KeyResult):
        yield from goal.check_ins
    if isinstance(goal, Hypothesis | Belief):
        yield from goal.evidence
    if isinstance(goal, Hypothesis):
        yield from goal.decisions


def _mark(note: Note) -> str:
    """Tell a note from others of its goal; a word mended in it leaves it the same one."""
    match note:
        case CheckIn():
            told = str(note.value)
        case Evidence():
            told = f"{note.says} {clean(note.source, 40)}"
        case Decision():
            told = note.choice
    return f"{note.date} {told}"


def _changes_of(
    goal: Goal, before: Mapping[str, Any] | None, names: Mapping[str, str]
) -> Iterator[GoalChange]:
    name, facts = clean(goal.id), _facts(goal)
    if before is None:
        text = words(goal, names) if isinstance(goal, KeyResult) else goal.text
        yield GoalChange(goal=name, what=f"new {facts['what']}: {clean(text)}")
    elif before["text"] != facts["text"]:
        what = f"reworded: {clean(facts['text'])}"
        yield GoalChange(goal=name, what=what, why=f"was: {clean(before['text'])}")
    status = facts.get("status")
    if before is not None and before.get("status") != status:
        yield GoalChange(goal=name, what=f"is now {status}, was {before.get('status')}")


def _notes_of(goal: Goal, noted: Noted, unit: str) -> Iterator[GoalChange]:
    """Yield what people noted with a date."""
    name = clean(goal.id)
    if isinstance(goal, KeyResult):
        for check_in in noted.new(goal, goal.check_ins):
            yield GoalChange(
                goal=name,
                what=f"check-in of {day(check_in.date)}{_told(check_in, unit_of(unit))}",
                why=clean(joined(check_in.note, check_in.decision), SENTENCE),
            )
    if isinstance(goal, Hypothesis | Belief):
        for evidence in noted.new(goal, goal.evidence):
            source = f" ({clean(evidence.source)})" if evidence.source else ""
            what = f"evidence {_SAYS.get(evidence.says, evidence.says)} it{source}"
            yield GoalChange(goal=name, what=what, why=clean(evidence.note, SENTENCE))
    if isinstance(goal, Hypothesis):
        for decision in noted.new(goal, goal.decisions):
            if decision.choice not in LEARNT:
                why = clean(decision.because, SENTENCE)
                yield GoalChange(goal=name, what="the team decided to persevere", why=why)


_SAYS = {"unclear": "that says nothing clear about"}


def _told(check_in: CheckIn, unit: str) -> str:
    told = [] if check_in.value is None else [with_unit(number(check_in.value), unit)]
    if check_in.confidence is not None:
        told.append(f"confidence {check_in.confidence:.0%}")
    return f": {', '.join(told)}" if told else ""
